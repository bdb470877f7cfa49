// A chart of lines with bands: SVG that follows its width, a read-out under the pointer, a table on demand.

function number(value, words) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  if (size >= 1e9) return (value / 1e9).toFixed(2) + ` ${words.billion}`;
  if (size >= 1e6) return (value / 1e6).toFixed(2) + ` ${words.million}`;
  if (size >= 1000) return Math.round(value).toLocaleString("en");
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  if (size >= 0.1 || size === 0) return value.toFixed(2);
  return size < 1e-6 ? "0" : value.toFixed(Math.min(6, 1 - Math.floor(Math.log10(size))));
}

// A mark of an axis, with as many decimals as tell it from its neighbours.
function tick(value, all, words) {
  if (Math.abs(value) >= 1e6) return number(value, words);
  const step = all.length > 1 ? all[1] - all[0] : Math.abs(value) || 1;
  let digits = 0;
  for (let x = step; digits < 6 && (Math.abs(x - Math.round(x)) > 1e-6 || Math.round(x) === 0); digits++) x *= 10;
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "−");
}

// While a lever moves and runs are awaited the axis only widens: what moves is the curve, not the scale.
function range(data, state) {
  if (data.limits) return data.limits;
  const [low, high] = natural(data), of = `${data.title} ${data.unit}`, kept = state.axis;
  const widen = data.settled === false && kept && kept.of === of;
  state.axis = widen ? { of, low: Math.min(low, kept.low), high: Math.max(high, kept.high) } : { of, low, high };
  return [state.axis.low, state.axis.high];
}

function natural(data) {
  let low = Infinity, high = -Infinity;
  for (const s of data.series)
    for (const list of [s.mid, s.low, s.high, s.ghost])
      for (const v of list || []) if (v !== null) { low = Math.min(low, v); high = Math.max(high, v); }
  if (data.zero) { low = Math.min(low, 0); high = Math.max(high, 0); }
  if (!(high > low)) { const middle = Number.isFinite(low) ? low : 0; low = middle - 0.5; high = middle + 0.5; }
  const room = (high - low) * 0.06;
  return [low >= 0 && low < room ? 0 : low - room, high + room];
}

function path(xs, ys, x, y, step) {
  let text = "", open = false;
  for (let i = 0; i < xs.length; i++) {
    if (ys[i] === null || ys[i] === undefined) { open = false; continue; }
    const px = x(xs[i]).toFixed(1), py = y(ys[i]).toFixed(1);
    text += !open ? `M${px},${py}` : step ? `H${px}V${py}` : `L${px},${py}`;
    open = true;
  }
  return text;
}

function band(xs, low, high, x, y, step) {
  const points = [];
  for (let i = 0; i < xs.length; i++) if (low[i] !== null && high[i] !== null) points.push(i);
  if (points.length < 2) return "";
  let text = "";
  points.forEach((i, k) => {
    const px = x(xs[i]).toFixed(1), py = y(high[i]).toFixed(1);
    text += k === 0 ? `M${px},${py}` : step ? `H${px}V${py}` : `L${px},${py}`;
  });
  const back = points.slice().reverse();
  back.forEach((i, k) => {
    const px = x(xs[i]).toFixed(1), py = y(low[i]).toFixed(1);
    text += k === 0 ? `V${py}` : step ? `V${py}H${px}` : `L${px},${py}`;
  });
  return text + "Z";
}

function spread(labels, gap, low, high) {
  labels.sort((a, b) => a.y - b.y);
  for (let i = 1; i < labels.length; i++) labels[i].y = Math.max(labels[i].y, labels[i - 1].y + gap);
  const over = labels.length ? labels[labels.length - 1].y - high : 0;
  if (over > 0) for (let i = labels.length - 1; i >= 0; i--)
    labels[i].y = Math.min(labels[i].y, i === labels.length - 1 ? high : labels[i + 1].y - gap);
  return labels;
}

