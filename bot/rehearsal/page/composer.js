// Where one types: a line of chat on each side.

import { say } from "./words.js";

const TWITCH_LIMIT = 500;

/** The line on Discord; `commands` takes over when the text begins with a slash. */
export class DiscordComposer {
  constructor(pane, commands) {
    this.pane = pane;
    this.commands = commands;
    this.form = document.getElementById("discord-composer");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!commands.chooseActive()) this.send();
    });
  }

  send() {
    sendLine(this.pane, (text) => ({ do: "say", text }));
  }
}

/** The line on Twitch, and its count of characters. */
export class TwitchComposer {
  constructor(pane) {
    this.pane = pane;
    this.count = document.getElementById("twitch-count");
    document.getElementById("twitch-composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    pane.input.addEventListener("input", () => this.showCount());
    this.showCount();
  }

  showCount() {
    const used = [...this.pane.input.value].length;
    this.count.textContent = say("count", used);
    this.count.setAttribute("aria-label", say("count.long", used));
    this.count.classList.toggle("over", used > TWITCH_LIMIT);
    this.pane.input.setAttribute("aria-invalid", String(used > TWITCH_LIMIT));
  }

  async send() {
    const over = [...this.pane.input.value.trim()].length - TWITCH_LIMIT;
    if (over > 0) {
      this.pane.complain(say("too-long", over));
      return;
    }
    const sent = sendLine(this.pane, (text) => ({ do: "twitch.say", text }));
    this.showCount();
    await sent;
    this.showCount();
  }
}

/** Send the line; what could not be sent comes back, unless something else was typed meanwhile. */
async function sendLine(pane, request) {
  const text = pane.input.value.trim();
  if (!text) return;
  pane.input.value = "";
  pane.toEnd();
  const sent = await pane.attempt(request(text));
  if (!sent && !pane.input.value) pane.input.value = text;
}
