// Keeps the number's page fresh: when its state changes, the page itself is asked for again, so that what a phone
// without scripts sees and what this one shows can never differ. Rings when called, and before, if asked to.
import { Live, within } from "./live.js";
import { nearly } from "./phone-near.js";
import { Chime, memory } from "./phone-sound.js";
import { clock, duration, said, setup, t } from "./words.js";

const CALL_ROUNDS = 3;
const BLINK_MS = 1000;
const PAGE_MS = 5000, PRESS_MS = 10000;
const AGAIN_MS = [1000, 2000, 4000, 8000];
const SOON = "antrean_soon", TOLD = "antrean_told";
const PARTS = ["live", "foot"]; // what is replaced; the rest (a question that is open, the sound's key) stays
const ENDED = ["completed", "cancelled", "expired"];

document.documentElement.dataset.live = "yes"; // the plain script may rest
const $ = (id) => document.getElementById(id);
const keyOf = (state) => JSON.stringify(setup.shown.map((name) => state[name] ?? null));

let shown = setup.key; // what the page shows
let wanted = setup.key; // what the newest message says
let current = setup.state;
let title = document.title;
let freshAt = current.server_ms; // the server's time of the newest message that the page shows
let lost = false; // the server's news stay away
let fetching = false;
let failures = 0;
let again = null;
let soon = Number(memory.get(SOON)) || 0;

const chime = new Chime(tellNotice);
const live = new Live([`ticket:${setup.token}`], { onState: hear, onLink: tellLink });

function hear(_, state) {
  const before = current;
  current = state;
  if (state.state !== before.state) $("unsent").hidden = true; // it arrived after all, or no longer matters
  if (state.state === "called" && state.call_id !== before.call_id) {
    say(t(state.calls > 1 ? "phone.say_again" : "phone.say_called", { counter: said(state.counter_name) }));
    $("ask").close?.();
    chime.ring(CALL_ROUNDS);
  } else if (state.state !== before.state) say(t("phone.say_changed"));
  chime.rest(state.state === "called");
  tellNear();
  tellNotice();
  wanted = keyOf(state);
  tellFresh();
  replace();
}

/** Once the page shows what the newest message says; until then what it says of the network stays. */
function tellFresh() {
  if (lost || shown !== wanted) return;
  freshAt = current.server_ms;
  $("fresh").lastElementChild.textContent = t("phone.updated", { clock: clock(freshAt) });
  $("stale").hidden = true;
  document.body.classList.remove("lost");
}

function tellStale(since) {
  $("stale").lastElementChild.textContent = t("phone.stale", { clock: clock(since) });
  $("stale").hidden = false;
  document.body.classList.add("lost");
}

function tellLink(link) {
  lost = link.state === "lost";
  if (!lost) return;
  tellStale(Math.min(link.since + (live.now() - Date.now()), shown === wanted ? Infinity : freshAt));
  replace(true); // a server that no longer knows the number answers, and its page says so
}

/** Asks for the page until it shows what the newest message says; messages may overtake each other meanwhile. */
async function replace(always = false) {
  if (fetching) return;
  fetching = true;
  clearTimeout(again);
  try {
    for (let tries = 0; (always || shown !== wanted) && tries < 3; tries++) {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, signal: within(PAGE_MS) });
      if (answer.status === 404) return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      put(new DOMParser().parseFromString(await answer.text(), "text/html"));
      always = false;
      failures = 0;
    }
  } catch {
    if (shown !== wanted) tellStale(freshAt); // messages arrive, the page does not: what it shows is old
  } finally {
    fetching = false;
    if (shown !== wanted) again = setTimeout(replace, AGAIN_MS[Math.min(failures++, AGAIN_MS.length - 1)]);
  }
}

