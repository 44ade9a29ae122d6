// Draws the console from its state. Keys keep their places: what is not possible is dashed, never gone.
import { KEPT } from "./commands.js";
import { bookingMark, tickExpected } from "./console-booking.js";
import { isMine, tickHelp } from "./console-help.js";
import { drawLists } from "./console-list.js";
import { drawNotices } from "./console-notices.js";
import { way } from "./console-way.js";
import { $, el, icon, label, rich } from "./dom.js";
import { put } from "./stay.js";
import { clock, duration, has, minutes, parts, said, setup, t } from "./words.js";

const MINUTE = 60000;
const AGAIN = new Set(["note", "deliver"]); // may be kept more than once for the same visitor
const WITH_VISITOR = ["finish", "hold", "note", "deliver", "start", "recall", "absent", "undo_call", "transfer", "add_service", "cancel", "set_priority"];
const CHIP = { calling: ["called", "speakerphone"], serving: ["serve", "user-check"], available: ["free", "circle-check"], break: ["pause", "coffee"], closed: ["pause", "door-enter"] };

export function render(view) {
  const { state, link } = view;
  const lost = link.state === "lost";
  view.allowed = allowedNow(view, lost);
  document.body.classList.toggle("lost", lost);
  document.body.classList.toggle("busy", view.busy !== null);
  document.body.classList.toggle("no-letters", !view.letters);
  const helped = state.helps.filter((service) => service.active).map((service) => t("console.helps_too", { service: said(service.name) }));
  $("serves").replaceChildren([...state.services.map((service) => said(service.name)), ...helped].join(", "));
  drawLink(view, lost);
  drawChips(view);
  drawCurrent(view);
  drawKeys(view, lost);
  drawNotices(view, lost);
  drawLists(view, lost);
  drawToday(view, lost);
  drawPossible(view);
  tick(view);
  const { scrollHeight, clientHeight } = $("current");
  $("current").tabIndex = scrollHeight > clientHeight + 1 ? 0 : -1; // what scrolls must be reached by keyboard
}

/** What can be done now: the server's word, less what needs the server while it is away, less what is under way. */
function allowedNow(view, lost) {
  const { state } = view;
  const able = new Set(state.can);
  if (!state.current && state.on_hold.length) ["resume", "call_back"].forEach((name) => able.add(name));
  if (state.no_show.length) able.add("return");
  if (state.suggestion) able.add("take_suggestion");
  if (setup.supervisor && !state.current) able.add("reopen");
  able.add("set_services");
  if (state.state === "break") {
    able.add("end_break");
    able.delete("start_break");
  }
  if (state.help.some((help) => !help.accepted_by)) able.add("accept_help");
  if (state.help.some(isMine)) able.add("finish_help");
  if (view.taken) ["take_over", "leave_taken"].forEach((name) => able.add(name));
  if (view.bookings) able.add("check_in");
  const done = new Set(view.kept.map((item) => item.body.command));
  const gone = done.has("finish") || done.has("hold");
  if (gone) WITH_VISITOR.forEach((name) => able.delete(name));
  const kept = lost ? [...able].filter((name) => KEPT.has(name) && (!done.has(name) || AGAIN.has(name))) : [...able];
  if (lost && gone && !done.has("start_break")) kept.push("start_break");
  return new Set(lost ? [...kept, "retry_now"] : kept);
}

function drawLink(view, lost) {
  const { link } = view;
  $("head").classList.toggle("bad", lost);
  const words = {
    live: () => ["good", "wifi", t("console.connected")],
    polling: () => ["good", "wifi", t("console.connected")],
    connecting: () => ["", "wifi", t("console.connecting")],
    lost: () => ["bad", "wifi-off", t("console.lost_since", { clock: sinceClock(view) })],
  }[link.state]();
  const key = `${link.state}|${link.since ?? ""}|${link.retryAt ? "r" : ""}`;
  if ($("link").dataset.key === key) return;
  $("link").dataset.key = key;
  $("link").className = `link ${words[0]}`;
  $("link").replaceChildren(icon(words[1]), el("b", lost ? { class: "wide" } : {}, words[2]));
  if (lost) $("link").append(el("b", { class: "narrow" }, t("console.lost_short", { clock: sinceClock(view) })));
  if (lost) {
    $("link").append(
      el("span", { class: "wide", id: "retry-in", "aria-hidden": "true" }),
      el("button", { type: "button", class: "btn sm", dataset: { act: "retry_now" } }, icon("refresh"), el("span", { class: "w" }, t("console.retry_now")), el("kbd", { "aria-hidden": "true" }, "C")),
    );
  }
}

