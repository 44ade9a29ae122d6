// On the helper's page: who asks for a person, and whose priority nobody has confirmed.
import { $, el, icon, label } from "./dom.js";
import { clock, duration, said, setup, t } from "./words.js";

const ROWS = 4; // as many doubtful priorities as fit beside the rest; the others follow when these are settled

/** Who comes, by name; a script has none. */
const comes = (officer) => (setup.names[officer] ? t("helper.help_on_way", { name: setup.names[officer] }) : t("helper.help_accepted"));

/** Draws calls, the strip and the doubtful priorities of a `help` state; drawn anew only when something changed. */
export function drawHelp(help, now, showStrip) {
  const key = JSON.stringify([help, showStrip]);
  if ($("calls").dataset.key !== key) {
    $("calls").dataset.key = key;
    $("calls").replaceChildren(...(help.calls.length ? help.calls.map(call) : [el("p", { class: "soft" }, t("helper.help_none"))]));
    drawStrip(help.calls.find((one) => !one.accepted_by), showStrip);
    drawDoubts(help.priority);
  }
  for (const since of document.querySelectorAll("[data-asked]")) {
    const waited = now - Number(since.dataset.asked);
    since.textContent = duration(waited);
    since.closest(".open")?.classList.toggle("loud", waited >= setup.loudAfter);
  }
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

/** While a number is being taken, the first call that nobody accepted stays in sight. */
function drawStrip(help, shown) {
  $("strip").hidden = !help || !shown;
  $("strip").classList.toggle("open", Boolean(help));
  if (!help) return $("strip").replaceChildren();
  $("strip").replaceChildren(icon("lifebuoy"),
    el("p", {}, el("b", {}, help.place), " ", t("helper.help_since"), " ", el("span", { dataset: { asked: String(help.asked_at) } })),
    el("button", { type: "button", class: "quiet", dataset: { place: help.place } }, t("helper.help_coming")));
}

function drawDoubts(doubtful) {
  $("doubts").dataset.any = doubtful.length ? "yes" : "no";
  $("doubts").hidden = !doubtful.length || !$("step-service").checkVisibility();
  $("doubt-rows").replaceChildren(...doubtful.slice(0, ROWS).map((one) =>
    el("li", { class: "doubt" },
      el("p", {}, icon("chevrons-up"), el("span", {}, label(one.label), el("small", {}, `${said(one.service)}, ${t("helper.prio_arrived", { clock: clock(one.arrived_at) })}`))),
      el("span", { class: "pair" },
        button(one, "yes", "helper.prio_confirm"),
        button(one, "no", "helper.prio_drop")))));
}

const button = (one, stands, words) =>
  el("button", { type: "button", class: "btn", "aria-label": `${t(words)} ${one.label}`, dataset: { ticket: one.ticket_id, stands } }, t(words));
