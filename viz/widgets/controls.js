// Native controls with labels. The server's values are taken over unless a visitor is in the middle of typing.
const PAGE = Math.random().toString(36).slice(2); // every widget of a page has a copy of this module
let made = 0;

function control(field, id, send) {
  const box = html("div", { class: `field ${field.kind}`, "data-id": field.id });
  if (field.kind === "button") {
    const button = html("button", { type: "button", class: field.look, title: field.help, disabled: field.disabled, "aria-label": field.name, "data-travels": field.travels }, box, field.label);
    button.onclick = () => send(field.id, true);
    travelling(box);
    return box;
  }
  if (field.kind === "file") return file(box, field, send);
  if (field.kind === "link") {
    html("a", { href: field.href, title: field.help, download: field.download, target: field.target }, box, field.label);
    return box;
  }
  if (field.kind === "menu") return menu(box, field, send);
  if (field.kind === "tabs") return tabs(box, field, send);
  if (field.kind === "checks") return checks(box, field, send);
  if (field.kind === "switch") {
    const label = html("label", { title: field.help }, box);
    const input = html("input", { type: "checkbox", role: "switch" }, label);
    input.checked = field.value;
    html("span", {}, label, field.label);
    input.onchange = () => send(field.id, input.checked);
    return box;
  }
  html("label", { for: id, title: field.help }, box, field.label);
  if (field.kind === "select") {
    const input = html("select", { id }, box);
    const groups = new Map();
    for (const option of field.options) {
      let parent = input;
      if (option.group) {
        if (!groups.has(option.group)) groups.set(option.group, html("optgroup", { label: option.group }, input));
        parent = groups.get(option.group);
      }
      html("option", { value: option.value }, parent, option.label);
    }
    input.value = field.value;
    input.onchange = () => send(field.id, field.options.find((option) => String(option.value) === input.value).value);
  } else {
    const input = html("input", { id, type: field.kind, min: field.lo, max: field.hi, step: field.step, value: field.value, placeholder: field.help, size: field.size }, box);
    input.onchange = () => {
      if (field.kind === "number") {
        const value = typed(input);
        if (value === null) return;
        if (input.value !== "") send(field.id, value);
        else if (field.optional) send(field.id, null);
        else input.value = field.value;
      } else send(field.id, input.value);
    };
  }
  return box;
}

// A file travels as base64, so that the server sees its bytes; one that is too large stays here.
function file(box, field, send) {
  const button = html("button", { type: "button", class: field.look, title: field.help, disabled: field.disabled }, box, field.label);
  const input = html("input", { type: "file", accept: field.accept, hidden: "", "aria-label": field.label }, box);
  button.onclick = () => input.click();
  input.onchange = () => {
    const [chosen] = input.files;
    if (!chosen) return;
    const about = { name: chosen.name, size: chosen.size };
    if (chosen.size > field.most) { send(field.id, about); return; }
    const reader = new FileReader();
    reader.onloadend = () => send(field.id, { ...about, base64: String(reader.result || "").split(",")[1] || "" });
    reader.readAsDataURL(chosen);
    input.value = "";
  };
  return box;
}

function tabs(box, field, send) {
  box.setAttribute("role", "tablist");
  box.setAttribute("aria-label", field.label);
  const buttons = field.options.map((option) => {
    const on = option.value === field.value;
    const button = html("button", { type: "button", role: "tab", "aria-selected": String(on), tabindex: on ? 0 : -1, "data-value": option.value }, box, option.label);
    button.onclick = () => send(field.id, option.value);
    return button;
  });
  box.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const k = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
    buttons[k].focus();
    send(field.id, field.options[k].value);
  };
  return box;
}

// Buttons that go through the visitor's history within the app rest where there is none; a browser that does not tell has them all.
function travelling(within) {
  for (const button of within.querySelectorAll("[data-travels]")) button.disabled = !(window.navigation?.[button.dataset.travels] ?? true);
}

function closing(group) {
  group.addEventListener("focusout", (event) => { if (event.relatedTarget && !group.contains(event.relatedTarget)) group.open = false; });
  group.onkeydown = (event) => { if (event.key === "Escape") { group.open = false; group.querySelector("summary").focus(); } };
}