const sinceClock = (view) => clock(view.link.since + (view.now() - Date.now()));

function drawChips(view) {
  const { state, kept } = view;
  const [kind, picture] = CHIP[state.state];
  const chips = [chip(kind, picture, t(`console.state_${state.state}`))];
  if (state.current?.priority) chips.push(priorityChip(view, state.current));
  if (state.current?.booking) chips.push(chip(state.current.booking.how === "claimed" ? "doubt" : "prio", "calendar-time", bookingMark(state.current)));
  if (state.current?.check) chips.push(chip("prio", "ticket", t("console.check", { check: state.current.check })));
  if (view.auto.on) chips.push(el("button", { type: "button", class: "chip auto press", dataset: { act: "auto" }, "aria-keyshortcuts": "=", title: t("console.auto_off") }, icon("clock"), el("span", {}, t("console.auto_chip"))));
  if (kept.length) chips.push(chip("kept", "cloud-upload", t("console.queued", { n: kept.length })));
  put($("chips"), ...chips);
  $("undo").hidden = state.state !== "calling";
}

/** Priority is confirmed or withdrawn by pressing its mark; until then it says that nobody has looked. */
function priorityChip(view, one) {
  const doubt = !one.priority_checked && [el("span", { class: "wide" }, `, ${t("console.priority_unchecked")}`), el("span", { class: "narrow", "aria-hidden": "true" }, "?")];
  const words = el("span", {}, t("console.priority"), doubt);
  if (!view.allowed.has("set_priority")) return chip("prio", "chevrons-up", words);
  return el("button", { type: "button", class: "chip prio press", dataset: { act: "set_priority" } }, icon("chevrons-up"), words);
}

const chip = (kind, picture, words) => el("span", { class: `chip ${kind}`, dataset: { is: picture } }, icon(picture), words);

function drawCurrent(view) {
  const { state } = view;
  const one = state.current;
  const key = JSON.stringify([one, state.state, state.next, state.waiting_total, state.break, state.officer, view.taken, view.kept.length, state.suggestion, [...view.allowed]]);
  if ($("current").dataset.key === key) return;
  $("current").dataset.key = key;
  put($("current"), ...(one ? ticketNow(view, one, view.now()) : idleNow(view)));
}

function ticketNow(view, one, now) {
  const { state } = view;
  const calling = state.state === "calling";
  const since = calling ? one.called_at : one.started_at;
  const big = el("div", { class: "t big num", dataset: { since } });
  const gauge = el("div", { class: "gauge" }, el("i", calling ? { class: "call", style: `width:${Math.min(100, (100 * (one.recalls + 1)) / setup.absentAfter)}%` } : { dataset: { gauge: one.started_at, full: one.standard_minutes * MINUTE } }));
  const note = calling
    ? el("div", { class: "std" }, t(one.recalls + 1 > setup.absentAfter ? "console.call_count_over" : "console.call_count", { n: one.recalls + 1, total: setup.absentAfter }))
    : el("div", { class: "std", dataset: { over: one.started_at, standard: one.standard_minutes } });
  const second = calling
    ? el("div", { class: "t none" }, t("console.not_started"))
    : el("div", { class: "t mid num", dataset: { since: one.called_at } });
  return [
    el("div", { class: "hero", dataset: { is: one.ticket_id } },
      el("div", {}, label(one.label, "div", { class: "ticket", dataset: { length: one.label.length } }), el("h2", { class: "svc" }, said(one.service))),
      el("div", { class: "timers" },
        el("div", {}, el("div", { class: "tl" }, t(calling ? "console.since_call" : "console.since_start")), big, gauge, note),
        el("div", { class: "second" }, el("div", { class: "tl" }, t(calling ? "console.since_start" : "console.since_call")), second))),
    way(view, one, now),
  ];
}

