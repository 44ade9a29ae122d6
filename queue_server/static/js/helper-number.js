// On the helper's page: the number just taken.
import { el, icon, label } from "./dom.js";
import { within } from "./live.js";
import { said, setup, t } from "./words.js";

const PATIENT_MS = 5000;

/**
 * The element that shows the number a command gave: from its own page, with its QR. The number is given by then, so
 * where that page does not come (an error, no network, the sign-in page) the command's answer alone makes it.
 */
export const numberOf = async (answer, kiosk) => (await drawn(answer.ticket, kiosk)) ?? plain(answer, kiosk);

async function drawn(ticket, kiosk) {
  const at = kiosk ? `?at=${encodeURIComponent(kiosk.id)}` : "";
  try {
    const answer = await fetch(`/helper/ticket/${encodeURIComponent(ticket.ticket_id)}${at}`, { signal: within(PATIENT_MS) });
    if (!answer.ok) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("ticket");
  } catch {
    return null;
  }
}

function plain({ ticket, events }, kiosk) {
  const issued = events.find((one) => one.type === "TicketIssued");
  const service = setup.services.find((one) => one.code === issued?.body.service); // none when it is newer than this page
  return el("div", { id: "ticket", class: "done" },
    el("h1", { tabIndex: -1 }, t("helper.done")),
    el("p", {}, said(ticket.service)),
    label(ticket.label, "p", { class: "number" }),
    service && el("p", { class: "where two" }, icon("armchair"), el("span", {}, t("helper.wait_at", { zone: service.zone }))),
    kiosk && el("p", { id: "paper-state", class: "paper-state", role: "status" }, t("helper.paper_printing", { kiosk: kiosk.name })),
    el("p", { class: "soft" }, t("helper.done_write")),
    el("p", {}, el("a", { href: `/t/${ticket.token}`, target: "_blank", rel: "noopener" }, t("helper.open_page"))));
}