function menu(box, field, send) {
  const group = html("details", { class: "menu" }, box);
  html("summary", {}, group, field.label);
  const list = html("fieldset", { "aria-label": field.label }, group);
  for (const option of field.options) {
    const button = html("button", { type: "button" }, list, option.label);
    button.onclick = () => { group.open = false; group.querySelector("summary").focus(); send(field.id, option.value); };
  }
  closing(group);
  return box;
}

function checks(box, field, send) {
  const group = html("details", { class: "menu" }, box);
  html("summary", {}, group, field.label);
  const list = html("fieldset", {}, group);
  html("legend", {}, list, field.help);
  const chosen = new Set(field.value);
  const inputs = field.options.map((option) => {
    const label = html("label", {}, list);
    const input = html("input", { type: "checkbox" }, label);
    input.checked = chosen.has(option.value);
    html("span", {}, label, option.label);
    input.onchange = () => {
      input.checked ? chosen.add(option.value) : chosen.delete(option.value);
      limit();
      send(field.id, field.options.map((o) => o.value).filter((v) => chosen.has(v)));
    };
    return input;
  });
  const limit = () => inputs.forEach((input) => { input.disabled = !input.checked && chosen.size >= field.most; });
  limit();
  closing(group);
  return box;
}

function draw(el, model, state) {
  const send = (id, value) => {
    model.set("event", { id, value, count: (model.get("event").count || 0) + 1 });
    model.save_changes();
  };
  const fields = model.get("fields"), order = fields.map((field) => field.id);
  const frame = JSON.stringify([model.get("layout_name"), model.get("name")]);
  if (frame !== state.frame) {
    const row = html("div", { class: `ssr-controls as-${model.get("layout_name")}`, role: model.get("name") ? "group" : undefined, "aria-label": model.get("name") || undefined });
    el.replaceChildren(row);
    Object.assign(state, { frame, row, told: new Map() });
  }
  for (const node of [...state.row.children]) if (!order.includes(node.dataset.id)) {
    state.told.delete(node.dataset.id);
    node.remove();
  }
  for (const field of fields) {
    const now = JSON.stringify(field);
    if (state.told.get(field.id) === now) continue; // what has not changed stays: a click on its way finds it
    state.told.set(field.id, now);
    renew(state.row, field, send);
  }
  const placed = [...state.row.children];
  if (placed.some((node, k) => node.dataset.id !== order[k]))
    for (const id of order) state.row.appendChild(placed.find((node) => node.dataset.id === id));
}

// Takes over what tabs say and which is open, where they are the same ones: a click that has begun on one finds it.
function relabel(old, box) {
  const [before, after] = [old, box].map((node) => [...node.querySelectorAll("[role=tab]")]);
  if (before.map((tab) => tab.dataset.value).join() !== after.map((tab) => tab.dataset.value).join()) return false;
  before.forEach((tab, k) => {
    tab.textContent = after[k].textContent;
    for (const name of ["aria-selected", "tabindex"]) tab.setAttribute(name, after[k].getAttribute(name));
  });
  return true;
}

function renew(row, field, send) {
  const old = [...row.children].find((node) => node.dataset.id === field.id);
  const box = control(field, `control-${PAGE}-${(made += 1)}`, send);
  if (!old) { row.appendChild(box); return; }
  if (field.kind === "tabs" && relabel(old, box)) return;
  const focused = old.contains(document.activeElement), tab = focused && document.activeElement.getAttribute("role") === "tab";
  const opened = old.querySelector("details")?.open;
  old.replaceWith(box);
  if (opened) box.querySelector("details").open = true;
  if (focused) box.querySelector(tab ? "[aria-selected=true]" : "input, select, button, summary, a")?.focus();
}

export default {
  render({ model, el }) {
    const state = { frame: "", row: null, told: null };
    const redraw = () => draw(el, model, state);
    const travelled = () => travelling(el);
    for (const name of ["fields", "layout_name", "name"]) model.on(`change:${name}`, redraw);
    window.navigation?.addEventListener("currententrychange", travelled);
    redraw();
    return () => window.navigation?.removeEventListener("currententrychange", travelled);
  },
};
