// The automatic call: when the counter becomes free, five seconds that anybody can see, and any press stops it.
// It is chosen for one counter on one computer, begins only after something this page's officer did, and ends when the
// connection does: whoever comes back to a laptop that slept finds nobody called.
import { $ } from "./dom.js";
import { setup, t } from "./words.js";

const WAIT_MS = 5000;
const BEAT_MS = 200;
const SLEPT_MS = 2500; // a longer gap between two beats: the computer slept, or the page was put aside
const ENDS = new Set(["undo_call", "start_break", "close_counter"]); // after these nobody wants the next visitor at once
const CHOICE = `antrean.auto.${setup.counter}`;
const STOPPED = `antrean.auto-stopped.${setup.counter}`;
const BARE = /^(Shift|Control|Alt|Meta|CapsLock)$/; // held to press something else, perhaps in another window

export class AutoCall {
  /**
   * `call(key)` calls the next visitor; `draw()` shows a change; `say(text)` speaks to screen readers; `letters()` tells
   * whether letter keys act.
   */
  constructor({ call, draw, say, letters }) {
    Object.assign(this, { call, draw, say, letters, armed: false, running: null, lastCall: 0 });
    addEventListener("storage", (event) => {
      if (event.key === STOPPED) this.rest(); // stopped in another window of this counter
      if (event.key === CHOICE) this.draw();
    });
    addEventListener("keydown", (event) => this.pressed(event), true);
    addEventListener("pointerdown", (event) => event.target.closest("#go") || this.stop(), true);
    document.addEventListener("visibilitychange", () => this.draw());
  }

  get on() {
    return localStorage.getItem(CHOICE) === "on";
  }

  /** Whether the countdown runs now. */
  get counts() {
    return this.running !== null;
  }

  /** Switches it on or off for this counter on this computer. */
  turn() {
    localStorage.setItem(CHOICE, this.on ? "off" : "on");
    this.armed = this.on;
    if (!this.on) this.end();
  }

  /** The officer did something here that worked: from now on a free counter calls. */
  did(command) {
    this.armed = !ENDS.has(command);
  }

  /** Looks at a new state; begins or ends the countdown. */
  look(view) {
    const { state, link } = view;
    if (link.state === "lost" || link.state === "refused") this.armed = false;
    if (state.current) this.lastCall = state.current.called_at;
    const free = state.state === "available" && state.next !== null && state.officer === setup.officer;
    const may = this.on && this.armed && free && !view.busy && !view.taken && !document.hidden && !document.querySelector("dialog[open]");
    if (may && !this.running) this.begin(state);
    else if (!may && this.running) this.end();
    this.show();
  }

  begin(state) {
    const mark = `${state.waiting[0].ticket_id}.${this.lastCall}`;
    const now = performance.now();
    this.running = { mark, ends: now + WAIT_MS, beat: now, timer: setInterval(() => this.beat(), BEAT_MS) };
    this.say(t("console.auto_said", { label: state.next }));
  }

  beat() {
    const { running } = this;
    const now = performance.now(), slept = now - running.beat > SLEPT_MS;
    running.beat = now;
    if (slept) this.stop();
    else if (now >= running.ends) this.fire();
    else this.show();
  }

  /** The same key in every tab that counts down for this moment: the server takes it once. */
  get key() {
    return this.running && `auto-${setup.counter}-${this.running.mark}`;
  }

  fire() {
    const { key } = this;
    this.end();
    this.call(key);
  }

  /** Somebody wants it otherwise; it begins again after the next thing the officer does. */
  stop() {
    if (!this.running) return;
    localStorage.setItem(STOPPED, this.running.mark);
    this.rest();
    this.say(t("console.auto_stopped"));
    this.draw();
  }

  rest() {
    this.armed = false;
    this.end();
  }

  end() {
    if (this.running) clearInterval(this.running.timer);
    this.running = null;
    this.show();
  }

  pressed(event) {
    if (!this.running || BARE.test(event.key)) return;
    if ((this.letters() && event.key.toUpperCase() === "P") || (event.target.closest("#go") && ["Enter", " "].includes(event.key))) return; // now, not in five seconds
    this.stop();
  }

  /** Draws how much is left on the main button. */
  show() {
    const left = this.running ? Math.max(0, this.running.ends - performance.now()) : 0;
    $("go").classList.toggle("counting", this.counts);
    $("go").style.setProperty("--left", String(left / WAIT_MS));
    const words = document.querySelector("#go .countdown");
    if (words && this.counts) words.textContent = t("console.auto_in", { n: Math.ceil(left / 1000) });
  }
}