function draw(el, state, model) {
  const data = model.get("data"), words = model.get("words");
  el.replaceChildren();
  if (!data || !data.series) return;
  const figure = html("figure", { class: "ssr-chart", "data-rev": data.rev ?? 0 }, el);
  const head = html("figcaption", {}, figure);
  html("strong", { title: data.title }, head, data.title);
  if (data.unit) html("span", { class: "unit" }, head, data.unit);
  const button = html("button", { type: "button", class: "as-table", "aria-expanded": String(state.table) }, head,
    state.table ? words.chart : words.table);
  button.onclick = () => { state.table = !state.table; draw(el, state, model); el.querySelector(".as-table").focus(); };
  if (state.table) table(figure, data, words);
  else picture(figure, data, words, el.clientWidth || 600, tall(model.get("height"), model.get("grow")), state);
  if (data.note) html("p", { class: "note" }, figure, data.note);
}

function picture(figure, data, words, width, height, state) {
  const longest = Math.max(...named(data, words).map((s) => s.name.length));
  const top = 10, bottom = 40;
  const right = width < 480 ? 16 : Math.min(210, 20 + longest * 8);
  const h = height - top - bottom;
  const [low, high] = range(data, state);
  const levels = ticks(low, high, Math.max(2, h / 48)), marks = levels.map((v) => tick(v, levels, words));
  const left = Math.max(52, 14 + 7.4 * Math.max(...marks.map((mark) => mark.length))); // a digit is 7.4 pixels wide
  const w = width - left - right;
  const first = data.x[0], last = data.x[data.x.length - 1];
  const x = (v) => left + (w * (v - first)) / Math.max(last - first, 1e-9);
  const y = (v) => top + h - (h * (Math.min(Math.max(v, low), high) - low)) / (high - low);
  const root = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": data.title + ". " + data.series.map((s) => summary(s, words)).join(". ") }, figure);
  levels.forEach((v, k) => {
    svg("line", { class: "grid", x1: left, x2: left + w, y1: y(v), y2: y(v) }, root);
    svg("text", { class: "tick", x: left - 8, y: y(v) + 4, "text-anchor": "end" }, root, marks[k]);
  });
  const years = ticks(first, last, Math.min(10, w / 46)).filter((v) => Number.isInteger(v) || last - first < 4);
  for (const v of years) svg("text", { class: "tick", x: x(v), y: top + h + 18, "text-anchor": "middle" }, root, tick(v, years, words));
  svg("text", { class: "axis", x: left + w / 2, y: height - 4, "text-anchor": "middle" }, root, data.xlabel);
  if (data.zero && low < 0 && high > 0) svg("line", { class: "zero", x1: left, x2: left + w, y1: y(0), y2: y(0) }, root);
  for (const mark of data.marks || []) {
    svg("line", { class: "mark", x1: x(mark.x), x2: x(mark.x), y1: top, y2: top + h }, root);
    const near = x(mark.x) > left + w * 0.7;
    svg("text", { class: "marked", x: x(mark.x) + (near ? -5 : 5), y: top + 11, "text-anchor": near ? "end" : "start" }, root, mark.label);
  }
  for (const s of data.series) {
    if (s.low) svg("path", { class: `band outer ${s.role}`, d: band(data.x, s.low, s.high, x, y, data.step) }, root);
    if (s.inner_low) svg("path", { class: `band inner ${s.role}`, d: band(data.x, s.inner_low, s.inner_high, x, y, data.step) }, root);
  }
  for (const s of data.series) {
    if (s.ghost) svg("path", { class: `ghost ${s.role}`, d: path(data.x, s.ghost, x, y, data.step) }, root);
    svg("path", { class: `line ${s.role}`, d: path(data.x, s.mid, x, y, data.step) }, root);
  }
  if (width >= 480) {
    const labels = named(data, words).map((s) => {
      const v = s.line.filter((q) => q !== null).at(-1);
      return v === undefined ? null : { y: y(v), s };
    }).filter(Boolean);
    for (const label of spread(labels, 17, top + 8, top + h))
      svg("text", { class: `name ${label.s.look}`, x: left + w + 8, y: label.y + 4 }, root, label.s.name);
  } else if (named(data, words).length > 1 && data.legend !== false) {
    const legend = html("div", { class: "legend" }, figure);
    for (const s of named(data, words)) html("span", { class: `name ${s.look}` }, legend, s.name);
  }
  readout(root, figure, data, words, x, left, top, w, h, first, last);
}

