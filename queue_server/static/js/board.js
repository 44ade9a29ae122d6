// The hall board: calls wait their turn on the screen, at least six seconds each, and none is dropped.
import { $, el, icon, label } from "./dom.js";
import { Live } from "./live.js";
import { clock, said, setup, t } from "./words.js";

const LEAST_MS = 6000;
const CALL_MS = 25000; // the yellow block ends with the call
const EARLIER = 5;
const REMEMBERED = 200;

const heard = new Set(); // call ids that were shown, or were old news when this screen started
const queue = [];
let state = setup.state, shown = null, shownAt = 0, known = false, stale = null, sound = null;

const mine = (call) => !setup.zone || call.zone === setup.zone;

const live = new Live(["board"], {
  onState: (topic, news) => take(news),
  onLink: (link) => {
    stale = link.state === "lost" ? link.since + (live.now() - Date.now()) : null;
    draw();
  },
});

function take(news) {
  state = news;
  const calls = news.calls.filter(mine);
  if (!known) for (const call of calls) heard.add(call.call_id);
  known = true;
  for (const call of [...calls].reverse()) {
    if (heard.has(call.call_id)) continue;
    heard.add(call.call_id);
    queue.push(call);
  }
  while (heard.size > REMEMBERED) heard.delete(heard.values().next().value);
  step();
  draw();
}

/** Brings the next call onto the screen when the one before has had its time. */
function step() {
  const now = Date.now();
  if (queue.length && now - shownAt >= LEAST_MS && !stale) {
    shown = queue.shift();
    shownAt = now;
    announce(shown);
  }
  document.body.classList.toggle("fresh", now - shownAt < 2700);
}

function announce(call) {
  $("said").textContent = `${call.label}. ${t("board.please_go")} ${said(call.counter_name)}`;
  if (sound) sound.say(`/v1/call-sound/${encodeURIComponent(call.call_id)}.wav`);
}

function draw() {
  const calls = state.calls.filter(mine);
  // Calls that still wait for their six seconds are not shown among the earlier ones before their turn.
  const waitingIds = new Set(queue.map((call) => call.call_id));
  const past = calls.filter((call) => !waitingIds.has(call.call_id));
  const top = shown ?? past[0] ?? null;
  const key = JSON.stringify([top?.call_id, past.map((call) => call.call_id), state.waiting, stale, isCalling()]);
  document.body.classList.toggle("stale", stale !== null);
  document.body.classList.toggle("quiet", !isCalling() && stale === null);
  if (draw.key === key) return;
  draw.key = key;
  drawHero(top);
  const seen = new Set(top ? [top.label] : []); // a number called twice stands in the list once
  const rows = past.filter((call) => !seen.has(call.label) && seen.add(call.label)).slice(0, EARLIER);
  $("earlier").replaceChildren(...rows.map((call) => el("li", {}, label(call.label), el("span", { class: "ctr" }, el("span", { class: "lk" }, t("board.counter")), el("b", { class: "num" }, call.counter)))));
  drawWaiting();
  drawTicker();
}

const isCalling = () => shown !== null && Date.now() - shownAt < CALL_MS;

function drawHero(call) {
  if (!call) {
    $("hero").replaceChildren(el("p", { class: "none" }, t("board.no_calls"), el("small", {}, t("board.no_calls_hint"))));
    return;
  }
  const head = isCalling() && stale === null
    ? el("span", { class: "call" }, icon("bell-ringing"), t(call.recall ? "board.calling_again" : "board.calling"))
    : el("span", { class: "last" }, icon("history"), t("board.last_call", { clock: clock(call.called_at) }));
  const name = said(call.counter_name), at = name.lastIndexOf(call.counter);
  const where = at < 0 ? [name] : [name.slice(0, at), el("span", { class: "num" }, call.counter), name.slice(at + call.counter.length)];
  $("hero").replaceChildren(
    el("div", { class: "state" }, head, call.check ? el("span", { class: "twin" }, t("board.check", { check: call.check })) : null, el("span", { class: "svc" }, `${said(call.service)} · ${call.agency}`)),
    label(call.label, "b", { class: "number" }),
    el("div", { class: "blk" }, el("span", { class: "where" }, ...where)));
}

