// Tells the agent where the film is: with every frame that comes to the screen, and whenever the player's state changes.

const BEAT_MS = 250; // a film whose picture stands still says so, too

export class Reports {
  constructor(video, tell) {
    this.video = video;
    this.tell = tell;
    this.fresh = false; // a frame of the present position was shown
    for (const name of ["pause", "play", "playing", "seeking", "seeked", "waiting", "ratechange", "ended", "emptied", "error"]) {
      video.addEventListener(name, () => this.changed(name));
    }
    document.addEventListener("visibilitychange", () => this.changed("visibility"));
    setInterval(() => this.beat(), BEAT_MS);
    this.frames();
  }

  get state() {
    const video = this.video;
    if (document.hidden || video.error) return "lost";
    if (video.seeking) return "seeking";
    if (video.ended) return "ended";
    if (video.paused) return "paused";
    return video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA && this.fresh ? "playing" : "buffering";
  }

  frames() {
    if (!("requestVideoFrameCallback" in this.video)) {
      this.fresh = true; // an older browser: the beat has to do
      return;
    }
    this.video.requestVideoFrameCallback((_now, frame) => {
      this.fresh = !this.video.seeking;
      this.seen = performance.now();
      this.send(frame.expectedDisplayTime, frame.mediaTime);
      this.frames();
    });
  }

  changed(name) {
    if (name === "seeking" || name === "emptied") this.fresh = false;
    this.send(performance.now(), this.video.currentTime);
  }

  beat() {
    if (!this.video.paused && performance.now() - (this.seen ?? 0) > BEAT_MS) {
      this.send(performance.now(), this.video.currentTime);
    }
  }

  send(page_ms, seconds) {
    const dropped = this.video.getVideoPlaybackQuality?.().droppedVideoFrames ?? null;
    this.tell({ page_ms, state: this.state, film_ms: seconds * 1000, rate: this.video.playbackRate, dropped });
  }
}
