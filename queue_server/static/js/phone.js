// Keeps the number's page fresh: when its state changes, the page itself is asked for again, so that what a phone
// without scripts sees and what this one shows can never differ.
import { Live } from "./live.js";
import { clock, said, setup, t } from "./words.js";

let shown = setup.key; // what the page shows
let wanted = setup.key; // what the newest message says
let fetching = false;

const live = new Live([`ticket:${setup.token}`], {
  onState: (topic, state) => {
    const fresh = document.getElementById("fresh");
    fresh.classList.remove("lost");
    fresh.lastElementChild.textContent = t("phone.updated", { clock: clock(state.server_ms) });
    if (state.state === "called" && !wanted.startsWith('["called"')) ring(state);
    wanted = keyOf(state);
    replace();
  },
  onLink: (link) => {
    if (link.state !== "lost") return;
    const fresh = document.getElementById("fresh");
    fresh.classList.add("lost");
    fresh.lastElementChild.textContent = t("phone.stale", { clock: clock(link.since + (live.now() - Date.now())) });
  },
});

const keyOf = (state) => JSON.stringify(["state", "ahead", "wait", "counter", "call_id", "label"].map((name) => state[name]));

/** Asks for the page until it shows what the newest message says; messages may overtake each other meanwhile. */
async function replace() {
  if (fetching) return;
  fetching = true;
  try {
    for (let tries = 0; shown !== wanted && tries < 3; tries++) {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.body.className = page.body.className;
      document.title = page.title;
      document.getElementById("content").replaceWith(page.getElementById("content"));
      shown = JSON.parse(page.getElementById("setup")?.textContent ?? "{}").key;
    }
  } catch {
    // the server is away: the next message tries again, and the line below says since when
  } finally {
    fetching = false;
  }
}

function ring(state) {
  document.getElementById("said").textContent = t("phone.say_called", { counter: said(state.counter_name) });
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.([300, 150, 300]); // refused before the first touch
}
