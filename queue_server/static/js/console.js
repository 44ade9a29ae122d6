// The counter console: state in, one render out; every press is one command with one key.
import { ask, askBreak, askCall, askCancel, askHold, askMore, askPaper, askPriority, askRow, showKeys, tell } from "./console-ask.js";
import { AutoCall } from "./console-auto.js";
import { askCheckIn, askExpected, askUnknown, checkedIn, expected } from "./console-booking.js";
import { render, tick } from "./console-view.js";
import { askDelivered, askNote, askPlan, askReopen, askServices, askTransfer } from "./console-visit.js";
import { KEPT, newKey, Outbox, post, Refused, Unreachable } from "./commands.js";
import { $ } from "./dom.js";
import { Live } from "./live.js";
import { isBooking, onScan, verdict } from "./paper.js";
import { clock, day, setup, t } from "./words.js";

const TOPIC = `console:${setup.counter}`;
const LOOK_MS = 60000; // who is late for a booking is looked up this often
const PATIENT_MS = 600; // after an answer, the stream brings the new state well within this
const SAYS = {
  call_next: "say_called", call_ticket: "say_called", call_back: "say_called", recall: "say_recalled", start: "say_started",
  resume: "say_started", reopen: "say_started", finish: "say_finished", absent: "say_absent", undo_call: "say_undone", return: "say_undone", hold: "say_held",
  note: "say_noted", deliver: "say_delivered", transfer: "say_transferred", cancel: "say_cancelled",
};

const outbox = new Outbox(`${setup.counter}.${setup.officer}`);
const view = {
  state: setup.state, link: { state: "connecting" }, list: "waiting", problem: null, busy: null, taken: null, bookings: setup.bookings,
  letters: localStorage.getItem("antrean.letters") !== "off", kept: outbox.all(), now: () => live.now(),
};
let settled = () => {};

const live = new Live([TOPIC], {
  onState: (topic, state) => {
    view.state = state;
    settled();
    draw();
    flush();
  },
  onLink: (link) => {
    if (link.state === "refused") return location.assign("/?to=/counter"); // the session has ended
    const was = view.link.state;
    view.link = link;
    if (link.state === "lost" && was !== "lost") say(t("console.say_lost"));
    if (was === "lost" && link.state !== "lost") say(t("console.say_back"));
    draw();
  },
});

const auto = new AutoCall({ call: (key) => send("call_next", {}, { key, timed: true }), draw: () => draw(), say, letters: () => view.letters });
view.auto = auto;

function draw() {
  view.kept = outbox.all();
  render(view);
  auto.look(view);
}

function say(text) {
  $("said").textContent = "";
  requestAnimationFrame(() => ($("said").textContent = text));
}

/** The label a command is about, for what is said and for not finishing the wrong visitor later. */
const subject = () => view.state.current?.label ?? null;

/**
 * Sends one command; a second press while it is under way does nothing. Answers whether it was carried out or kept.
 * During a countdown the call has the `key` of it. A `timed` call does not insist: whoever presses a key waits for the
 * server, a timer must not. What can be kept is kept soon, so that nobody waits for a server that is away.
 */
async function send(command, fields = {}, { key, timed } = {}) {
  if (view.busy) return false;
  const body = { command, counter: setup.counter, ...fields };
  const item = { key: key ?? newKey(), body, label: subject(), day: today() };
  const tries = timed ? 1 : KEPT.has(command) ? 3 : undefined;
  view.problem = null;
  if (view.link.state === "lost" && KEPT.has(command)) return keep(item);
  view.busy = command;
  const before = view.state;
  draw();
  try {
    const answer = await post(body, item.key, { csrf: setup.csrf, language: setup.language, tries });
    announce(command, answer);
    auto.did(command);
    if (view.state === before) await Promise.race([new Promise((done) => (settled = done)), new Promise((done) => setTimeout(done, PATIENT_MS))]);
    return true;
  } catch (error) {
    if (timed && error instanceof Refused && error.code === "already_calling") return false; // another tab was first
    if (error instanceof Refused) refused(error, command, fields);
    else if (!(error instanceof Unreachable)) throw error;
    else if (KEPT.has(command)) return keep(item);
    else problem(t("console.call_next_locked"));
    return false;
  } finally {
    view.busy = null;
    draw();
  }
}

function announce(command, answer) {
  const label = answer.ticket?.label;
  if (command === "call_next" && !label) say(t("console.say_none"));
  else say(label && SAYS[command] ? t(`console.${SAYS[command]}`, { label }) : t("console.say_done"));
}

function refused(error, command, fields) {
  if (error.code === "counter_taken") view.taken = { command, fields, message: error.message };
  else if (error.code === "sign_in_needed" || error.code === "csrf") location.assign("/?to=/counter");
  else problem(error.message || t("console.not_possible", { action: t(`console.${command}`) }));
}

function problem(text) {
  view.problem = text;
  draw();
}

const today = () => day(live.now());

function keep(item) {
  outbox.add(item);
  say(t("console.say_kept"));
  draw();
  return true;
}

