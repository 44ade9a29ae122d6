// Sends commands so that one press acts once: the idempotency key is made with the press and kept for every retry.

/** What an officer may do while the server is away: kept in this browser and sent later, in order, each with its key. */
export const KEPT = new Set(["finish", "hold", "note", "deliver", "start_break"]);
const STALE_MS = 90000; // a press so long ago (a laptop slept in between) calls nobody any more
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

export class Unreachable extends Error {}

/** Posts one command, up to `tries` times with the same key while the server is away. Throws Refused or Unreachable. */
export async function post(body, key, { csrf, language, tries = RETRY_WAITS_MS.length + 1 }) {
  const pressed = Date.now();
  for (let attempt = 0; ; attempt++) {
    if (Date.now() - pressed > STALE_MS) throw new Unreachable();
    const answer = await once(body, key, csrf, language);
    if (answer && answer.ok) return answer.json();
    if (answer && !AGAIN.has(answer.status)) {
      const said = await answer.json().catch(() => ({}));
      throw new Refused(said.error?.code ?? String(answer.status), said.error?.message ?? "");
    }
    if (attempt + 1 >= tries) throw new Unreachable();
    const asked = Number(answer?.headers.get("Retry-After")) * 1000;
    await new Promise((done) => setTimeout(done, asked || RETRY_WAITS_MS[attempt]));
  }
}

async function once(body, key, csrf, language) {
  try {
    return await fetch("/v1/commands", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": key, "X-CSRF-Token": csrf, "Accept-Language": language },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(8000),
    });
  } catch {
    return null;
  }
}

/** Commands pressed while the server was away, kept in this browser with their keys until they can be sent. */
export class Outbox {
  constructor(name) {
    this.name = `antrean.outbox.${name}`;
  }

  all() {
    try {
      return JSON.parse(localStorage.getItem(this.name) ?? "[]");
    } catch {
      return [];
    }
  }

  add(item) {
    this.keep([...this.all(), item]);
  }

  drop(key) {
    this.keep(this.all().filter((item) => item.key !== key));
  }

  keep(items) {
    localStorage.setItem(this.name, JSON.stringify(items));
  }
}
