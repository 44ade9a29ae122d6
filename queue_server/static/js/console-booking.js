// Bookings at a counter: who is still expected today and who is late, and checking somebody in by code.
import { isTyped, shownCode } from "./booking-code.js";
import { sheet } from "./console-ask.js";
import { finder, chosen } from "./console-visit.js";
import { el, icon } from "./dom.js";
import { within } from "./live.js";
import { clock, minutes, said, t } from "./words.js";

const MINUTE_MS = 60000;
const SLOW_MS = 8000;

/** The day's bookings of this counter that have not come yet; an answer that does not come changes nothing. */
export async function expected() {
  const answer = await fetch("/counter/bookings", { signal: within(SLOW_MS) }).catch(() => null);
  return answer?.ok ? answer.json() : null;
}

/** Of the day's bookings those whose visitors are not in any list of the counter: the stream is quicker than a look. */
export function stillExpected({ bookings, state }) {
  const rows = [...state.waiting, ...state.on_hold, ...state.no_show, ...(state.current ? [state.current] : [])];
  const here = new Set(rows.map((row) => row.booking?.code));
  return (bookings ?? []).filter((row) => !here.has(row.code));
}

const isLate = (slot, now) => now - slot >= MINUTE_MS; // nobody is late by seconds

/** How many of these should be here by now. */
export const lateOnes = (rows, now) => rows.filter((row) => isLate(row.slot_ms, now)).length;

/** A line of the list of those who have not come: the hour, what for, how late, and until when the place is kept. */
export function expectedLine(row) {
  return el("li", { dataset: { is: row.code } },
    el("button", { type: "button", dataset: { booking: row.code } },
      el("span", { class: "n" }, el("b", { class: "num" }, clock(row.slot_ms))),
      el("span", { class: "s" },
        el("span", { class: "one" }, el("span", { class: "what" }, said(row.service)), el("strong", { class: "fixed", dataset: { slot: row.slot_ms } })),
        el("span", { class: "two" }, el("span", { class: "why" }, icon("calendar-time"), el("span", { dataset: { kept: row.until_ms, code: shownCode(row.code) } }))))));
}

/** Moves on how late everybody is; called every second. */
export function tickExpected(now) {
  for (const node of document.querySelectorAll("[data-slot]")) {
    const over = now - Number(node.dataset.slot), late = isLate(Number(node.dataset.slot), now);
    node.closest("li").classList.toggle("is-late", late);
    if (late) node.replaceChildren(icon("alert-triangle"), t("console.booking_late", { minutes: minutes(over) }));
    else node.replaceChildren(over < 0 ? t("console.booking_due", { minutes: minutes(MINUTE_MS - over) }) : t("console.booking_now"));
  }
  for (const node of document.querySelectorAll("[data-kept]")) {
    const until = Number(node.dataset.kept);
    node.textContent = t(now > until ? "console.booking_past" : "console.booking_kept", { code: node.dataset.code, clock: clock(until) });
  }
}

/** Why a booked visitor stands where they do, as a whole reason or beside another one; null without a booking. */
export function bookingWords({ booking, arrived_at: arrived }, whole) {
  if (!booking) return null;
  const params = { clock: clock(booking.slot_ms), arrived_at: clock(arrived), code: shownCode(booking.code) };
  const claimed = booking.how === "claimed";
  if (!whole) return t(claimed ? "console.booking_claimed_short" : "console.booking_short", params);
  return t(`console.booking_${booking.how === "late" ? "late_arrival" : booking.how}`, params);
}

/** The words on the mark of the visitor at the counter; `also` are further numbers of the same booking. */
export function bookingMark({ booking: { how, slot_ms: slot, code }, also }) {
  const said = how === "claimed" ? t("console.booking_check", { code: shownCode(code) }) : t("console.booking_mark", { clock: clock(slot) });
  return also.length ? `${said}, ${t("console.booking_also", { labels: also.join(", ") })}` : said;
}

/** Where a code is typed or scanned. */
export function askCheckIn(given = "") {
  const field = el("input", { class: "field num code", id: "code", name: "code", value: given, required: true, maxLength: 200, autocomplete: "off", autocapitalize: "characters", spellcheck: false, placeholder: "ABCD-EFGH", dataset: { first: "1" } });
  return sheet(t("console.check_in"), t("console.check_in_lead"), [el("label", { class: "label", for: "code" }, t("console.check_in_field")), field], t("console.check_in_go"), () => {
    const code = field.value.trim();
    return code ? { code } : (field.focus(), null);
  });
}

/** Somebody of the list stands here. */
export function askExpected(row) {
  return sheet(t("console.check_in_row", { clock: clock(row.slot_ms) }), `${said(row.service)}, ${shownCode(row.code)}`, [el("p", {}, t("console.check_in_row_lead"))], t("console.check_in_go"), () => ({ code: row.code }));
}

/** A code nobody knows: an ordinary number, whose code is looked at again later. */
export function askUnknown(view, code) {
  const own = view.state.services.map((service) => service.code);
  const whose = finder(t("console.check_in_service"), { first: own });
  const title = isTyped(code) ? t("console.check_in_unknown", { code: shownCode(code) }) : t("console.check_in_unknown_qr");
  return sheet(title, t("console.check_in_unknown_lead"), whose.rows, t("console.check_in_claim"), () => ({ code, service: chosen(whose.list) }));
}

/** [title, sentence] for the answer to a check-in. */
export function checkedIn({ ticket }) {
  const { label, booking, arrived_at: arrived } = ticket;
  const params = { label, service: said(ticket.service), clock: booking ? clock(booking.slot_ms) : "", arrived_at: clock(arrived), code: booking ? shownCode(booking.code) : "" };
  const how = booking?.how ?? "claimed";
  return [t("console.checked_in", params), t(`console.checked_in_${how}`, params)];
}
