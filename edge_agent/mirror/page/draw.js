// The picture with its faces boxed and numbered, and a card of bars for each face.

import { number, say } from "./words.js";

export const EMOTIONS = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"];
const LABEL_PX = 15;

export function faceName(face, showing) {
  if (face.number === null) return say("newcomer");
  return say(showing === "camera" ? "seat" : "face", { number: number(face.number) });
}

export function turnedTo(face, showing) {
  if (!face.front) return "away";
  return showing === "camera" ? "front" : "front_picture";
}

export function strongest(face) {
  return face.scores && face.scores.indexOf(Math.max(...face.scores));
}

// Onto the canvas, from a canvas that holds the picture alone; the camera's is drawn as a mirror shows it.
export function drawPicture(canvas, source, told) {
  const { width, height } = source;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const brush = canvas.getContext("2d");
  const mirrored = told.showing === "camera";
  brush.save();
  if (mirrored) {
    brush.translate(width, 0);
    brush.scale(-1, 1);
  }
  brush.drawImage(source, 0, 0);
  brush.restore();
  // Of the canvas, in a pixel of the page: it is shown larger or smaller than it is.
  const unit = Math.max(width / canvas.clientWidth, height / canvas.clientHeight);
  for (const face of told.faces) drawBox(brush, face, mirrored, unit);
}

function drawBox(brush, face, mirrored, unit) {
  const { width, height } = brush.canvas;
  const [left, top, right, bottom] = face.box;
  const x = (mirrored ? 1 - right : left) * width;
  const y = top * height;
  const size = [(right - left) * width, (bottom - top) * height];
  // Light on dark, so that it shows on every picture; dashed where the face is not scored.
  for (const [colour, line] of [["#000", 5], ["#fff", 2.5]]) {
    brush.strokeStyle = colour;
    brush.lineWidth = line * unit;
    brush.setLineDash(face.scores || colour === "#000" ? [] : [7 * unit, 5 * unit]);
    brush.strokeRect(x, y, ...size);
  }
  const words = [face.number === null ? "?" : number(face.number)];
  if (face.scores) words.push(say(EMOTIONS[strongest(face)]));
  brush.font = `600 ${LABEL_PX * unit}px system-ui, sans-serif`;
  const text = words.join(" ");
  const pad = 5 * unit;
  const tall = LABEL_PX * unit + 2 * pad;
  const wide = brush.measureText(text).width + 2 * pad;
  const at = Math.max(0, Math.min(x - 2.5 * unit, width - wide));
  const over = y - tall >= 0 ? y - tall : Math.min(y + size[1], height - tall);
  brush.fillStyle = "rgb(0 0 0 / 80%)";
  brush.fillRect(at, over, wide, tall);
  brush.fillStyle = "#fff";
  brush.textBaseline = "middle";
  brush.fillText(text, at + pad, over + tall / 2);
}

// The cards stay and their contents change: a reader's place and the bars' movement are kept.
export function drawFaces(box, told) {
  while (box.children.length > told.faces.length) box.lastChild.remove();
  while (box.children.length < told.faces.length) box.append(card());
  told.faces.forEach((face, place) => fill(box.children[place], face, told.showing));
}

function card() {
  const made = document.createElement("article");
  made.className = "face";
  made.append(...["h3", "p", "p", "dl"].map((name) => document.createElement(name)));
  made.children[1].className = "turned";
  for (const _ of EMOTIONS) {
    const bar = document.createElement("div");
    bar.className = "bar";
    bar.setAttribute("aria-hidden", "true");
    bar.append(document.createElement("span"));
    const row = [document.createElement("dt"), bar, document.createElement("dd")];
    made.lastChild.append(...row);
  }
  return made;
}

function fill(made, face, showing) {
  const [name, turned, unscored, list] = made.children;
  put(name, faceName(face, showing));
  put(turned, say(turnedTo(face, showing)));
  put(unscored, say("unscored"));
  unscored.hidden = Boolean(face.scores);
  list.hidden = !face.scores;
  if (!face.scores) return;
  EMOTIONS.forEach((emotion, place) => {
    const [word, bar, percent] = [0, 1, 2].map((part) => list.children[3 * place + part]);
    put(word, say(emotion));
    put(percent, say("percent", { percent: number(face.scores[place]) }));
    bar.firstChild.style.width = `${face.scores[place]}%`;
    for (const one of [word, percent]) one.classList.toggle("strongest", place === strongest(face));
  });
}

function put(place, text) {
  if (place.textContent !== text) place.textContent = text;
}
