// The player: keys and clicker, full screen, blank, and a second window with the notes that follows it.
const NEXT = [" ", "PageDown", "ArrowRight", "Enter"], BACK = ["PageUp", "ArrowLeft"];
const STAGE = { width: 1180, height: 720 }; // the smallest stage; it is made as large as the window

function player(model, el) {
  const story = model.get("story"), words = model.get("words"), parts = model.get("parts"), mind = memory(story);
  const state = { place: placeOf(location.search, story), active: 0, blank: false, help: false, fresh: true };
  const known = new Map();
  let letGo = () => {}, drawn = 0;
  const root = html("section", { class: "ssr-stage", "aria-label": story.title }, el);
  const screen = html("div", { class: "screen" }, root);
  const foot = html("footer", {}, root);
  const live = html("div", { class: "ssr-live", "aria-live": "polite" }, root);
  const cover = html("div", { class: "cover", hidden: "" }, root);
  const help = html("div", { class: "keys", hidden: "", role: "dialog", "aria-label": words.keys_title }, root);
  html("h2", {}, help, words.keys_title);
  const listed = html("dl", {}, help);
  for (const [key, what] of Object.entries(words.keys)) { html("dt", {}, listed, key); html("dd", {}, listed, what); }
  let channel = null;
  try { channel = new BroadcastChannel(CHANNEL); } catch { /* the notes then do not follow */ }

  const scene = () => story.scenes[state.place.scene];
  const result = () => known.get(state.place.scene);

  function tell() {
    const { place } = state, found = result();
    if (channel) channel.postMessage({ type: "place", story: story.name, scene: place.scene, step: place.step, began: mind.began(),
      blank: state.blank, votes: mind.votesOf(place.scene), truth: found ? found.truth : -1, words: found ? found.words : "",
      figures: found ? [found.title, found.before, found.after, found.change] : [] });
  }

  function size() {
    const grown = Math.min(innerWidth / STAGE.width, innerHeight / STAGE.height);
    root.style.setProperty("--grown", Math.max(grown, 0.2));
  }

  async function draw() {
    const mine = ++drawn, { place } = state, votes = mind.votesOf(place.scene);
    letGo();
    letGo = () => {};
    screen.replaceChildren();
    root.classList.remove("animate");
    root.dataset.scene = place.scene + 1;
    root.dataset.step = place.step;
    root.dataset.done = result()?.done ? "1" : "0";
    const more = { step: place.step, active: state.active, truth: -1, words, pick: (n) => { state.active = n; change(n, votes[n] + 1); } };
    if (place.step === "text") textStep(screen, scene());
    else if (place.step !== "reveal") questionStep(screen, scene(), votes, more);
    else await reveal(mine, votes, more);
    if (mine !== drawn) return;
    footer();
    if (place.step === "vote") screen.querySelectorAll("[role=spinbutton]")[state.active]?.focus();
  }

  async function reveal(mine, votes, more) {
    const found = result(), place = revealStep(screen, scene(), found, votes, more);
    if (!found) return;
    root.classList.toggle("animate", state.fresh && found.changes);
    state.fresh = false;
    const end = await picture(place, found, parts, words);
    if (mine === drawn) letGo = end; else end();
  }

  function footer() {
    const { place } = state, steps = stepsOf(scene());
    foot.replaceChildren();
    html("a", { class: "story", href: "demo", title: words.shelf }, foot, story.title);
    const dots = html("ol", { class: "dots", "aria-label": words.scenes }, foot);
    story.scenes.forEach((it, k) => {
      const dot = html("li", { class: k === place.scene ? "here" : k < place.scene ? "past" : "" }, dots);
      html("span", { class: "ssr-live" }, dot, `${k + 1}. ${it.title}`);
      if (k === place.scene) dot.setAttribute("aria-current", "step");
    });
    html("span", { class: "at" }, foot, `${place.scene + 1}/${story.scenes.length} · ${words.steps[place.step]}`);
    const last = !beside(place, story, 1);
    html("span", { class: "go" }, foot, last ? words.end : place.step === "vote" ? words.close_vote : steps.indexOf(place.step) === 0 && place.scene === 0 ? words.begin : words.go_on);
  }

  function say() {
    const found = state.place.step === "reveal" ? result() : null;
    const before = found?.changes ? [found.before, words.then] : [];
    live.textContent = found ? [found.title, ...before, found.after, found.changes ? found.change : "", found.words].join(" ")
      : state.place.step === "text" ? `${scene().title}${/[.?!]$/.test(scene().title) ? "" : "."} ${scene().text}` : scene().question;
  }

  function go(place, { push = true, undoable = true } = {}) {
    if (!place) return;
    if (undoable) mind.remember(state.place);
    state.place = place;
    state.active = 0;
    state.fresh = true;
    if (push) history.pushState(history.state, "", addressOf(place, story));
    show();
  }

  function show() {
    draw();
    say();
    tell();
    if (model.get("scene") !== state.place.scene) { model.set("scene", state.place.scene); model.save_changes(); }
  }

  function change(n, value) {
    const votes = mind.votesOf(state.place.scene);
    mind.remember(state.place);
    votes[n] = Math.min(Math.max(value, 0), MOST_HANDS);
    mind.vote(state.place.scene, votes);
    draw();
    tell();
  }

  function voteKey(key) {
    const asked = scene().answers.length, votes = mind.votesOf(state.place.scene), n = state.active;
    if (/^[0-9]$/.test(key)) change(n, votes[n] * 10 + Number(key) > MOST_HANDS ? Number(key) : votes[n] * 10 + Number(key));
    else if (key === "Backspace") change(n, Math.floor(votes[n] / 10));
    else if (key === "ArrowDown" || key === "Tab") { state.active = (n + 1) % asked; draw(); }
    else if (key === "ArrowUp" || key === "Shift+Tab") { state.active = (n + asked - 1) % asked; draw(); }
    else return false;
    return true;
  }

  function replay() {
    if (state.place.step !== "reveal") return;
    state.fresh = true;
    draw();
  }

  function screenful() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => {});
  }

  const notes = () => open(`notes?story=${encodeURIComponent(story.name)}&scene=${state.place.scene + 1}`, "ssr_sim_notes", "popup,width=960,height=720");
  const planner = () => result() && open(`plan?${result().query}`, "ssr_sim_plan");

  function blank(on) { state.blank = on; cover.hidden = !on; root.dataset.blank = on ? "1" : "0"; tell(); }
  function showHelp(on) { state.help = on; help.hidden = !on; }

  // True when the key was ours.
  function press(key) {
    const low = key.toLowerCase();
    if (state.blank) { blank(false); return true; }
    if (state.help) { showHelp(false); return true; }
    if (state.place.step === "vote" && voteKey(key)) return true;
    if (NEXT.includes(key)) onward();
    else if (BACK.includes(key)) go(beside(state.place, story, -1));
    else if (/^[0-9]$/.test(key)) jump(key === "0" ? 10 : Number(key));
    else if (key === "Home") jump(1);
    else if (low === "b" || key === ".") blank(true); // "." is what many clickers send
    else if (low === "r") replay();
    else if (low === "u") go(mind.undo(), { undoable: false });
    else if (low === "f") screenful();
    else if (low === "n") notes();
    else if (low === "p") planner();
    else if (low === "h" || key === "?") showHelp(true);
    else return false;
    return true;
  }

  // On from the first page the clock begins anew: before the room came the story was rehearsed.
  function onward() {
    if (state.place.scene === 0 && state.place.step === "text") mind.begin();
    go(beside(state.place, story, 1));
  }

  function jump(number) {
    if (number <= story.scenes.length) go({ scene: number - 1, step: "text" });
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (press(event.key === "Tab" && event.shiftKey ? "Shift+Tab" : event.key)) { event.preventDefault(); event.stopPropagation(); }
  }

  function take() {
    const before = result();
    for (const [k, found] of Object.entries(model.get("results"))) {
      const had = known.get(Number(k));
      if (!had || !had.done || found.done) known.set(Number(k), found);
    }
    const now = result();
    if (now !== before && (!before || before.pairs !== now.pairs || before.done !== now.done)) {
      if (state.place.step === "reveal") { draw(); if (now.words && !before?.words) say(); }
      root.dataset.done = now.done ? "1" : "0";
      tell();
    }
  }

  function onPop() { go(placeOf(location.search, story), { push: false, undoable: false }); }
  if (channel) channel.onmessage = ({ data }) => {
    if (data.type === "hello" && data.story === story.name) tell();
    else if (data.type === "key" && data.story === story.name) press(data.key);
  };
  screen.addEventListener("click", (event) => { if (!event.target.closest("li, .part, a, button")) press(" "); });
  model.on("change:results", take);
  document.addEventListener("keydown", onKey, true);
  addEventListener("popstate", onPop);
  addEventListener("resize", size);
  history.replaceState(history.state, "", addressOf(state.place, story));
  size();
  take();
  show();
  root.dataset.ready = "1";
  return () => {
    letGo();
    document.removeEventListener("keydown", onKey, true);
    removeEventListener("popstate", onPop);
    removeEventListener("resize", size);
    channel?.close();
  };
}

export default { render: ({ model, el }) => player(model, el) };
