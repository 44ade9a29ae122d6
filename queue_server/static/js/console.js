// The counter console: state in, one render out; every press is one command with one key.
import { ask, askBreak, askCall, askCancel, askHold, askMore, askPaper, askPriority, askRow, showKeys, tell } from "./console-ask.js";
import { AutoCall } from "./console-auto.js";
import { askCheckIn, askExpected, askUnknown, checkedIn, expected } from "./console-booking.js";
import { Sender } from "./console-send.js";
import { render, tick } from "./console-view.js";
import { askDelivered, askNote, askPlan, askReopen, askServices, askTransfer } from "./console-visit.js";
import { $ } from "./dom.js";
import { Live } from "./live.js";
import { isBooking, onScan, verdict } from "./paper.js";
import { clock, setup, t } from "./words.js";

const TOPIC = `console:${setup.counter}`;
const LOOK_MS = 60000; // who is late for a booking is looked up this often

const view = {
  state: setup.state, link: { state: "connecting" }, list: "waiting", problem: null, busy: null, slow: false, taken: null, bookings: setup.bookings,
  letters: localStorage.getItem("antrean.letters") !== "off", now: () => live.now(),
};

const live = new Live([TOPIC], {
  onState: (topic, state) => {
    view.state = state;
    sender.heard();
    draw();
    sender.flush();
  },
  onLink: (link) => {
    if (link.state === "refused") return location.assign("/?to=/counter"); // the session has ended
    const was = view.link.state;
    view.link = link;
    if (link.state === "lost" && was !== "lost") {
      sender.lost();
      say(t("console.say_lost"));
    }
    if (was === "lost" && link.state !== "lost") {
      sender.back();
      say(t("console.say_back"));
    }
    draw();
  },
});

/** Brings the state of this moment; the stream may be some way behind. */
const look = () => live.ask(() => (live.source ? "live" : "polling"));
const sender = new Sender({ view, draw: () => draw(), say, problem, look });
const send = (...command) => sender.send(...command);
const auto = new AutoCall({ call: (key) => send("call_next", {}, { key, timed: true }), draw: () => draw(), say, letters: () => view.letters });
view.auto = auto;

function draw() {
  view.kept = sender.outbox.all();
  view.unsent = sender.unsent.all();
  render(view);
  auto.look(view);
}

function say(text) {
  $("said").textContent = "";
  requestAnimationFrame(() => ($("said").textContent = text));
}

function problem(text) {
  view.problem = text;
  draw();
}

const subject = () => sender.subject();
const can = (command) => view.allowed.has(command);

/** Asks for what a command needs; while another is under way, the dialog keeps what was filled in. */
const request = (form, then, sends = () => true) => ask(form, then, (fields) => (sends(fields) ? sender.hindrance() : ""));

