// The visit as a line: what is behind with each agency's own times, what is now, and what is planned; notes beneath it.
import { noteWords } from "./console-visit.js";
import { el, icon } from "./dom.js";
import { clock, has, minutes, said, setup, t } from "./words.js";

const service = (code) => setup.services.find((one) => one.code === code);
const counterWords = (code) => t("console.counter_n", { counter: code });

/** Everything that is known of the visit: its times, its steps, what is planned, what was noted and delivered. */
export function way(view, one, now) {
  const stays = staysOf(one);
  const spans = (kind) => JSON.stringify(stays.filter((stay) => stay.kind === kind).map((stay) => [stay.from, stay.to]));
  return el("div", { class: "jour" },
    el("h3", { class: "unseen" }, t("console.journey_title")),
    el("p", { class: "here", dataset: { here: one.journey[0].at, waits: spans("wait"), serves: spans("serve") } }),
    track(stays, now),
    steps(one),
    facts(view, one));
}

function track(stays, now) {
  return el("ol", { class: "track" }, stays.map((stay) =>
    el("li", { class: `${stay.kind}${stay.to ? "" : " cur"}`, style: `flex-grow:${Math.max(1, Math.round(((stay.to ?? now) - stay.from) / 1000))}` },
      el("span", { class: "lab" }, stay.where ? [el("em", {}, clock(stay.from)), " ", stay.where] : "\u00a0"),
      el("span", { class: "line" }),
      el("span", { class: "und" }, stay.to ? (stay.kind === "wait" ? t("console.waited_for", { minutes: minutes(stay.to - stay.from) }) : minutes(stay.to - stay.from)) : t("console.now")))));
}

/** The journey as stretches of waiting and being attended, the last one still open. */
function staysOf(one) {
  const stays = [];
  for (const { at, what, where } of one.journey) {
    const last = stays[stays.length - 1];
    if (what === "started") continue; // being called and being served are one stretch at a counter
    if (last && last.to === null) last.to = at;
    if (what === "issued") stays.push({ kind: "wait", from: at, to: null, where: t(has(`console.where_${where}`) ? `console.where_${where}` : "console.where_kiosk") });
    else if (what === "called") stays.push({ kind: "serve", from: at, to: null, where: counterWords(where) });
    else stays.push({ kind: "wait", from: at, to: null, where: "" });
  }
  return stays.filter((stay) => stay.to === null || stay.to - stay.from > 0 || stay.kind === "serve");
}

/** Done, now and planned services in one line; only for a visit of more than one. */
function steps(one) {
  const done = doneOf(one);
  if (!done.length && !one.plan.length) return null;
  return el("ol", { class: "steps", "aria-label": t("console.steps_label") },
    done.map((step) => el("li", { class: "done" }, icon("check"), el("span", { class: "unseen" }, `${t("console.step_done")}: `), ...doneWords(step))),
    el("li", { class: "here", "aria-current": "step" }, icon("map-pin"), said(one.service), el("small", {}, t("console.now"))),
    one.plan.map((planned) => el("li", { class: "next" }, icon("arrow-right"), said(planned.name), el("small", {}, t("console.step_planned")))));
}

/** What was done, by which agency, and its own times: the serving time in sight, the rest for whoever asks. */
function doneWords(step) {
  const known = service(step.service);
  const all = t("console.step_times", { counter: step.where ?? "", waited: minutes(step.waited), served: minutes(step.served) });
  return [known?.name ?? step.service, el("small", { title: all, "aria-hidden": "true" }, `${known?.agency ?? ""} ${minutes(step.served)}`.trim()), el("span", { class: "unseen" }, `, ${all}`)];
}

/** The services behind, each with its own waiting and serving time. */
function doneOf(one) {
  const steps = [];
  let began = null, called = null, where = null;
  for (const moment of one.journey) {
    if (moment.what === "issued") began = moment.at;
    else if (moment.what === "called") [called, where] = [moment.at, moment.where];
    else if (moment.what !== "started") {
      steps.push({ service: moment.service, where, waited: (called ?? moment.at) - began, served: called === null ? 0 : moment.at - called });
      [began, called, where] = [moment.at, null, null];
    }
  }
  return steps;
}

/** The newest note, how many there are, and what was delivered. */
function facts(view, one) {
  const kept = view.kept.filter((item) => item.label === one.label && item.body.command === "note");
  const notes = [
    ...one.notes.map((note) => ({ text: noteWords(note), by: t("console.note_at", { counter: note.counter, clock: clock(note.at) }) })),
    ...kept.map((item) => ({ text: item.body.text, by: t("console.note_kept", { counter: setup.counter }) })),
  ];
  const last = notes.at(-1);
  const delivered = one.delivered.map((given) => `${said(given.name)} × ${given.quantity}`).join(", ");
  if (!last && !delivered) return null;
  return el("ul", { class: "facts" },
    last && el("li", {}, icon("note"), el("span", {}, last.text, " ", el("span", { class: "soft" }, last.by, notes.length > 1 && `, ${t("console.notes_more", { n: notes.length - 1 })}`))),
    delivered && el("li", {}, icon("package"), el("span", {}, t("console.delivered", { list: delivered }))));
}
