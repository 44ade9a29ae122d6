// The helper's page: three taps to a number for somebody else, and the calls for help.
import { newKey, post, Refused } from "./commands.js";
import { $, el, icon } from "./dom.js";
import { Live } from "./live.js";
import { clock, duration, setup, t } from "./words.js";

const TILES = 8;
const DAY_MS = 86400000;
let services = setup.state, chosen = null, key = null, busy = false;

const live = new Live(["services"], {
  onState: (topic, state) => {
    services = state;
    draw();
  },
  onLink: (link) => {
    const lost = link.state === "lost";
    $("link").className = lost ? "link bad" : "link";
    $("link").textContent = lost ? t("console.lost_short", { clock: clock(link.since) }) : t("console.connected");
  },
});

const byCode = new Map(setup.services.map((one) => [one.code, one]));

/** Opening hours as the server said them when the page was made, moved on by the clock. */
function isOpen(code) {
  const { open, until } = byCode.get(code);
  return until === null || live.now() < until ? open : !open;
}

const canTake = (code) => isOpen(code) && !services.services[code].full;

const waitWords = (code) => {
  const { waiting, wait, full } = services.services[code];
  const { until } = byCode.get(code);
  if (!isOpen(code)) return until && until - live.now() < DAY_MS ? t("helper.closed", { clock: clock(until) }) : t("helper.closed_today");
  if (full) return t("helper.full");
  if (!waiting) return t("helper.nobody");
  if (!wait) return t("helper.ahead_only", { n: waiting });
  return t("helper.ahead", { n: waiting, range: `${wait[0]}\u2060–\u2060${wait[1]}\u00a0${t("common.minutes_short")}` });
};

function draw() {
  drawHelp();
  const words = $("find").value.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = words.length ? setup.services.filter((one) => words.every((word) => `${one.name} ${one.agency} ${one.words}`.toLowerCase().includes(word))) : setup.services.filter((one) => one.common);
  const shown = fitting.slice(0, TILES);
  $("none").hidden = shown.length > 0;
  const held = document.activeElement?.dataset?.code;
  $("tiles").replaceChildren(...shown.map((one) => el("button", { type: "button", class: "tile", dataset: { code: one.code }, "aria-disabled": String(!canTake(one.code)) }, el("b", {}, one.name), el("span", { class: "foot" }, el("span", {}, waitWords(one.code)), icon(one.icon)))));
  if (held) $("tiles").querySelector(`[data-code="${held}"]`)?.focus();
  if (chosen) $("chosen-wait").textContent = waitWords(chosen.code);
}

/** The calls for help, each with how long it has been waiting; drawn anew only when one changes, timed every second. */
function drawHelp() {
  const calls = services.help ?? [];
  const now = JSON.stringify(calls);
  if ($("calls").dataset.key !== now) {
    $("calls").dataset.key = now;
    $("calls").replaceChildren(...(calls.length ? calls.map(call) : [el("p", { class: "soft" }, t("helper.help_none"))]));
  }
  for (const since of $("calls").querySelectorAll("[data-since]")) since.textContent = duration(live.now() - Number(since.dataset.since));
}

function call(help) {
  const head = el("p", {}, icon(help.accepted ? "circle-check" : "lifebuoy"), el("b", {}, help.place));
  if (help.accepted) return el("div", { class: "call mine" }, el("div", { class: "call-head" }, head, el("span", { class: "soft" }, t("helper.help_accepted"))));
  const since = el("span", { class: "since", "aria-live": "off" }, el("b", { dataset: { since: String(help.asked_at) } }), t("helper.help_since"));
  return el("div", { class: "call open" }, el("div", { class: "call-head" }, head, since), el("button", { type: "button", class: "primary", dataset: { place: help.place } }, icon("walk"), t("helper.help_coming")));
}

setInterval(drawHelp, 1000);

function show(step) {
  for (const name of ["service", "reason", "done"]) $(`step-${name}`).hidden = name !== step;
  $("help").hidden = step !== "service";
  scrollTo(0, 0);
}

$("tiles").addEventListener("click", (event) => {
  const tile = event.target.closest("[data-code]");
  if (!tile || tile.getAttribute("aria-disabled") === "true") return;
  chosen = setup.services.find((one) => one.code === tile.dataset.code);
  key = newKey(); // one number however often "take" is pressed for this choice
  $("chosen-name").textContent = chosen.name;
  $("problem").hidden = true;
  document.querySelector("[name=priority][value=no]").checked = true;
  draw();
  show("reason");
  $("chosen-name").focus();
});

$("calls").addEventListener("click", (event) => {
  const { place } = event.target.closest("[data-place]")?.dataset ?? {};
  if (place) run({ command: "accept_help", counter: "", place }, newKey());
});

$("find").addEventListener("input", draw);
$("back").addEventListener("click", () => show("service"));
$("again").addEventListener("click", () => {
  $("find").value = "";
  draw();
  show("service");
});

$("take").addEventListener("click", async () => {
  if (busy) return;
  const priority = document.querySelector("[name=priority]:checked").value === "yes";
  const answer = await run({ command: "issue", counter: "", service: chosen.code, priority, language: setup.language }, key);
  if (!answer?.ticket) return;
  const page = await fetch(`/helper/ticket/${encodeURIComponent(answer.ticket.ticket_id)}`);
  const html = new DOMParser().parseFromString(await page.text(), "text/html");
  $("ticket").replaceWith(html.getElementById("ticket"));
  show("done");
  $("ticket").querySelector("h1").focus();
});

async function run(body, withKey) {
  busy = true;
  $("take").setAttribute("aria-busy", "true");
  try {
    return await post(body, withKey, { csrf: setup.csrf, language: setup.language });
  } catch (error) {
    $("problem").textContent = error instanceof Refused && error.message ? error.message : t("helper.failed");
    $("problem").hidden = false;
    if (!(error instanceof Refused)) return null;
    key = newKey();
    return null;
  } finally {
    busy = false;
    $("take").removeAttribute("aria-busy");
  }
}

draw();
