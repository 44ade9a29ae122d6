// Follows topics of the server: a stream with a watchdog, or polling when no stream is free. Each message is a whole
// state, so whatever arrives heals everything missed before it. Times are in milliseconds.

const QUIET_MS = 7500; // a heartbeat (every 5 s) was missed: ask
const SILENT_MS = 15000; // leave a stream that says nothing; without any other news, say since when
const LOOK_MS = 30000; // ask now and then although all seems well: a lost message heals
const ANSWER_MS = 5000;
const POLL_MS = 3000;
const STREAM_AGAIN_MS = 30000;
const SLEPT_MS = 5000; // the watchdog looks every second; after a longer gap the page was asleep
const WAITS_MS = [500, 1000, 2000, 4000]; // with the answer's time, the longest stays below ten seconds

/** A signal that ends a request after `ms`, or with the signal `sooner`; also where AbortSignal.timeout is not known. */
export function within(ms, sooner) {
  const limit = new AbortController();
  const end = () => limit.abort();
  setTimeout(end, ms);
  sooner?.addEventListener("abort", end, { once: true, signal: limit.signal });
  return limit.signal;
}

export class Live {
  /**
   * topics: names. onState(topic, state). onLink({state: "live" | "polling" | "connecting" | "lost" | "refused", since,
   * retryAt}) whenever that changes; `since` is when the last news came, by this computer's clock.
   */
  constructor(topics, { onState, onLink, base = "/v1" }) {
    this.topics = topics;
    this.onState = onState;
    this.onLink = onLink;
    this.base = base;
    this.heard = this.checked = this.asked = Date.now();
    this.skew = 0;
    this.tries = 0;
    this.newest = {};
    this.life = "";
    this.link = { state: "connecting" };
    this.watch = setInterval(() => this.check(), 1000);
    addEventListener("online", () => this.wake());
    addEventListener("pageshow", (event) => event.persisted && this.wake());
    document.addEventListener("visibilitychange", () => document.hidden || this.wake());
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
    this.streamed = Date.now();
    const heard = (topic) => (message) => {
      if (source !== this.source) return;
      this.streamed = Date.now();
      this.news("live", topic, JSON.parse(message.data), message.lastEventId);
    };
    for (const topic of this.topics) source.addEventListener(topic, heard(topic));
    source.addEventListener("heartbeat", heard(null));
    source.onerror = () => {
      if (source !== this.source) return;
      if (this.link.state === "live") {
        this.eager = true; // a cut, not a refusal: stream again after one look
        this.say({ state: "connecting" });
      }
      this.shut(); // the browser's own retry knows no backoff and gives up on 503
      this.poll();
    };
  }

  shut() {
    if (this.source) this.source.close();
    this.source = null;
  }

  news(state, topic, value, position) {
    this.heard = Date.now();
    this.skew = value.server_ms - this.heard;
    this.tries = 0;
    this.say({ state });
    if (topic && this.isNews(topic, value, position)) this.onState(topic, value);
  }

  /** Whether a state is at least as new as the last one; an answer may be overtaken by the stream. */
  isNews(topic, value, position) {
    const life = (position ?? "").split(".")[0];
    if (life && life !== this.life) {
      this.life = life;
      this.newest = {}; // a restored server: its clock may be behind what was heard before
    }
    if (value.server_ms < (this.newest[topic] ?? 0)) return false;
    this.newest[topic] = value.server_ms;
    return true;
  }

  /** Asks for the whole states once; answers false when the session has ended, throws when the server is away. */
  async ask(state) {
    this.asked = Date.now();
    const answer = await fetch(`${this.base}/state?topics=${this.topics.join(",")}`, { signal: within(ANSWER_MS) });
    if (answer.status === 401 || answer.status === 403) {
      this.shut();
      this.say({ state: "refused" });
      return false;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const { topics, position } = await answer.json();
    for (const topic of this.topics) this.news(state(), topic, topics[topic], position);
    return true;
  }

  async poll() {
    clearTimeout(this.timer);
    try {
      if (!(await this.ask(() => "polling"))) return;
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

  /** The page is looked at again, or the network is back: what it shows may be old, so it does not wait. */
  wake() {
    if (this.link.state === "refused" || (this.source && Date.now() - this.streamed < QUIET_MS)) return;
    this.shut();
    this.eager = true;
    this.retry();
  }

  check() {
    const now = Date.now();
    const slept = now - this.checked > SLEPT_MS;
    this.checked = now;
    if (this.link.state === "refused") return;
    if (slept && now - this.heard > QUIET_MS) this.wake();
    else if (this.source && now - this.streamed > SILENT_MS) {
      this.shut();
      this.eager = true;
      this.poll();
    } else if (this.source) this.look(now);
    if (now - this.heard > SILENT_MS) this.say({ state: "lost", since: this.heard, retryAt: this.retryAt });
  }

  /** Asks beside the stream: when it is quiet, and every half minute in any case. */
  look(now) {
    const quiet = now - this.heard > QUIET_MS;
    if (now - this.asked < (quiet ? ANSWER_MS : LOOK_MS)) return;
    this.ask(() => (this.source ? "live" : "polling")).catch(() => {}); // the watchdog tells about a lost server
  }

  say(link) {
    const same = link.state === this.link.state && link.retryAt === this.link.retryAt;
    this.link = link;
    if (!same) this.onLink(link);
  }
}