function idleNow(view) {
  const { state } = view;
  const [title, text] = {
    break: () => [t("console.state_break"), breakWords(state)],
    closed: () => [t("console.state_closed"), t("console.closed_text")],
    available: () => (state.waiting_total ? [t("console.ready_title", { n: state.waiting_total }), state.next ? t("console.ready_text", { label: state.next }) : ""] : [t("console.nobody_title"), t("console.nobody_text")]),
  }[state.state]();
  const offers = [["resume", "player-play", "M"], ["call_back", "speakerphone", "E"], ["return", "corner-up-right", "A"], ["call_ticket", "hand-finger", "G"], ["check_in", "calendar-time", "C"]].filter(([name]) => view.allowed.has(name));
  return [el("div", { class: "idle", dataset: { is: "idle" } }, el("p", { class: "idle-title" }, title), el("p", { class: "idle-text" }, text), suggestion(view),
    offers.length > 0 && el("div", { class: "offers" }, offers.map(([name, picture, key]) => offer(name, picture, key, only(state, name)))))];
}

/** The one visitor such a key would take up, when there is only one. */
function only(state, name) {
  const rows = { resume: state.on_hold, call_back: state.on_hold, return: state.no_show }[name] ?? [];
  return rows.length === 1 ? ` ${rows[0].label}` : "";
}

const offer = (name, picture, key, label) => el("button", { type: "button", class: "btn", dataset: { act: name }, "aria-keyshortcuts": key }, icon(picture), el("span", { class: "w" }, t(`console.${name}`) + label), el("kbd", { "aria-hidden": "true" }, key));

/** What an officer without visitors could do for the hall: serve a line that waits, with one press. */
function suggestion(view) {
  const found = view.state.suggestion;
  if (!found || !view.allowed.has("take_suggestion")) return null;
  const words = { service: said(found.name), n: found.waiting, minutes: minutes(found.longest_ms) };
  return el("div", { class: "suggest" }, icon("bulb"),
    el("div", {}, el("b", {}, t(`console.suggest_${found.kind}`, words)), el("p", {}, t("console.suggest_text", words))),
    el("button", { type: "button", class: "btn", dataset: { act: "take_suggestion" }, "aria-keyshortcuts": "V" }, el("span", { class: "w" }, t("console.suggest_go", words)), el("kbd", { "aria-hidden": "true" }, "V")));
}

function breakWords(state) {
  const { reason, until_ms: until } = state.break ?? {};
  const name = reason && has(`console.break_${reason}`) ? t(`console.break_${reason}`) : reason ?? "";
  return `${t("console.break_text", { reason: name })} ${until ? t("console.break_until", { clock: clock(until) }) : ""}`;
}

function drawKeys(view, lost) {
  const { state } = view;
  const next = { closed: "open_counter", break: "end_break", calling: "start" }[state.state] ?? "call_next";
  const pictures = { open_counter: ["door-enter", "O"], end_break: ["coffee", "I"], start: ["player-play", "S"], call_next: ["speakerphone", "P"] };
  const off = !view.allowed.has(next);
  const [picture, key] = pictures[next];
  $("go").dataset.act = next;
  $("go").className = `go${off ? " off" : ""}${view.busy === next ? " busy" : ""}`;
  $("go").setAttribute("aria-disabled", off);
  $("go").setAttribute("aria-keyshortcuts", key);
  put($("go"), icon(lost ? "plug-connected-x" : picture), el("b", {}, t(`console.${next}`)), el("span", { class: "hint" }, lost ? t("console.call_next_locked") : hint(next, state)), el("span", { class: "countdown", "aria-hidden": "true" }), el("kbd", { "aria-hidden": "true" }, key));
  const other = next === "call_next" ? ["start", "start_short", "player-play", "S"] : ["call_next", "call_next_short", "speakerphone", "P"];
  $("other").dataset.act = other[0];
  $("other").setAttribute("aria-keyshortcuts", other[3]);
  put($("other"), icon(other[2]), el("span", { class: "w" }, t(`console.${other[1]}`)), el("kbd", { "aria-hidden": "true" }, other[3]));
  const onBreak = state.state === "break";
  $("pause").dataset.act = onBreak ? "end_break" : "start_break";
  $("pause").querySelector(".w").textContent = t(onBreak ? "console.end_break" : "console.start_break");
  const left = setup.absentAfter - 1 - (state.current?.recalls ?? 0);
  const absent = document.querySelector(".btn[data-act=absent]");
  absent.title = state.state === "calling" && left > 0 ? t("console.absent_after", { n: setup.absentAfter }) : "";
}

