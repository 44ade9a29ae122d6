// Whose turn it is where things take turns: languages, and supervisors' notices with the counts. Pure: no page, no clock.
// All follow the server's clock, so that the boards of a hall change together.

export const LANGUAGE_MS = 10000;
/** How long the counts and the running text stay between two rounds of notices. */
export const FOOT_MS = 12000;
const SHIFT = [[0, 0], [2, 0], [2, 2], [0, 2], [-2, 2], [-2, 0], [-2, -2], [0, -2], [2, -2]];
const SHIFT_MS = 60000;

/** Which of `languages` it is; a call keeps the one it began with while it sounds. */
export function languageAt(languages, queue, now, sounding = false) {
  const kept = queue.current && (sounding || now < queue.freeAt);
  return Math.floor((kept ? queue.beganAt : now) / LANGUAGE_MS) % languages;
}

/** The notices that still hold in these zones, the newest first. */
export function noticesOn(notices, here, now) {
  return notices.filter((one) => here(one.zone) && now < one.until_ms).sort((one, two) => two.at - one.at);
}

/** The notice whose turn it is, null when it is the counts'; a new one is first, and each stays for every language. */
export function noticeAt(notices, now, languages) {
  if (!notices.length) return null;
  const each = LANGUAGE_MS * languages;
  const phase = (now - notices[0].at) % (each * notices.length + FOOT_MS);
  return notices[Math.floor(phase / each)] ?? null;
}

/** How far the picture stands aside, so that nothing burns in: drawn pixels across and down. */
export const shiftAt = (now) => SHIFT[Math.floor(now / SHIFT_MS) % SHIFT.length];
