// The console's one dialog: asks for what a command needs and gives it back as fields.
import { $, el, icon } from "./dom.js";
import { said, setup, t } from "./words.js";

const TITLE = "ask-title";
const WARNING = "ask-warning";

/**
 * Shows the dialog and calls `then(fields)` when it is confirmed; Escape or Cancel call nothing. While `hindrance()` has
 * words, confirming shows them and the dialog stays as it was filled in.
 */
export function ask(form, then = () => {}, hindrance = () => "") {
  const dialog = $("ask");
  if (dialog.open) dialog.close(); // the next paper may be scanned while the answer to the last one still stands
  dialog.replaceChildren(form, ...(form.extra ?? []));
  form.onsubmit = (event) => {
    event.preventDefault();
    const fields = form.read ? form.read(event.submitter) : {};
    if (fields === null) return;
    const why = hindrance(fields);
    if (why) return warn(form, why);
    dialog.close();
    then(fields);
  };
  dialog.onclick = (event) => event.target.closest("[data-cancel]") && dialog.close();
  dialog.showModal();
  (form.querySelector("[data-first]") ?? form.querySelector("input,button"))?.focus();
}

function warn(form, why) {
  unwarn();
  form.querySelector(".pair").before(el("p", { class: "problem", id: WARNING, role: "alert" }, icon("clock"), why));
}

/** Takes the words away that kept a dialog open. */
export function unwarn() {
  $(WARNING)?.remove();
}

/** A dialog's form: `read(submitter)` makes the fields of it, null keeps it open. */
export function sheet(title, lead, body, go, read) {
  const form = el("form", { class: "sheet", method: "dialog" },
    el("h2", { id: TITLE }, title), lead ? el("p", { class: "lead" }, lead) : null, ...body,
    el("div", { class: "pair" }, go ? el("button", { class: "primary", type: "submit" }, go) : null, el("button", { class: "plain", type: "button", dataset: { cancel: "1" } }, t(go ? "common.cancel" : "common.close"))));
  form.read = read;
  return form;
}

/** A list of reasons with room for another one; the first is chosen so that Enter is enough. */
export function reasons(keys) {
  const other = el("input", { class: "field", name: "other", maxLength: 120, "aria-label": t("console.reason_other"), oninput: () => (last.checked = true) });
  const rows = keys.map((key, at) => radio("reason", key, t(`console.${key}`), at === 0));
  const last = el("input", { type: "radio", name: "reason", value: "" });
  return el("fieldset", {}, el("legend", {}, t("console.reason_label")), rows, el("label", { class: "radio other" }, last, el("span", {}, t("console.reason_other")), other));
}

export const radio = (name, value, words, checked) => el("label", { class: "radio" }, el("input", { type: "radio", name, value, checked, dataset: checked ? { first: "1" } : {} }), el("span", {}, words));

/** The chosen reason in the mall's own words, or null (and the field in focus) when it is empty. */
export function reasonOf(form) {
  const data = new FormData(form);
  const key = data.get("reason");
  const text = key ? t(`console.${key}`) : (data.get("other") ?? "").trim();
  if (!text) form.querySelector("[name=other]").focus();
  return text || null;
}

export function askHold(view) {
  const form = sheet(t("console.hold_title", { label: view.state.current.label }), t("console.hold_lead"), [reasons(["hold_copy", "hold_pay", "hold_document", "hold_system"])], t("console.hold"), () => {
    const reason = reasonOf(form);
    return reason && { reason };
  });
  return form;
}

export function askBreak() {
  const choices = el("fieldset", { class: "row-set" }, el("legend", {}, t("console.break_minutes")), ["15", "30", "60", "0"].map((value) => radio("minutes", value, value === "0" ? t("console.break_open_end") : `${value} ${t("common.minutes_short")}`, value === "15")));
  const form = sheet(t("console.break_title"), t("console.break_lead"), [reasons(["break_meal", "break_pray", "break_short", "break_internal"]), choices], t("console.start_break"), () => {
    const reason = reasonOf(form);
    return reason && { reason, minutes: Number(new FormData(form).get("minutes")) };
  });
  return form;
}

/** Where a number is typed. */
export function ticketField(given) {
  return [el("label", { class: "label", for: "number" }, t("console.call_number")), el("input", { class: "field num", id: "number", name: "ticket", value: given, required: true, maxLength: 40, autocomplete: "off", spellcheck: false, placeholder: "A1-012", dataset: given ? {} : { first: "1" } })];
}

export function askCall(view, given, ticketId = null) {
  const form = sheet(t("console.call_title"), t("console.call_lead"), [...ticketField(given), reasons(["call_reason_waited", "call_reason_health", "call_reason_together"])], t("console.call_ticket"), () => {
    const reason = reasonOf(form);
    const typed = new FormData(form).get("ticket").trim().toUpperCase();
    return reason && { ticket: ticketId && typed === given ? ticketId : typed, reason };
  });
  return form;
}

