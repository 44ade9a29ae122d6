// The list beside the current visitor: who waits, is on hold or was absent, each row with the reason for its place.
import { bookingWords, expectedLine, lateOnes, stillExpected } from "./console-booking.js";
import { $, el, icon, label } from "./dom.js";
import { put } from "./stay.js";
import { clock, has, minutes, said, t } from "./words.js";

const REASON_ICONS = { priority: "chevrons-up", booking: "calendar-time", returned: "corner-up-right", helping: "lifebuoy", capped: "arrow-up", front: "arrow-up", end: "arrow-down", chosen: "hand-finger" };
const BY_BOOKING = new Set(["arrival", "order", "booking"]); // these say no more than the booking does
const LISTS = { waiting: ["waiting_tab", "list_empty"], on_hold: ["hold_tab", "hold_empty"], no_show: ["absent_tab", "absent_empty"], booked: ["booked_tab", "booked_empty"] };
const WAY_BACK = { on_hold: "console.resume", no_show: "console.return" };

/** Tabs and rows; without the server, as old as they are. */
export function drawLists(view, lost) {
  const { state } = view;
  const expected = stillExpected(view);
  const counts = { waiting: state.waiting_total, on_hold: state.on_hold.length, no_show: state.no_show.length, booked: expected.length };
  $("tab-booked").hidden = !view.bookings;
  for (const [list, [tab]] of Object.entries(LISTS)) {
    const on = view.list === list;
    if (list !== "booked") $(`tab-${list}`).textContent = t(`console.${tab}`, { n: counts[list] });
    $(`tab-${list}`).setAttribute("aria-selected", on);
    $(`tab-${list}`).tabIndex = on ? 0 : -1;
  }
  $("list").setAttribute("aria-labelledby", `tab-${view.list}`);
  const late = lateOnes(expected, view.now());
  drawBookedTab(counts.booked, late);
  const note = longest(view, late);
  $("longest").textContent = view.bookings ? "" : note;
  $("old").hidden = !lost;
  if (lost) $("old").replaceChildren(icon("history"), el("b", {}, t("console.order_at", { clock: clock(state.server_ms) })), el("span", { class: "push small" }, t("console.order_old")));
  const booked = view.list === "booked", rows = booked ? expected : state[view.list];
  const key = JSON.stringify([view.list, rows, state.next, lost]);
  if ($("rows").dataset.key !== key) {
    $("rows").dataset.key = key;
    put($("rows"), ...rows.map((row, at) => booked ? expectedLine(row) : line(view, row, view.list === "waiting" && at === 0 && !lost)));
  }
  const hidden = counts[view.list] - rows.length;
  const rest = [rows.length === 0 && t(`console.${LISTS[view.list][1]}`), hidden > 0 && t("console.rows_more", { n: hidden }), view.bookings && note];
  $("rest").textContent = rest.filter(Boolean).join(", ");
  $("rest").hidden = $("rest").textContent === "";
}

/** Beside another program only its picture and figure fit. */
function drawBookedTab(n, late) {
  const words = t("console.booked_tab", { n }), key = `${words}|${late > 0}`;
  if ($("tab-booked").dataset.key === key) return;
  $("tab-booked").dataset.key = key;
  $("tab-booked").classList.toggle("has-late", late > 0);
  $("tab-booked").setAttribute("aria-label", words);
  $("tab-booked").replaceChildren(el("span", { class: "wide" }, words), el("span", { class: "narrow" }, icon("calendar-time"), ` ${n}`));
}

/** What is said of the whole list: the longest wait, or how many should be here by now. */
function longest(view, late) {
  if (view.list === "booked") return late ? t("console.booked_late", { n: late }) : "";
  return view.state.longest_ms ? t("console.longest", { minutes: minutes(view.state.longest_ms) }) : "";
}

/** Why a row is where it is, in words and with a picture: the rule first, then what else is special about it. */
function place(row) {
  const { reason: { code, params }, priority_checked: checked, to_counter: pinned, planned, booking } = row;
  const instead = booking && BY_BOOKING.has(code), booked = bookingWords(row, instead);
  const filled = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, name.endsWith("_at") ? clock(value) : value]));
  const key = `console.reason_${code}${code === "priority" && !checked ? "_unchecked" : ""}`;
  const words = [instead ? booked : t(has(key) ? key : "console.reason_arrival", filled), !instead && booked, pinned && t("console.reason_pinned"), planned && t("console.reason_planned")];
  return [words.filter(Boolean).join(", "), REASON_ICONS[code] ?? (booking ? "calendar-time" : pinned ? "map-pin" : planned ? "list-check" : null)];
}

/** Until when an absent visitor may come back; afterwards only a supervisor lets them. */
function comeBack(view, { return_until_ms: until }) {
  if (until === null) return [t("console.returned_enough"), "x"];
  return [t(view.now() <= until ? "console.return_until" : "console.return_over", { clock: clock(until) }), "clock"];
}

function line(view, row, next) {
  const [why, picture] = view.list === "no_show" ? comeBack(view, row) : place(row);
  return el("li", { class: next ? "next" : "", dataset: { is: row.ticket_id } },
    el("button", { type: "button", dataset: { row: row.ticket_id } },
      el("span", { class: "n" }, label(row.label), next ? el("small", {}, t("console.next_mark")) : null),
      el("span", { class: "s" },
        el("span", { class: "one" }, el("span", { class: "what" }, said(row.service)), el("strong", { class: "fixed", dataset: { waits: row.arrived_at, promise: view.list === "waiting" ? row.promise_minutes : "Infinity" } })),
        el("span", { class: "two" }, el("span", { class: "why" }, picture ? icon(picture) : null, el("span", {}, why)), el("span", { class: "late" }),
          WAY_BACK[view.list] ? el("span", { class: "way" }, t(WAY_BACK[view.list])) : null))));
}
