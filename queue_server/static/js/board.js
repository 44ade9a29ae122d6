// The hall board in a browser: the call large, then the last ones, who waits where, and running text.
import { CallQueue } from "./calls.js";
import { fit, split } from "./board-fit.js";
import { Strip } from "./board-strip.js";
import { languageAt, noticeAt, noticesOn, shiftAt } from "./board-turns.js";
import { $, el, icon, label } from "./dom.js";
import { Live } from "./live.js";
import { NoticeQueue } from "./notices.js";
import { Voice } from "./voice.js";
import { clock, said, setup, t } from "./words.js";

const ROWS = 5, ROWS_BY_STRIP = { wide: 3, tall: 2 };
const TICK_MS = 250;
const PAGE_MS = 12000;
const POSTED = [76, 66, 58, 50, 44, 38]; // sizes of a notice; 38 holds the longest one allowed
const SPEED = 90; // running text, drawn pixels a second: three seconds for a short sentence

const queue = new CallQueue();
const voice = new Voice("antrean.board-sound");
const notices = new NoticeQueue();
const drawn = {};
let state = setup.state, link = { state: "connecting" }, page = 0, pageAt = performance.now();

let tongue = 0, unit = 1, strip = null;

/** Whether something in a zone belongs on this board; "" is for every board. */
const here = (zone) => !setup.zones.length || !zone || setup.zones.includes(zone);
const calls = () => state.calls.filter((call) => here(call.zone));
const told = () => (state.notices ?? []).filter((notice) => here(notice.zone));

const live = new Live(["board"], {
  onState: (_, news) => {
    state = news;
    queue.hear(calls(), live.now());
    notices.hear(told(), "");
    draw();
  },
  onLink: (now) => {
    link = now;
    draw();
  },
});

/** Runs `act` when `value` differs from the last one under this name, so that what holds still is left alone. */
function changed(name, value, act) {
  const face = JSON.stringify(value);
  if (drawn[name] === face) return;
  drawn[name] = face;
  act();
}

function draw() {
  const lost = link.state === "lost";
  const begun = lost ? null : queue.advance(live.now(), voice.busy, voice.quiet(live.now()), voice.on);
  if (begun) begin(begun);
  else if (!lost && !voice.busy && !queue.waiting.length) announce();
  speak(languageAt(setup.tongues.length, queue, live.now(), voice.busy));
  strip?.pause(lost);
  document.body.classList.toggle("lost", lost);
  document.body.classList.toggle("now", Boolean(queue.current) && !lost);
  const { large, earlier } = queue.shown(calls());
  drawLarge(large, lost);
  drawHistory(earlier.slice(0, strip?.shown ? ROWS_BY_STRIP[innerWidth > innerHeight ? "wide" : "tall"] : ROWS));
  drawWaiting(lost);
  drawFoot(lost);
  drawPosted(lost);
  const shift = shiftAt(live.now());
  changed("shift", shift, () => ($("b").style.transform = `translate(${shift.map((by) => `${by * unit}px`).join()})`));
  changed("clock", clock(live.now()), () => ($("clock").textContent = clock(live.now())));
  const day = dayOf(live.now());
  changed("day", day, () => ($("date").textContent = day));
}

/** Changes the language of the whole board. */
function speak(turn) {
  if (turn === tongue) return;
  tongue = turn;
  Object.assign(setup, setup.tongues[turn]);
  document.documentElement.lang = setup.language;
  for (const one of document.querySelectorAll("body [data-text]")) one.textContent = t(one.dataset.text);
  if ($("zone")) $("zone").textContent = setup.zone_name;
  for (const name of Object.keys(drawn)) delete drawn[name];
}

const wordsOf = (notice) => (notice.kind === "free" ? notice.text : t(`board.notice_${notice.kind}`, { counter: said(notice.about_name) }));

/** Supervisors' notices, one at a time where the counts are; a board without news shows none. */
function drawPosted(lost) {
  const on = noticesOn(told(), here, live.now());
  const now = lost ? null : noticeAt(on, live.now(), setup.tongues.length);
  changed("notices", on.map(wordsOf), () => $("notices").replaceChildren(...on.map((one) => el("li", {}, wordsOf(one)))));
  changed("posted", [now && wordsOf(now), innerWidth, innerHeight], () => {
    $("b").classList.toggle("posts", Boolean(now));
    $("posted").hidden = !now;
    if (!now) return;
    const words = $("posted-words");
    words.textContent = wordsOf(now);
    for (const size of POSTED) {
      words.style.fontSize = `${size * unit}px`;
      if (words.offsetHeight <= $("posted").clientHeight - 24 * unit) break;
    }
  });
}

function drawLarge(call, lost) {
  const now = Boolean(queue.current) && !lost;
  changed("large", [call?.call_id, now], () => {
    $("nobody").hidden = Boolean(call);
    for (const id of ["number", "block"]) $(id).hidden = !call;
    $("state").replaceChildren();
    $("svc").textContent = "";
    if (!call) return;
    const words = now ? t(call.recall ? "board.calling_again" : "board.calling") : t("board.last_call", { clock: clock(call.called_at) });
    $("state").append(icon(now ? "bell-ringing" : "history"), words);
    $("svc").textContent = [call.check && t("board.check", { check: call.check }), said(call.service), call.agency].filter(Boolean).join(" · ");
    $("number").replaceChildren(label(call.label));
    const [word, digits] = split(said(call.counter_name));
    $("word").textContent = word;
    $("counter").textContent = digits;
  });
}

