// The helper's page: three taps to a number for somebody else, one for a booking, and the calls for help.
import { isTyped, shownCode } from "./booking-code.js";
import { newKey, post, Refused } from "./commands.js";
import { $, el, icon } from "./dom.js";
import { drawHelp } from "./helper-help.js";
import { numberOf } from "./helper-number.js";
import * as print from "./helper-print.js";
import { hush, settle, tell } from "./helper-said.js";
import { Live } from "./live.js";
import { isBooking, onScan, verdict } from "./paper.js";
import { Search } from "./service-search.js";
import { clock, setup, t } from "./words.js";

const TILES = 8;
const DAY_MS = 86400000, MINUTE_MS = 60000;
const ENDED = new Set(["sign_in_needed", "csrf"]); // refusals of a session that is over
let services = setup.state, help = setup.help, chosen = null, key = null, busy = false, step = "service", began = 0, sent = {}, claim = "";

const signIn = () => location.assign("/?to=/helper");

const live = new Live(["services", "help"], {
  onState: (topic, state) => {
    if (topic === "services") services = state;
    else help = state;
    draw();
  },
  onLink: (link) => {
    if (link.state === "refused") return signIn(); // the session has ended
    const lost = link.state === "lost";
    $("link").className = lost ? "link bad" : "link";
    const since = lost && clock(link.since + (live.now() - Date.now()));
    const words = link.state === "connecting" ? "console.connecting" : "console.connected";
    $("link").textContent = lost ? t("console.lost_short", { clock: since }) : t(words);
  },
});

live.skew = services.server_ms - Date.now(); // until the first news: a tablet's clock may be wrong

const search = new Search(() => draw());
const byCode = new Map(setup.services.map((one) => [one.code, one]));

/** Opening hours as the server said them when the page was made, moved on by the clock. */
function isOpen(code) {
  const { open, until } = byCode.get(code);
  return until === null || live.now() < until ? open : !open;
}

/** Whether the last number of the day was given, although the service is still open. */
function isPast(code) {
  const last = services.services[code].last_number_ms ?? null;
  return last !== null && live.now() >= last;
}

const canTake = (code) => isOpen(code) && !isPast(code) && !services.services[code].full;

const waitWords = (code) => {
  const { waiting, wait, full } = services.services[code];
  const { until } = byCode.get(code);
  if (!isOpen(code)) return until && until - live.now() < DAY_MS ? t("helper.closed", { clock: clock(until) }) : t("helper.closed_today");
  if (isPast(code)) return t("helper.last_number", { clock: clock(services.services[code].last_number_ms) });
  if (full) return t("helper.full");
  if (!waiting) return t("helper.nobody");
  if (!wait) return t("helper.ahead_only", { n: waiting });
  return t("helper.ahead", { n: waiting, range: `${wait[0]}\u2060–\u2060${wait[1]}\u00a0${t("common.minutes_short")}` });
};

const tiles = new Map();

/** The tile of a service: always the same element, so that a finger on it presses it whatever changes meanwhile. */
function tileOf(one) {
  if (!tiles.has(one.code)) {
    const wait = el("span");
    tiles.set(one.code, { wait, tile: el("button", { type: "button", class: "tile", dataset: { code: one.code } }, el("b", {}, one.name), el("span", { class: "foot" }, wait, icon(one.icon))) });
  }
  const { tile, wait } = tiles.get(one.code);
  tile.setAttribute("aria-disabled", String(!canTake(one.code)));
  wait.textContent = waitWords(one.code);
  return tile;
}

function showTiles(wanted) {
  const box = $("tiles"), held = document.activeElement?.dataset?.code;
  wanted.forEach((tile, at) => box.children[at] === tile || box.insertBefore(tile, box.children[at] ?? null));
  while (box.children.length > wanted.length) box.lastElementChild.remove();
  if (held) tiles.get(held)?.tile.focus();
}

/** While something is typed the field stands above what it finds, so that it stays where it is as that changes. */
function placeTiles(below) {
  const field = $("find").parentElement, box = $("tiles");
  if (below === (field.nextElementSibling === box)) return;
  if (below) field.after(box);
  else document.querySelector("label[for=find]").before(box);
}

function draw() {
  drawCalls();
  const typed = $("find").value.trim();
  const found = search.fit(setup.services, typed);
  const fitting = typed ? found : setup.services.filter((one) => one.common);
  const shown = fitting.slice(0, TILES);
  $("none").hidden = shown.length > 0 || search.waiting;
  placeTiles(typed !== "");
  showTiles(shown.map(tileOf));
  if (chosen) $("chosen-wait").textContent = waitWords(chosen.code);
}

const atHome = () => step === "service" && claim === "";

function drawCalls() {
  drawHelp(help, live.now(), atHome());
  settle();
}

setInterval(drawCalls, 1000);

function show(next) {
  hush();
  step = next;
  for (const name of ["service", "reason", "done"]) $(`step-${name}`).hidden = name !== step;
  $("paper").hidden = !atHome();
  $("booking").hidden = !atHome() || !setup.bookings;
  $("claim").hidden = claim === "";
  drawCalls();
  scrollTo(0, 0);
}

const reason = () => document.querySelector("[name=reason]:checked")?.value ?? "";

/** The steps above and the key below show whether a reason was given; none is ever chosen beforehand. */
function drawReason() {
  $("at-reason").className = reason() ? "past" : "";
  $(reason() ? "at-take" : "at-reason").setAttribute("aria-current", "step");
  $(reason() ? "at-reason" : "at-take").removeAttribute("aria-current");
  $("take").setAttribute("aria-disabled", String(!reason()));
}

