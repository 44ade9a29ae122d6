// Follows topics of the server: a stream with a watchdog, or polling when no stream is free. Each message is a whole
// state, so whatever arrives heals everything missed before it.

const SILENT_MS = 15000;
const POLL_MS = 3000;
const STREAM_AGAIN_MS = 30000;
const WAITS_MS = [500, 1000, 2000, 4000, 8000];

export class Live {
  /**
   * topics: names. onState(topic, state). onLink({state: "live" | "polling" | "lost" | "refused", since, retryAt})
   * whenever that changes; `since` is when the last news came, by this computer's clock.
   */
  constructor(topics, { onState, onLink, base = "/v1" }) {
    this.topics = topics;
    this.onState = onState;
    this.onLink = onLink;
    this.base = base;
    this.heard = Date.now();
    this.skew = 0;
    this.tries = 0;
    this.link = { state: "connecting" };
    this.watch = setInterval(() => this.check(), 1000);
    this.open();
  }

  /** The server's time now. */
  now() {
    return Date.now() + this.skew;
  }

  open() {
    clearTimeout(this.timer);
    this.shut();
    const source = new EventSource(`${this.base}/stream?topics=${this.topics.join(",")}`);
    this.source = source;
    for (const topic of this.topics) {
      source.addEventListener(topic, (message) => this.news("live", topic, JSON.parse(message.data)));
    }
    source.addEventListener("heartbeat", (message) => this.news("live", null, JSON.parse(message.data)));
    source.onerror = () => {
      if (source !== this.source) return;
      if (this.link.state === "live") this.eager = true; // a cut, not a refusal: stream again after one look
      this.shut(); // the browser's own retry knows no backoff and gives up on 503
      this.poll();
    };
  }

  shut() {
    if (this.source) this.source.close();
    this.source = null;
  }

  news(state, topic, value) {
    this.heard = Date.now();
    this.skew = value.server_ms - this.heard;
    this.tries = 0;
    this.say({ state });
    if (topic) this.onState(topic, value);
  }

  async poll() {
    clearTimeout(this.timer);
    try {
      const answer = await fetch(`${this.base}/state?topics=${this.topics.join(",")}`, { signal: AbortSignal.timeout(6000) });
      if (answer.status === 401 || answer.status === 403) return this.say({ state: "refused" });
      if (!answer.ok) throw new Error(String(answer.status));
      const { topics } = await answer.json();
      for (const topic of this.topics) this.news("polling", topic, topics[topic]);
      this.pollingSince ??= Date.now();
      if (Date.now() - this.pollingSince > STREAM_AGAIN_MS || this.eager) {
        this.pollingSince = null;
        this.eager = false;
        return this.open();
      }
      this.timer = setTimeout(() => this.poll(), POLL_MS);
    } catch {
      this.pollingSince = null;
      this.eager = true; // after a real outage the stream comes first again
      this.again();
    }
  }

  again() {
    const wait = WAITS_MS[Math.min(this.tries++, WAITS_MS.length - 1)] * (0.8 + Math.random() * 0.4);
    this.retryAt = Date.now() + wait;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.poll(), wait);
    if (this.link.state === "lost") this.say({ state: "lost", since: this.heard, retryAt: this.retryAt });
  }

  /** Tries at once, because somebody asked for it. */
  retry() {
    this.tries = 0;
    clearTimeout(this.timer);
    this.poll();
  }

  check() {
    if (Date.now() - this.heard <= SILENT_MS || this.link.state === "refused") return;
    if (this.source) {
      this.shut();
      this.poll();
    }
    this.say({ state: "lost", since: this.heard, retryAt: this.retryAt });
  }

  say(link) {
    const same = link.state === this.link.state && link.retryAt === this.link.retryAt;
    this.link = link;
    if (!same) this.onLink(link);
  }
}
