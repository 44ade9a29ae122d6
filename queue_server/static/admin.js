// What the administrator's pages do beyond forms: copy a link, keep the server's health fresh.
import { renew } from "./renew.js";

for (const part of document.querySelectorAll("[data-renew]")) renew(part);

for (const key of document.querySelectorAll("[data-copies]")) {
  if (!navigator.clipboard) continue; // browsers keep it from pages on plain http
  key.hidden = false;
  key.addEventListener("click", async () => {
    await navigator.clipboard.writeText(key.dataset.copies);
    key.querySelector("span").textContent = key.dataset.done;
  });
}
