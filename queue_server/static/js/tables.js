// Sortable tables, lists that filter while typing, and parts of a page that renew themselves.

for (const table of document.querySelectorAll("table[data-sorts]")) {
  for (const head of table.querySelectorAll("th[data-sort]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(table, head));
  }
}

function sort(table, head) {
  const numeric = head.dataset.sort === "number";
  const down = head.getAttribute("aria-sort") ? head.getAttribute("aria-sort") !== "descending" : numeric;
  const row = head.parentElement;
  const at = [...row.children].slice(0, [...row.children].indexOf(head)).reduce((sum, cell) => sum + cell.colSpan, 0);
  const value = (line) => {
    const cell = line.children[at];
    return numeric ? Number(cell.dataset.value ?? cell.textContent) : cell.textContent.trim();
  };
  const order = (one, two) => (numeric ? value(one) - value(two) : value(one).localeCompare(value(two), document.documentElement.lang));
  for (const other of row.children) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const lines = [...table.tBodies[0].rows].sort((one, two) => (down ? order(two, one) : order(one, two)));
  table.tBodies[0].append(...lines);
}

for (const box of document.querySelectorAll("[data-filters]")) {
  const list = document.getElementById(box.dataset.filters);
  box.addEventListener("input", () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const item of list.children) item.hidden = !words.every((word) => item.dataset.words.includes(word));
    document.getElementById(`${list.id}-none`).hidden = [...list.children].some((item) => !item.hidden);
  });
}

for (const part of document.querySelectorAll("[data-refresh]")) {
  setInterval(() => renew(part.id), Number(part.dataset.refresh) * 1000);
}

async function renew(id) {
  const old = document.getElementById(id);
  if (document.hidden || old.contains(document.activeElement)) return;
  try {
    const answer = await fetch(location.href, { signal: AbortSignal.timeout(5000) });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.getElementById(id).replaceWith(page.getElementById(id));
  } catch {
    // the clock beside "live" stops, which is what a person looks at
  }
}

for (const form of document.querySelectorAll("form[data-ask]")) {
  form.addEventListener("submit", (event) => {
    if (!confirm(form.dataset.ask)) event.preventDefault();
  });
}