// Every line that has a name: those of the series, and the ghosts behind them.
function named(data, words) {
  return data.series.flatMap((s) => [
    { name: s.name, look: s.role, line: s.mid },
    ...(s.ghost ? [{ name: words.before, look: `${s.role} faint`, line: s.ghost }] : []),
  ]);
}

function readout(root, figure, data, words, x, left, top, w, h, first, last) {
  const rule = svg("line", { class: "rule", y1: top, y2: top + h, visibility: "hidden" }, root);
  const box = html("div", { class: "readout", hidden: "" }, figure);
  const area = svg("rect", { x: left, y: top, width: Math.max(w, 1), height: h, fill: "transparent" }, root);
  area.addEventListener("pointermove", (event) => {
    const at = first + ((event.clientX - area.getBoundingClientRect().left) / w) * (last - first);
    let i = 0;
    data.x.forEach((v, k) => { if (Math.abs(v - at) < Math.abs(data.x[i] - at)) i = k; });
    rule.setAttribute("x1", x(data.x[i]));
    rule.setAttribute("x2", x(data.x[i]));
    rule.setAttribute("visibility", "visible");
    box.hidden = false;
    box.replaceChildren();
    html("b", {}, box, `${words.year} ${data.x[i].toFixed(1)}`);
    for (const s of data.series) {
      const row = html("span", { class: s.role }, box, `${s.name}: ${number(s.mid[i], words)}`);
      if (s.low && s.low[i] !== null) html("small", {}, row, ` (${number(s.low[i], words)} ${words.to} ${number(s.high[i], words)})`);
      if (s.ghost) html("span", { class: `${s.role} faint` }, box, `${words.before}: ${number(s.ghost[i], words)}`);
    }
    const place = x(data.x[i]);
    box.style.left = place > left + w / 2 ? "" : `${place + 12}px`;
    box.style.right = place > left + w / 2 ? `${root.clientWidth - place + 12}px` : "";
  });
  area.addEventListener("pointerleave", () => { rule.setAttribute("visibility", "hidden"); box.hidden = true; });
}

function summary(s, words) {
  const v = s.mid.filter((q) => q !== null);
  return v.length ? `${s.name}: ${words.from} ${number(v[0], words)} ${words.to} ${number(v.at(-1), words)}` : s.name;
}

function table(figure, data, words) {
  const wrap = html("div", { class: "table", tabindex: "0", role: "region", "aria-label": data.title }, figure);
  const t = html("table", {}, wrap);
  const head = html("tr", {}, html("thead", {}, t));
  html("th", { scope: "col" }, head, data.xlabel);
  for (const s of data.series) {
    html("th", { scope: "col" }, head, s.name);
    if (s.low) html("th", { scope: "col" }, head, `${s.name}, ${data.band || words.band}`);
    if (s.ghost) html("th", { scope: "col" }, head, words.before);
  }
  const body = html("tbody", {}, t);
  const whole = new Map();
  data.x.forEach((v, i) => { const k = Math.round(v); if (!whole.has(k) || Math.abs(v - k) < Math.abs(data.x[whole.get(k)] - k)) whole.set(k, i); });
  for (const [year, i] of whole) {
    const row = html("tr", {}, body);
    html("th", { scope: "row" }, row, String(year));
    for (const s of data.series) {
      html("td", {}, row, number(s.mid[i], words));
      if (s.low) html("td", {}, row, `${number(s.low[i], words)} ${words.to} ${number(s.high[i], words)}`);
      if (s.ghost) html("td", {}, row, number(s.ghost[i], words));
    }
  }
}

export default {
  render({ model, el }) {
    const state = { table: false };
    const redraw = () => draw(el, state, model);
    model.on("change:data", redraw);
    model.on("change:height", redraw);
    let seen = "";
    const resize = () => { const now = `${el.clientWidth} ${innerHeight}`; if (now !== seen) { seen = now; redraw(); } };
    const watch = new ResizeObserver(resize);
    watch.observe(el);
    addEventListener("resize", resize);
    redraw();
    return () => { watch.disconnect(); removeEventListener("resize", resize); };
  },
};
