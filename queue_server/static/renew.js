// Keeps a part of a page fresh by asking the server for it again; says so when the server cannot be reached.

const ANSWER_MS = 8000;
const LOST_AFTER = 2;

/**
 * Renews `part` from its `data-renew` address every `data-every` seconds while the page is looked at. `lost` (an element
 * or null) is shown after two failures in a row and hidden by the next answer. `changed` is called after each change.
 * Gives a function that asks at once. A link that has the focus keeps it; a form or an opened part somebody is in is left alone.
 */
export function renew(part, lost = null, changed = () => {}) {
  let shown = null;
  let failed = 0;
  let timer = 0;

  async function again() {
    clearTimeout(timer);
    try {
      const limit = AbortSignal.timeout ? AbortSignal.timeout(ANSWER_MS) : undefined;
      const answer = await fetch(part.dataset.renew, { cache: "no-store", redirect: "error", signal: limit });
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      failed = 0;
      if (lost) lost.hidden = true;
      if (html !== shown && !part.contains(document.activeElement?.closest("form,button,details[open]"))) {
        const at = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
        part.innerHTML = html;
        shown = html;
        if (at) part.querySelector(`a[href="${CSS.escape(at)}"]`)?.focus({ preventScroll: true });
        changed(part);
      }
      tick(answer.headers.get("X-Clock"));
    } catch {
      failed += 1;
      if (lost && failed >= LOST_AFTER) lost.hidden = false;
    }
    timer = setTimeout(again, Number(part.dataset.every) * 1000);
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : again()));
  timer = setTimeout(again, Number(part.dataset.every) * 1000);
  return again;
}

function tick(clock) {
  if (clock) for (const shown of document.querySelectorAll("[data-clock]")) shown.textContent = clock;
}
