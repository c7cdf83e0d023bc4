// The film's own controls. They never wait for the agent.

import { playStream } from "./stream.js";
import { say } from "./words.js";

const QUIET_MS = 3000;
const SIGNS = {
  play: "M7 4v16l13-8z",
  pause: "M6 4h4v16H6zm8 0h4v16h-4z",
  mute: "M4 9v6h4l5 5V4L8 9zm11-1v8a4.5 4.5 0 0 0 0-8z",
  unmute: "M4 9v6h4l5 5V4L8 9zm11.5.5 1-1 2 2 2-2 1 1-2 2 2 2-1 1-2-2-2 2-1-1 2-2z",
};

function sign(button, does) {
  button.querySelector("path").setAttribute("d", SIGNS[does]);
  button.querySelector(".unseen").textContent = say(does);
}

export function clock(seconds) {
  if (!Number.isFinite(seconds)) return "–:––";
  const whole = Math.floor(seconds);
  const minutes = String(Math.floor(whole / 60) % 60);
  const hours = Math.floor(whole / 3600);
  const tail = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${minutes.padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

export class Player {
  constructor() {
    this.video = document.getElementById("video");
    this.screen = document.getElementById("screen");
    this.play = document.getElementById("play");
    this.seek = document.getElementById("seek");
    this.time = document.getElementById("time");
    this.mute = document.getElementById("mute");
    this.volume = document.getElementById("volume");
    this.over = document.getElementById("over");
    this.listen();
  }

  show(film) {
    this.film = film;
    if (film.kind === "stream" && !this.video.canPlayType(film.type)) {
      playStream(this.video, film.source, () => this.unplayable());
    } else {
      this.video.src = film.source;
    }
  }

  listen() {
    const video = this.video;
    this.play.onclick = () => this.toggle();
    video.onclick = () => this.toggle();
    for (const name of ["play", "pause", "ended", "seeking", "seeked"]) {
      video.addEventListener(name, () => this.draw());
    }
    for (const name of ["timeupdate", "durationchange"]) {
      video.addEventListener(name, () => this.drawTime());
    }
    video.addEventListener("error", () => this.unplayable());
    this.seek.oninput = () => { video.currentTime = Number(this.seek.value); };
    this.mute.onclick = () => { video.muted = !video.muted; };
    this.volume.oninput = () => { video.volume = Number(this.volume.value); video.muted = false; };
    video.addEventListener("volumechange", () => this.drawSound());
    document.getElementById("fullscreen").onclick = () => this.fullscreen();
    this.screen.addEventListener("keydown", (event) => this.key(event));
    for (const name of ["pointermove", "keydown", "focusin"]) {
      this.screen.addEventListener(name, () => this.wake());
    }
  }

  async toggle() {
    if (!this.video.paused) {
      this.video.pause();
      return;
    }
    try {
      await this.video.play();
    } catch (error) {
      if (error.name !== "AbortError") this.unplayable();
    }
  }

  fullscreen() {
    // Of the screen with its controls and the indicator, not of the video alone.
    if (document.fullscreenElement) document.exitFullscreen();
    else this.screen.requestFullscreen();
  }

  key(event) {
    if (event.target.closest("button, input, summary") && !["f", "m"].includes(event.key)) return;
    const jump = { ArrowLeft: -5, ArrowRight: 5 }[event.key];
    if (event.key === " ") this.toggle();
    else if (event.key === "f") this.fullscreen();
    else if (event.key === "m") this.video.muted = !this.video.muted;
    else if (jump) this.video.currentTime += jump;
    else return;
    event.preventDefault();
  }

  // Controls go away while nobody needs them; the indicator stays.
  wake() {
    this.screen.classList.remove("quiet");
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      const used = this.screen.querySelector("#controls :focus-visible");
      if (!this.video.paused && !used) this.screen.classList.add("quiet");
    }, QUIET_MS);
  }

  draw() {
    sign(this.play, this.video.paused ? "play" : "pause");
    this.over.hidden = !this.video.ended;
    this.drawTime();
    this.wake();
  }

  drawTime() {
    const { currentTime, duration } = this.video;
    if (Number.isFinite(duration)) this.seek.max = duration;
    this.seek.value = currentTime;
    this.seek.setAttribute("aria-valuetext", `${clock(currentTime)} / ${clock(duration)}`);
    this.time.textContent = `${clock(currentTime)} / ${clock(duration)}`;
  }

  drawSound() {
    sign(this.mute, this.video.muted || this.video.volume === 0 ? "unmute" : "mute");
    this.volume.value = this.video.muted ? 0 : this.video.volume;
  }

  unplayable() {
    const notice = document.getElementById("unplayable");
    const { kind, title } = this.film;
    notice.textContent = say(`unplayable_${kind}`, { film: title });
    notice.hidden = false;
  }
}