export function askCancel(view, given, ticketId = null) {
  const form = sheet(t("console.cancel_title", { label: given }), t("console.cancel_lead"), [reasons(["cancel_asked", "cancel_double", "cancel_wrong"])], t("console.cancel"), () => {
    const reason = reasonOf(form);
    return reason && { ticket: ticketId ?? view.state.current.ticket_id, reason };
  });
  return form;
}

/** The code at the foot of a ticket that is in no list. */
export function askPaper() {
  const field = el("input", { class: "field", id: "paper", name: "token", required: true, maxLength: 200, autocomplete: "off", autocapitalize: "characters", spellcheck: false, dataset: { first: "1" } });
  const form = sheet(t("console.readmit"), t("console.readmit_lead"), [el("label", { class: "label", for: "paper" }, t("console.readmit_field")), field], t("console.readmit_go"), () => ({ token: field.value.trim() }));
  return form;
}

/** What became of it. */
export const tell = (title, text) => sheet(title, text, [], null);

/** A list of things to do; the pressed button's value comes back as `action`. */
function choices(title, lead, actions, more = []) {
  const rows = actions.map(([action, words, picture, key]) => el("button", { class: "choice", type: "submit", value: action }, icon(picture), el("span", {}, words), key && el("kbd", { "aria-hidden": "true" }, key)));
  return sheet(title, lead, [el("div", { class: "choices" }, rows), ...more], null, (submitter) => ({ action: submitter?.value ?? "" }));
}

/** What can be said of somebody's priority: it stands or falls, or is given. */
function priorities(row) {
  if (!row.priority) return [["priority_yes", t("console.set_priority"), "chevrons-up"]];
  const drop = ["priority_no", t("console.drop_priority"), "arrow-back-up"];
  return row.priority_checked ? [drop] : [["priority_yes", t("console.confirm_priority"), "circle-check"], drop];
}

export const askPriority = (row) => choices(t("console.priority_title", { label: row.label }), t("console.priority_lead"), priorities(row));

export function askRow(view, row) {
  const free = !view.state.current && view.link.state !== "lost";
  const actions = {
    waiting: [free && ["call_ticket", t("console.call_ticket"), "speakerphone"], ...priorities(row), ["cancel", t("console.cancel"), "x"]],
    on_hold: [free && ["resume", t("console.resume"), "player-play"], free && ["call_back", t("console.call_back"), "speakerphone"], ["cancel", t("console.cancel"), "x"]],
    no_show: [["return", t("console.return"), "corner-up-right"], ["cancel", t("console.cancel"), "x"]],
  }[view.list].filter(Boolean);
  return choices(row.label, said(row.service), view.link.state === "lost" ? [] : actions);
}

/** Everything that has no button of its own on the page, with the key that does it. */
const MORE = [
  ["deliver", "package"], ["set_priority", "chevrons-up"], ["cancel", "x"], ["resume", "player-play"], ["call_back", "speakerphone"], ["return", "corner-up-right"],
  ["call_ticket", "hand-finger"], ["reopen", "refresh"], ["set_services", "checklist"], ["close_counter", "door-enter"], ["leave_taken", "arrows-exchange"], ["check_in", "calendar-time"], ["readmit", "ticket"],
  ["auto", "clock"], ["small_window", "device-mobile"], ["keys", "keyboard"],
];

export function askMore(view, actions) {
  const busy = view.state.current !== null;
  const offered = ([name]) => (name === "leave_taken" ? !busy : actions[name].free || view.allowed.has(name));
  const words = { leave_taken: "change_counter", keys: "all_keys", auto: view.auto.on ? "auto_off" : "auto_on", set_priority: view.state.current?.priority ? "priority" : "set_priority" };
  const rows = MORE.filter(offered).map(([name, picture]) => [name, t(`console.${words[name] ?? name}`), picture, actions[name].key]);
  const links = $("prefer").cloneNode(true);
  links.hidden = false;
  links.removeAttribute("id");
  links.className = "links";
  const form = choices(t("console.more"), "", rows);
  form.classList.add("broad");
  form.extra = [links]; // the sign-out form must not stand inside another form
  return form;
}

const TWINS = new Set(["end_break", "close_counter", "finish_help"]); // they share a key with their opposite

export function showKeys(view, actions) {
  const without = view.bookings ? "retry_now" : "check_in"; // one key: whoever is out of contact checks nobody in
  const listed = Object.entries(actions).filter(([name, { key }]) => key && !TWINS.has(name) && name !== without && (name !== "reopen" || setup.supervisor));
  const words = { check_in: "key_check_in", retry_now: "key_retry", keys: "key_help", accept_help: "key_help_call", start_break: "key_break", open_counter: "key_counter" };
  const list = el("dl", { class: "keys" },
    listed.flatMap(([name, { key }]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, t(`console.${words[name] ?? name}`))]),
    el("dt", {}, el("kbd", {}, "Esc")), el("dd", {}, t("console.key_escape")));
  const box = el("input", { type: "checkbox", name: "letters", checked: view.letters });
  const form = sheet(t("console.keys_title"), t("console.keys_lead"), [el("label", { class: "check" }, box, t("console.keys_on")), list], t("common.save"), () => ({ letters: box.checked ? "on" : "off" }));
  form.classList.add("broad");
  return form;
}
