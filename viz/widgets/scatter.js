// A cloud of points. Axes are SVG, points a canvas above them; the nearest point to a click is chosen, arrow keys walk.
const LEFT = 68, RIGHT = 16, TOP = 10, BOTTOM = 46, REACH = 14, LISTED = 300;
const KINDS = ["baseline", "plan", "pin1", "pin2", "pin3", "pin4"];
const RAMP = [[0, 114, 178], [136, 136, 140], [230, 120, 0]]; // blue to orange: told apart by all, seen on light and dark

function floats(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

// Spread points that share a value: by their number, so that a picture stays the same.
function spread(values, amount) {
  if (!amount) return values;
  return values.map((v, i) => v + amount * (((i * 0.6180339887) % 1) * 2 - 1));
}

function span(values) {
  let low = Infinity, high = -Infinity;
  for (const v of values) { if (v < low) low = v; if (v > high) high = v; }
  if (!(high > low)) { const middle = Number.isFinite(low) ? low : 0; low = middle - 0.5; high = middle + 0.5; }
  const room = (high - low) * 0.04;
  return [low - room, high + room];
}

function ramp(t) {
  const at = Math.min(Math.max(t, 0), 1) * (RAMP.length - 1), k = Math.min(Math.floor(at), RAMP.length - 2), f = at - k;
  return `rgb(${RAMP[k].map((c, i) => Math.round(c + f * (RAMP[k + 1][i] - c))).join(",")})`;
}

function shape(context, kind, x, y, r) {
  context.beginPath();
  if (kind === 1) context.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
  else if (kind === 2) { context.moveTo(x, y - r * 1.2); context.lineTo(x + r * 1.1, y + r * 0.8); context.lineTo(x - r * 1.1, y + r * 0.8); context.closePath(); }
  else if (kind === 3) { context.moveTo(x, y - r * 1.3); context.lineTo(x + r * 1.3, y); context.lineTo(x, y + r * 1.3); context.lineTo(x - r * 1.3, y); context.closePath(); }
  else if (kind === 4) { context.rect(x - r * 1.2, y - r * 0.4, r * 2.4, r * 0.8); context.rect(x - r * 0.4, y - r * 1.2, r * 0.8, r * 2.4); }
  else if (kind === 5) { context.moveTo(x, y + r * 1.2); context.lineTo(x + r * 1.1, y - r * 0.8); context.lineTo(x - r * 1.1, y - r * 0.8); context.closePath(); }
  else context.arc(x, y, r, 0, 7);
}

class Cloud {
  constructor(model, width) {
    this.data = model.get("data");
    this.x = floats(model.get("x"));
    this.y = floats(model.get("y"));
    this.colour = floats(model.get("colour"));
    this.width = width;
    this.height = tall(model.get("height"), model.get("grow"));
    this.px = spread(this.x, this.data.x.jitter);
    this.py = spread(this.y, this.data.y.jitter);
    this.w = width - LEFT - RIGHT;
    this.h = this.height - TOP - BOTTOM;
    this.across = span(this.px);
    this.up = span(this.py);
  }
  left(v) { return LEFT + (this.w * (v - this.across[0])) / (this.across[1] - this.across[0]); }
  top(v) { return TOP + this.h - (this.h * (v - this.up[0])) / (this.up[1] - this.up[0]); }
  nearest(x, y) {
    let best = -1, least = REACH * REACH;
    for (let i = 0; i < this.px.length; i++) {
      const d = (this.left(this.px[i]) - x) ** 2 + (this.top(this.py[i]) - y) ** 2;
      if (d < least) { least = d; best = i; }
    }
    return best;
  }
  axes(root, words) {
    for (const v of places(this.data.y, this.up, this.h / 50)) {
      svg("line", { class: "grid", x1: LEFT, x2: LEFT + this.w, y1: this.top(v), y2: this.top(v) }, root);
      svg("text", { class: "tick", x: LEFT - 8, y: this.top(v) + 4, "text-anchor": "end" }, root, told(this.data.y, v, words));
    }
    for (const v of places(this.data.x, this.across, this.w / 100)) {
      svg("line", { class: "grid", x1: this.left(v), x2: this.left(v), y1: TOP, y2: TOP + this.h }, root);
      svg("text", { class: "tick", x: this.left(v), y: TOP + this.h + 18, "text-anchor": "middle" }, root, told(this.data.x, v, words));
    }
    svg("text", { class: "axis", x: LEFT + this.w / 2, y: this.height - 6, "text-anchor": "middle" }, root, named(this.data.x));
    svg("text", { class: "axis", transform: `translate(14 ${TOP + this.h / 2}) rotate(-90)`, "text-anchor": "middle" }, root, named(this.data.y));
  }
  paint(canvas) {
    const scale = devicePixelRatio || 1, context = canvas.getContext("2d");
    canvas.width = this.width * scale;
    canvas.height = this.height * scale;
    context.scale(scale, scale);
    const style = getComputedStyle(canvas), many = this.px.length;
    const colours = KINDS.map((name) => style.getPropertyValue(`--ssr-${name}`).trim());
    const r = many > 20000 ? 1.6 : many > 3000 ? 2.4 : many > 400 ? 3.4 : 4.6;
    context.globalAlpha = many > 20000 ? 0.35 : many > 3000 ? 0.5 : 0.75;
    const { ramp: scale_, kinds } = this.data;
    for (let i = 0; i < many; i++) {
      const c = this.colour[i], kind = kinds ? Math.min(c, KINDS.length - 1) : 0;
      context.fillStyle = kinds ? colours[kind] : Number.isNaN(c) ? colours[0] : ramp((c - scale_.low) / ((scale_.high - scale_.low) || 1));
      const x = this.left(this.px[i]), y = this.top(this.py[i]);
      if (many > 20000) { context.fillRect(x - r, y - r, 2 * r, 2 * r); continue; }
      shape(context, kind, x, y, r);
      context.fill();
    }
    context.globalAlpha = 1;
  }
}

function named(axis) {
  return axis.unit ? `${axis.label} (${axis.unit})` : axis.label;
}

// A choice has a tick for each option, a quantity round ones.
function places(axis, [low, high], count) {
  return axis.options.length ? axis.options.map((_, k) => k).filter((k) => k >= low && k <= high) : ticks(low, high, count);
}

function told(axis, value, words) {
  return axis.options[value] ?? short(value, words);
}

function legend(figure, data, words) {
  const box = html("div", { class: "legend" }, figure);
  if (data.kinds) data.kinds.forEach((name, k) => {
    const item = html("span", { class: "kind" }, box);
    const sign = svg("svg", { width: 14, height: 14, class: KINDS[Math.min(k, 5)], "aria-hidden": "true" }, item);
    svg("path", { d: ["M7 2a5 5 0 1 0 .01 0z", "M2.5 2.5h9v9h-9z", "M7 1l6 11H1z", "M7 0l6 7-6 7-6-7z", "M5.5 1h3v4.5H13v3H8.5V13h-3V8.5H1v-3h4.5z", "M7 13L1 2h12z"][Math.min(k, 5)], fill: "currentColor" }, sign);
    html("span", {}, item, name);
  });
  else {
    html("span", {}, box, `${data.ramp.label}: ${short(data.ramp.low, words)}`);
    html("i", { class: "ramp", style: `background: linear-gradient(to right, ${[0, 0.5, 1].map(ramp).join(",")})` }, box);
    html("span", {}, box, short(data.ramp.high, words));
  }
}

function table(figure, cloud, words, choose) {
  const { data } = cloud, wrap = html("div", { class: "table", tabindex: "0", role: "region", "aria-label": data.title }, figure);
  html("p", { class: "note" }, wrap, words.listed.replace("{n}", Math.min(LISTED, cloud.y.length)).replace("{of}", cloud.y.length.toLocaleString("en")));
  const t = html("table", {}, wrap), head = html("tr", {}, html("thead", {}, t));
  for (const name of [named(data.y), named(data.x), data.kinds ? words.policy : data.ramp.label, words.choose]) html("th", { scope: "col" }, head, name);
  const body = html("tbody", {}, t), order = Array.from(cloud.y.keys()).sort((a, b) => cloud.y[b] - cloud.y[a] || a - b);
  for (const i of order.slice(0, LISTED)) {
    const line = html("tr", { class: i === data.chosen ? "chosen" : undefined }, body);
    html("th", { scope: "row" }, line, told(data.y, cloud.y[i], words));
    html("td", {}, line, told(data.x, cloud.x[i], words));
    html("td", {}, line, data.kinds ? data.kinds[Math.min(cloud.colour[i], data.kinds.length - 1)] : short(cloud.colour[i], words));
    const button = html("button", { type: "button", "aria-label": `${words.choose}: ${data.y.label} ${told(data.y, cloud.y[i], words)}` }, html("td", {}, line), words.choose);
    button.onclick = () => choose(i);
  }
}

function picture(figure, cloud, words, choose) {
  const { data, width, height } = cloud;
  const stage = html("div", { class: "stage", style: `height: ${height}px` }, figure);
  const root = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" }, stage);
  cloud.axes(root, words);
  const canvas = html("canvas", { tabindex: "0", role: "application", "aria-label": `${data.title}. ${words.how}`, style: `width: ${width}px; height: ${height}px` }, stage);
  const over = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, class: "over", "aria-hidden": "true" }, stage);
  const ring = svg("circle", { class: "ring", r: 9, visibility: "hidden" }, over), mark = svg("circle", { class: "mark", r: 10, visibility: "hidden" }, over);
  const read = html("output", { class: "read", "aria-live": "polite" }, stage);
  cloud.paint(canvas);
  let at = data.chosen;
  const place = (node, i) => {
    node.setAttribute("visibility", i < 0 ? "hidden" : "visible");
    if (i >= 0) { node.setAttribute("cx", cloud.left(cloud.px[i])); node.setAttribute("cy", cloud.top(cloud.py[i])); }
  };
  const look = (i) => {
    at = i;
    place(ring, i);
    read.textContent = i < 0 ? "" : `${data.y.label} ${told(data.y, cloud.y[i], words)}, ${data.x.label} ${told(data.x, cloud.x[i], words)}${data.kinds ? `, ${data.kinds[Math.min(cloud.colour[i], data.kinds.length - 1)]}` : ""}`;
  };
  place(mark, data.chosen);
  const where = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  canvas.onpointermove = (event) => { if (cloud.px.length < 20000) look(cloud.nearest(...where(event))); };
  canvas.onpointerleave = () => look(-1);
  canvas.onclick = (event) => { const i = cloud.nearest(...where(event)); if (i >= 0) choose(i); };
  let orders = null;
  canvas.onkeydown = (event) => {
    const step = { ArrowRight: ["px", 1], ArrowLeft: ["px", -1], ArrowUp: ["py", 1], ArrowDown: ["py", -1], Home: ["px", 0], End: ["px", 2] }[event.key];
    if (step && cloud.px.length) {
      event.preventDefault();
      orders ||= Object.fromEntries(["px", "py"].map((name) => [name, Array.from(cloud[name].keys()).sort((a, b) => cloud[name][a] - cloud[name][b] || a - b)]));
      const order = orders[step[0]], k = step[1] === 0 ? 0 : step[1] === 2 ? order.length - 1 : at < 0 ? 0 : Math.min(Math.max(order.indexOf(at) + step[1], 0), order.length - 1);
      look(order[k]);
    } else if ((event.key === "Enter" || event.key === " ") && at >= 0) { event.preventDefault(); choose(at); }
  };
}

