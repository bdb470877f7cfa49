// Where in the story we are: the address says it, undo goes back in it, votes and clock stay in this tab's own store.
const CHANNEL = "ssr_sim.story", MOST_HANDS = 999;

function stepsOf(scene) {
  return ["text", ...(scene.answers.length ? ["question", "vote"] : []), ...(scene.told ? ["reveal"] : [])];
}

// {scene, step} of an address, set to the nearest that there is.
function placeOf(search, story) {
  const query = new URLSearchParams(search);
  const wanted = Number.parseInt(query.get("scene") || "1", 10);
  const scene = Math.min(Math.max(Number.isFinite(wanted) ? wanted : 1, 1), story.scenes.length) - 1;
  const steps = stepsOf(story.scenes[scene]), step = query.get("step");
  return { scene, step: steps.includes(step) ? step : "text" };
}

function addressOf(place, story) {
  const step = place.step === "text" ? "" : `&step=${place.step}`;
  return `${location.pathname}?story=${encodeURIComponent(story.name)}&scene=${place.scene + 1}${step}`;
}

// The place one step further (by = 1) or back (-1), or null at either end.
function beside(place, story, by) {
  const steps = stepsOf(story.scenes[place.scene]), at = steps.indexOf(place.step) + by;
  if (at >= 0 && at < steps.length) return { scene: place.scene, step: steps[at] };
  const scene = place.scene + by;
  if (scene < 0 || scene >= story.scenes.length) return null;
  return { scene, step: by > 0 ? "text" : stepsOf(story.scenes[scene]).at(-1) };
}

// What a tab keeps of a story: votes by scene, when it began, what undo goes back to.
function memory(story) {
  const key = `ssr_sim.story.${story.name}`;
  let kept = {};
  try { kept = JSON.parse(sessionStorage.getItem(key)) || {}; } catch { /* nothing kept, or no store */ }
  const votes = kept.votes && typeof kept.votes === "object" ? kept.votes : {};
  const now = { votes, began: Number(kept.began) || Date.now(), undo: Array.isArray(kept.undo) ? kept.undo : [] };
  const save = () => { try { sessionStorage.setItem(key, JSON.stringify(now)); } catch { /* as above */ } };
  save();
  return {
    began: () => now.began,
    begin() { now.began = Date.now(); save(); },
    votesOf(k) {
      const asked = story.scenes[k].answers.length, found = Array.isArray(now.votes[k]) ? now.votes[k] : [];
      return Array.from({ length: asked }, (_, n) => Math.min(Math.max(Math.round(Number(found[n]) || 0), 0), MOST_HANDS));
    },
    vote(k, votes) { now.votes[k] = votes; save(); },
    remember(place) { now.undo = [...now.undo, { place, votes: this.votesOf(place.scene) }].slice(-200); save(); },
    undo() { const last = now.undo.pop(); if (last) now.votes[last.place.scene] = last.votes; save(); return last && last.place; },
  };
}
