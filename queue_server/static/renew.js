// Keeps a part of a page fresh by asking the server for it again; says so when the server cannot be reached, or when
// it answers that the person is signed out.
import { within } from "./js/live.js";

const ANSWER_MS = 8000;
const LOST_AFTER = 2;

/**
 * Renews `part` from its `data-renew` address every `data-every` seconds while the page is looked at. Two failures in a
 * row are said, until the next answer. `changed` is called after each change.
 * Gives a function that asks at once. A link that has the focus keeps it; a form or an opened part somebody is in is left alone.
 */
export function renew(part, changed = () => {}) {
  let shown = null;
  let failed = 0;
  let timer = 0;

  async function again() {
    clearTimeout(timer);
    try {
      const answer = await fetch(part.dataset.renew, { cache: "no-store", redirect: "manual", signal: within(ANSWER_MS) });
      if (signedOut(answer)) tell("ended"); // and go on: signed in beside it, this page lives again
      else await show(answer);
    } catch {
      failed += 1;
      if (failed >= LOST_AFTER) tell("lost");
    }
    timer = setTimeout(again, Number(part.dataset.every) * 1000);
  }

  async function show(answer) {
    if (!answer.ok) throw new Error(String(answer.status));
    const html = await answer.text();
    failed = 0;
    tell("");
    if (html !== shown && !part.contains(document.activeElement?.closest("form,button,details[open]"))) {
      const at = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      part.innerHTML = html;
      shown = html;
      if (at) part.querySelector(`a[href="${CSS.escape(at)}"]`)?.focus({ preventScroll: true });
      changed(part);
    }
    tick(answer.headers.get("X-Clock"));
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : again()));
  timer = setTimeout(again, Number(part.dataset.every) * 1000);
  return again;
}

/** Whether the answer is the way to the sign-in instead of what was asked for. */
export const signedOut = (answer) => answer.type === "opaqueredirect" || answer.status === 401;

/** Says what is wrong with the line to the server: "lost", "ended" or "" for nothing. */
export function tell(line) {
  for (const one of document.querySelectorAll("[data-line]")) one.hidden = one.dataset.line !== line;
}

function tick(clock) {
  if (clock) for (const shown of document.querySelectorAll("[data-clock]")) shown.textContent = clock;
}
