// Draws anew without taking away: what is still shown stays the same element. A browser sends no click when the pressed
// element was replaced before the button was let go, and the keyboard's focus goes with the element that had it.

const NAMES = ["is", "act", "row", "booking", "place"]; // what tells one element from another among its neighbours
const who = (node) => [node.nodeName, ...NAMES.map((name) => node.dataset?.[name] ?? "")].join("|");

/** Makes the children of `box` those given, apart from null and false; what stood there already is changed in place. */
export function put(box, ...children) {
  const focused = document.activeElement;
  const drawn = document.createDocumentFragment();
  drawn.append(...children.filter(Boolean)); // a pictogram is a fragment of its own
  const there = new Map();
  for (const node of box.childNodes) there.set(who(node), [...(there.get(who(node)) ?? []), node]);
  const shown = [...drawn.childNodes].map((fresh) => renewed(there.get(who(fresh))?.shift(), fresh));
  const stays = new Set(shown);
  for (const node of [...box.childNodes]) if (!stays.has(node)) node.remove();
  shown.forEach((node, at) => box.childNodes[at] === node || box.insertBefore(node, box.childNodes[at] ?? null));
  if (focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true }); // it was moved
}

/** The old node, looking like the fresh one; without an old one the fresh one. */
function renewed(old, fresh) {
  if (!old) return fresh;
  if (old.isEqualNode(fresh)) return old;
  if (old.nodeType === Node.TEXT_NODE) {
    old.data = fresh.data;
    return old;
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (name !== "style" && old.getAttribute(name) !== value) old.setAttribute(name, value);
  if (old.style && old.style.cssText !== fresh.style.cssText) old.style.cssText = fresh.style.cssText; // the policy forbids the attribute
  put(old, ...fresh.childNodes);
  return old;
}