/** What each key and button does. Its name is what must be possible first, unless it is `free`. */
const ACTIONS = {
  call_next: { key: "P", run: () => send("call_next", {}, { key: auto.key }) },
  recall: { key: "R", run: () => send("recall") },
  start: { key: "S", run: () => send("start") },
  finish: { key: "D", run: () => send("finish") },
  absent: { key: "X", run: () => send("absent") },
  undo_call: { key: "U", run: () => send("undo_call") },
  hold: { key: "H", run: () => askHere(askHold(view), (fields) => send("hold", fields)) },
  transfer: { key: "T", run: () => askHere(askTransfer(view), (fields) => send("transfer", fields)) },
  add_service: { key: "J", run: () => askHere(askPlan(view), ({ command, ...fields }) => send(command, fields)) },
  note: { key: "N", run: () => askHere(askNote(view), (fields) => send("note", fields)) },
  deliver: { key: "Q", run: () => askHere(askDelivered(view), deliver) },
  set_priority: { key: "Y", run: () => askPriorityOf(view.state.current) },
  cancel: { key: "Z", run: () => askHere(askCancel(view, subject()), (fields) => send("cancel", fields)) },
  resume: { key: "M", run: () => takeUp("resume", "on_hold") },
  call_back: { key: "E", run: () => takeUp("call_back", "on_hold") },
  return: { key: "A", run: () => takeUp("return", "no_show") },
  call_ticket: { key: "G", run: () => request(askCall(view, ""), (fields) => send("call_ticket", fields)) },
  reopen: { key: "F", run: () => request(askReopen(), (fields) => send("reopen", fields)) },
  start_break: { key: "I", run: () => request(askBreak(view), (fields) => send("start_break", fields)) },
  end_break: { key: "I", run: () => send("end_break") },
  open_counter: { key: "O", run: () => send("open_counter") },
  close_counter: { key: "O", run: () => send("close_counter") },
  set_services: { key: "W", run: () => request(askServices(view), (fields) => send("set_services", fields)) },
  take_suggestion: { key: "V", run: takeSuggestion },
  auto: { key: "=", free: true, run: turnAuto },
  accept_help: { key: "B", run: (button) => send("accept_help", { place: button?.dataset.place ?? view.helpPlace }) },
  finish_help: { key: "B", run: (button) => send("finish_help", { place: button?.dataset.place ?? view.helpPlace }) },
  readmit: { key: "K", free: true, run: () => request(askPaper(), ({ token }) => readmit(token)) },
  more: { key: "L", free: true, run: () => ask(askMore(view, ACTIONS), perform) },
  keys: { key: "?", free: true, run: () => ask(showKeys(view, ACTIONS), setLetters) },
  retry_now: { key: "C", run: () => live.retry() },
  check_in: { key: "C", run: () => request(askCheckIn(), checkIn) },
  take_over: { run: () => sender.takeOver() },
  leave_taken: { free: true, run: () => location.assign("/counter/choose") },
  seen: { free: true, run: seen },
  small_window: { key: "-", free: true, run: smallWindow },
};

/** Asks about the visitor who is here now; when somebody else stands here at the end, nothing is done to them. */
function askHere(form, then) {
  const label = subject();
  request(form, (fields) => (subject() === label ? then(fields) : problem(t("console.kept_other"))));
}

function perform({ action }) {
  if (action) ACTIONS[action].run();
}

/** What was delivered, and with the second button of its dialog the end of the service too. */
async function deliver({ finish, ...fields }) {
  if ((await send("deliver", fields)) && finish) send("finish");
}

/** One press: the counter also serves the line that needs it, until somebody changes it back. */
function takeSuggestion() {
  const codes = view.state.services.map((service) => service.code);
  return send("set_services", { services: [...codes, view.state.suggestion.service].join(",") });
}

function turnAuto() {
  auto.turn();
  say(t(auto.on ? "console.say_auto_on" : "console.say_auto_off"));
  draw();
}

/** Whoever goes through the lines by keyboard comes to the next one. */
function seen({ dataset }) {
  sender.seen(dataset.place);
  ($("notices").querySelector("[data-act=seen]") ?? $("go")).focus();
}

/** A narrow window of its own beside the agency's program; a second press finds the one that is open. */
function smallWindow() {
  window.open("/counter", "antrean-counter", "popup,width=376,height=780")?.focus();
}

/** A paper that no list knows: its place comes back, or the officer reads why not. */
async function readmit(token) {
  const answer = await sender.told("readmit", { token }, t("console.readmit_not"));
  if (answer) ask(tell(...verdict(answer)));
}

/** A booked visitor is here: their number, or why not; for a code nobody knows an ordinary number is offered. */
async function checkIn({ code, service = "" }) {
  const unknown = { unknown_booking: () => request(askUnknown(view, code), checkIn) };
  const answer = await sender.told("check_in", { code, service, language: setup.language }, t("console.check_in_not"), unknown);
  if (answer) ask(tell(...checkedIn(answer)));
}

/** Who is still expected, and how late: bookings are no part of the hall until somebody comes. */
async function lookUp() {
  const found = view.bookings && (await expected());
  if (!found) return;
  view.bookings = found;
  draw();
}

onScan((code) => (isBooking(code) ? checkIn({ code }) : readmit(code)));

/** Takes up somebody who was set aside: the only one at once, else the list is opened to choose from. */
function takeUp(command, list) {
  const rows = view.state[list];
  if (rows.length === 1) return send(command, { ticket: rows[0].ticket_id });
  view.list = list;
  draw();
  $("rows").querySelector("button")?.focus();
}

