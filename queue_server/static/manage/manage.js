// What the manager's pages do beyond links and forms: parts that renew themselves, filters that answer at once, and
// a table that sorts without asking the server. Without this script everything still works by links.
import { renew } from "../renew.js";

for (const part of document.querySelectorAll("[data-renew]")) renew(part, document.querySelector(".lost"));

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
