// Texts, clocks and durations in the page's language, from the setup block the server put into the page.

export const setup = JSON.parse(document.getElementById("setup").textContent);
const { timezone } = setup;

/** The unfilled text for a key; n chooses between plural forms. */
export function pattern(key, n) {
  const found = setup.texts[key]; // a board changes its language
  if (found === undefined) throw new Error(`no text ${key}`);
  return Array.isArray(found) ? found[n === 1 ? 0 : 1] : found;
}

/** The text for a key with its places filled. */
export function t(key, params = {}) {
  return pattern(key, params.n).replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
}

/** Whether there is such a text. */
export const has = (key) => key in setup.texts;

const hands = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: timezone });

/** "09.41" as everybody here writes it, "09:41" in English, in the mall's time zone. */
export function clock(ms) {
  const read = hands.format(new Date(ms));
  return setup.language === "en" ? read : read.replace(":", ".");
}

const leaves = new Intl.DateTimeFormat("sv-SE", { timeZone: timezone });

/** "2025-11-24" in the mall's time zone. */
export const day = (ms) => leaves.format(new Date(ms));

/** Whole minutes with their unit: "24 mnt". */
export const minutes = (ms) => `${Math.max(0, Math.floor(ms / 60000))} ${t("common.minutes_short")}`;

/** [[5, "mnt"], [48, "dtk"]]: two largest units, never a colon, so that nobody reads a time of day. */
export function parts(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const h = Math.floor(seconds / 3600), m = Math.floor((seconds % 3600) / 60), s = seconds % 60;
  const [hour, minute, second] = ["hours", "minutes", "seconds"].map((name) => t(`common.${name}_short`));
  return h ? [[h, hour], [m, minute]] : [[m, minute], [s, second]];
}

/** "5 mnt 48 dtk". */
export function duration(ms) {
  const [first, second] = parts(ms);
  return (first[0] ? [first, second] : [second]).map((part) => part.join(" ")).join(" ");
}

/** The words of a bilingual value. */
export const said = (words) => (words ? words[setup.language] || words.id : "");
