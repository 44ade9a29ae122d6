// Sends what the officer does: every press is one command with one key, now, or later when the server is away.
import { ask, tell, unwarn } from "./console-ask.js";
import { KEPT, newKey, post, Refused, Shelf, Unreachable } from "./commands.js";
import { day, setup, t } from "./words.js";

const SLOW_MS = 1500; // so long an answer may take before the page says that it waits for one
const PATIENT_MS = 600; // after an answer, the stream brings the new state well within this
const SAYS = {
  call_next: "say_called", call_ticket: "say_called", call_back: "say_called", recall: "say_recalled", start: "say_started",
  resume: "say_started", reopen: "say_started", finish: "say_finished", absent: "say_absent", undo_call: "say_undone", return: "say_undone", hold: "say_held",
  note: "say_noted", deliver: "say_delivered", transfer: "say_transferred", cancel: "say_cancelled",
};
const ENDED = new Set(["sign_in_needed", "csrf"]);

/** Words that stay true when the connection is back; whether it was carried out nobody knows here. */
const unreached = (command, { answered }) => t(answered ? "console.server_unwell" : "console.no_answer", { action: t(`console.${command}`) });

export class Sender {
  /**
   * `view` is what the page shows; `draw()` shows it again, `problem(text)` shows what went wrong, `say(text)` speaks to
   * screen readers. `look()` asks the server for the state of this moment and throws when it is away.
   */
  constructor({ view, draw, say, problem, look }) {
    Object.assign(this, { view, draw, say, problem, look, flushing: false, again: false, settled: () => {} });
    this.outbox = new Shelf(`outbox.${setup.counter}.${setup.officer}`);
    this.unsent = new Shelf(`unsent.${setup.counter}.${setup.officer}`);
    this.hope = new AbortController();
  }

  /** The server is away: what is under way gives up, so that what can be kept is kept and nothing is locked. */
  lost() {
    this.hope.abort();
  }

  /** The server is back. */
  back() {
    this.hope = new AbortController();
  }

  /** Begins a command; no other is sent until it has ended. */
  begin(command) {
    const { view } = this;
    view.busy = command;
    this.slow = setTimeout(() => {
      view.slow = true;
      this.draw();
    }, SLOW_MS);
    this.draw();
  }

  end() {
    clearTimeout(this.slow);
    Object.assign(this.view, { busy: null, slow: false });
    unwarn();
    this.draw();
  }

  /** Why nothing can be sent at this moment, for whoever fills in a dialog; "" when it can. */
  hindrance() {
    const { busy } = this.view;
    return busy ? t("console.wait_dialog", { action: t(`console.${busy}`) }) : "";
  }

  /** Tells that another command is still under way; the second of a double press needs no words. */
  hinder(command) {
    const { busy } = this.view;
    if (command !== busy) this.problem(t("console.wait_other", { action: t(`console.${command}`), other: t(`console.${busy}`) }));
  }

  /** Posts and gives up when the server is away. */
  post(body, key, tries) {
    return post(body, key, { csrf: setup.csrf, language: setup.language, tries, giveUp: this.hope.signal });
  }

  /** The label a command is about, for what is said and for not finishing the wrong visitor later. */
  subject() {
    return this.view.state.current?.label ?? null;
  }

  /** A new state has come: whoever waits for it goes on, and a counter nobody else holds any more is not taken. */
  heard() {
    if ([null, setup.officer].includes(this.view.state.officer)) this.view.taken = null;
    this.settled();
  }

