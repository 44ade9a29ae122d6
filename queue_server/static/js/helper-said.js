// On the helper's page: what became of a press or a scan, said where it can be seen whatever step is shown.
import { $, el, icon } from "./dom.js";

const PLACES = ["message", "booking-said", "paper-said"];

/**
 * Says what became of something, until the next press: in the element `beside` (an id) while that is in sight, else in
 * the one place that belongs to no step. `title` stands above the text.
 */
export function tell(good, text, { title, beside } = {}) {
  hush();
  const place = beside && !$(beside).closest("[hidden]") ? $(beside) : $("message");
  const words = el("p", {}, title && el("b", {}, title), text);
  place.replaceChildren(el("div", { class: good ? "verdict" : "verdict not" }, icon(good ? "circle-check" : "info-circle"), words));
  place.hidden = false;
  settle();
  place.scrollIntoView({ block: "nearest" });
}

/** What was said before is over. */
export function hush() {
  for (const place of PLACES) $(place).replaceChildren();
  $("message").hidden = true;
  settle();
}

/** What stays at the top takes room only while it holds something. */
export function settle() {
  $("top").hidden = [...$("top").children].every((one) => one.hidden);
}
