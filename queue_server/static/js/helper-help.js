// On the helper's page: who asks for a person, and whose priority nobody has confirmed.
import { $, el, icon, label } from "./dom.js";
import { clock, duration, said, setup, t } from "./words.js";

const ROWS = 4; // as many doubtful priorities as fit beside the rest; the others follow when these are settled

/** Who comes, by name; a script has none. */
const comes = (officer) => (setup.names[officer] ? t("helper.help_on_way", { name: setup.names[officer] }) : t("helper.help_accepted"));

/**
 * Draws a `help` state. With nothing under way (`home`) calls and doubtful priorities stand in full; while a number is
 * being taken, the first call that nobody accepted stays in sight.
 */
export function drawHelp(help, now, home) {
  const open = help.calls.find((one) => !one.accepted_by);
  fill($("calls"), help.calls.length ? help.calls : [null], (one) => (one ? call(one) : el("p", { class: "soft" }, t("helper.help_none"))));
  fill($("strip"), open ? [open] : [], strip);
  fill($("doubt-rows"), help.priority.slice(0, ROWS), doubt);
  $("help").hidden = !home;
  $("strip").hidden = home || !open;
  $("doubts").hidden = !home || !help.priority.length;
  for (const since of document.querySelectorAll("[data-asked]")) {
    const waited = now - Number(since.dataset.asked);
    since.textContent = duration(waited);
    since.closest(".open")?.classList.toggle("loud", waited >= setup.loudAfter);
  }
}

/** Rows as elements: one that says the same as before stays the same element, under a finger and under the focus. */
function fill(box, rows, made) {
  const keys = rows.map((row) => JSON.stringify(row));
  for (const one of [...box.children]) if (!keys.includes(one.dataset.row)) one.remove();
  const stay = new Map([...box.children].map((one) => [one.dataset.row, one]));
  rows.forEach((row, at) => {
    const element = stay.get(keys[at]) ?? made(row);
    element.dataset.row = keys[at];
    if (box.children[at] !== element) box.insertBefore(element, box.children[at] ?? null);
  });
}

function call(help) {
  const mine = help.accepted_by === setup.me;
  const place = el("b", {}, help.place);
  if (help.accepted_by) {
    const coming = mine ? t("helper.help_mine") : comes(help.accepted_by);
    return el("div", { class: mine ? "call mine" : "call other" },
      el("div", { class: "call-head" }, el("p", {}, icon("circle-check"), el("span", {}, place, el("small", {}, coming)))),
      mine && el("button", { type: "button", class: "btn done-help", dataset: { done: help.place } }, icon("check"), t("helper.help_done")));
  }
  const since = el("span", { class: "since", "aria-live": "off" }, el("b", { dataset: { asked: String(help.asked_at) } }), t("helper.help_since"));
  return el("div", { class: "call open" },
    el("div", { class: "call-head" }, el("p", {}, icon("lifebuoy"), place), since),
    el("p", { class: "loud-words" }, icon("urgent"), t("helper.help_loud")),
    el("button", { type: "button", class: "primary", dataset: { place: help.place } }, icon("walk"), t("helper.help_coming")));
}

const strip = (help) =>
  el("div", { class: "strip open" }, icon("lifebuoy"),
    el("p", {}, el("b", {}, help.place), " ", t("helper.help_since"), " ", el("span", { dataset: { asked: String(help.asked_at) } })),
    el("button", { type: "button", class: "quiet", dataset: { place: help.place } }, t("helper.help_coming")));

const doubt = (one) =>
  el("li", { class: "doubt" },
    el("p", {}, icon("chevrons-up"), el("span", {}, label(one.label), el("small", {}, `${said(one.service)}, ${t("helper.prio_arrived", { clock: clock(one.arrived_at) })}`))),
    el("span", { class: "pair" }, button(one, "yes", "helper.prio_confirm"), button(one, "no", "helper.prio_drop")));

const button = (one, stands, words) =>
  el("button", { type: "button", class: "btn", "aria-label": `${t(words)} ${one.label}`, dataset: { ticket: one.ticket_id, stands } }, t(words));