  /**
   * Sends one command, unless another is under way. Answers whether it was carried out or kept.
   * During a countdown the call has the `key` of it. A `timed` call does not insist: whoever presses a key waits for the
   * server, a timer must not. What can be kept is kept soon, so that nobody waits for a server that is away.
   */
  async send(command, fields = {}, { key, timed } = {}) {
    const { view } = this;
    if (view.busy) {
      if (!timed) this.hinder(command);
      return false;
    }
    const body = { command, counter: setup.counter, ...fields };
    const item = { key: key ?? newKey(), body, label: this.subject(), day: this.today(), at: view.now() };
    const tries = timed ? 1 : KEPT.has(command) ? 3 : undefined;
    view.problem = null;
    if (view.link.state === "lost" && KEPT.has(command)) return this.keep(item);
    const before = view.state;
    this.begin(command);
    try {
      const answer = await this.post(body, item.key, tries);
      this.announce(command, answer);
      view.auto.did(command);
      if (view.state === before) await Promise.race([new Promise((done) => (this.settled = done)), new Promise((done) => setTimeout(done, PATIENT_MS))]);
      return true;
    } catch (error) {
      if (timed && error instanceof Refused && error.code === "already_calling") return false; // another tab was first
      if (error instanceof Refused) this.refused(error, command, fields, item.label);
      else if (!(error instanceof Unreachable)) throw error;
      else if (KEPT.has(command)) return this.keep(item);
      else this.problem(unreached(command, error));
      return false;
    } finally {
      this.end();
    }
  }

  announce(command, answer) {
    const label = answer.ticket?.label;
    if (command === "call_next" && !label) this.say(t("console.say_none"));
    else this.say(label && SAYS[command] ? t(`console.${SAYS[command]}`, { label }) : t("console.say_done"));
  }

  refused(error, command, fields, label) {
    if (error.code === "counter_taken") this.view.taken = { command, fields, label, message: error.message };
    else if (ENDED.has(error.code)) location.assign("/?to=/counter");
    else this.problem(error.message || t("console.not_possible", { action: t(`console.${command}`) }));
  }

  /** Takes the counter over, and then does what was refused before, if the same visitor still stands there. */
  async takeOver() {
    const { command, fields, label } = this.view.taken;
    if (!(await this.send("open_counter", { take_over: true }))) return;
    this.view.taken = null;
    this.draw();
    if (command === "open_counter") return;
    const known = await this.look().catch(() => false); // the stream may still show the visitor of before
    if (known && this.view.state.officer === setup.officer && this.subject() === label) await this.send(command, fields);
    else this.problem(known ? t("console.kept_other") : t("console.not_possible", { action: t(`console.${command}`) }));
  }

  /** Gives a command whose answer is read in a dialog; null when it was refused, after saying why under `title`. */
  async told(command, fields, title, instead = {}) {
    if (this.view.busy) return ask(tell(title, this.hindrance())), null;
    this.begin(command);
    const answer = await this.post({ command, counter: setup.counter, ...fields }, newKey()).catch((error) => error);
    this.end();
    if (answer instanceof Unreachable) ask(tell(title, unreached(command, answer)));
    else if (answer instanceof Refused && ENDED.has(answer.code)) location.assign("/?to=/counter");
    else if (answer instanceof Refused && instead[answer.code]) instead[answer.code]();
    else if (answer instanceof Refused) ask(tell(title, answer.message));
    else if (answer instanceof Error) throw answer;
    else return answer;
    return null;
  }

  today() {
    return day(this.view.now());
  }

  keep(item) {
    this.outbox.add(item);
    this.say(t("console.say_kept"));
    this.draw();
    return true;
  }

  /** The officer has read that this could not be sent. */
  seen(key) {
    this.unsent.drop(key);
    this.draw();
  }

  /** Sends what was kept, in order, each with its own key; never to another visitor than it was meant for. */
  async flush() {
    this.again = this.flushing;
    if (this.flushing || this.view.link.state === "lost") return;
    this.flushing = true;
    try {
      for (const item of this.outbox.all()) {
        const now = this.subject();
        const fits = item.day === this.today() && (item.label === null || now === null || now === item.label);
        let why = fits ? "" : t("console.kept_other");
        if (fits) {
          try {
            await this.post(item.body, item.key, 1);
          } catch (error) {
            if (!(error instanceof Refused)) return;
            if (ENDED.has(error.code)) return location.assign("/?to=/counter"); // it stays kept
            why = error.message || t("console.not_possible", { action: t(`console.${item.body.command}`) });
          }
        }
        const moot = item.body.command === "finish" && now !== item.label; // that visitor has gone on meanwhile
        if (why && !moot) this.unsent.add({ ...item, why });
        this.outbox.drop(item.key);
        this.draw();
      }
    } finally {
      this.flushing = false;
      if (this.again) this.flush(); // a state came meanwhile: another visitor, or the server is back
    }
  }
}
