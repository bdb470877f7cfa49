// What one step of a scene looks like. Everything is drawn from what the browser already has.
const CHART_HEIGHT = 268; // before the stage makes it larger

function textStep(parent, scene) {
  const box = html("div", { class: "told" }, parent);
  html("h1", { class: "scene-title" }, box, scene.title);
  if (scene.text) html("p", { class: "scene-text" }, box, scene.text);
}

function answers(parent, scene, votes, { step, active, truth, words, pick }) {
  const most = Math.max(...votes, 1), all = votes.reduce((a, b) => a + b, 0), counted = step !== "question" && (all > 0 || step === "vote");
  const list = html("ol", { class: `answers ${step}` }, parent);
  scene.answers.forEach((answer, n) => {
    const right = step === "reveal" && n === truth;
    const row = html("li", { class: right ? "true" : step === "reveal" && truth >= 0 ? "other" : "" }, list);
    html("span", { class: "key", "aria-hidden": "true" }, row, right ? "✓" : String.fromCharCode(65 + n));
    const body = html("div", { class: "body" }, row);
    html("span", { class: "answer" }, body, answer);
    if (right) html("span", { class: "ssr-live" }, body, words.true_answer);
    if (!counted) return;
    const bar = html("div", { class: "bar" }, body);
    html("i", { style: `width: ${(100 * votes[n]) / most}%` }, bar);
    const share = all ? ` · ${Math.round((100 * votes[n]) / all)} %` : "";
    const shown = `${votes[n]}${step === "reveal" ? share : ""}`;
    const count = html("span", { class: "count" }, row, shown);
    if (step !== "vote") return;
    for (const [name, value] of Object.entries({ role: "spinbutton", tabindex: "0", "aria-label": `${words.hands}: ${answer}`,
      "aria-valuenow": votes[n], "aria-valuemin": 0, "aria-valuemax": MOST_HANDS })) count.setAttribute(name, value);
    row.classList.toggle("active", n === active);
    row.onclick = () => pick(n);
  });
}

function questionStep(parent, scene, votes, more) {
  const box = html("div", { class: "asked" }, parent);
  html("p", { class: "kicker" }, box, scene.title);
  html("h1", { class: "question" }, box, scene.question);
  answers(box, scene, votes, more);
  html("p", { class: "hint" }, box, more.step === "vote" ? more.words.vote_how : "");
}

function figures(parent, result, words) {
  const long = result.before.length + result.after.length > 14 ? "long" : "";
  const box = html("div", { class: `figures ${result.changes ? result.tone : "level"} ${long}` }, parent);
  html("p", { class: "measure" }, box, result.unit ? `${result.title} (${result.unit})` : result.title);
  const row = html("p", { class: "numbers" }, box);
  if (result.changes) html("span", { class: "before" }, row, result.before);
  const now = html("span", {}, row);
  if (result.changes) html("span", { class: "arrow", role: "img", "aria-label": words.then }, now, "→");
  html("b", { class: "after" }, now, result.after);
  if (!result.changes) return;
  html("p", { class: "change" }, box, result.change || words.no_change);
  html("p", { class: "worlds" }, box, result.worlds);
}

function amounts(parent, result) {
  const [before, after] = result.levels.map((v) => v ?? 0), most = Math.max(Math.abs(before), Math.abs(after), 1e-12);
  const box = html("div", { class: "amounts", "data-rev": result.pairs }, parent);
  html("p", { class: "measure" }, box, result.unit ? `${result.title} (${result.unit})` : result.title);
  const rows = result.changes ? [["baseline", before, result.before, 0], ["plan", after, result.after, 1]] : [["baseline", after, result.after, 0]];
  for (const [role, value, shown, n] of rows) {
    const row = html("div", { class: `amount ${role}` }, box);
    html("span", { class: "name" }, row, result.labels[n]);
    const bar = html("div", { class: "rail" }, row);
    html("i", { style: `width: ${(100 * Math.abs(value)) / most}%` }, bar);
    html("b", {}, row, shown);
  }
}