function setLetters({ letters }) {
  view.letters = letters === "on";
  localStorage.setItem("antrean.letters", view.letters ? "on" : "off");
  draw();
}

function act(name, button) {
  const action = ACTIONS[name];
  if (!action) return;
  if (view.busy && !action.free) return sender.hinder(name); // one press, one command
  if (!action.free && !can(name)) {
    say(t("console.not_possible", { action: t(`console.${name}`) }));
    return;
  }
  action.run(button);
  auto.look(view); // a dialog that has just opened ends the countdown
}

/** What a button would have done when it was pressed: until it is let go a message may have made it another one. */
let pressed = null;
document.addEventListener("pointerdown", ({ target }) => {
  const button = target.closest("[data-act]");
  pressed = button && { button, name: button.dataset.act };
}, true);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act],[data-list],[data-row],[data-booking]");
  if (!button || button.closest("dialog")) return;
  const byPointer = event.detail > 0 && pressed?.button === button; // a click by keyboard or by a screen reader counts zero
  if (button.dataset.act) act(byPointer ? pressed.name : button.dataset.act, button);
  else if (button.dataset.list) {
    view.list = button.dataset.list;
    draw();
  } else if (button.dataset.booking) openExpected(button.dataset.booking);
  else openRow(button.dataset.row);
});

const askPriorityOf = (row) => request(askPriority(row), ({ action }) => setPriority(row, action));

/** Priority stands or falls; whose it was is the row that was looked at, also when another visitor has come since. */
function setPriority(row, action) {
  if (action) send("set_priority", { ticket: row.ticket_id, priority: action === "priority_yes" });
}

function openExpected(code) {
  const row = view.bookings.find((one) => one.code === code);
  if (row && can("check_in")) request(askExpected(row), checkIn);
}

function openRow(ticketId) {
  const row = [...view.state.waiting, ...view.state.on_hold, ...view.state.no_show].find((one) => one.ticket_id === ticketId);
  if (!row) return;
  request(askRow(view, row), ({ action }) => {
    if (action === "call_ticket") request(askCall(view, row.label, row.ticket_id), (fields) => send("call_ticket", fields));
    else if (action === "cancel") request(askCancel(view, row.label, row.ticket_id), (fields) => send("cancel", fields));
    else if (action.startsWith("priority_")) setPriority(row, action);
    else if (action) send(action, { ticket: row.ticket_id });
  }, ({ action }) => !["call_ticket", "cancel"].includes(action)); // these ask further before anything is sent
}

document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input,textarea,select,[contenteditable]")) return;
  if (event.target.closest("[role=tablist]") && (event.key === "ArrowRight" || event.key === "ArrowLeft")) return turnTabs(event);
  if (event.key === "?") return act("keys");
  if (!view.letters) return;
  const pressed = event.key.toUpperCase();
  const names = Object.keys(ACTIONS).filter((name) => ACTIONS[name].key === pressed);
  if (!names.length) return;
  event.preventDefault();
  act(names.find((name) => ACTIONS[name].free || can(name)) ?? names[0]);
});

function turnTabs(event) {
  const lists = ["waiting", "on_hold", "no_show", ...(view.bookings ? ["booked"] : [])];
  const step = event.key === "ArrowRight" ? 1 : lists.length - 1;
  view.list = lists[(lists.indexOf(view.list) + step) % lists.length];
  draw();
  $(`tab-${view.list}`).focus();
}

live.skew = setup.state.server_ms - Date.now(); // a wrong clock on this computer changes nothing
setInterval(() => tick(view), 1000);
setInterval(() => document.hidden || lookUp(), LOOK_MS);
$("ask").addEventListener("close", () => draw());
draw();
tick(view);
if (new URLSearchParams(location.search).has("open")) {
  history.replaceState(null, "", "/counter"); // a reload later must not open a counter somebody closed
  if (view.state.state === "closed" || view.state.officer !== setup.officer) send("open_counter");
}
document.body.dataset.clock = clock(live.now());
