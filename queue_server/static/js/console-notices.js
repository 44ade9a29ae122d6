// What stands above the lists: what went wrong, what could not be sent, what is under way, and calls for help.
import { helpCalls, isMine } from "./console-help.js";
import { nameOf } from "./console-visit.js";
import { $, el, icon, label } from "./dom.js";
import { put } from "./stay.js";
import { clock, day, t } from "./words.js";

export function drawNotices(view, lost) {
  const { help } = view.state;
  view.helpPlace = (help.find((one) => !one.accepted_by) ?? help.find(isMine))?.place;
  const key = JSON.stringify([view.problem, view.taken, view.slow && view.busy, view.unsent, lost, help]);
  if ($("notices").dataset.key === key) return;
  $("notices").dataset.key = key;
  const boxes = [];
  if (view.problem) boxes.push(box("problem", "alert-triangle", "bad", el("p", {}, view.problem)));
  if (view.taken) boxes.push(taken(view));
  if (view.slow) boxes.push(box("slow", "clock", "", el("p", {}, t("console.wait_server", { action: t(`console.${view.busy}`) }))));
  if (view.unsent.length) boxes.push(unsent(view));
  if (lost) boxes.push(el("div", { class: "works", dataset: { is: "works" } },
    el("div", { class: "yes" }, icon("circle-check"), el("p", {}, el("b", {}, t("console.still_title")), t("console.still_text"))),
    el("div", { class: "not" }, icon("circle-x"), el("p", {}, el("b", {}, t("console.not_yet_title")), t("console.not_yet_text")))));
  else boxes.push(...helpCalls(help));
  put($("notices"), ...boxes);
}

const box = (is, picture, kind, ...content) => el("div", { class: `notice ${kind}`, role: kind ? "alert" : "status", dataset: { is } }, icon(picture), ...content);

function taken(view) {
  return box("taken", "alert-triangle", "bad",
    el("div", {}, el("b", {}, view.taken.message), el("p", {}, t("console.taken_text")),
      el("div", { class: "pair" }, button("take_over", "console.take_over"), button("leave_taken", "console.change_counter"))));
}

const button = (act, key) => el("button", { type: "button", class: "btn sm", dataset: { act } }, t(key));

/** A line for each kept press that can no longer be sent, with what was written, until the officer has read it. */
function unsent(view) {
  return el("div", { class: "unsent", role: "alert", "aria-atomic": "false", dataset: { is: "unsent" } },
    el("h2", {}, icon("alert-triangle"), t("console.unsent")),
    el("ul", {}, view.unsent.map((item) => line(item, day(view.now())))));
}

function line(item, today) {
  const { key, body, label: whose, why, at } = item;
  const action = t(`console.${body.command}`);
  const written = what(body);
  const pressed = at && t("console.unsent_at", { clock: item.day === today ? clock(at) : `${item.day} ${clock(at)}` });
  return el("li", { dataset: { is: key } },
    el("div", {}, el("p", {}, el("b", {}, action), whose && [" ", label(whose)], pressed && el("span", { class: "soft" }, ` ${pressed}`)), written && el("p", { class: "written" }, written), el("p", { class: "why" }, why)),
    el("button", { type: "button", class: "seen", dataset: { act: "seen", place: key }, title: t("console.unsent_seen"), "aria-label": `${t("console.unsent_seen")}: ${action} ${whose ?? ""}` }, icon("x")));
}

/** What was filled in, so that nobody has to remember it. */
function what({ command, text, reason, service, quantity }) {
  if (command === "note") return el("q", {}, text);
  if (command === "deliver") return `${nameOf(service)} × ${quantity}`;
  return reason ?? null;
}
