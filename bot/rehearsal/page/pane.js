// What both panes share: who one acts as, whether the bot is there, the log that follows its end, problems.

import { make, renew } from "./dom.js";
import { known, say } from "./words.js";

const NEAR_THE_END = 60; // pixels
const SETTLED = 1000; // ms after which an edit of a message is no longer read aloud

export class Pane {
  /** `ask` sends a request; `arrived` is told how many messages came that nobody could see yet. */
  constructor(side, { ask, arrived }) {
    this.side = side;
    this.ask = ask;
    this.arrived = arrived;
    this.root = document.getElementById(side);
    this.log = this.root.querySelector(".log");
    this.input = document.getElementById(`${side}-input`);
    this.newer = this.root.querySelector(".newer");
    this.people = this.root.querySelector(".acting select");
    this.follows = true;
    this.filled = false;
    this.people.addEventListener("change", () =>
      this.attempt({ do: "persona", side, key: this.people.value }),
    );
    this.newer.addEventListener("click", () => this.toEnd());
    this.log.addEventListener("scroll", () => {
      this.follows = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_THE_END;
      if (this.follows) this.newer.hidden = true;
    });
    new ResizeObserver(() => this.follows && this.toEnd()).observe(this.log);
  }

  /** Show `view` as `personas` allow; `fill(view, self)` updates the log and returns the new keys. */
  show(view, personas) {
    const own = personas.filter((persona) => persona.side === this.side);
    this.self = own.find((persona) => persona.chosen);
    renew(this.people, own, () =>
      own.map((one) =>
        make("option", { value: one.key, selected: one.chosen, text: `${one.name} (${say(`role.${one.role}`)})` }),
      ),
    );
    this.people.value = this.self?.key ?? "";
    const presence = this.root.querySelector(".presence");
    renew(presence, view.connected, () => [
      make("span", { class: view.connected ? "dot here" : "dot away", "aria-hidden": "true" }),
      say(view.connected ? "presence.here" : "presence.away"),
    ]);
    renew(this.root.querySelector(".mode"), view.mode, () => [mode(view.mode)]);
    this.keepingFocus(() => this.fillLog(view));
    if (!this.filled) {
      // The history is not news: only what comes after it is read aloud.
      this.filled = true;
      setTimeout(() => this.log.setAttribute("aria-live", "polite"), SETTLED);
    }
  }

  fillLog(view) {
    const fresh = this.fill(view);
    this.root.querySelector(".empty").hidden = this.log.childElementCount > 0;
    if (fresh.length && this.filled) this.arrived(this, fresh.length);
    if (this.follows) this.toEnd();
    else if (fresh.length) this.newer.hidden = false;
    for (const node of this.log.children) {
      if (!node.announced) {
        node.announced = true;
        setTimeout(() => node.setAttribute("aria-live", "off"), SETTLED);
      }
    }
  }

  /** Run `change`; if it removed what had focus, put focus as near as can be. */
  keepingFocus(change) {
    const focused = document.activeElement;
    const message = focused?.closest?.(".log > *");
    change();
    if (!message || !this.root.contains(message) && !focused.isConnected) {
      if (focused && !focused.isConnected) this.input.focus();
      return;
    }
    if (!focused.isConnected) message.focus();
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.newer.hidden = true;
  }

  /** Ask, and show the problem if there is one. Resolves with whether it worked. */
  async attempt(request) {
    try {
      await this.ask(request);
      this.settle();
      return true;
    } catch (problem) {
      this.complain(sentence(problem));
      return false;
    }
  }

  complain(text) {
    const box = this.root.querySelector(".problem");
    box.replaceChildren(
      make("span", { text }),
      make("button", { type: "button", class: "small", text: say("close"), onclick: () => { this.settle(); this.input.focus(); } }),
    );
  }

  settle() {
    this.root.querySelector(".problem").replaceChildren();
  }
}

/** What the chat's settings ask of everybody, in words; nothing while they ask nothing. */
function mode({ slow, emotes }) {
  return [slow ? say("mode.slow", slow) : "", emotes ? say("mode.emotes") : ""].filter(Boolean).join(" · ");
}

/** What a problem from the server says in the reader's language. */
export function sentence({ code, text }) {
  const key = `problem.${code}`;
  return known(key) ? say(key, text) : text;
}
