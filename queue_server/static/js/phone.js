// Keeps the number's page fresh: when its state changes, the page itself is asked for again, so that what a phone
// without scripts sees and what this one shows can never differ. Rings when called, and before, if asked to.
import { Live } from "./live.js";
import { nearly } from "./phone-near.js";
import { Chime, memory } from "./phone-sound.js";
import { clock, duration, said, setup, t } from "./words.js";

const CALL_ROUNDS = 3;
const BLINK_MS = 1000;
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
let fetching = false;
let soon = Number(memory.get(SOON)) || 0;

const chime = new Chime(tellNotice);
const live = new Live([`ticket:${setup.token}`], { onState: hear, onLink: tellLink });

function hear(_, state) {
  const before = current;
  current = state;
  $("stale").hidden = true;
  document.body.classList.remove("lost");
  tellFresh();
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
  replace();
}

function tellFresh() {
  $("fresh").lastElementChild.textContent = t("phone.updated", { clock: clock(current.server_ms) });
}

function tellLink(link) {
  if (link.state !== "lost") return;
  const since = clock(link.since + (live.now() - Date.now()));
  $("stale").lastElementChild.textContent = t("phone.stale", { clock: since });
  $("stale").hidden = false;
  document.body.classList.add("lost");
  replace(true); // a server that no longer knows the number answers, and its page says so
}

/** Asks for the page until it shows what the newest message says; messages may overtake each other meanwhile. */
async function replace(always = false) {
  if (fetching) return;
  fetching = true;
  try {
    for (let tries = 0; (always || shown !== wanted) && tries < 3; tries++) {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.status === 404) return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      put(new DOMParser().parseFromString(await answer.text(), "text/html"));
      always = false;
    }
  } catch {
    // the server is away: the next message tries again, and the line at the top says since when
  } finally {
    fetching = false;
  }
}

function put(page) {
  const fresh = JSON.parse(page.getElementById("setup")?.textContent ?? "{}");
  const focused = document.activeElement?.id;
  const opened = [...$("foot").querySelectorAll("details")].filter((one) => one.open).map((one) => one.firstElementChild.id);
  const lost = document.body.classList.contains("lost");
  document.body.className = page.body.className;
  document.body.classList.toggle("lost", lost);
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
  $("unsent").hidden = true;
  key.disabled = true; // one press, one request; the server would take a second one calmly
  try {
    const answer = await fetch(form.action, { method: "POST", signal: AbortSignal.timeout?.(10000) });
    if (!answer.ok) throw new Error(String(answer.status));
    $("ask").close?.();
    await replace(true);
  } catch {
    $("ask").close?.();
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
