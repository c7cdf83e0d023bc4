// What the page shows follows what the agent tells; what the viewer wants is said to the agent.

import { Link } from "./link.js";
import { Player } from "./player.js";
import { Reports } from "./reports.js";
import { drawLast, drawSummary, element, fetchAll, setText } from "./sent.js";
import { number, preferred, say, speak } from "./words.js";

const STAGES = ["consent", "check", "baseline", "film", "summary"];
const id = (name) => document.getElementById(name);

const about = await (await fetch("page.json")).json();
const player = new Player();
let told = null;
let agentThere = false;

const languages = Object.keys(about.consent);
for (const one of languages) {
  const option = element("option", about.consent[one].language);
  option.value = one;
  option.lang = one;
  id("language").append(option);
}
await choose(preferred(languages));

const link = new Link({
  told: (state) => { agentThere = true; id("notice").hidden = true; draw(state); },
  preview: drawPreview,
  away: () => { agentThere = false; away("agent_away"); },
  replaced: () => { agentThere = false; player.video.pause(); away("replaced"); },
});
for (const name of ["ended", "seeked", "play"]) {
  player.video.addEventListener(name, () => { if (told?.stage === "film") drawFilm(); });
}
new Reports(player.video, (report) => link.say("film", report));
player.show(about.film);

id("language").onchange = async (event) => {
  await choose(event.target.value);
  if (told) draw(told);
};
id("consent-form").onsubmit = (event) => {
  event.preventDefault();
  if (!id("agree").checked) {
    setText("agree-first", say("agree_first"));
    id("agree").focus();
    return;
  }
  link.say("agree", { version: about.consent_version, language: id("language").value });
};
for (const button of document.querySelectorAll(".decline")) button.onclick = () => link.say("decline");
for (const button of document.querySelectorAll(".withdraw")) button.onclick = () => id("sure").showModal();
id("begin").onclick = () => link.say("begin");
id("skip").onclick = () => link.say("skip");
id("measure").onclick = () => link.say("measure", { on: told.why === "by_viewer" });
id("stop").onclick = () => link.say("stop");
id("finish").onclick = id("leave").onclick = () => { player.video.pause(); link.say("finish"); };
id("sure-no").onclick = () => id("sure").close();
id("sure-yes").onclick = () => { id("sure").close(); link.say("withdraw"); };
for (const which of ["sent", "kept"]) id(`all-${which}`).ontoggle = () => fetchAll(which);

async function choose(language) {
  await speak(language);
  id("language").value = language;
  const consent = about.consent[language];
  setText("consent-title", consent.title);
  setText("consent-introduction", consent.introduction);
  setText("agree-words", consent.agree);
  setText("randomised", about.randomised ? say("randomised", about.randomised) : "");
  setText("agree-first", "");
  setText("film-title", about.film.title);
  document.title = `${about.film.title} – Houselights`;
  id("consent-text").replaceChildren(...consent.sections.flatMap((section) => [
    element("h2", section.heading),
    ...section.text.map((text) => element("p", text)),
    ...list(section.items),
  ]));
  player.draw();
  player.drawSound();
}

function list(items) {
  if (!items.length) return [];
  const made = document.createElement("ul");
  made.append(...items.map((item) => element("li", item)));
  return [made];
}

function draw(state) {
  const before = told?.stage;
  told = state;
  if (before !== told.stage) showStage(before);
  if (told.stage === "check") drawCheck();
  else if (told.stage === "baseline") drawBaseline();
  else if (told.stage === "film") drawFilm();
  else if (told.stage === "summary") drawSummary(told);
}

function showStage(before) {
  for (const stage of STAGES) id(stage).hidden = stage !== told.stage;
  id("top").hidden = told.stage === "film";
  const heading = id(`${told.stage}-title`);
  if (before) heading.focus(); // a screen reader goes on there
  if (told.stage !== "film") player.video.pause();
}

// How the viewer is seen, in one sentence.
function seen() {
  if (told.camera === "missing") return "camera_missing";
  if (told.camera !== "open" || !told.light) return told.ready ? "camera_opening" : "loading";
  if (told.light === "covered") return "light_covered";
  if (told.faces === 0) return told.light === "dark" ? "light_dark" : "no_face";
  if (told.light !== "good") return `light_${told.light}`;
  return told.readable ? "face_good" : "face_unreadable";
}

function drawCheck() {
  setText("check-state", say(seen()));
  setText("check-trouble", told.trouble);
  id("begin").disabled = told.camera !== "open";
}

function drawBaseline() {
  const left = Math.ceil(told.baseline_left_s);
  id("baseline-progress").value = 1 - told.baseline_left_s / about.baseline_s;
  setText("baseline-left", say("seconds_left", { seconds: number(left) }));
  setText("baseline-state", say(seen()));
}

function drawFilm() {
  const measuring = agentThere ? told.measuring : "off";
  let words = say(`measuring_${measuring}`);
  if (!agentThere) words = say("indicator", { state: words, why: say("why_agent") });
  else if (told.why) words = say("indicator", { state: words, why: say(`why_${told.why}`) });
  else if (measuring === "on" && ["covered", "dark"].includes(told.light)) {
    words = say("indicator", { state: words, why: say(`why_${told.light}`) });
  }
  setText("indicator-words", words);
  id("indicator").className = measuring;
  id("leave").hidden = player.video.ended; // the same stands over the film
  for (const button of ["finish", "leave"]) setText(button, say(told.last ? "finish" : "finish_unmeasured"));
  const over = told.measuring === "off" && told.why !== "camera";
  id("measure").hidden = id("stop").hidden = over;
  setText("measure", say(told.why === "by_viewer" ? "resume_measuring" : "pause_measuring"));
  for (const button of document.querySelectorAll(".withdraw")) {
    button.hidden = !told.last || told.withdrawn || told.why === "withdrawn";
  }
  setText("film-trouble", told.trouble);
  drawCost();
  id("last").hidden = !told.last && over;
  drawLast(told.last, about.randomised !== null);
}

// What it takes of this machine, while it measures.
function drawCost() {
  const cost = agentThere && told.measuring === "on" ? told.cost : null;
  const percent = (share) => number(share, { style: "percent", maximumFractionDigits: 0 });
  const words = [];
  if (cost) words.push(say("cost", { cpu: percent(cost.cpu), memory: number(cost.memory_mb) }));
  if (cost && cost.battery !== null) words.push(say("battery", { percent: percent(cost.battery / 100) }));
  setText("film-cost", words.join(" "));
  setText("film-slowed", cost?.slowed ? say(`slowed_${cost.slowed}`) : "");
}

function drawPreview(width, height, pixels) {
  const canvas = document.querySelector("section:not([hidden]) .preview");
  if (!canvas) return;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  canvas.getContext("2d").putImageData(new ImageData(pixels, width, height), 0, 0);
}

function away(word) {
  if (told?.stage === "film") drawFilm();
  if (told?.stage === "summary" && word === "agent_away") return; // it is done: nothing is amiss
  setText("notice", say(word));
  id("notice").hidden = told?.stage === "film" && word === "agent_away"; // the indicator says it; the film goes on
}