/** Dashes whatever cannot be done now, wherever it stands. */
function drawPossible(view) {
  for (const button of document.querySelectorAll(".btn[data-act]")) {
    const on = view.allowed.has(button.dataset.act);
    button.classList.toggle("off", !on);
    button.setAttribute("aria-disabled", !on);
  }
}

function hint(next, state) {
  const label = state.current?.label;
  if (next === "start") return t("console.start_hint", { label });
  if (next !== "call_next") return t(`console.${next}_hint`);
  if (label) return state.next ? t("console.call_next_finish", { current: label, label: state.next }) : t("console.call_next_finish_none", { current: label });
  return state.next ? t("console.call_next_hint", { label: state.next }) : t("console.call_next_none");
}

function drawToday(view, lost) {
  const { today } = view.state;
  const pieces = [el("span", {}, lost ? t("console.today_until", { clock: clock(view.state.server_ms) }) : t("console.today"))];
  for (const name of ["completed", "no_show", "transferred"]) pieces.push(el("span", {}, rich(`console.today_${name}`, { n: today[name] })));
  if (today.median_serve_ms !== null) pieces.push(el("span", { class: "wide" }, rich("console.today_median", { duration: `${Math.max(1, Math.ceil(today.median_serve_ms / MINUTE))} ${t("common.minutes")}` })));
  $("today").replaceChildren(...pieces);
}

/** Moves everything that counts time; called every second and after each render. */
export function tick(view) {
  const now = view.now();
  $("clock").textContent = clock(now);
  for (const node of document.querySelectorAll("[data-since]")) node.replaceChildren(...parts(now - Number(node.dataset.since)).flatMap(([value, unit]) => [String(value), el("span", {}, unit)]));
  for (const node of document.querySelectorAll("[data-gauge]")) node.style.width = `${Math.min(100, (100 * (now - Number(node.dataset.gauge))) / Number(node.dataset.full))}%`;
  for (const node of document.querySelectorAll("[data-over]")) {
    const standard = Number(node.dataset.standard), over = now - Number(node.dataset.over) > standard * MINUTE;
    node.textContent = t(over ? "console.over_standard" : "console.standard", { n: standard });
    node.classList.toggle("over", over);
  }
  for (const node of document.querySelectorAll("[data-here]")) {
    const sum = (pairs) => JSON.parse(pairs).reduce((total, [from, to]) => total + ((to ?? now) - from), 0);
    node.replaceChildren(...rich("console.here_since", { clock: clock(Number(node.dataset.here)), total: minutes(now - Number(node.dataset.here)), waited: minutes(sum(node.dataset.waits)), served: minutes(sum(node.dataset.serves)) }));
  }
  for (const node of document.querySelectorAll("[data-waits]:not([data-here])")) {
    const waited = now - Number(node.dataset.waits), promise = Number(node.dataset.promise), late = waited > promise * MINUTE;
    node.replaceChildren(...(late ? [icon("alert-triangle")] : []), minutes(waited));
    const row = node.closest("li");
    row.classList.toggle("is-late", late);
    row.querySelector(".late").textContent = late ? t("console.late", { n: promise }) : "";
  }
  tickHelp(now);
  tickExpected(now);
  const left = $("retry-in");
  if (left) left.textContent = view.link.retryAt > Date.now() ? t("console.retry_in", { n: Math.ceil((view.link.retryAt - Date.now()) / 1000) }) : t("console.retrying");
}
