// A stream (DASH, or HLS where the browser has none of its own): Shaka Player fetches its parts for the video element.

// Plays until the page goes; `failed` is called when it cannot.
export async function playStream(video, address, failed) {
  await import("./vendor/shaka-player.js"); // a script of the old kind: it leaves `shaka` behind
  const { shaka } = window;
  shaka.polyfill.installAll();
  if (!shaka.Player.isBrowserSupported()) {
    failed();
    return;
  }
  const player = new shaka.Player();
  // Whatever it mends by itself, by asking again, is no failure.
  player.addEventListener("error", ({ detail }) => {
    if (detail.severity === shaka.util.Error.Severity.CRITICAL) failed();
  });
  try {
    await player.attach(video);
    await player.load(address);
  } catch {
    failed();
  }
}
