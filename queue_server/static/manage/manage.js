// What the manager's pages do beyond links and forms: parts that renew themselves, filters that answer at once, and
// a table that sorts without asking the server. Without this script everything still works by links.
import { Live, within } from "../js/live.js";
import { renew, signedOut, tell } from "../renew.js";

const SOON_MS = 400; // a burst of news is one look
const PREVIEW_MS = 8000;

for (const part of document.querySelectorAll("[data-renew]")) {
  const again = renew(part, say);
  if (part.dataset.follows) follow(part.dataset.follows.split(","), again);
}

/** Looks again as soon as the server tells of a change; says at once when the line is lost, and that it is back. */
function follow(topics, again) {
  let soon = 0;
  const look = () => {
    soon ||= setTimeout(() => {
      soon = 0;
      again();
    }, SOON_MS);
  };
  new Live(topics, {
    onState: look,
    onLink: ({ state }) => {
      if (state === "lost") tell("lost");
      else if (state === "live" || state === "polling") look();
      else if (state === "refused") location.reload(); // the session has ended: the sign-in comes up and leads back
    },
  });
}

/** What a screen reader is told of a change: the finding, when it is another one. */
function say(part) {
  const said = document.querySelector("[data-says]");
  const finding = part.querySelector("[data-say]")?.dataset.say;
  if (said && finding && said.textContent !== finding) said.textContent = finding;
}

for (const key of document.querySelectorAll(".no-script")) key.hidden = true; // what it does happens by itself here
document.querySelector("nav a[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

const preview = document.querySelector("[data-preview]");

if (preview) {
  const form = document.getElementById(preview.dataset.preview);
  let asked = 0;
  let soon = 0;
  const show = async () => {
    const turn = ++asked;
    const draft = new URLSearchParams(new FormData(form));
    for (const secret of ["csrf", "key"]) draft.delete(secret); // an address is written into logs
    const asks = { redirect: "manual", signal: within(PREVIEW_MS) };
    const answer = await fetch(`${preview.dataset.from}?${draft}`, asks).catch(() => null);
    const made = answer?.ok ? await answer.text().catch(() => "") : ""; // never another draft's words
    if (turn !== asked) return;
    preview.innerHTML = made;
    if (!made) tell(answer && signedOut(answer) ? "ended" : "lost");
  };
  form?.addEventListener("input", () => {
    clearTimeout(soon);
    soon = setTimeout(show, SOON_MS);
  });
}

for (const form of document.querySelectorAll("form[data-sends]")) {
  for (const choice of form.querySelectorAll("select")) choice.addEventListener("change", () => form.requestSubmit());
}

const value = (row, column) => Number(row.cells[column].dataset.value ?? "-1");

for (const table of document.querySelectorAll("table[data-sorts]")) {
  for (const head of table.querySelectorAll("th[data-column]")) {
    head.querySelector("a").addEventListener("click", (event) => {
      event.preventDefault();
      const up = head.getAttribute("aria-sort") === "descending";
      for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const body = table.tBodies[0];
      const rows = [...body.rows].sort((one, other) => value(other, head.cellIndex) - value(one, head.cellIndex));
      body.append(...(up ? rows.reverse() : rows));
    });
  }
}