function draw(el, state, model) {
  const data = model.get("data"), words = model.get("words");
  const focused = el.contains(document.activeElement) && document.activeElement.tagName === "CANVAS";
  if (!data || !data.x) return;
  const cloud = new Cloud(model, el.clientWidth || 600);
  if (cloud.x.length !== cloud.y.length || cloud.x.length !== cloud.colour.length) return; // the rest is on its way
  el.replaceChildren();
  const figure = html("figure", { class: "ssr-scatter", "data-rev": `${cloud.x.length}-${data.rev}`, "data-chosen": data.chosen }, el);
  const head = html("figcaption", {}, figure);
  html("strong", {}, head, data.title);
  const button = html("button", { type: "button", class: "as-table", "aria-expanded": String(state.table) }, head, state.table ? words.chart : words.table);
  button.onclick = () => { state.table = !state.table; draw(el, state, model); el.querySelector(".as-table").focus(); };
  const choose = (index) => {
    model.set("event", { index, count: (model.get("event").count || 0) + 1 });
    model.save_changes();
  };
  legend(figure, data, words);
  if (state.table) table(figure, cloud, words, choose);
  else picture(figure, cloud, words, choose);
  if (data.note) html("p", { class: "note" }, figure, data.note);
  if (focused) figure.querySelector("canvas")?.focus();
}

export default {
  render({ model, el }) {
    const state = { table: false };
    let width = 0, waiting = 0;
    const redraw = () => draw(el, state, model);
    const soon = () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(redraw); };
    for (const name of ["data", "x", "y", "colour", "height"]) model.on(`change:${name}`, soon);
    const watch = new ResizeObserver(() => { if (el.clientWidth !== width) { width = el.clientWidth; redraw(); } });
    watch.observe(el);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", redraw);
    redraw();
    return () => { watch.disconnect(); dark.removeEventListener("change", redraw); };
  },
};
