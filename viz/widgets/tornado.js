// Horizontal bars from zero with intervals: SVG that follows its width, and the same numbers as a table.
const ROW = 30;

function table(figure, data) {
  const wrap = html("div", { class: "table", tabindex: "0", role: "region", "aria-label": data.title }, figure);
  const t = html("table", {}, wrap), head = html("tr", {}, html("thead", {}, t));
  for (const name of data.columns) html("th", { scope: "col" }, head, name);
  const body = html("tbody", {}, t);
  for (const row of data.rows) {
    const line = html("tr", {}, body);
    html("th", { scope: "row" }, line, row.name);
    html("td", {}, line, row.text);
  }
}

function picture(figure, data, words, width) {
  const longest = Math.max(8, ...data.rows.map((row) => row.name.length));
  const left = Math.min(Math.max(110, longest * 7.4 + 14), width * 0.4), right = 24, top = 8, bottom = 42;
  const w = width - left - right, h = Math.max(data.rows.length, 1) * ROW, height = h + top + bottom;
  let low = 0, high = data.floor ? data.floor * 1.5 : 0;
  for (const row of data.rows) for (const v of [row.value, row.low, row.high]) if (v !== null && Number.isFinite(v)) { low = Math.min(low, v); high = Math.max(high, v); }
  if (!(high > low)) { low = -1; high = 1; }
  const room = (high - low) * 0.04;
  [low, high] = [low < 0 ? low - room : 0, high > 0 ? high + room : 0];
  const x = (v) => left + (w * (Math.min(Math.max(v, low), high) - low)) / (high - low);
  const root = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": `${data.title}. ${data.rows.map((row) => `${row.name}: ${row.text}`).join(". ")}` }, figure);
  for (const v of ticks(low, high, w / 90)) {
    svg("line", { class: "grid", x1: x(v), x2: x(v), y1: top, y2: top + h }, root);
    svg("text", { class: "tick", x: x(v), y: top + h + 17, "text-anchor": "middle" }, root, short(v, words));
  }
  if (data.floor) svg("rect", { class: "floor", x: x(0), width: x(data.floor) - x(0), y: top, height: h }, root);
  data.rows.forEach((row, k) => {
    const y = top + k * ROW + ROW / 2, group = svg("g", { class: `bar ${row.role}${row.marked ? " marked" : ""}` }, root);
    svg("title", {}, group, `${row.name}: ${row.text}`);
    const clipped = row.name.length > (left - 12) / 7 ? row.name.slice(0, Math.floor((left - 12) / 7) - 1) + "…" : row.name;
    svg("text", { class: "name", x: left - 8, y: y + 4, "text-anchor": "end" }, group, clipped);
    if (row.value === null) return;
    svg("rect", { class: "body", x: Math.min(x(0), x(row.value)), width: Math.max(Math.abs(x(row.value) - x(0)), 1.5), y: y - 8, height: 16 }, group);
    if (row.low !== null) {
      svg("line", { class: "span", x1: x(row.low), x2: x(row.high), y1: y, y2: y }, group);
      for (const v of [row.low, row.high]) svg("line", { class: "span", x1: x(v), x2: x(v), y1: y - 5, y2: y + 5 }, group);
    }
  });
  svg("line", { class: "zero", x1: x(0), x2: x(0), y1: top, y2: top + h }, root);
  svg("text", { class: "axis", x: left + w / 2, y: height - 6, "text-anchor": "middle" }, root, data.xlabel);
}

function draw(el, state, model) {
  const data = model.get("data"), words = model.get("words");
  el.replaceChildren();
  if (!data || !data.rows) return;
  const figure = html("figure", { class: "ssr-tornado", "data-rev": data.rows.length }, el);
  const head = html("figcaption", {}, figure);
  html("strong", {}, head, data.title);
  html("span", { class: "unit" }, head, data.unit);
  const button = html("button", { type: "button", class: "as-table", "aria-expanded": String(state.table) }, head, state.table ? words.chart : words.table);
  button.onclick = () => { state.table = !state.table; draw(el, state, model); el.querySelector(".as-table").focus(); };
  if (state.table) table(figure, data); else picture(figure, data, words, el.clientWidth || 600);
  if (data.note) html("p", { class: "note" }, figure, data.note);
}

export default {
  render({ model, el }) {
    const state = { table: false };
    const redraw = () => draw(el, state, model);
    model.on("change:data", redraw);
    let width = 0;
    const watch = new ResizeObserver(() => { if (el.clientWidth !== width) { width = el.clientWidth; redraw(); } });
    watch.observe(el);
    redraw();
    return () => watch.disconnect();
  },
};
