// Sizes of the board, fitted once to the widest number and counter of the mall, never call by call.
import { $, el, label } from "./dom.js";
import { setup } from "./words.js";

const SHAPES = {
  wide: { across: 1920, down: 1080, number: 400, counter: 322, pad: 104 },
  tall: { across: 1080, down: 1920, number: 330, counter: 270, pad: 96 },
};

/** "Loket 12" as word and figures, "Meja informasi" as a word alone. */
export function split(name) {
  const found = name.match(/^(.*\S)\s+(\S*\d\S*)$/);
  return found ? [found[1], found[2]] : [name, ""];
}

/** Sets `--number` and `--counter`, and answers how many screen pixels one drawn pixel has. */
export function fit() {
  const shape = innerWidth > innerHeight ? SHAPES.wide : SHAPES.tall;
  const unit = Math.min(innerWidth / shape.across, innerHeight / shape.down);
  const room = $("hero").clientWidth;
  const number = widest(setup.labels.map((text) => el("p", { class: "number" }, label(text))));
  const counter = widest(setup.counters.map((name) => {
    const [word, digits] = split(name);
    return el("p", { class: "block" }, el("span", { class: "w" }, word), digits && el("b", { class: "d num" }, digits));
  }));
  const set = (name, px) => $("b").style.setProperty(name, `${px.toFixed(1)}px`);
  set("--number", Math.min(room / number, shape.number * unit));
  set("--counter", Math.min((room - shape.pad * unit) / counter, shape.counter * unit));
  return unit;
}

/** The widest of some elements, in widths of an em. */
function widest(nodes) {
  const probe = el("div", { class: "probe", "aria-hidden": "true" }, nodes);
  $("b").append(probe);
  const width = Math.max(...nodes.map((node) => node.getBoundingClientRect().width)) / 100;
  probe.remove();
  return width;
}
