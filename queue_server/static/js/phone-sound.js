// A soft chime made by the phone itself, vibration, and a screen that stays awake: each only where the browser lets it,
// and only after a touch. What really works over plain http is in docs/decisions/0028.

const KEPT = "antrean_sound";
const TONES = [[880, 0], [660, 0.28]]; // hertz, and after how many seconds: a soft ding-dong
const TONE_S = 0.9;
const LOUDNESS = 0.28;
const ROUND_S = 1.7;
const BUZZ = [350, 150, 350];

/** What a browser keeps for us; a phone that forbids it simply forgets. */
export const memory = {
  get: (name, where = "localStorage") => {
    try {
      return window[where].getItem(name);
    } catch {
      return null;
    }
  },
  set: (name, value, where = "localStorage") => {
    try {
      window[where].setItem(name, value);
    } catch {
      // private mode of older phones
    }
  },
};

export class Chime {
  /** onChange() whenever `state()` may have changed. */
  constructor(onChange) {
    this.onChange = onChange;
    this.Context = window.AudioContext ?? window.webkitAudioContext;
    this.wanted = memory.get(KEPT) === "on";
    this.rounds = 0; // played since the page was opened
    for (const touch of ["pointerup", "touchend", "keydown"]) addEventListener(touch, () => this.wanted && this.unlock());
    document.addEventListener("visibilitychange", () => this.rest());
    if (this.wanted) this.unlock(); // allowed at once when the visitor comes from another page of this server
  }

  /** "none": this browser makes no sound; "off"; "touch": wanted, but not allowed before a touch; "on". */
  state() {
    if (!this.Context) return "none";
    if (!this.wanted) return "off";
    return this.context?.state === "running" ? "on" : "touch";
  }

  /** Called from a touch: switches the sound on (and lets it be heard once) or off. */
  async turn(on) {
    this.wanted = on;
    memory.set(KEPT, on ? "on" : "off");
    this.onChange();
    if (on && (await this.unlock())) this.ring(1);
    this.rest();
    this.onChange();
  }

  async unlock() {
    if (!this.Context) return false;
    if (!this.context) {
      this.context = new this.Context();
      this.context.onstatechange = () => this.onChange();
    }
    if (this.context.state !== "running") await this.context.resume().catch(() => {}); // after a lock screen too
    this.rest();
    return this.context.state === "running";
  }

  /** Chimes `times` times and shakes the phone; does what it can, silently. */
  ring(times) {
    if (navigator.userActivation?.hasBeenActive !== false) navigator.vibrate?.(Array(times).fill([...BUZZ, 700]).flat());
    if (this.state() !== "on") return;
    for (let round = 0; round < times; round++) for (const [hertz, after] of TONES) this.tone(hertz, round * ROUND_S + after);
    this.rounds += times;
  }

  tone(hertz, after) {
    const { context } = this;
    const at = context.currentTime + after;
    const tone = context.createOscillator();
    const loud = context.createGain();
    tone.frequency.value = hertz;
    loud.gain.setValueAtTime(0, at);
    loud.gain.linearRampToValueAtTime(LOUDNESS, at + 0.02);
    loud.gain.exponentialRampToValueAtTime(0.001, at + TONE_S);
    tone.connect(loud).connect(context.destination);
    tone.start(at);
    tone.stop(at + TONE_S);
  }

  /** Keeps the screen awake while sound is wanted or the number is called, where the browser can. */
  async rest(called = this.called) {
    this.called = called;
    const awake = (this.wanted || called) && !document.hidden;
    if (!navigator.wakeLock) return;
    if (!awake) return this.letSleep();
    if (this.lock && !this.lock.released) return;
    try {
      this.lock = await navigator.wakeLock.request("screen");
      this.lock.addEventListener("release", () => this.onChange());
    } catch {
      this.lock = null; // battery saving: refused
    }
    this.onChange();
  }

  letSleep() {
    this.lock?.release();
    this.lock = null;
  }

  /** Whether the screen is kept awake now. */
  awake() {
    return Boolean(this.lock && !this.lock.released);
  }
}
