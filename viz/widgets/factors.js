// A table of sampled keys. A value goes to the server when the field is left; nothing is clamped here: faults are said.
const PAGE = Math.random().toString(36).slice(2); // every widget of a page has a copy of this module
let lists = 0;

function ends(cell, row, name, words, send) {
  const usual = name === "low" ? row.lo : row.hi;
  const input = html("input", { type: "number", step: "any", placeholder: usual ?? "", value: row[name] ?? "",
    "aria-label": `${row.label}: ${words[name]}` }, cell);
  input.onchange = () => {
    const other = name === "low" ? "high" : "low";
    const typed = input.value === "" ? null : Number(input.value);
    const rest = row[other] ?? (typed === null ? null : (other === "low" ? row.lo : row.hi) ?? null);
    send({ do: "set", key: row.key, [name]: typed, [other]: typed === null ? null : rest });
  };
}

function draw(el, model) {
  const words = model.get("words"), rows = model.get("rows");
  const held = el.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
  const send = (event) => {
    model.set("event", { ...event, count: (model.get("event").count || 0) + 1 });
    model.save_changes();
  };
  const root = html("div", { class: "ssr-factors", "data-rev": rows.length });
  if (rows.length) {
    const table = html("table", {}, root);
    const head = html("tr", {}, html("thead", {}, table));
    for (const name of ["key", "low", "high", "declared"]) html("th", { scope: "col" }, head, words[name]);
    html("th", { scope: "col", "aria-label": words.remove }, head);
    const body = html("tbody", {}, table);
    for (const row of rows) {
      const line = html("tr", { class: row.problem ? "wrong" : undefined }, body);
      const name = html("th", { scope: "row", title: row.key }, line, row.label);
      if (row.problem) html("small", {}, name, row.problem);
      if (row.fixed) html("td", { colspan: 3, class: "fixed" }, line, row.fixed);
      else {
        ends(html("td", {}, line), row, "low", words, send);
        ends(html("td", {}, line), row, "high", words, send);
        html("td", { class: "declared" }, line, row.lo === null ? "" : `${row.lo} – ${row.hi} ${row.unit}`);
      }
      const remove = html("button", { type: "button", "aria-label": `${words.remove}: ${row.label}` }, html("td", {}, line), "×");
      remove.onclick = () => send({ do: "remove", key: row.key });
    }
  }
  const id = `ssr-factors-${PAGE}-${(lists += 1)}`;
  const form = html("form", {}, root);
  const find = html("input", { list: id, placeholder: words.find, "aria-label": words.find, autocomplete: "off" }, form);
  const list = html("datalist", { id }, form);
  for (const choice of model.get("choices")) html("option", { value: choice.value, label: choice.label }, list);
  html("button", { type: "submit" }, form, words.add);
  form.onsubmit = (event) => {
    event.preventDefault();
    if (find.value.trim()) send({ do: "add", key: find.value.trim() });
  };
  el.replaceChildren(root);
  if (held) [...root.querySelectorAll("input, button")].find((node) => node.getAttribute("aria-label") === held)?.focus();
}

export default {
  render({ model, el }) {
    const redraw = () => draw(el, model);
    for (const name of ["rows", "choices", "words"]) model.on(`change:${name}`, redraw);
    redraw();
  },
};
