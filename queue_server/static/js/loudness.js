// How loud a board in a browser is when: levels and quiet hours from its address. Pure: no page, no clock.

/** By level: 5.5 dB a step, as kiosks and displays. */
export const GAINS = [0, 0.08, 0.15, 0.28, 0.53, 1];
const USUAL = 4;
const QUIET = 1;
const HOURS = /^([01]?\d|2[0-4])[:.]([0-5]\d)-([01]?\d|2[0-4])[:.]([0-5]\d)$/;

/** "volume=4&quiet=12:00-13:00,17:00-07:00&quiet_volume=1" of an address; what cannot be read counts as not said. */
export function loudnessOf(search) {
  const said = new URLSearchParams(search);
  return {
    level: level(said.get("volume"), USUAL),
    quietLevel: level(said.get("quiet_volume"), QUIET),
    quiet: (said.get("quiet") ?? "").split(",").map(span).filter(Boolean),
  };
}

/** Whether this minute of the mall's day lies in quiet hours, which may go past midnight. */
export const isQuiet = ({ quiet }, minute) =>
  quiet.some(([first, end]) => (first < end ? first <= minute && minute < end : minute >= first || minute < end));

/** The gain at this minute; quiet hours make nothing louder. */
export const gainAt = (loudness, minute) =>
  GAINS[isQuiet(loudness, minute) ? Math.min(loudness.level, loudness.quietLevel) : loudness.level];

const level = (text, usual) => (/^[0-5]$/.test(text ?? "") ? Number(text) : usual);

function span(text) {
  const found = HOURS.exec(text.trim());
  if (!found) return null;
  const [first, end] = [found[1] * 60 + Number(found[2]), found[3] * 60 + Number(found[4])];
  return first < 1440 && end <= 1440 && first !== end ? [first, end] : null;
}