function drawHistory(rows) {
  changed("history", rows.map((call) => call.call_id), () => {
    $("history").replaceChildren(...rows.map((call) => {
      const [word, digits] = split(said(call.counter_name));
      return el("li", {}, label(call.label, "b", { class: "n" }),
        el("span", { class: digits ? "ctr" : "ctr words" }, el("span", { class: "lk" }, `${word} `), el("b", { class: "num" }, digits)));
    }));
  });
}

/** The waiting counts of the agencies here, longest queue first; those that do not fit follow page by page. */
function drawWaiting(lost) {
  const rows = state.waiting.filter((row) => row.count > 0 && here(row.zone)).sort((one, two) => two.count - one.count);
  if (lost) page = 0; // nothing moves, and the longest queues are on the first page
  else if (performance.now() - pageAt > PAGE_MS) {
    page += 1;
    pageAt = performance.now();
  }
  changed("waiting", [rows, page, innerWidth, innerHeight], () => {
    const pages = pagesOf(rows);
    if (page >= pages.length) page = 0;
    $("waiting").replaceChildren(...(pages[page] ?? []).map(waitingRow));
    $("waiting").classList.toggle("full", pages.length > 1);
  });
  const title = lost ? t("board.waiting_at", { clock: clock(state.server_ms) }) : t("board.waiting");
  changed("waiting-title", title, () => ($("waiting-title").textContent = title));
}

const waitingRow = (row) => el("li", {}, el("span", { class: "a" }, row.short), el("b", { class: "num" }, String(row.count)));

function pagesOf(rows) {
  const list = $("waiting");
  if (getComputedStyle(list).display === "grid") return Array.from({ length: Math.ceil(rows.length / 6) }, (_, at) => rows.slice(at * 6, at * 6 + 6));
  list.replaceChildren(...rows.map(waitingRow));
  const pages = [[]];
  let left = list.clientWidth;
  rows.forEach((row, at) => {
    const wide = list.children[at].getBoundingClientRect().width + 40 * unit;
    if (wide > left && pages.at(-1).length) {
      pages.push([]);
      left = list.clientWidth;
    }
    left -= wide;
    pages.at(-1).push(row);
  });
  return pages;
}

function drawFoot(lost) {
  $("lost").hidden = !lost;
  $("run").hidden = lost;
  $("sound").hidden = lost || voice.on;
  if (lost) {
    const since = t("board.stale", { clock: clock(link.since + live.skew) });
    changed("since", since, () => ($("lost-since").textContent = since));
    return;
  }
  changed("run", [state.announcements, voice.on, innerWidth, innerHeight], () => {
    const line = () => el("span", { class: "line" }, state.announcements.map((words) => el("span", { class: "item" }, said(words))));
    $("run").className = "run";
    $("run").replaceChildren(line());
    const wide = $("run").firstChild.offsetWidth;
    if (wide <= $("run").clientWidth) return;
    const copy = line();
    copy.setAttribute("aria-hidden", "true");
    $("run").append(copy);
    $("run").style.setProperty("--time", `${Math.round(wide / (SPEED * unit))}s`);
    $("run").classList.add("moves");
  });
}

/** A call begins: shown, breathing three times, spoken for screen readers and, when switched on, by the mall's voice. */
function begin(call) {
  $("said").textContent = `${t(call.recall ? "board.calling_again" : "board.calling")} ${call.label}, ${said(call.counter_name)}`;
  document.body.classList.remove("fresh");
  void document.body.offsetWidth; // the motion starts again when one call follows another
  document.body.classList.add("fresh");
  voice.say(`/v1/call-sound/${encodeURIComponent(call.call_id)}.wav`, live.now());
}

/** An announcement is spoken when no call is: once, and later than every call that waits. */
function announce() {
  const notice = notices.next(live.now());
  if (notice) voice.say(`/v1/announcement-sound/${encodeURIComponent(notice.id)}.wav`, live.now());
}

$("sound").onclick = () => {
  voice.unlock();
  draw();
};

const figures = new Intl.DateTimeFormat("en-CA", { timeZone: setup.timezone, year: "numeric", month: "2-digit", day: "2-digit" });

/** "Selasa, 25 November 2025", with the names of the page's own language: browsers do not know Sundanese. */
function dayOf(ms) {
  const [year, month, day] = figures.format(new Date(ms)).split("-").map(Number);
  const weekday = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
  return `${setup.days[weekday]}, ${day} ${setup.months[month - 1]} ${year}`;
}

function refit() {
  unit = fit();
  for (const name of Object.keys(drawn)) delete drawn[name];
  draw();
}

live.skew = setup.state.server_ms - Date.now();
queue.hear(calls(), setup.state.server_ms);
notices.hear(told(), "");
refit();
document.fonts.ready.then(refit);
addEventListener("resize", refit);
strip = new Strip($("strip"), (shown) => {
  $("strip").hidden = !shown;
  $("hist").classList.toggle("beside", shown);
  draw();
});
setInterval(draw, TICK_MS);
