// On the helper's page: which kiosk prints the number, and how that ended.
import { $, el } from "./dom.js";
import { within } from "./live.js";
import { setup, t } from "./words.js";

const KEPT = "antrean.print_at"; // the choice belongs to this browser: a tablet stays near one kiosk
const LOOK_MS = 1000;
const ENDED = new Set(["printed", "failed", "unknown", "late"]);
const choosers = [...document.querySelectorAll("[data-prints]")]; // one beside each way to a number; they agree
let kiosks = setup.kiosks;
let followed = null; // the one paper looked after now: the timer of its next look

const kept = () => {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? { id: "", name: "" };
  } catch {
    return { id: "", name: "" };
  }
};

/** Asks which kiosks can be reached now, then draws the chooser; an answer that does not come changes nothing. */
export async function refresh() {
  draw();
  const answer = await fetch("/helper/kiosks", { signal: within(3000) }).catch(() => null);
  if (!answer?.ok) return;
  kiosks = await answer.json();
  draw();
}

function draw() {
  const wish = kept(), near = kiosks.some((one) => one.id === wish.id);
  const named = (one) => (one.bad ? t("helper.print_was_bad", { name: one.name }) : one.name);
  for (const chooser of choosers) {
    chooser.replaceChildren(el("option", { value: "" }, t("helper.print_none")), ...kiosks.map((one) => el("option", { value: one.id }, named(one))));
    chooser.value = near ? wish.id : "";
  }
  tell(wish.id && !near ? t("helper.print_away", { kiosk: wish.name }) : null);
}

function tell(instead) {
  const there = chosen();
  $("print-said").textContent = instead ?? (there ? t("helper.print_there", { kiosk: there.name }) : t("helper.print_here_only"));
}

/** The kiosk to print at, or null. */
export const chosen = () => kiosks.find((one) => one.id === choosers[0].value) ?? null;

for (const chooser of choosers) chooser.addEventListener("change", () => {
  for (const other of choosers) other.value = chooser.value;
  const there = chosen();
  localStorage.setItem(KEPT, JSON.stringify(there ? { id: there.id, name: there.name } : { id: "", name: "" }));
  tell(null);
});

/** Says beside the number how its print goes, until it has ended or the helper goes on. */
export function follow(token, kiosk) {
  leave();
  if (!kiosk) return;
  const mine = (followed = { timer: 0 });
  const look = async () => {
    const state = await paperOf(token);
    const said = $("paper-state");
    if (followed !== mine || !said) return; // an answer that was on its way is no longer about what is shown
    if (state && said.dataset.state !== state) {
      said.dataset.state = state;
      said.textContent = t(`helper.paper_${state}`, { kiosk: kiosk.name });
    }
    if (!ENDED.has(state)) mine.timer = setTimeout(look, LOOK_MS);
  };
  look();
}

/** What became of a number's paper, or null while that is not to be learnt. */
async function paperOf(token) {
  const topic = `ticket:${token}`;
  try {
    const answer = await fetch(`/v1/state?topics=${topic}`, { signal: within(5000) });
    return answer.ok ? (await answer.json()).topics[topic].paper : null;
  } catch {
    return null;
  }
}

/** The helper has gone on to the next number. */
export function leave() {
  clearTimeout(followed?.timer);
  followed = null;
}