$("tiles").addEventListener("click", (event) => {
  const tile = event.target.closest("[data-code]");
  if (!tile || tile.getAttribute("aria-disabled") === "true") return;
  if (claim) return checkIn(claim, tile.dataset.code);
  chosen = setup.services.find((one) => one.code === tile.dataset.code);
  key = newKey(); // one number however often "take" is pressed for this choice
  $("chosen-name").textContent = chosen.name;
  document.querySelector("[name=priority][value=no]").checked = true;
  for (const one of document.querySelectorAll("[name=reason]")) one.checked = false;
  began = Date.now();
  print.refresh();
  drawReason();
  draw();
  show("reason");
  $("chosen-name").focus();
});

for (const one of document.querySelectorAll("[name=reason]")) one.addEventListener("change", () => {
  hush();
  drawReason();
});

for (const list of ["calls", "strip", "doubt-rows"]) $(list).addEventListener("click", (event) => {
  const { place, done, ticket, stands } = event.target.closest("button")?.dataset ?? {};
  if (place) run({ command: "accept_help", counter: "", place });
  else if (done) run({ command: "finish_help", counter: "", place: done });
  else if (ticket) run({ command: "set_priority", counter: "", ticket, priority: stands === "yes" });
});

$("find").addEventListener("input", () => {
  draw();
  $("find").scrollIntoView({ block: "nearest" });
});
$("back").addEventListener("click", () => show("service"));
$("again").addEventListener("click", () => {
  print.leave();
  $("find").value = "";
  draw();
  show("service");
});

$("take").addEventListener("click", async () => {
  if (busy) return;
  if (!reason()) return tell(false, t("helper.why_missing"));
  const priority = document.querySelector("[name=priority]:checked").value === "yes";
  const there = print.chosen();
  const minutes = Math.max(1, Math.ceil((Date.now() - began) / MINUTE_MS));
  const body = { command: "issue", counter: "", service: chosen.code, priority, language: setup.language, reason: reason(), minutes: Math.min(minutes, 480), print_at: there?.id ?? "" };
  if (sent.key !== key) sent = { key, body }; // a retry says the very same: the first try may have arrived
  const answer = await give(sent.body, key);
  if (answer instanceof Refused) key = newKey(); // only then is it certain that this key took no number
  if (answer instanceof Error) tell(false, whyNot(answer));
  else if (answer) await tellNumber(answer, there);
});

/** The number just taken, as its own page shows it, and how its paper goes. */
async function tellNumber(answer, there) {
  busy = true; // until the number is seen nothing else is taken
  const number = await numberOf(answer, there).finally(() => (busy = false));
  $("ticket").replaceWith(number);
  show("done");
  print.follow(answer.ticket.token, there);
  $("ticket").querySelector("h1").focus();
}

/** A booked visitor is here. For a code nobody knows the next tile gives an ordinary number, looked at again later. */
async function checkIn(code, service = "") {
  if (!code) return;
  const there = print.chosen();
  const answer = await give({ command: "check_in", counter: "", code, service, language: setup.language, print_at: there?.id ?? "" });
  if (!answer) return;
  if (answer instanceof Refused && answer.code === "unknown_booking") return askClaim(code);
  if (claim) askClaim("");
  if (answer instanceof Error) return tell(false, whyNot(answer), { beside: "booking-said" });
  $("booking-code").value = "";
  await tellNumber(answer, there);
}

/** From now on a tile is for this code; "" goes back to numbers for anybody. */
function askClaim(code) {
  claim = code;
  $("plain-title").hidden = code !== "";
  $("claim-title").textContent = isTyped(code) ? t("helper.claim_title", { code: shownCode(code) }) : t("helper.claim_title_qr");
  show("service");
  if (code) $("claim-title").focus();
}
$("claim-back").addEventListener("click", () => {
  askClaim("");
  $("booking-code").focus();
});
$("booking-code").addEventListener("focus", () => print.refresh());
$("booking-form").addEventListener("submit", (event) => {
  event.preventDefault();
  checkIn($("booking-code").value.trim());
});

/** Gives a place back by the code of a ticket's foot and says what became of it. */
async function readmit(token) {
  const answer = await give({ command: "readmit", counter: "", token });
  if (!answer) return;
  if (answer instanceof Error) return tell(false, whyNot(answer), { title: t("console.readmit_not"), beside: "paper-said" });
  const [title, text] = verdict(answer);
  tell(true, text, { title, beside: "paper-said" });
  $("paper-token").value = "";
}

onScan((code) => (isBooking(code) ? checkIn(code) : readmit(code)));
$("paper-form").addEventListener("submit", (event) => {
  event.preventDefault();
  readmit($("paper-token").value.trim());
  $("paper-token").select();
});

const whyNot = (error) => (error instanceof Refused && error.message ? error.message : t("helper.failed"));

/** Gives a command and says so if it was not carried out. */
async function run(body) {
  const answer = await give(body);
  if (answer instanceof Error) tell(false, whyNot(answer));
}

/** Gives a command: its answer, the error it ended with, or null where nothing is to be said about it here. */
async function give(body, withKey = newKey()) {
  if (busy) return null;
  busy = true;
  hush();
  $("take").setAttribute("aria-busy", "true");
  try {
    return await post(body, withKey, { csrf: setup.csrf, language: setup.language });
  } catch (error) {
    if (!(error instanceof Refused) || !ENDED.has(error.code)) return error;
    signIn();
    return null;
  } finally {
    busy = false;
    $("take").removeAttribute("aria-busy");
  }
}

draw();
if (setup.bookings) print.refresh();
