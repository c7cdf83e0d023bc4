// What was sent, in words and as it left.

import { number, say } from "./words.js";
import { clock } from "./player.js";

export const EMOTIONS = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"];

export function drawLast(last, randomised) {
  const when = document.getElementById("last-when");
  const meaning = document.getElementById("last-meaning");
  const body = document.getElementById("last-body");
  if (!last) {
    when.textContent = say("nothing_sent");
    meaning.textContent = body.textContent = "";
    return;
  }
  when.textContent = say(last.sent ? "last_as_it_left" : "last_waits");
  meaning.textContent = inWords(JSON.parse(last.body), randomised);
  if (body.textContent !== last.body) body.textContent = last.body; // what somebody has selected stays
}

function inWords(message, randomised) {
  if (message.type !== "reactions") return say(`message_${message.type}`);
  if (randomised) return say("sample_randomised");
  const sample = message.samples.at(-1);
  const at = clock(sample.t / 1000);
  if (!sample.p) return say("sample_unseen", { at, seen: sample.seen });
  const strongest = sample.p.indexOf(Math.max(...sample.p));
  return say("sample", {
    at, seen: sample.seen, front: sample.front, emotion: say(EMOTIONS[strongest]), percent: sample.p[strongest],
  });
}

export function drawSummary(told) {
  const { sent } = told;
  let lead = "summary_sent";
  if (told.why === "withdrawn" || told.withdrawn) lead = told.withdrawn ? "summary_withdrawn" : "summary_withdrawing";
  else if (!told.last) lead = "summary_nothing";
  else if (!told.sends) lead = "summary_kept";
  else if (sent.waiting) lead = "summary_waiting";
  setText("summary-lead", say(lead));
  const counts = [
    ["count_messages", sent.messages],
    ["count_waiting", sent.waiting],
    ["count_samples", sent.samples],
    ["count_bytes", sent.bytes],
  ];
  document.getElementById("summary-counts").replaceChildren(
    ...counts.flatMap(([word, count]) => [element("dt", say(word)), element("dd", number(count))]),
  );
  document.getElementById("all-sent").hidden = !sent.messages;
  document.getElementById("all-kept").hidden = !sent.waiting;
  for (const which of ["sent", "kept"]) fetchAll(which);
}

// What stands open is kept up to date.
export async function fetchAll(which) {
  const details = document.getElementById(`all-${which}`);
  if (!details.open) return;
  const answer = await fetch(`${which}.jsonl`);
  details.querySelector("pre").textContent = await answer.text();
}

export function setText(id, text) {
  const place = document.getElementById(id);
  if (place.textContent !== text) place.textContent = text; // a screen reader says again what is set again
}

export function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