function drawWaiting() {
  const wanted = new Set(setup.agencies);
  const rows = state.waiting.filter((row) => wanted.has(row.agency) && row.count > 0).sort((one, two) => two.count - one.count);
  $("wait-head").lastElementChild.textContent = stale === null ? t("board.waiting") : t("board.waiting_at", { clock: clock(stale) });
  $("waiting").replaceChildren(...rows.map((row) => el("li", {}, row.short, el("b", { class: "num" }, row.count))));
  for (const item of [...$("waiting").children].reverse()) {
    if ($("waiting").scrollWidth <= $("waiting").clientWidth + 1 && $("waiting").scrollHeight <= $("waiting").parentElement.clientHeight) break;
    item.remove(); // the shortest queues give way, never half a name
  }
}

function drawTicker() {
  const run = $("run");
  const key = JSON.stringify([state.announcements, stale]);
  if (run.dataset.key === key) return;
  run.dataset.key = key;
  run.classList.remove("moves");
  if (stale !== null) {
    run.replaceChildren(el("strong", {}, icon("wifi-off"), t("board.stale", { clock: clock(stale) })), el("p", {}, t("board.stale_hint")));
    return;
  }
  const spans = () => state.announcements.map((words) => el("span", {}, said(words)));
  run.replaceChildren(...spans());
  if (run.scrollWidth > run.parentElement.clientWidth * 0.8) {
    run.append(...spans());
    for (const copy of [...run.children].slice(state.announcements.length)) copy.setAttribute("aria-hidden", "true");
    run.style.setProperty("--run", `${Math.round(run.scrollWidth / 2 / 90)}s`);
    run.classList.add("moves");
  }
}

/** One size for every call, by the widest number and counter this mall can show, so that nothing jumps. */
function fit() {
  const probe = document.createElement("canvas").getContext("2d");
  probe.font = '800 100px "Antrean Numbers"';
  probe.letterSpacing = "-4.5px";
  const room = matchMedia("(orientation:portrait)").matches ? 968 : 1160;
  const widest = Math.max(...["A1", "HW"].map((front) => probe.measureText(front === "A1" ? "A4" : "A1").width + 34 + probe.measureText("000").width));
  probe.font = '700 100px "Antrean Text"';
  probe.letterSpacing = "-3px";
  const where = Math.max(...Object.values(setup.counters).map((name) => probe.measureText(name).width));
  const style = document.documentElement.style;
  style.setProperty("--number", Math.min(345, Math.floor((100 * room) / widest)));
  style.setProperty("--where", Math.min(300, Math.floor((100 * (room - 104)) / where)));
}

/** Plays one sound after another; calls do not talk over each other. */
class Speaker {
  constructor() {
    this.waiting = [];
    this.busy = false;
  }

  say(address) {
    this.waiting.push(address);
    if (!this.busy) this.next();
  }

  next() {
    const address = this.waiting.shift();
    this.busy = Boolean(address);
    if (!address) return;
    const audio = new Audio(address);
    audio.onended = audio.onerror = () => this.next();
    audio.play().catch(() => this.next());
  }
}

$("sound").addEventListener("click", () => {
  sound = new Speaker();
  document.body.dataset.sound = "on";
  $("sound").querySelector("span").textContent = t("board.sound_is_on");
  setTimeout(() => ($("sound").hidden = true), 2000);
});

setInterval(() => {
  $("clock").textContent = clock(live.now());
  step();
  draw();
}, 250);
addEventListener("resize", () => {
  fit();
  draw.key = null;
  draw();
});
document.fonts.ready.then(() => Promise.all([document.fonts.load('800 100px "Antrean Numbers"'), document.fonts.load('700 100px "Antrean Text"')])).then(() => {
  fit();
  draw.key = null;
  draw();
});
take(setup.state);