function put(page) {
  if (!PARTS.every((id) => page.getElementById(id))) throw new Error("another page"); // a hotspot's own, perhaps
  const fresh = JSON.parse(page.getElementById("setup")?.textContent ?? "{}");
  const focused = document.activeElement?.id;
  const opened = [...$("foot").querySelectorAll("details")].filter((one) => one.open).map((one) => one.firstElementChild.id);
  const dimmed = document.body.classList.contains("lost");
  document.body.className = page.body.className;
  document.body.classList.toggle("lost", dimmed);
  title = page.title;
  document.title = title;
  for (const id of PARTS) $(id).replaceWith(page.getElementById(id));
  for (const id of opened) if ($(id)) $(id).parentElement.open = true;
  if (focused && document.activeElement === document.body) $(focused)?.focus();
  shown = fresh.key;
  if (current.state === "called") scrollTo(0, 0);
  tellFresh();
  countDown();
  tellNotice();
}

const say = (words) => ($("said").textContent = words);

function tellNear() {
  const near = nearly(current, chime.wanted ? soon : 0, memory.get(TOLD, "sessionStorage"));
  $("near").hidden = !near.is;
  if (!near.is) return;
  const zone = said(current.zone);
  const words = current.ahead ? t("phone.near", { n: current.ahead, zone }) : t("phone.near_none", { zone });
  const place = $("near").lastElementChild;
  if (place.textContent !== words) place.textContent = words;
  if (!near.fresh) return;
  memory.set(TOLD, near.step, "sessionStorage");
  chime.ring(1);
}

function tellNotice() {
  const part = $("notice");
  if (!part) return;
  part.hidden = ENDED.includes(current.state);
  const state = chime.state();
  $("sound").hidden = state === "none";
  $("sound").setAttribute("aria-pressed", String(chime.wanted));
  $("soon").hidden = state === "none" || !chime.wanted || current.state !== "waiting";
  for (const choice of document.querySelectorAll("[name=soon]")) choice.checked = Number(choice.value) === soon;
  const sleeps = state === "on" && !chime.awake() ? ` ${t("phone.screen_sleeps")}` : "";
  const words = t(`phone.notice_${state}`) + sleeps;
  if ($("notice-said").textContent !== words) $("notice-said").textContent = words;
}

$("sound")?.addEventListener("click", async () => {
  await chime.turn(!chime.wanted);
  tellNear();
});

$("soon")?.addEventListener("change", (event) => {
  soon = Number(event.target.value);
  memory.set(SOON, String(soon));
  tellNear();
});

document.addEventListener("click", (event) => {
  const ask = $("ask");
  if (event.target.closest("#leave") && ask.showModal) {
    event.preventDefault();
    ask.showModal();
    $("stay").focus();
  } else if (event.target.closest("#stay")) ask.close();
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!("soft" in form.dataset)) return;
  event.preventDefault();
  const key = form.querySelector("button");
  const before = current.state;
  $("unsent").hidden = true;
  key.disabled = true; // one press, one request; the server would take a second one calmly
  try {
    const answer = await fetch(form.action, { method: "POST", redirect: "manual", signal: within(PRESS_MS) });
    if (answer.type !== "opaqueredirect") throw new Error(String(answer.status));
    $("ask").close?.();
    await replace(true);
  } catch {
    $("ask").close?.();
    if (current.state !== before) return; // it was done, though the answer was lost
    $("unsent").hidden = false; // a line of its own: what is said of the network changes with every try
    $("unsent").lastElementChild.textContent = t("phone.not_sent");
  } finally {
    key.disabled = false;
  }
});

/** What is left of a time limit, beside the clock that the server wrote. */
function countDown() {
  for (const place of document.querySelectorAll("[data-until]")) {
    const left = Number(place.dataset.until) - live.now();
    place.textContent = left > 0 ? t("phone.back_left", { time: duration(left) }) : "";
  }
}

let lit = false;
setInterval(() => {
  countDown();
  lit = current.state === "called" && !lit;
  document.title = lit ? `● ${t("phone.your_turn")}` : title;
}, BLINK_MS);

tellNear();
tellNotice();
countDown();
chime.rest(current.state === "called");
