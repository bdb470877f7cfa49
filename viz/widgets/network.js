// The map on a canvas: all frames are here, so playing and scrubbing never ask the server.
const LEAST = 240, REST = 36; // pixels: the lowest map, and the page's own room below
const NONE = 65535, STEP = 120; // ms between frames
const CIVIDIS = ["#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838"];

function colours() {
  const table = [];
  for (let v = 0; v < 256; v++) {
    const at = (v / 255) * (CIVIDIS.length - 1), k = Math.min(Math.floor(at), CIVIDIS.length - 2), f = at - k;
    const mix = (from) => Math.round(parseInt(CIVIDIS[k].slice(from, from + 2), 16) * (1 - f) + parseInt(CIVIDIS[k + 1].slice(from, from + 2), 16) * f);
    table.push(`rgb(${mix(1)} ${mix(3)} ${mix(5)})`);
  }
  return table;
}
const COLOURS = colours();

function number(value) {
  return value >= 100 ? Math.round(value).toLocaleString("en") : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function view(el, model) {
  const words = model.get("words"), state = { frame: 0, field: 0, playing: null, chosen: -1, units: true, contingents: true, roads: true };
  el.replaceChildren();
  const root = html("div", { class: "ssr-network" }, el);
  const bar = html("div", { class: "bar" }, root);
  const pick = html("label", {}, bar, words.colour);
  const select = html("select", {}, pick);
  const layers = ["roads", "units", "contingents"].map((name) => {
    const label = html("label", { class: "layer" }, bar);
    const box = html("input", { type: "checkbox" }, label);
    box.checked = true;
    box.onchange = () => { state[name] = box.checked; paint(); };
    html("span", { class: `key ${name}` }, label, words[name]);
    return box;
  });
  void layers;
  html("span", { class: "key circle" }, bar, words.circle);
  const who = html("select", {}, html("label", {}, bar, words.community)); // what a click on the map chooses, for keys
  who.onchange = () => { state.chosen = Number(who.value); paint(); };
  const stage = html("div", { class: "stage" }, root);
  const canvas = html("canvas", { role: "img" }, stage);
  const card = html("div", { class: "card", hidden: "" }, stage);
  const legend = html("div", { class: "legend" }, root);
  const play = html("div", { class: "play" }, root);
  const button = html("button", { type: "button" }, play, words.play);
  const scrub = html("input", { type: "range", min: 0, step: 1, value: 0, "aria-label": words.week }, play);
  const clock = html("output", {}, play);

  const film = () => model.get("film"), ground = () => model.get("ground");
  const bytes = () => { const v = model.get("values"); return new Uint8Array(v.buffer, v.byteOffset, v.byteLength); };
  let values, postings, place, dirty = true;

  function fresh() {
    if (!film().weeks) return;
    values = bytes();
    const p = model.get("postings");
    postings = new Uint16Array(p.buffer.slice(p.byteOffset, p.byteOffset + p.byteLength));
    select.replaceChildren();
    film().fields.forEach((field, k) => html("option", { value: k }, select, field.label));
    select.value = state.field;
    who.replaceChildren();
    html("option", { value: -1 }, who, "–");
    const regions = new Map();
    ground().region.forEach((name, k) => {
      if (!regions.has(name)) regions.set(name, html("optgroup", { label: name }, who));
      html("option", { value: k }, regions.get(name), `${k}, ${name}`);
    });
    who.value = state.chosen;
    scrub.max = film().weeks.length - 1;
    state.frame = Math.min(state.frame, film().weeks.length - 1);
    dirty = true;
    show(state.frame);
    root.dataset.rev = film().rev;
  }

  function layout() {
    const { x, y } = ground(), width = stage.clientWidth || 600, pad = 26;
    const under = play.offsetHeight + (legend.offsetLeft < stage.offsetLeft ? 0 : legend.offsetHeight) + REST;
    const below = innerHeight - stage.getBoundingClientRect().top - under;
    const height = Math.max(LEAST, Math.min(model.get("height"), below));
    const ratio = window.devicePixelRatio || 1;
    canvas.width = width * ratio; canvas.height = height * ratio;
    canvas.style.width = `${width}px`; canvas.style.height = `${height}px`;
    const left = Math.min(...x), right = Math.max(...x), low = Math.min(...y), high = Math.max(...y);
    const scale = Math.min((width - 2 * pad) / Math.max(right - left, 1e-9), (height - 2 * pad) / Math.max(high - low, 1e-9));
    const ox = (width - scale * (right - left)) / 2, oy = (height - scale * (high - low)) / 2;
    const most = Math.max(...ground().people), size = Math.max(3.2, Math.min(9, 110 / Math.sqrt(x.length)));
    place = { ratio, px: x.map((v) => ox + (v - left) * scale), py: y.map((v) => height - oy - (v - low) * scale),
      r: ground().people.map((v) => 1.5 + size * Math.sqrt(v / most)) };
    dirty = false;
  }

  function paint() {
    if (!values || !film().weeks) return;
    if (dirty) layout();
    const pen = canvas.getContext("2d"), style = getComputedStyle(root), n = ground().x.length;
    const ink = style.getPropertyValue("--ssr-ink").trim(), rule = style.getPropertyValue("--ssr-line").trim();
    pen.setTransform(place.ratio, 0, 0, place.ratio, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    if (state.roads) {
      pen.strokeStyle = rule; pen.lineWidth = 1;
      pen.beginPath();
      for (const [i, j] of ground().roads) { pen.moveTo(place.px[i], place.py[i]); pen.lineTo(place.px[j], place.py[j]); }
      pen.stroke();
    }
    const from = (state.frame * film().fields.length + state.field) * n;
    for (let i = 0; i < n; i++) {
      pen.beginPath();
      pen.arc(place.px[i], place.py[i], place.r[i], 0, 7);
      pen.fillStyle = COLOURS[values[from + i]];
      pen.fill();
      pen.lineWidth = i === state.chosen ? 3 : 0.8;
      pen.strokeStyle = ink;
      pen.stroke();
    }
    const each = film().units + film().contingents;
    const mark = (first, count, dx, draw) => {
      for (let k = 0; k < count; k++) {
        const at = postings[state.frame * each + first + k];
        if (at !== NONE) draw(place.px[at] + dx * (place.r[at] + 3), place.py[at] - place.r[at] - 2);
      }
    };
    pen.lineWidth = 1;
    if (state.units) { pen.fillStyle = style.getPropertyValue("--ssr-pin1").trim(); mark(0, film().units, -0.7, (x, y) => pen.fillRect(x - 3, y - 3, 6, 6)); }
    if (state.contingents) {
      pen.fillStyle = style.getPropertyValue("--ssr-plan").trim();
      mark(film().units, film().contingents, 0.7, (x, y) => { pen.beginPath(); pen.moveTo(x, y - 4.5); pen.lineTo(x + 4.5, y + 3.5); pen.lineTo(x - 4.5, y + 3.5); pen.fill(); });
    }
    tell();
  }

  function tell() {
    const f = film(), week = f.weeks[state.frame], year = (week * 7) / 365.25;
    let what = `${words.year} ${year.toFixed(1)}`;
    if (f.relapse >= 0 && week >= f.relapse) what += ` · ${words.relapsed}`;
    else if (f.peace >= 0 && week >= f.peace) what += ` · ${words.at_peace}`;
    clock.textContent = what;
    scrub.value = state.frame;
    scrub.setAttribute("aria-valuetext", what);
    const field = f.fields[state.field];
    canvas.setAttribute("aria-label", `${field.label}, ${what}`);
    legend.replaceChildren();
    html("span", {}, legend, "0");
    html("i", { style: `background: linear-gradient(to right, ${CIVIDIS.join(",")})` }, legend);
    html("span", {}, legend, `${number(field.top)} ${field.unit}`);
    html("span", { class: "meaning" }, legend, field.meaning);
    describe();
  }

  function describe() {
    card.hidden = state.chosen < 0;
    card.setAttribute("aria-live", state.playing ? "off" : "polite");
    if (card.hidden) return;
    const n = ground().x.length;
    card.replaceChildren();
    html("b", {}, card, `${words.community} ${state.chosen}, ${ground().region[state.chosen]}`);
    html("span", {}, card, `${number(ground().people[state.chosen])} ${words.people}`);
    film().fields.forEach((field, k) => {
      const value = (values[(state.frame * film().fields.length + k) * n + state.chosen] / 255) * field.top;
      html("span", {}, card, `${field.label}: ${number(value)}${field.unit === "%" ? " %" : ""}`);
    });
    const x = place.px[state.chosen], half = stage.clientWidth / 2;
    card.style.left = x > half ? "8px" : ""; card.style.right = x > half ? "" : "8px";
  }

  function show(frame) { state.frame = frame; paint(); }
  function stop() { clearInterval(state.playing); state.playing = null; button.textContent = words.play; }
  function start() {
    if (state.frame >= film().weeks.length - 1) state.frame = 0;
    button.textContent = words.pause;
    state.playing = setInterval(() => (state.frame >= film().weeks.length - 1 ? stop() : show(state.frame + 1)), STEP);
  }
  button.onclick = () => (state.playing ? stop() : start());
  scrub.oninput = () => { stop(); show(Number(scrub.value)); };
  select.onchange = () => { state.field = Number(select.value); paint(); };
  canvas.onclick = (event) => {
    if (!place) return;
    let best = -1, near = 18;
    for (let i = 0; i < place.px.length; i++) {
      const d = Math.hypot(event.offsetX - place.px[i], event.offsetY - place.py[i]);
      if (d < near) { near = d; best = i; }
    }
    state.chosen = best;
    who.value = best;
    paint();
  };
  const watch = new ResizeObserver(() => { dirty = true; paint(); });
  watch.observe(stage);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", paint);
  fresh();
  return { fresh, end: () => { stop(); watch.disconnect(); dark.removeEventListener("change", paint); } };
}

export default {
  render({ model, el }) {
    let shown = view(el, model);
    model.on("change:film", () => shown.fresh());
    model.on("change:ground", () => { shown.end(); shown = view(el, model); });
    return () => shown.end();
  },
};
