// Dialogs about the visit at the counter: where it goes next, what is noted and delivered, and what the counter serves.
import { radio, sheet, ticketField } from "./console-ask.js";
import { el, icon } from "./dom.js";
import { Search } from "./service-search.js";
import { clock, said, setup, t } from "./words.js";

const SHOWN = 5; // of the services that fit what was typed; more would be a list to read, not to choose from
const NOTE_SIGNS = 200;
const MOST = 99;
const TOPICS = 20; // the server answers so many at once
const FRONT = ["front_papers", "front_mistake", "front_health"];

export const nameOf = (code) => setup.services.find((service) => service.code === code)?.name ?? code;

/** A field that finds services by name, agency or everyday words, and the list of what fits. A search field would keep Escape. */
export function finder(label, { first = [], without = [], changed = () => {}, needed = true } = {}) {
  const find = el("input", { class: "field", type: "text", id: "find", placeholder: t("console.transfer_find"), autocomplete: "off", dataset: { first: "1" } });
  const list = el("div", { class: "services", role: "group", "aria-label": label });
  const order = [...setup.services].filter((service) => !without.includes(service.code)).sort((one, other) => rank(first, one.code) - rank(first, other.code));
  /** Adds what is found and not in the list yet: what stands there may be under somebody's finger. */
  const add = () => {
    const typed = find.value.trim();
    const found = search.fit(order, typed);
    const shown = new Set([...list.querySelectorAll("input")].map((one) => one.value));
    const more = (typed ? found : order).filter((service) => !shown.has(service.code)).slice(0, SHOWN - shown.size);
    const choose = shown.size === 0 && (typed !== "" || first.length > 0);
    list.append(...more.map((service, at) => el("label", { class: "radio" },
      el("input", { type: "radio", name: "service", value: service.code, checked: choose && at === 0, required: needed }),
      el("span", {}, service.name, el("small", {}, service.agency)))));
    if (!list.querySelector("input") && !search.waiting) list.replaceChildren(el("p", { class: "soft", role: "status" }, t("console.find_none")));
    changed();
  };
  const search = new Search(add);
  find.oninput = () => {
    list.replaceChildren();
    add();
  };
  list.onchange = () => changed();
  find.onkeydown = (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    (list.querySelector("input:checked") ?? list.querySelector("input"))?.focus();
  };
  add();
  return { find, list, rows: [el("label", { class: "label", for: "find" }, label), find, list] };
}

const rank = (first, code) => (first.includes(code) ? first.indexOf(code) : first.length);
export const chosen = (list) => list.querySelector("input:checked")?.value ?? "";

/** To which service, to any of its counters or one, and where in its line. */
export function askTransfer(view) {
  const { current } = view.state;
  const counter = el("select", { class: "field", id: "to-counter", name: "to_counter" });
  let whose = null;
  const offer = () => {
    if (!whose) return;
    const service = chosen(whose.list), before = counter.value;
    const able = setup.counters.filter((one) => one.code !== setup.counter && one.services.includes(service));
    counter.replaceChildren(el("option", { value: "" }, t("console.any_counter")), ...able.map((one) => el("option", { value: one.code }, one.name)));
    if (able.some((one) => one.code === before)) counter.value = before;
    markClosed(counter);
  };
  whose = finder(t("console.transfer_service"), { changed: offer });
  offer();
  const place = el("fieldset", { class: "row-set" }, el("legend", {}, t("console.transfer_place")), ["arrival", "front", "end"].map((value) => radio("place", value, t(`console.place_${value}`), false)));
  place.querySelector("input").checked = true;
  const why = frontReason();
  place.onchange = () => (why.box.hidden = new FormData(place.form).get("place") !== "front");
  return sheet(t("console.transfer_title", { label: current.label }), t("console.transfer_lead"),
    [...whose.rows, el("label", { class: "label", for: "to-counter" }, t("console.transfer_counter")), counter, place, why.box], t("console.transfer"),
    () => {
      const fields = { service: chosen(whose.list), place: new FormData(place.form).get("place"), to_counter: counter.value };
      if (fields.place !== "front") return fields;
      const reason = why.read();
      return reason && { ...fields, reason };
    });
}

/** Says which of the offered counters are closed: nobody can be sent to those. Without an answer the hall itself refuses. */
async function markClosed(counter) {
  const options = [...counter.options].filter((one) => one.value).slice(0, TOPICS);
  if (!options.length) return;
  const answer = await fetch(`/v1/state?topics=${options.map((one) => `counter:${one.value}`).join(",")}`).catch(() => null);
  if (!answer?.ok) return;
  const { topics } = await answer.json();
  for (const one of options.filter((option) => topics[`counter:${option.value}`]?.state === "closed")) {
    one.disabled = true;
    one.textContent = t("console.counter_is_closed", { counter: one.textContent });
    if (counter.value === one.value) counter.value = "";
  }
}

/** Whoever goes before everybody does so for a reason, one of the usual ones or in the officer's own words. */
function frontReason() {
  const other = el("input", { class: "field", id: "front-other", maxLength: 120, hidden: true, "aria-label": t("console.reason_other") });
  const why = el("select", { class: "field", id: "front-reason" }, FRONT.map((key) => el("option", { value: t(`console.${key}`) }, t(`console.${key}`))), el("option", { value: "" }, t("console.reason_other")));
  why.onchange = () => (other.hidden = why.value !== "");
  const box = el("div", { class: "fields", hidden: true }, el("label", { for: "front-reason" }, t("console.front_reason")), why, other);
  return { box, read: () => why.value || other.value.trim() || (other.focus(), null) };
}

