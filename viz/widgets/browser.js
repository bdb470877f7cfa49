// Glue to the browser: it draws nothing.
const STORE = "ssr_sim.";
const OWN = "own:"; // what begins so is large, and told only when asked for
const PAUSE = 2000; // ms between undo and redo of a replay
const PATIENCE = 3; // seconds in which the program answers and the page is not connected again by itself

function stored() {
  const found = {};
  try {
    for (let i = 0; i < localStorage.length; i++) {
      const key = localStorage.key(i);
      if (key.startsWith(STORE) && !key.startsWith(STORE + OWN)) found[key.slice(STORE.length)] = localStorage.getItem(key);
    }
  } catch { /* a browser that forbids its store: nothing is remembered */ }
  return found;
}

function recall(key) {
  try { return key ? localStorage.getItem(STORE + key) : null; } catch { return null; }
}

function keep(stored) {
  for (const [key, text] of Object.entries(stored)) {
    try {
      if (localStorage.getItem(STORE + key) !== text) localStorage.setItem(STORE + key, text);
    } catch { // full: what was opened before makes room; or forbidden: nothing is remembered
      try {
        for (const other of Object.keys(localStorage)) if (other.startsWith(STORE + OWN) && other !== STORE + key) localStorage.removeItem(other);
        localStorage.setItem(STORE + key, text);
      } catch { /* as above */ }
    }
  }
}

function theme(value) {
  if (value === "auto") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.setAttribute("data-theme", value);
  keep({ theme: value });
}

function download({ name, text, base64, type }) {
  const bytes = base64 ? Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)) : text;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: type || "text/plain;charset=utf-8" }));
  link.download = name;
  document.body.appendChild(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// The same plan seen otherwise: another address in the place of this one, so that no undo stops there.
function look(href) {
  history.replaceState(history.state, "", href);
  window.dispatchEvent(new PopStateEvent("popstate", { state: history.state })); // the framework reads the address anew
}

// One page back, unless that is no page of ours; a browser that does not tell goes back in any case.
function back() {
  const ours = window.navigation?.canGoBack ?? true;
  if (ours) history.back();
  return ours;
}

// What is to be printed may still be on its way from the server.
function print(selector, tries) {
  if (!selector || document.querySelector(selector) || tries < 1) window.print();
  else setTimeout(() => print(selector, tries - 1), 100);
}

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.appendChild(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("copy");
}

// Says that the program does not answer, in place of a veil over the page: what the browser has can still be used. Opens the
// page again once the program answers and the framework has not found its way back by itself.
function connection(words) {
  const note = Object.assign(document.createElement("p"), { className: "ssr-lost", role: "alert", hidden: true, textContent: words });
  document.body.appendChild(note);
  let asking = false, answered = 0;
  const look = async () => {
    const page = window.app?.$data || {}, away = page.wasConnected && page.connectionStatus !== "connected";
    note.hidden = !away;
    if (!away) answered = 0;
    if (page.needsRefresh) location.reload();
    if (!away || asking) return;
    asking = true;
    try { answered = (await fetch(location.pathname, { cache: "no-store" })).ok ? answered + 1 : 0; } catch { answered = 0; }
    asking = false;
    if (answered >= PATIENCE) location.reload();
  };
  const clock = setInterval(look, 1000);
  return () => { clearInterval(clock); note.remove(); };
}

export default {
  render({ model }) {
    const alone = model.get("lost") ? connection(model.get("lost")) : () => {};
    document.documentElement.lang = document.documentElement.lang || "en";
    const tell = (type, more = {}) => {
      model.set("event", { type, count: (model.get("event").count || 0) + 1, ...more });
      model.save_changes();
    };
    const obey = async () => {
      const order = model.get("command");
      try {
        if (order.do === "copy") { await copy(order.text.replace("{origin}", location.origin)); tell("copied"); }
        else if (order.do === "download") download(order);
        else if (order.do === "print") print(order.of, 40);
        else if (order.do === "replace") location.replace(order.href);
        else if (order.do === "look") look(order.href);
        else if (order.do === "back") back();
        else if (order.do === "forward") history.forward();
        else if (order.do === "replay") { if (back()) setTimeout(() => history.forward(), PAUSE); }
        else if (order.do === "theme") theme(order.value);
        else if (order.do === "remember") keep(order.stored);
      } catch (error) { tell("failed", { what: order.do, why: String(error) }); }
    };
    const key = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest("input, select, textarea, [contenteditable]")) return;
      if (model.get("listened").includes(event.key)) { event.preventDefault(); tell("key", { key: event.key }); }
    };
    model.on("change:command", obey);
    model.on("change:remember", () => keep(model.get("remember")));
    model.on("change:shelf", () => keep(model.get("shelf")));
    model.on("change:wanted", () => tell("own", { own: recall(model.get("wanted")) }));
    document.addEventListener("keydown", key);
    if (model.get("command").do === "replace") obey(); // it may have come before there was anybody to obey
    const found = stored();
    if (found.theme) theme(found.theme);
    keep(model.get("remember"));
    keep(model.get("shelf"));
    const wanted = model.get("wanted"), own = wanted ? { own: recall(wanted) } : {};
    tell("hello", { stored: found, origin: location.origin, theme: found.theme || "auto", ...own });
    return () => { document.removeEventListener("keydown", key); alone(); };
  },
};
