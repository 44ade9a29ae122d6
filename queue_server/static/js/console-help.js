// Calls for help on the console: calm lines above the lists, louder when nobody comes.
import { el, icon } from "./dom.js";
import { clock, duration, setup, t } from "./words.js";

const LINES = 2; // more would push the waiting list away; the rest are counted

export const isMine = (help) => help.accepted_by === setup.officer;

/** The calls worth an officer's eye: those nobody accepted, then the own ones; else one that somebody goes to. */
function worth(calls) {
  const open = calls.filter((help) => !help.accepted_by), mine = calls.filter(isMine);
  return open.length || mine.length ? [...open, ...mine] : calls.slice(0, 1);
}

/** The lines of the calls for help. */
export function helpCalls(calls) {
  const shown = worth(calls), first = shown.find((help) => !help.accepted_by) ?? shown.find(isMine);
  return shown.slice(0, LINES).map((help, at) => line(help, help === first, at === LINES - 1 ? shown.length - LINES : 0));
}

function line(help, hasKey, more) {
  const open = !help.accepted_by, act = open ? "accept_help" : "finish_help";
  const said = open ? el("span", { dataset: { ago: help.asked_at } }) : isMine(help) ? t("console.help_mine") : t("console.help_accepted", { officer: setup.names[help.accepted_by] ?? help.accepted_by });
  return el("div", { class: "help", dataset: { is: help.place } }, icon(open ? "lifebuoy" : "walk"),
    el("div", {}, el("b", {}, t("console.help_asked", { place: help.place }), more > 0 && ` (+${more})`), said),
    (open || isMine(help)) && el("button", { type: "button", class: "btn sm", dataset: { act, place: help.place } },
      el("span", { class: "w wide" }, t(`console.${act}`)), el("span", { class: "w narrow" }, t(`console.${act}_short`)), hasKey && el("kbd", { "aria-hidden": "true" }, "B")));
}

/** Moves the times of the open calls on and marks those nobody comes to; called every second. */
export function tickHelp(now) {
  for (const node of document.querySelectorAll("[data-ago]")) {
    const waited = now - Number(node.dataset.ago), loud = waited >= setup.loudAfter;
    node.textContent = t("console.help_since", { clock: clock(Number(node.dataset.ago)), ago: duration(waited) }) + (loud ? `, ${t("console.help_loud")}` : "");
    node.closest(".help").classList.toggle("loud", loud);
  }
}