/** What follows for this visitor: planned services to drop, published journeys, or one more service. */
export function askPlan(view) {
  const { current, journeys } = view.state;
  const planned = current.plan.map((one) => one.code);
  const whose = finder(t("console.plan_find"), { without: [...planned] });
  const press = (words, fields, picture) => el("button", { type: "button", class: "choice", dataset: fields, onclick: () => { form.given = fields; form.requestSubmit(); } }, icon(picture), words);
  const plan = current.plan.length > 0 && el("div", { class: "choices" }, el("h3", {}, t("console.plan_now")),
    current.plan.map((one) => press(el("span", {}, said(one.name), el("small", {}, t("console.drop_service"))), { command: "drop_service", service: one.code }, "x")));
  const ways = journeys.length > 0 && el("div", { class: "choices" }, el("h3", {}, t("console.plan_journeys")),
    journeys.map((one) => press(el("span", {}, said(one.name), el("small", {}, one.services.map((service) => said(service.name)).join(" → "))), { command: "plan_journey", journey: one.code }, "arrow-right")));
  const form = sheet(t("console.plan_title", { label: current.label }), t("console.plan_lead"), [ways, plan, ...whose.rows].filter(Boolean), t("console.add_service"),
    () => form.given ?? { command: "add_service", service: chosen(whose.list) });
  form.noValidate = true; // a pressed journey needs no service chosen
  const read = form.read;
  form.read = () => {
    const fields = read();
    if (fields.command === "add_service" && !fields.service) return whose.find.focus(), null;
    return fields;
  };
  return form;
}

/** The notes on this ticket, and one more. */
export function askNote(view) {
  const { current } = view.state;
  const text = el("textarea", { class: "field", id: "note", name: "text", rows: 3, maxLength: NOTE_SIGNS, required: true, dataset: { first: "1" } });
  text.onkeydown = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    text.form.requestSubmit();
  };
  const before = current.notes.length > 0 && el("ul", { class: "notes", "aria-label": t("console.notes") }, current.notes.map((one) => el("li", {}, noteWords(one), " ", el("small", {}, t("console.note_by", { counter: one.counter, officer: setup.names[one.officer] ?? one.officer, clock: clock(one.at) })))));
  return sheet(t("console.note_title", { label: current.label }), t("console.note_lead"), [before, el("label", { class: "label", for: "note" }, t("console.note_field")), text].filter(Boolean), t("common.save"),
    () => (text.value.trim() ? { text: text.value.trim() } : (text.focus(), null)));
}

/** The words of a note; after the retention time only that there was one. */
export const noteWords = (one) => one.text || t("console.note_erased");

/** What was delivered: one of the own service unless the officer says otherwise, so that finishing needs none of this. */
export function askDelivered(view) {
  const { current, services } = view.state;
  const given = Object.fromEntries(current.delivered.map((one) => [one.code, one.quantity]));
  const first = [...new Set([current.service_code, ...Object.keys(given), ...services.map((service) => service.code)])];
  const count = el("input", { class: "field num", id: "quantity", type: "number", inputMode: "numeric", max: MOST, required: true });
  let asked = "", whose = null;
  whose = finder(t("console.deliver_service"), { first, changed: () => amount() });
  function amount() {
    const service = whose ? chosen(whose.list) : asked;
    if (service === asked) return;
    asked = service;
    count.min = service in given ? 0 : 1; // nothing takes back what was written before
    count.value = String(given[service] ?? 1);
  }
  amount();
  count.dataset.first = "1";
  delete whose.find.dataset.first;
  const also = el("button", { class: "plain", type: "submit", value: "finish" }, icon("check"), t("console.deliver_finish"));
  const form = sheet(t("console.deliver_title", { label: current.label }), t("console.deliver_lead"),
    [el("label", { class: "label", for: "quantity" }, t("console.deliver_count")), count, ...whose.rows], t("common.save"),
    (submitter) => ({ service: chosen(whose.list), quantity: Number(count.value), finish: submitter === also }));
  form.querySelector(".pair .primary").after(also);
  return form;
}

/** Which services the counter serves from now on today. */
export function askServices(view) {
  const now = new Set(view.state.services.map((service) => service.code));
  const own = view.state.own_services.map((service) => service.code), more = setup.supervisor ? setup.services.map((service) => service.code).filter((code) => !own.includes(code)) : [];
  const box = (code) => el("label", { class: "check" }, el("input", { type: "checkbox", name: "services", value: code, checked: now.has(code) }), el("span", {}, nameOf(code)));
  const mine = el("fieldset", { class: "boxes" }, el("legend", {}, t("console.services_own")), own.map(box));
  const others = more.length > 0 && el("fieldset", { class: "boxes" }, el("legend", {}, t("console.services_more")), more.map(box));
  mine.querySelector("input").dataset.first = "1";
  return sheet(t("console.services_title"), t("console.services_lead"), [mine, others].filter(Boolean), t("common.save"), () => {
    const codes = new FormData(mine.form).getAll("services");
    if (!codes.length) return mine.querySelector("input").focus(), null;
    const same = codes.length === own.length && own.every((code) => codes.includes(code));
    return { services: same ? "" : codes.join(",") };
  });
}

/** A supervisor takes a finished number up again. */
export function askReopen() {
  return sheet(t("console.reopen_title"), t("console.reopen_lead"), ticketField(""), t("console.reopen"), () => ({ ticket: document.getElementById("number").value.trim().toUpperCase() }));
}
