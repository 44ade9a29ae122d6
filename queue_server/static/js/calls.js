// Which call is shown and heard, and when the next one follows: none dropped, none over another. Pure: no page, no clock.

/** How long a call stays "now" when no other waits. */
export const HOLD_MS = 15000;
/** The least time a call is shown while others wait: where nothing is heard, as long as the longest call of a shipped
 * voice (10.3 s), so that silent and speaking boards go together; where it is heard, its sound decides. */
export const LEAST_MS = 10500, SPOKEN_LEAST_MS = 6000;
/** In quiet hours eyes need more time: so long before the next call, and so long when none follows. */
export const QUIET_LEAST_MS = 9000, QUIET_HOLD_MS = 30000;
/** A call this old when first heard (the board was away) joins the history without a sound. */
const OLD_MS = 180000;
const SEEN_KEPT = 500;

export class CallQueue {
  constructor() {
    this.seen = null; // null until the first snapshot, which is history and sounds nothing
    this.waiting = [];
    this.current = null;
    this.beganAt = 0;
    this.freeAt = 0;
    this.endsAt = 0;
  }

  /** Hears a snapshot of calls, newest first. Every call and every recall has its own id. */
  hear(calls, now) {
    if (this.seen === null) {
      this.seen = calls.map((call) => call.call_id);
      return;
    }
    const fresh = calls.filter((call) => !this.seen.includes(call.call_id)).reverse();
    this.seen = [...this.seen, ...fresh.map((call) => call.call_id)].slice(-SEEN_KEPT);
    this.waiting.push(...fresh.filter((call) => now - call.called_at <= OLD_MS));
  }

  /** Moves on to `now`: the call to start showing, or null. `sounding` keeps the next one waiting, `quiet` longer;
   * `spoken` says that calls are heard here. */
  advance(now, sounding = false, quiet = false, spoken = false) {
    if (this.waiting.length && now >= this.freeAt && !sounding) {
      this.current = this.waiting.shift();
      this.beganAt = now;
      this.freeAt = now + Math.max(spoken ? SPOKEN_LEAST_MS : LEAST_MS, quiet ? QUIET_LEAST_MS : 0);
      this.endsAt = now + (quiet ? QUIET_HOLD_MS : HOLD_MS);
      return this.current;
    }
    if (this.current && !this.waiting.length && now >= this.endsAt && !sounding) this.current = null;
    return null;
  }

  /** What the board shows large: the call that is now, else the last one; with the earlier ones below it. */
  shown(calls) {
    const pending = new Set(this.waiting.map((call) => call.call_id));
    const told = calls.filter((call) => !pending.has(call.call_id));
    const large = this.current ?? told[0] ?? null;
    const labels = new Set(large ? [large.label] : []);
    const earlier = told.filter((call) => call !== large && !labels.has(call.label) && labels.add(call.label));
    return { large, earlier };
  }
}
