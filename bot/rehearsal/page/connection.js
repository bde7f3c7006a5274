// The WebSocket to the rehearsal: sends requests, hands on states, and comes back by itself.

const FIRST_WAIT = 500;
const LONGEST_WAIT = 4000;

export class Connection {
  /** `heard` is given each state; `lost` and `found` are called when the line goes and comes. */
  constructor({ heard, lost, found }) {
    this.heard = heard;
    this.lost = lost;
    this.found = found;
    this.waiting = new Map();
    this.last = 0;
    this.wait = FIRST_WAIT;
    this.open();
  }

  open() {
    this.socket = new WebSocket(`ws://${location.host}/page/ws`);
    this.socket.addEventListener("open", () => {
      this.wait = FIRST_WAIT;
      this.found();
    });
    this.socket.addEventListener("message", (event) => this.receive(JSON.parse(event.data)));
    this.socket.addEventListener("close", () => this.retry());
  }

  retry() {
    for (const { fail } of this.waiting.values()) fail({ code: "offline", text: "" });
    this.waiting.clear();
    this.lost();
    setTimeout(() => this.open(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  receive(message) {
    if (message.type === "state") {
      this.heard(message);
      return;
    }
    const request = this.waiting.get(message.to);
    if (!request) return;
    this.waiting.delete(message.to);
    if (message.type === "problem") request.fail(message);
    else request.succeed(message);
  }

  /** Ask for `what`; resolves with the answer, rejects with a problem `{code, text}`. */
  ask(what) {
    if (this.socket.readyState !== WebSocket.OPEN) return Promise.reject({ code: "offline", text: "" });
    this.last += 1;
    const id = this.last;
    return new Promise((succeed, fail) => {
      this.waiting.set(id, { succeed, fail });
      this.socket.send(JSON.stringify({ ...what, id }));
    });
  }
}