/** Sends what was kept, in order, each with its own key; never to another visitor than it was meant for. */
async function flush() {
  if (view.flushing || view.link.state === "lost") return;
  view.flushing = true;
  try {
    for (const item of outbox.all()) {
      const now = subject();
      const fits = item.day === today() && (item.label === null || now === null || now === item.label);
      let why = fits ? "" : t("console.kept_other");
      if (fits) {
        try {
          await post(item.body, item.key, { csrf: setup.csrf, language: setup.language, tries: 1 });
        } catch (error) {
          if (!(error instanceof Refused)) return;
          if (["sign_in_needed", "csrf"].includes(error.code)) return location.assign("/?to=/counter"); // it stays kept
          why = error.message;
        }
      }
      const moot = item.body.command === "finish" && now !== item.label; // that visitor has gone on meanwhile
      if (why && !moot) problem(t("console.kept_not", { action: t(`console.${item.body.command}`), label: item.label ?? "", why }));
      outbox.drop(item.key);
      draw();
    }
  } finally {
    view.flushing = false;
  }
}

const can = (command) => view.allowed.has(command);

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
  call_ticket: { key: "G", run: () => ask(askCall(view, ""), (fields) => send("call_ticket", fields)) },
  reopen: { key: "F", run: () => ask(askReopen(), (fields) => send("reopen", fields)) },
  start_break: { key: "I", run: () => ask(askBreak(view), (fields) => send("start_break", fields)) },
  end_break: { key: "I", run: () => send("end_break") },
  open_counter: { key: "O", run: () => send("open_counter") },
  close_counter: { key: "O", run: () => send("close_counter") },
  set_services: { key: "W", run: () => ask(askServices(view), (fields) => send("set_services", fields)) },
  take_suggestion: { key: "V", run: takeSuggestion },
  auto: { key: "=", free: true, run: turnAuto },
  accept_help: { key: "B", run: (button) => send("accept_help", { place: button?.dataset.place ?? view.helpPlace }) },
  finish_help: { key: "B", run: (button) => send("finish_help", { place: button?.dataset.place ?? view.helpPlace }) },
  readmit: { key: "K", free: true, run: () => ask(askPaper(), ({ token }) => readmit(token)) },
  more: { key: "L", free: true, run: () => ask(askMore(view, ACTIONS), perform) },
  keys: { key: "?", free: true, run: () => ask(showKeys(view, ACTIONS), setLetters) },
  retry: { key: "C", run: () => live.retry() },
  check_in: { key: "C", run: () => ask(askCheckIn(), checkIn) },
  take_over: { run: takeOver },
  leave_taken: { free: true, run: () => location.assign("/counter/choose") },
  small_window: { key: "-", free: true, run: smallWindow },
};

/** Asks about the visitor who is here now; when somebody else stands here at the end, nothing is done to them. */
function askHere(form, then) {
  const label = subject();
  ask(form, (fields) => (subject() === label ? then(fields) : problem(t("console.kept_other"))));
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

/** A narrow window of its own beside the agency's program; a second press finds the one that is open. */
function smallWindow() {
  window.open("/counter", "antrean-counter", "popup,width=376,height=780")?.focus();
}

/** Gives a command whose answer is read in a dialog; null when it was refused, after saying why under `title`. */
async function told(command, fields, title, instead = {}) {
  if (view.busy) return null;
  view.busy = command;
  draw();
  const answer = await post({ command, counter: setup.counter, ...fields }, newKey(), { csrf: setup.csrf, language: setup.language }).catch((error) => error);
  view.busy = null;
  draw();
  if (answer instanceof Unreachable) ask(tell(title, t("console.call_next_locked")));
  else if (answer instanceof Refused && ["sign_in_needed", "csrf"].includes(answer.code)) location.assign("/?to=/counter");
  else if (answer instanceof Refused && instead[answer.code]) instead[answer.code]();
  else if (answer instanceof Refused) ask(tell(title, answer.message));
  else if (answer instanceof Error) throw answer;
  else return answer;
  return null;
}

/** A paper that no list knows: its place comes back, or the officer reads why not. */
async function readmit(token) {
  const answer = await told("readmit", { token }, t("console.readmit_not"));
  if (answer) ask(tell(...verdict(answer)));
}

/** A booked visitor is here: their number, or why not; for a code nobody knows an ordinary number is offered. */
async function checkIn({ code, service = "" }) {
  const unknown = { unknown_booking: () => ask(askUnknown(view, code), checkIn) };
  const answer = await told("check_in", { code, service, language: setup.language }, t("console.check_in_not"), unknown);
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

function takeOver() {
  const { command, fields } = view.taken;
  view.taken = null;
  return send("open_counter", { take_over: true }).then(() => command !== "open_counter" && send(command, fields));
}

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
  if (view.busy && !action.free) return; // one press, one command: the second of a double press does nothing
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

const askPriorityOf = (row) => ask(askPriority(row), ({ action }) => setPriority(row, action));

/** Priority stands or falls; whose it was is the row that was looked at, also when another visitor has come since. */
function setPriority(row, action) {
  if (action) send("set_priority", { ticket: row.ticket_id, priority: action === "priority_yes" });
}

function openExpected(code) {
  const row = view.bookings.find((one) => one.code === code);
  if (row && can("check_in")) ask(askExpected(row), checkIn);
}

function openRow(ticketId) {
  const row = [...view.state.waiting, ...view.state.on_hold, ...view.state.no_show].find((one) => one.ticket_id === ticketId);
  if (!row) return;
  ask(askRow(view, row), ({ action }) => {
    if (action === "call_ticket") ask(askCall(view, row.label, row.ticket_id), (fields) => send("call_ticket", fields));
    else if (action === "cancel") ask(askCancel(view, row.label, row.ticket_id), (fields) => send("cancel", fields));
    else if (action.startsWith("priority_")) setPriority(row, action);
    else if (action) send(action, { ticket: row.ticket_id });
  });
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
