// Notes beside the stage: a channel of the browser tells which scene is on, and takes keys back to it.
function clock(ms) {
  const minutes = Math.max(0, Math.floor(ms / 60000)), seconds = Math.max(0, Math.floor(ms / 1000)) % 60;
  return `${minutes}:${String(seconds).padStart(2, "0")}`;
}

function presenter(model, el) {
  const story = model.get("story"), words = model.get("words");
  let now = { ...placeOf(location.search, story), began: 0, votes: [], truth: -1, words: "", figures: [], blank: false };
  const root = html("div", { class: "ssr-notes" }, el);
  let channel = null;
  try { channel = new BroadcastChannel(CHANNEL); } catch { /* then the keys turn only these pages */ }

  function draw() {
    const scene = story.scenes[now.scene], next = story.scenes[now.scene + 1];
    root.replaceChildren();
    root.dataset.scene = now.scene + 1;
    root.dataset.step = now.step;
    const head = html("header", {}, root);
    html("span", { class: "story" }, head, story.title);
    html("span", { class: "time", role: "timer" }, head, "");
    tick();
    html("p", { class: "where" }, root, `${now.scene + 1}/${story.scenes.length} · ${words.steps[now.step]}${now.blank ? ` · ${words.blank}` : ""}`);
    html("h1", {}, root, scene.title);
    const two = html("div", { class: "two" }, root);
    const left = html("section", { "aria-label": words.notes }, two), right = html("section", { "aria-label": words.expected }, two);
    if (now.scene === 0 && story.notes) {
      html("h2", {}, left, words.about_story);
      html("p", {}, left, story.notes);
    }
    html("h2", {}, left, words.notes);
    for (const paragraph of (scene.notes || words.no_notes).split(/\n\s*\n/)) html("p", {}, left, paragraph);
    if (scene.question) asked(right, scene);
    found(right, scene);
    const after = html("section", { class: "next", "aria-label": words.next }, root);
    html("h2", {}, after, words.next);
    html("p", {}, after, next ? `${now.scene + 2}. ${next.title}` : words.end);
    if (next && next.question) html("p", { class: "muted" }, after, next.question);
  }

  function asked(parent, scene) {
    html("h2", {}, parent, words.question);
    html("p", {}, parent, scene.question);
    const list = html("ol", { class: "answers" }, parent);
    scene.answers.forEach((answer, n) => {
      const row = html("li", { class: n === now.truth ? "true" : "" }, list, answer);
      if (n === now.truth) html("b", {}, row, ` ✓ ${words.true_answer}`);
      if (now.votes[n]) html("span", { class: "muted" }, row, ` · ${now.votes[n]} ${words.votes}`);
    });
  }

  function found(parent, scene) {
    if (!scene.told) return;
    html("h2", {}, parent, words.expected);
    const [name, before, after, change] = now.figures;
    if (name) html("p", { class: "figures" }, parent, `${name}: ${scene.changes ? `${before} → ` : ""}${after}${change ? `; ${change}` : ""}`);
    html("p", {}, parent, now.words || words.not_yet);
    if (scene.measured) html("p", { class: "muted" }, parent, `${words.measured}: ${scene.measured}`);
  }

  function tick() {
    const place = root.querySelector(".time");
    if (place) place.textContent = now.began ? `${clock(Date.now() - now.began)} / ${story.minutes}:00` : words.no_stage;
  }

  function follow({ data }) {
    if (data.type !== "place" || data.story !== story.name) return;
    now = { ...now, ...data };
    history.replaceState(history.state, "", addressOf(now, story));
    draw();
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Tab") return;
    if (channel && now.began) channel.postMessage({ type: "key", story: story.name, key: event.key });
    else {
      const place = [" ", "PageDown", "ArrowRight"].includes(event.key) ? Math.min(now.scene + 1, story.scenes.length - 1)
        : ["PageUp", "ArrowLeft"].includes(event.key) ? Math.max(now.scene - 1, 0) : now.scene;
      now = { ...now, scene: place, step: "text" };
      draw();
    }
    event.preventDefault();
  }

  if (channel) { channel.onmessage = follow; channel.postMessage({ type: "hello", story: story.name }); }
  document.addEventListener("keydown", onKey);
  const timer = setInterval(tick, 1000);
  draw();
  root.dataset.ready = "1";
  return () => { clearInterval(timer); document.removeEventListener("keydown", onKey); channel?.close(); };
}

export default { render: ({ model, el }) => presenter(model, el) };
