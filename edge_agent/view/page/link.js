// The socket to the agent on this machine.

const AGAIN_MS = 1000;

export class Link {
  // handlers: told(state), preview(width, height, pixels), away(), replaced()
  constructor(handlers) {
    this.handlers = handlers;
    this.connect();
  }

  connect() {
    const socket = new WebSocket(`ws://${location.host}/socket`);
    socket.binaryType = "arraybuffer";
    socket.onmessage = (event) => this.take(event.data);
    socket.onclose = (event) => {
      if (this.ended) return;
      if (event.code === 4001) {
        this.handlers.replaced();
        return;
      }
      this.handlers.away();
      setTimeout(() => this.connect(), AGAIN_MS);
    };
    this.socket = socket;
  }

  say(type, content = {}) {
    if (this.socket.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify({ type, ...content }));
    }
  }

  end() {
    this.ended = true;
    this.socket.close();
  }

  take(data) {
    if (data instanceof ArrayBuffer) {
      const [width, height] = new Uint16Array(data, 0, 2);
      this.handlers.preview(width, height, new Uint8ClampedArray(data, 4));
      return;
    }
    const message = JSON.parse(data);
    if (message.type === "ping") {
      this.say("pong", { id: message.id, page_ms: performance.now() });
    } else if (message.type === "told") {
      this.handlers.told(message);
    }
  }
}
