// A table that is searched, sorted and edited here; the server hears of edits only.
function draw(el, model, state) {
  const words = model.get("words"), rows = model.get("rows"), columns = model.get("columns");
  const scrolled = el.querySelector(".body")?.scrollTop || 0;
  const focused = el.contains(document.activeElement) ? document.activeElement.id : "";
  el.replaceChildren();
  const root = html("div", { class: "ssr-grid", "data-rev": rows.filter((row) => row.value !== row.usual).length }, el);
  const bar = html("div", { class: "bar" }, root);
  const find = html("input", { type: "search", id: "grid-find", placeholder: words.find, "aria-label": words.find }, bar);
  find.value = state.wanted;
  const only = html("label", {}, bar);
  const box = html("input", { type: "checkbox" }, only);
  box.checked = state.changed;
  html("span", {}, only, words.changed);
  const count = html("output", {}, bar);
  const body = html("div", { class: "body", tabindex: "0", role: "region", "aria-label": words.name }, root);
  const table = html("table", {}, body);
  const head = html("tr", {}, html("thead", {}, table));
  columns.forEach((column, k) => {
    const cell = html("th", { scope: "col", "aria-sort": state.sort === k ? (state.down ? "descending" : "ascending") : "none" }, head);
    const button = html("button", { type: "button" }, cell, column.label + (state.sort === k ? (state.down ? " ↓" : " ↑") : ""));
    button.onclick = () => { state.down = state.sort === k && !state.down; state.sort = k; draw(el, model, state); };
  });
  const list = html("tbody", {}, table);
  const value = (row, k) => (k === columns.length - 1 ? row.value : row.cells[k]);
  const order = rows.map((row, k) => k);
  if (state.sort >= 0) order.sort((a, b) => {
    const p = value(rows[a], state.sort), q = value(rows[b], state.sort);
    const sign = typeof p === "number" && typeof q === "number" ? p - q : String(p).localeCompare(String(q));
    return state.down ? -sign : sign;
  });
  const lines = order.map((k) => {
    const row = rows[k], changed = row.value !== row.usual;
    const line = html("tr", { class: changed ? "changed" : "" }, list);
    row.cells.forEach((cell, c) => html(c ? "td" : "th", { scope: c ? undefined : "row", class: columns[c].numeric ? "number" : "" }, line, String(cell)));
    edit(html("td", { class: "edit" }, line), row, changed, model, words);
    return { line, text: `${row.key} ${row.cells.join(" ")}`.toLowerCase(), changed };
  });
  const filter = () => {
    const wanted = state.wanted.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { line, text, changed } of lines) {
      const hit = wanted.every((word) => text.includes(word)) && (!state.changed || changed);
      line.hidden = !hit;
      shown += hit;
    }
    count.textContent = `${shown} ${words.of} ${lines.length}`;
  };
  find.oninput = () => { state.wanted = find.value; filter(); };
  box.onchange = () => { state.changed = box.checked; filter(); };
  filter();
  body.scrollTop = scrolled;
  if (focused) document.getElementById(focused)?.focus();
}

function edit(cell, row, changed, model, words) {
  const id = "grid-" + row.key.replace(/\W/g, "-");
  const send = (value) => {
    model.set("event", { key: row.key, value, count: (model.get("event").count || 0) + 1 });
    model.save_changes();
  };
  let input;
  if (row.options.length) {
    input = html("select", { id, "aria-label": row.key }, cell);
    for (const option of row.options) html("option", { value: option }, input, option);
    input.value = row.value;
    input.onchange = () => send(input.value === row.usual ? null : input.value);
  } else {
    input = html("input", { id, type: "number", min: row.lo, max: row.hi, step: "any", value: row.value, "aria-label": `${row.key}, ${row.lo} ${words.to} ${row.hi}` }, cell);
    input.onchange = () => {
      const value = typed(input);
      if (value === null) return;
      if (input.value === "") input.value = row.value;
      else send(value === row.usual ? null : value);
    };
  }
  if (changed) html("button", { type: "button", title: words.reset, "aria-label": `${words.reset}: ${row.key}` }, cell, "↺").onclick = () => send(null);
}

export default {
  render({ model, el }) {
    const state = { wanted: "", changed: false, sort: -1, down: false };
    const redraw = () => draw(el, model, state);
    for (const name of ["rows", "columns", "words"]) model.on(`change:${name}`, redraw);
    redraw();
  },
};