function chain(parent, chart, words) {
  const box = html("div", { class: "chain" }, parent);
  html("p", { class: "measure" }, box, words.chain);
  const list = html("ol", {}, box);
  for (const link of chart.links) {
    const row = html("li", { class: link.end ? "end" : link.clear ? "clear" : "" }, list);
    html("span", { class: "key" }, row, link.letter);
    const body = html("div", {}, row);
    html("span", { class: "when" }, body, link.date);
    html("span", { class: "what" }, body, link.words);
    if (link.effect) html("span", { class: "effect" }, body, link.effect);
  }
  if (chart.links.some((link) => link.clear)) html("p", { class: "hint" }, box, words.chain_how);
  if (chart.left_out) html("p", { class: "hint" }, box, words.left_out.replace("{n}", chart.left_out));
}

// A widget of another kind, shown by the stage itself: a model that holds values and tells of changes.
function held(values) {
  const heard = {};
  return { get: (name) => values[name], on: (event, call) => { (heard[event] = heard[event] || []).push(call); }, off() {},
    set(name, value) { values[name] = value; (heard[`change:${name}`] || []).forEach((call) => call()); }, save_changes() {} };
}

async function part(parts, kind) {
  if (!part.made) part.made = {};
  part.made[kind] = part.made[kind] || import(URL.createObjectURL(new Blob([parts[kind]], { type: "text/javascript" })));
  return (await part.made[kind]).default;
}

// Takes off a chart's height what its names and notes, in one line or two, have too little room for.
function lower(chart, parent, el) {
  const over = parent.scrollHeight - parent.clientHeight;
  if (over > 0) chart.set("height", CHART_HEIGHT - Math.ceil(over / (Number(getComputedStyle(el).zoom) || 1)));
}

// Draws the chart of a result into `parent`; gives back how to let go of it.
async function picture(parent, result, parts, words) {
  const { kind } = result.chart;
  if (kind === "amount") { amounts(parent, result); return () => {}; }
  if (kind === "why") { chain(parent, result.chart, words); return () => {}; }
  const widget = await part(parts, kind), el = html("div", { class: `part ${kind}` }, parent);
  const values = kind === "lines" ? { data: result.chart.data, words: words.chart, height: CHART_HEIGHT, grow: 0 }
    : { ...result.chart, height: 330 };
  const shown = held(values), end = widget.render({ model: shown, el });
  if (kind === "lines") lower(shown, parent, el);
  if (kind === "map") el.querySelector(".play button")?.click();
  return end || (() => {});
}

// A sentence about the runs that there are: pairs, or histories alone where a scene changes nothing.
function told(sentence, result, words) {
  return sentence.replace("{n}", result.pairs).replace("{of}", result.of).replace("{what}", result.changes ? words.in_pairs : words.alone);
}

function revealStep(parent, scene, result, votes, more) {
  const { words } = more, box = html("div", { class: "reveal" }, parent);
  const left = html("div", { class: "left" }, box), right = html("div", { class: "right" }, box);
  const place = html("div", { class: "picture" }, right);
  html(scene.question ? "p" : "h1", { class: "kicker" }, left, scene.title);
  if (scene.question) html("h1", { class: "asked-again" }, left, scene.question);
  if (!result) {
    html("p", { class: "wait", role: "status" }, place, words.wait);
  } else {
    figures(left, result, words);
    if (result.words) html("p", { class: "words" }, left, result.words);
    else if (result.pairs < result.of) html("p", { class: "pending", role: "status" }, left, told(words.pending, result, words));
  }
  if (scene.answers.length) {
    answers(left, scene, votes, { ...more, step: "reveal", truth: result ? result.truth : -1 });
    if (result && result.words && result.truth < 0) html("p", { class: "hint" }, left, words.none_true);
  }
  if (result) {
    const so_far = result.pairs < result.of ? words.so_far : result.done ? words.runs : words.drawing;
    html("p", { class: "runs" }, right, told(so_far, result, words));
  }
  fill(left);
  return place;
}

// As large as there is room for: the last row reads these.
function fill(column) {
  for (const fit of [1.32, 1.24, 1.16, 1.08, 1]) {
    column.style.setProperty("--fit", fit);
    if (column.scrollHeight <= column.clientHeight + 1 && column.scrollWidth <= column.clientWidth + 1) return;
  }
}
