// A ticket's foot or a booking's QR at a counter or in the hall: what a scanner types, and what became of the place.
import { clock, said, t } from "./words.js";

const FORMS = ["1", "2"]; // every staff code, every signed booking begins so; no page takes a digit for a command
const GAP_MS = 100;
const SHORTEST = 40;

/** Calls `then(code)` for a code typed by a scanner outside any field; none of its keys does anything else. */
export function onScan(then) {
  let typed = "", last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input,textarea,select")) return;
    const burst = typed !== "" && event.timeStamp - last < GAP_MS;
    if (!burst) typed = "";
    if (event.key.length > 1 && event.key !== "Enter" && event.key !== "Tab") return; // Shift and its like
    last = event.timeStamp;
    if (!burst) {
      if (FORMS.includes(event.key)) typed = event.key;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.key.length === 1) {
      typed += event.key;
      return;
    }
    const code = typed;
    typed = "";
    if (code.length >= SHORTEST) then(code);
  }, true);
}

/** Whether what was scanned is a signed booking, not a ticket's foot. */
export const isBooking = (code) => code[0] === FORMS[1];

/** [title, sentence] for the answer to `readmit`. */
export function verdict({ ticket, events }) {
  const { label, state, ahead: n } = ticket;
  if (events.length) return [t("console.readmit_back", { label }), t("console.readmit_back_lead", { clock: clock(ticket.arrived_at), service: said(ticket.service), n })];
  return [t("console.readmit_known", { label }), t(`console.readmit_${state}`, { n, counter: ticket.counter ?? "" })];
}
