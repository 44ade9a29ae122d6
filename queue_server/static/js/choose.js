// Finds a counter by its name, agency or services; without this script the whole list is there anyway.

const rows = [...document.querySelectorAll("[data-words]")];
const find = document.getElementById("find");
document.getElementById("find-row").hidden = rows.length < 9;

find.addEventListener("input", () => {
  const asked = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of rows) row.hidden = !asked.every((word) => row.dataset.words.includes(word));
  for (const zone of document.querySelectorAll(".zone")) zone.hidden = !zone.querySelector("li:not([hidden])");
  document.getElementById("none").hidden = rows.some((row) => !row.hidden);
});
