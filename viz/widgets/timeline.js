// A plan on a time axis: click or use the arrow keys to choose a quarter, take changes out one by one.
const YEAR = 365.25 / 7, QUARTER = YEAR / 4;

function draw(el, model) {
  const focused = el.contains(document.activeElement);
  const words = model.get("words"), weeks = model.get("weeks"), at = model.get("at");
  const send = (what) => {
    model.set("event", { ...what, count: (model.get("event").count || 0) + 1 });
    model.save_changes();
  };
  const place = (week) => `${(100 * week) / weeks}%`;
  el.replaceChildren();
  const root = html("div", { class: "ssr-timeline", "data-rev": `${model.get("rows").length}-${at}` }, el);
  html("p", { class: "how" }, root, words.how);
  const track = html("div", { class: "axis", role: "slider", tabindex: "0", "aria-label": words.at, "aria-valuemin": 0,
    "aria-valuemax": Math.floor(weeks / YEAR), "aria-valuenow": (at / YEAR).toFixed(2), "aria-valuetext": when(at, words) }, root);
  for (let year = 0; year * YEAR <= weeks; year++) {
    const tick = html("span", { class: "year", style: `left: ${place(year * YEAR)}` }, track, String(year));
    tick.dataset.year = year;
  }
  html("i", { class: "past", style: `width: ${place(at)}` }, track);
  const handle = html("i", { class: "handle", style: `left: ${place(at)}` }, track);
  html("b", {}, handle, when(at, words));
  let target = at; // where the keys have gone to; the server's answer may be some keys behind
  const choose = (week) => {
    const quarter = Math.round(Math.min(Math.max(week, 0), weeks - QUARTER) / QUARTER);
    const found = Math.round(quarter * QUARTER);
    if (found !== target) send({ do: "at", week: target = found });
  };
  track.onclick = (event) => {
    const box = track.getBoundingClientRect();
    choose(((event.clientX - box.left) / box.width) * weeks);
  };
  track.onkeydown = (event) => {
    const step = { ArrowRight: QUARTER, ArrowUp: QUARTER, ArrowLeft: -QUARTER, ArrowDown: -QUARTER, PageUp: YEAR, PageDown: -YEAR }[event.key];
    const end = { Home: 0, End: weeks }[event.key];
    if (step === undefined && end === undefined) return;
    event.preventDefault();
    choose(end ?? target + step);
  };
  const list = html("ol", {}, root);
  for (const row of model.get("rows")) {
    const item = html("li", { class: row.own ? "own" : "given" }, list);
    const bar = html("div", { class: "bar" }, item);
    html("i", { style: `left: ${place(row.week)}; right: ${row.lasting ? 0 : `calc(${100 - (100 * row.week) / weeks}% - 6px)`}` }, bar);
    html("span", { class: "when" }, item, when(row.week, words));
    html("span", { class: "what" }, item, row.text);
    if (row.own) {
      const button = html("button", { type: "button", "aria-label": `${words.remove}: ${row.text}, ${when(row.week, words)}` }, item, "×");
      button.onclick = () => send({ do: "remove", week: row.week, key: row.key });
    } else html("small", {}, item, words.given);
  }
  if (!model.get("rows").length) html("li", { class: "none" }, list, words.none);
  if (focused) track.focus();
}

function when(week, words) {
  return week === 0 ? words.start : `${words.year} ${Math.round((week / YEAR) * 20) / 20}`;
}

export default {
  render({ model, el }) {
    const redraw = () => draw(el, model);
    for (const name of ["weeks", "at", "rows", "words"]) model.on(`change:${name}`, redraw);
    redraw();
  },
};
