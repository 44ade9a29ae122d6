// Services for somebody's own words: at once those that hold them, behind these what the server's finder adds, which
// also knows everyday words, other languages and slips. Without an answer what was found at once stays as it is.
import { within } from "./live.js";

const PAUSE_MS = 120; // between letters typed quickly the server is not asked

export class Search {
  #typed = "";
  #meant = [];
  #timer = 0;
  #waiting = false;

  /** `changed` is called when the server has answered or cannot. */
  constructor(changed) {
    this.changed = changed;
  }

  /** Whether more may come for what was typed last. */
  get waiting() {
    return this.#waiting;
  }

  /** Those of `services` that hold every typed word, in their order, then those the finder means, best first. */
  fit(services, typed) {
    const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
    this.#ask(words.join(" "));
    if (!words.length) return [];
    const holding = services.filter((one) => words.every((word) => `${one.name} ${one.agency} ${one.words}`.toLowerCase().includes(word)));
    const meant = this.#meant.map((code) => services.find((one) => one.code === code)).filter(Boolean);
    return [...new Set([...holding, ...meant])];
  }

  #ask(typed) {
    if (typed === this.#typed) return;
    clearTimeout(this.#timer);
    this.#typed = typed;
    this.#meant = [];
    this.#waiting = typed !== "";
    if (this.#waiting) this.#timer = setTimeout(() => this.#hear(typed), PAUSE_MS);
  }

  async #hear(typed) {
    let found = [];
    try {
      const answer = await fetch(`/services/find?q=${encodeURIComponent(typed)}`, { signal: within(5000) });
      found = (await answer.json()).services ?? [];
    } catch {
      // what holds the words stays; the next letter asks again
    }
    if (typed !== this.#typed) return;
    this.#meant = found;
    this.#waiting = false;
    this.changed();
  }
}
