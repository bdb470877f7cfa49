// What charts with axes share: elements of SVG, round ticks, short numbers.
const NS = "http://www.w3.org/2000/svg";

function svg(tag, attributes, parent, text) {
  const node = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  if (parent) parent.appendChild(node);
  return node;
}

const LAPTOP = 768; // pixels of height that pages are laid out for

// A height in pixels, and more by `grow` for each pixel that the window is higher than a laptop's.
function tall(height, grow) {
  return Math.round(height + grow * Math.max(0, innerHeight - LAPTOP));
}

function short(value, words) {
  const size = Math.abs(value);
  if (size >= 1e9) return (value / 1e9).toPrecision(3) + ` ${words.billion_short}`;
  if (size >= 1e6) return (value / 1e6).toPrecision(3) + ` ${words.million_short}`;
  if (size >= 1000) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}

// Round numbers from low to high, at least two of them: a single one would show no scale.
function ticks(low, high, count) {
  const raw = (high - low) / Math.max(count, 1), power = Math.pow(10, Math.floor(Math.log10(raw)));
  const step = power * [1, 2, 2.5, 5, 10].find((m) => m * power >= raw * 0.999);
  const found = [];
  for (let v = Math.ceil(low / step - 1e-9) * step; v <= high + step * 1e-9; v += step) found.push(Math.abs(v) < step * 1e-9 ? 0 : v);
  return found.length > 1 || count > 50 ? found : ticks(low, high, 2 * Math.max(count, 1));
}

