// Sends commands so that one press acts once: the idempotency key is made with the press and kept for every retry.

import { within } from "./live.js";

/** What an officer may do while the server is away: kept in this browser and sent later, in order, each with its key. */
export const KEPT = new Set(["finish", "hold", "note", "deliver", "start_break"]);
const STALE_MS = 90000; // a press so long ago (a laptop slept in between) calls nobody any more
const ANSWER_MS = 8000;
const RETRY_WAITS_MS = [400, 800, 1600, 3200, 5000, 5000, 5000, 5000];
const AGAIN = new Set([408, 425, 429, 500, 502, 503, 504]);

/** 32 hexadecimal digits. `crypto.randomUUID` does not exist on plain http, which is what a mall's network has. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Refused extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** Nothing came of it; `answered` when the server is there but could not do it. */
export class Unreachable extends Error {
  constructor(answered) {
    super();
    this.answered = answered;
  }
}

/**
 * Posts one command, up to `tries` times with the same key while the server is away or unwell, and no longer than until
 * the signal `giveUp`. Throws Refused or Unreachable.
 */
export async function post(body, key, { csrf, language, tries = RETRY_WAITS_MS.length + 1, giveUp }) {
  const pressed = Date.now();
  let answer = null;
  for (let attempt = 0; ; attempt++) {
    if (giveUp?.aborted || Date.now() - pressed > STALE_MS) throw new Unreachable(answer !== null);
    answer = await once(body, key, csrf, language, giveUp);
    if (answer?.ok) return answer.said;
    if (answer && !AGAIN.has(answer.status)) throw new Refused(answer.said?.error?.code ?? String(answer.status), answer.said?.error?.message ?? "");
    if (attempt + 1 >= tries) throw new Unreachable(answer !== null);
    await pause(answer?.waitMs || RETRY_WAITS_MS[attempt], giveUp);
  }
}

const pause = (ms, giveUp) => new Promise((done) => {
  setTimeout(done, ms);
  giveUp?.addEventListener("abort", done, { once: true });
});

/** What the server answers to one try; null when nothing whole came back in time. */
async function once(body, key, csrf, language, giveUp) {
  try {
    const answer = await fetch("/v1/commands", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": key, "X-CSRF-Token": csrf, "Accept-Language": language },
      body: JSON.stringify(body),
      signal: within(ANSWER_MS, giveUp),
    });
    const said = await answer.json().catch(() => null);
    if (answer.ok && said === null) return null; // cut off, or not from the server at all
    return { ok: answer.ok, status: answer.status, said, waitMs: Number(answer.headers.get("Retry-After")) * 1000 };
  } catch {
    return null;
  }
}

/**
 * Commands with their keys that a reload must not lose: those pressed while the server was away, until they can be sent,
 * and those that can no longer be sent, until somebody has read so. `name` is theirs alone.
 */
export class Shelf {
  constructor(name) {
    this.name = `antrean.${name}`;
  }

  all() {
    try {
      return JSON.parse(localStorage.getItem(this.name) ?? "[]");
    } catch {
      return [];
    }
  }

  add(item) {
    this.keep([...this.all().filter((other) => other.key !== item.key), item]);
  }

  drop(key) {
    this.keep(this.all().filter((item) => item.key !== key));
  }

  keep(items) {
    localStorage.setItem(this.name, JSON.stringify(items));
  }
}
