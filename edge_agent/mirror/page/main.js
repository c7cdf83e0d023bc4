// The mirror shows what the program tells; what the person wants is said to the program.

import { drawFaces, drawPicture, EMOTIONS, faceName, strongest, turnedTo } from "./draw.js";
import { Link } from "./link.js";
import { number, preferred, say, speak } from "./words.js";

const SAID_EVERY_MS = 4000; // a screen reader is told what has changed no more often
const id = (name) => document.getElementById(name);

const about = await (await fetch("page.json")).json();
const source = document.createElement("canvas");
let told = null;
let pictureName = "";
let saidAt = -SAID_EVERY_MS;
let saying = 0;

for (const [language, name] of Object.entries(about.languages)) {
  const option = new Option(name, language);
  option.lang = language;
  id("language").append(option);
}
await choose(preferred(Object.keys(about.languages)));

const link = new Link({
  told: (state) => {
    told = state;
    id("notice").hidden = true;
    if (document.hidden) link.say("visible", { on: false });
    draw();
  },
  preview: (width, height, pixels) => {
    Object.assign(source, { width, height });
    source.getContext("2d").putImageData(new ImageData(pixels, width, height), 0, 0);
    if (told) drawPicture(id("picture"), source, told);
  },
  away: () => notice("mirror_away"),
  replaced: () => notice("mirror_replaced"),
});

id("language").onchange = async (event) => {
  await choose(event.target.value);
  draw();
};
id("camera").onclick = turnCamera;
id("choose").onclick = () => id("file").click();
id("file").onchange = (event) => {
  if (event.target.files.length) score(event.target.files[0]);
  event.target.value = ""; // the same file can be chosen again
};
id("end").onclick = end;
document.onvisibilitychange = () => link.say("visible", { on: !document.hidden });
window.onresize = () => { if (told) drawPicture(id("picture"), source, told); };

window.ondragover = (event) => {
  event.preventDefault();
  id("glass").classList.add("dropping");
};
window.ondragleave = (event) => {
  if (!event.relatedTarget) id("glass").classList.remove("dropping");
};
window.ondrop = (event) => {
  event.preventDefault(); // else the browser would go to the file
  id("glass").classList.remove("dropping");
  if (event.dataTransfer.files.length) score(event.dataTransfer.files[0]);
};

document.onkeydown = (event) => {
  if (event.target.closest("select") || event.repeat || id("mirror").hidden) return;
  if (event.key === "Escape") end();
  if (event.key === " " && !event.target.closest("button")) { // on a button it presses the button
    event.preventDefault();
    turnCamera();
  }
};

async function choose(language) {
  await speak(language);
  id("language").value = language;
  document.title = `${say("mirror_title")} – Houselights`;
}

function turnCamera() {
  if (!told) return;
  put("problem", "");
  link.say("camera", { on: !told.on });
}

async function score(file) {
  put("problem", "");
  if (file.size > about.most_bytes) {
    put("problem", say("picture_too_large", { name: file.name, most: number(about.most_bytes / 1e6) }));
    return;
  }
  const before = pictureName;
  pictureName = file.name;
  try {
    const answer = await fetch("picture", { method: "POST", body: file });
    const { why } = await answer.json();
    if (!why) return;
    put("problem", `${say("picture_refused")} ${why}`);
  } catch {
    put("problem", say("picture_unreachable"));
  }
  pictureName = before;
}

function end() {
  link.say("end");
  link.end();
  clearTimeout(saying);
  id("mirror").hidden = true;
  id("ended").hidden = false;
  id("ended-title").focus();
}

function notice(word) {
  put("notice", say(word));
  id("notice").hidden = false;
  told = null;
  id("picture").className = "still";
  id("sign").className = "";
  put("sign-words", say("sign_off"));
  put("state", "");
  id("camera").disabled = id("choose").disabled = true;
}

function draw() {
  if (!told) return;
  const picture = told.showing === "picture";
  const on = told.on && ["opening", "open"].includes(told.camera);
  id("camera").disabled = id("choose").disabled = false;
  id("picture").className = picture || told.on ? "" : "still";
  id("picture").setAttribute("aria-label", say(picture ? "shown_picture" : "shown_camera"));
  drawPicture(id("picture"), source, told);
  id("sign").className = picture ? "picture" : on ? "on" : "";
  put("sign-words", picture ? say("sign_picture", { name: pictureName }) : say(on ? "sign_on" : "sign_off"));
  put("camera", say(picture ? "back" : told.on ? "turn_off" : "turn_on"));
  put("state", state());
  put("detail", told.trouble || (told.turned ? say("lay_wrong") : ""));
  id("nobody").hidden = told.faces.length > 0 || !told.looked;
  drawFaces(id("faces"), told);
  tellReader();
}

// How it goes, in one sentence.
function state() {
  if (told.showing === "picture") {
    if (!told.looked) return say("looking");
    return told.faces.length ? say("picture_faces", { count: number(told.faces.length) }) : say("picture_no_face");
  }
  if (!told.on) return say("camera_off");
  if (told.camera === "missing") return say("camera_missing");
  if (!told.light || !told.looked) return say("camera_opening");
  if (told.light === "covered") return say("light_covered");
  if (told.faces.length === 0) return say(told.light === "dark" ? "light_dark" : "no_face");
  if (told.light !== "good") return say(`light_${told.light}`);
  return say(told.faces.some((face) => face.scores && face.front) ? "face_good" : "face_unreadable");
}

// Not each look: what stays the same is said once, and what changes, now and then.
function tellReader() {
  clearTimeout(saying);
  saying = setTimeout(() => {
    if (!told) return;
    saidAt = performance.now();
    put("said", [state(), ...told.faces.map(inWords)].join(" "));
  }, told.showing === "picture" ? 0 : Math.max(0, saidAt + SAID_EVERY_MS - performance.now()));
}

function inWords(face) {
  const score = face.scores ? say("mostly", { emotion: say(EMOTIONS[strongest(face)]) }) : say("said_unscored");
  return say("said_face", { face: faceName(face, told.showing), score, turned: say(turnedTo(face, told.showing)) });
}

function put(name, text) {
  if (id(name).textContent !== text) id(name).textContent = text;
}
