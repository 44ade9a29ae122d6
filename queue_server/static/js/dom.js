// Small tools to build pages from data without ever parsing data as HTML.
import { pattern, setup } from "./words.js";

/** An element: properties are set, attributes with a dash or `role` are written, children are nodes or text. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.includes("-") || name === "role" || name === "for") node.setAttribute(name, value === true ? "" : value);
    else if (name === "class") node.className = value;
    else if (name === "dataset") Object.assign(node.dataset, value);
    else node[name] = value;
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const pictures = new Map();

/** A pictogram; its SVG comes from our own files through the setup block. */
export function icon(name) {
  if (!pictures.has(name)) {
    const made = document.createElement("template");
    made.innerHTML = setup.icons[name] ?? "";
    pictures.set(name, made.content);
  }
  return pictures.get(name).cloneNode(true);
}

/** A text whose filled places stand out. */
export function rich(key, params) {
  return pattern(key, params.n)
    .split(/\{(\w+)\}/)
    .map((piece, at) => (at % 2 ? el("b", {}, String(params[piece])) : piece));
}

/** A ticket number with its hyphen drawn softly at half height. */
export function label(text, tag = "b", more = {}) {
  const [front, back] = text.split("-");
  return el(tag, { ...more, class: `num label ${more.class ?? ""}` }, front, el("i", { class: "hy" }, "-"), back);
}

export const $ = (id) => document.getElementById(id);
