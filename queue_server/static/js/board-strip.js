// The strip of pictures and films: each is shown only once it is there, so that nothing waits for it; a broken one is
// left out until its file changes, and told once.
import { el } from "./dom.js";
import { within } from "./live.js";

const LOOK_MS = 60000;
const ANSWER_MS = 5000;
const LOAD_MS = 20000;
const LONGEST_MS = 600000;
const AGAIN_MS = 15000; // after a slide that could not be fetched: the server is away, the file need not be broken

export class Strip {
  /** `box`: where slides lie; `onChange(shown)` whenever there begins or ends to be one. */
  constructor(box, onChange) {
    this.box = box;
    this.onChange = onChange;
    this.slides = [];
    this.broken = new Set();
    this.last = "";
    this.paused = false;
    this.look();
    setInterval(() => this.look(), LOOK_MS);
    this.run();
  }

  get shown() {
    return !this.paused && this.box.childElementCount > 0;
  }

  /** On a board without news nothing moves. */
  pause(paused) {
    if (paused === this.paused) return;
    this.paused = paused;
    const film = this.box.querySelector("video");
    if (film) paused ? film.pause() : film.play().catch(() => {});
    this.onChange(this.shown);
  }

  async look() {
    try {
      const answer = await fetch("/board/slides", { signal: within(ANSWER_MS) });
      if (answer.ok) this.slides = (await answer.json()).slides;
    } catch {
      return; // the server is away: what is here goes on, and the board says that it is alone
    }
    if (this.wake) this.wake();
  }

  async run() {
    for (;;) {
      const slide = this.next();
      if (!slide) {
        this.show(null);
        await new Promise((wake) => (this.wake = wake));
        this.wake = null;
        continue;
      }
      this.last = slide.name;
      try {
        const node = await this.load(slide);
        this.show(node);
        await this.lasts(slide, node);
      } catch {
        if (await isThere(slide.address)) {
          this.broken.add(slide.address);
          console.warn(slide.address);
        } else await new Promise((done) => setTimeout(done, AGAIN_MS));
      }
    }
  }

  next() {
    const good = this.slides.filter((slide) => !this.broken.has(slide.address));
    const at = good.findIndex((slide) => slide.name === this.last);
    return good[(at + 1) % good.length];
  }

  async load(slide) {
    const again = this.box.firstElementChild;
    if (slide.kind === "picture") {
      if (again?.dataset.address === slide.address) return again;
      const picture = el("img", { src: slide.address, alt: slide.title, dataset: { address: slide.address } });
      await soon(picture.decode());
      return picture;
    }
    const film = el("video", { src: slide.address, muted: true, playsInline: true, "aria-label": slide.title });
    film.defaultMuted = true;
    await soon(new Promise((ready, failed) => {
      film.oncanplay = ready;
      film.onerror = failed;
    }));
    return film;
  }

  async lasts(slide, node) {
    if (slide.kind === "picture") return new Promise((done) => setTimeout(done, slide.seconds * 1000));
    if (!this.paused) await node.play();
    return Promise.race([
      new Promise((done, failed) => {
        node.onended = done;
        node.onerror = failed;
      }),
      new Promise((done) => setTimeout(done, LONGEST_MS)),
    ]);
  }

  show(node) {
    if (node && node === this.box.firstElementChild) return;
    const before = this.shown;
    this.box.replaceChildren(...(node ? [node] : []));
    if (before !== this.shown) this.onChange(this.shown);
  }
}

const isThere = async (address) => {
  try {
    return (await fetch(address, { signal: within(ANSWER_MS) })).ok;
  } catch {
    return false;
  }
};

const soon = (promise) => Promise.race([promise, new Promise((_, failed) => setTimeout(failed, LOAD_MS))]);
