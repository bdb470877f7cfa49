// The lever column. A slider answers at once by itself; the server hears of it at once, then every 100 ms at most, and on release.
const REST = 350; // ms without a key before a lever counts as set

function shown(lever, value, word = true) {
  if (lever.options.length) return String(value);
  if (word && lever.end && value >= lever.hi) return lever.end;
  const digits = lever.whole ? 0 : lever.hi - lever.lo > 20 ? 1 : 2;
  return Number(value).toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function named(lever, value) {
  const text = shown(lever, value);
  return text === lever.end ? text : `${text} ${lever.unit}`;
}

// Where a value lies on its slider, in percent.
function share(lever, value) {
  return (100 * (Math.min(value, lever.hi) - lever.lo)) / (lever.hi - lever.lo);
}

// At once, then at most every `wait` ms, the last values in any case.
function throttle(wait, action) {
  let timer = null, latest = null;
  const run = (...values) => {
    if (timer) { latest = values; return; }
    action(...values);
    timer = setTimeout(() => { timer = null; if (latest) { const values = latest; latest = null; run(...values); } }, wait);
  };
  run.cancel = () => { clearTimeout(timer); timer = latest = null; };
  return run;
}

function row(lever, model, words, rows) {
  const id = "lever-" + lever.key.replace(/\W/g, "-");
  const box = html("div", { class: "lever", "data-key": lever.key });
  const top = html("div", { class: "top" }, box);
  html("label", { for: id }, top, lever.label);
  const badge = html("span", { class: `badge ${lever.evidence}`, title: `${words.source}: ${lever.source}` }, top, words.evidence[lever.evidence]);
  badge.setAttribute("aria-label", `${words.evidence[lever.evidence]}. ${lever.source}`);
  const about = html("button", { type: "button", class: "about", "aria-expanded": "false", "aria-controls": id + "-about", "aria-label": `${words.about}: ${lever.label}`, title: lever.help }, top, "?");
  const out = html("output", { for: id }, top);
  const line = html("div", { class: "line" }, box);
  const tell = throttle(100, (value) => { model.set("moving", { key: lever.key, value }); model.save_changes(); });
  const commit = (value) => {
    tell.cancel();
    const count = (model.get("committed").count || 0) + 1;
    model.set("committed", { key: lever.key, value, count });
    model.save_changes();
  };
  let input, touched = 0, waiting = null;
  if (lever.options.length) {
    input = html("select", { id }, line);
    for (const option of lever.options) html("option", { value: option }, input, option);
    input.onchange = () => { show(input.value, input.value !== lever.default); commit(input.value === lever.default ? null : input.value); };
  } else {
    const track = html("div", { class: "track" }, line);
    input = html("input", { id, type: "range", min: lever.lo, max: lever.hi, step: lever.step }, track);
    const at = share(lever, lever.default);
    html("i", { class: "tick", style: `left: calc(${at}% + ${8 - at * 0.16}px)`, title: `${words.now}: ${shown(lever, lever.default)}` }, track);
    const usual = (v) => Math.abs(v - Math.min(lever.default, lever.hi)) < 1e-9;
    input.oninput = () => { touched = Date.now(); show(Number(input.value), !usual(Number(input.value))); tell(Number(input.value)); };
    // Held arrow keys fire a change each: one commit when they rest, as for a drag that ends.
    const settle = () => { const v = Number(input.value); commit(usual(v) ? null : v); };
    input.onchange = () => { touched = Date.now(); clearTimeout(waiting); waiting = setTimeout(settle, input.matches(":active") ? 0 : REST); };
  }
  const reset = html("button", { type: "button", class: "reset", "aria-label": `${words.reset}: ${lever.label}`, title: words.reset }, line, "↺");
  reset.onclick = () => { show(lever.default, false); commit(null); input.focus(); };
  const under = html("div", { class: "under" }, box);
  html("span", {}, under, lever.options.length ? "" : lever.unit);
  html("span", { title: `${words.price}: ${lever.price}` }, under, lever.price === "none" ? "" : lever.price);
  const facts = html("dl", { id: id + "-about", class: "facts", hidden: "" }, box);
  html("p", {}, facts, lever.help);
  const range = lever.options.length ? lever.options.join(", ") : `${shown(lever, lever.lo)} ${words.to} ${shown(lever, lever.hi, false)} ${lever.unit}${lever.end ? ` ${words.or} ${lever.end}` : ""}`;
  for (const [name, text] of [[words.range, range], [words.price, lever.price], [words.side_effect, lever.side_effect], [words.source, lever.source]])
    if (text && text !== "none") { html("dt", {}, facts, name); html("dd", {}, facts, text); }
  about.onclick = () => { facts.hidden = !facts.hidden; about.setAttribute("aria-expanded", String(!facts.hidden)); };
  function show(value, changed) {
    if (input.type === "range") {
      input.value = value;
      input.style.setProperty("--at", `${share(lever, value)}%`);
      input.setAttribute("aria-valuetext", `${named(lever, value)}${changed ? `, ${words.now} ${shown(lever, lever.default)}` : ""}`);
    } else input.value = value;
    out.textContent = lever.options.length ? "" : shown(lever, value);
    box.classList.toggle("changed", changed);
    reset.hidden = !changed;
  }
  rows.set(lever.key, (values) => {
    // Never pull a slider out of a hand: what the server says of this lever may be older than what the hand has set.
    const rest = touched + 2 * REST - Date.now();
    if (input.matches(":active") || rest > 0) { setTimeout(() => rows.get(lever.key)(model.get("values")), Math.max(rest, 50)); return; }
    show(lever.key in values ? values[lever.key] : lever.default, lever.key in values);
  });
  return box;
}

function draw(el, model, open) {
  const words = model.get("words"), rows = new Map();
  el.replaceChildren();
  const column = html("div", { class: "ssr-levers" }, el);
  const find = html("input", { type: "search", class: "find", placeholder: words.find, "aria-label": words.find }, column);
  const none = html("p", { class: "none", "aria-live": "polite" }, column);
  for (const group of model.get("groups")) {
    const section = html("details", { class: "group", "data-group": group.name }, column);
    section.open = open.get(group.name) ?? group.levers.some((lever) => lever.headline);
    section.ontoggle = () => { if (!find.value.trim()) open.set(group.name, section.open); };
    const title = html("summary", {}, section);
    html("span", {}, title, group.label);
    html("span", { class: "count" }, title);
    const rest = html("div", { class: "rest" });
    for (const lever of group.levers) (lever.headline ? section : rest).appendChild(row(lever, model, words, rows));
    if (rest.children.length) {
      const more = html("button", { type: "button", class: "more", "aria-expanded": "false" }, section);
      const toggle = (state) => {
        rest.hidden = !state;
        more.setAttribute("aria-expanded", String(state));
        more.textContent = state ? words.fewer : rest.children.length === 1 ? words.one_more : `${rest.children.length} ${words.more}`;
        open.set(group.name + "+", state);
      };
      more.onclick = () => toggle(rest.hidden);
      section.appendChild(rest);
      toggle(open.get(group.name + "+") ?? false);
      rest.reveal = toggle;
    }
  }
  const refresh = () => {
    const values = model.get("values");
    for (const update of rows.values()) update(values);
    for (const section of column.querySelectorAll(".group")) {
      const changed = [...section.querySelectorAll(".lever")].filter((box) => box.dataset.key in values).length;
      section.querySelector(".count").textContent = changed ? `${changed} ${words.changed}` : "";
      const rest = section.querySelector(".rest");
      if (rest && rest.hidden && [...rest.children].some((box) => box.dataset.key in values)) rest.reveal(true);
    }
    column.dataset.rev = Object.keys(values).length;
  };
  find.oninput = () => {
    const wanted = find.value.trim().toLowerCase();
    let found = false;
    column.classList.toggle("searching", Boolean(wanted)); // shows all levers of a group that are found
    for (const section of column.querySelectorAll(".group")) {
      let any = false;
      for (const box of section.querySelectorAll(".lever")) {
        const said = [box.dataset.key, box.querySelector("label").textContent, box.querySelector(".facts p").textContent];
        box.hidden = Boolean(wanted) && !said.join(" ").toLowerCase().includes(wanted);
        any ||= !box.hidden;
      }
      section.hidden = !any;
      section.open = wanted ? any : open.get(section.dataset.group) ?? section.open;
      found ||= any;
    }
    none.textContent = found ? "" : words.not_found;
  };
  refresh();
  return refresh;
}

export default {
  render({ model, el }) {
    const open = new Map();
    let refresh = draw(el, model, open);
    const whole = () => { refresh = draw(el, model, open); };
    model.on("change:groups", whole);
    model.on("change:words", whole);
    for (const name of ["values", "again"]) model.on(`change:${name}`, () => refresh());
  },
};
