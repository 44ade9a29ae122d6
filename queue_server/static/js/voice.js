// The mall's voice in a browser, which wants somebody to press a key once before it lets a page speak.

const LONGEST_MS = 20000;
const SILENCE = "data:audio/wav;base64,UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=";

export class Voice {
  /** `name`: where the browser remembers that sound is wanted; `?sound` in the address wants it too. */
  constructor(name) {
    this.name = name;
    this.busy = false;
    this.on = localStorage.getItem(name) === "on" || new URLSearchParams(location.search).has("sound");
  }

  /** Called from the press of a key: from now on calls are heard. */
  unlock() {
    this.on = true;
    localStorage.setItem(this.name, "on");
    new Audio(SILENCE).play().catch(() => {});
  }

  /** Plays one sound to its end; `busy` while it does, so that no call talks over another. */
  async say(address) {
    if (!this.on) return;
    this.busy = true;
    const audio = new Audio(address);
    try {
      await audio.play();
      await Promise.race([
        new Promise((done) => audio.addEventListener("ended", done)),
        new Promise((done) => setTimeout(done, LONGEST_MS)),
      ]);
    } catch (error) {
      if (error.name === "NotAllowedError") this.on = false; // the key comes back
    } finally {
      this.busy = false;
    }
  }
}
