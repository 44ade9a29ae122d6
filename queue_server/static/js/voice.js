// The mall's voice in a browser, which wants somebody to press a key once before it lets a page speak.
import { gainAt, isQuiet, loudnessOf } from "./loudness.js";
import { setup } from "./words.js";

const LONGEST_MS = 30000; // a call in four languages
const BEGINS_MS = 10000; // browsers wait for minutes for a sound whose server is silent
const SILENCE = "data:audio/wav;base64,UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=";

const after = (ms) => new Promise((done) => setTimeout(done, ms));

export class Voice {
  /** `name`: where the browser remembers that sound is wanted; `?sound` in the address wants it too. */
  constructor(name) {
    this.name = name;
    this.busy = false;
    this.loudness = loudnessOf(location.search);
    this.hours = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: setup.timezone });
    this.on = localStorage.getItem(name) === "on" || new URLSearchParams(location.search).has("sound");
  }

  /** Called from the press of a key: from now on calls are heard. */
  unlock() {
    this.on = true;
    localStorage.setItem(this.name, "on");
    new Audio(SILENCE).play().catch(() => {});
  }

  minute(now) {
    const [hour, minute] = this.hours.format(new Date(now)).split(":").map(Number);
    return hour * 60 + minute;
  }

  /** Whether the server's time `now` lies in the quiet hours of this board's address. */
  quiet(now) {
    return isQuiet(this.loudness, this.minute(now));
  }

  /** Plays one sound to its end; `busy` while it does, so that no call talks over another. */
  async say(address, now) {
    const gain = gainAt(this.loudness, this.minute(now));
    if (!this.on || !gain) return;
    this.busy = true;
    const audio = new Audio(address);
    audio.volume = gain;
    try {
      const ended = new Promise((done) => audio.addEventListener("ended", done));
      await Promise.race([audio.play(), after(BEGINS_MS).then(() => Promise.reject(new Error("silent")))]);
      await Promise.race([ended, after(LONGEST_MS)]);
    } catch (error) {
      if (error.name === "NotAllowedError") this.on = false; // the key comes back
    } finally {
      audio.pause();
      audio.removeAttribute("src"); // what comes late must not talk over the next call
      this.busy = false;
    }
  }
}
