// The drawer from which things are made to go wrong.

import { make, renew } from "./dom.js";
import { sentence } from "./pane.js";
import { known, say } from "./words.js";

// What begins a lasting state, and what ends it: one button whose words change.
const PAIRS = { "discord.cut": "discord.restore", "twitch.cut": "twitch.restore" };
const ENDINGS = new Set(Object.values(PAIRS));
const GROUPS = [["discord", () => "Discord"], ["twitch", () => "Twitch"], ["bot", () => say("incidents.bot")]];

export class Incidents {
  constructor({ ask }) {
    this.ask = ask;
    this.root = document.getElementById("incidents");
    this.opener = document.getElementById("open-incidents");
    this.outcome = this.root.querySelector(".outcome");
    this.opener.addEventListener("click", () => (this.root.hidden ? this.open() : this.close()));
    this.root.querySelector(".close").addEventListener("click", () => this.close());
    this.root.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  open() {
    this.root.hidden = false;
    this.opener.setAttribute("aria-expanded", "true");
    this.root.focus();
  }

  close() {
    this.root.hidden = true;
    this.opener.setAttribute("aria-expanded", "false");
    this.outcome.textContent = "";
    this.opener.focus();
  }

  show(incidents) {
    const focused = this.root.contains(document.activeElement) ? document.activeElement.dataset.place : null;
    renew(this.root.querySelector(".incident-list"), incidents, () => this.groups(incidents));
    if (focused) this.root.querySelector(`[data-place="${CSS.escape(focused)}"]`)?.focus();
  }

  groups(incidents) {
    const shown = incidents.filter(({ key }) => !ENDINGS.has(key) && known(`incident.${key}`));
    return GROUPS.flatMap(([side, name]) => {
      const own = shown.filter(({ key }) => key.startsWith(`${side}.`));
      if (!own.length) return [];
      const items = own.map((incident) => make("li", {}, this.button(incident)));
      return [make("h3", { text: name() }), make("ul", {}, ...items)];
    });
  }

  button({ key, on }) {
    const acts = on ? PAIRS[key] : key;
    const [name, about] = say(`incident.${acts}`);
    const flag = on ? make("span", { class: "flag", text: say("incidents.on") }) : null;
    return make(
      "button",
      { type: "button", class: on ? "incident on" : "incident", "data-place": key, onclick: () => this.provoke(acts, name) },
      make("span", { class: "incident-name" }, name, flag && " ", flag),
      make("span", { class: "incident-about", text: about }),
    );
  }

  async provoke(key, name) {
    this.outcome.textContent = "";
    try {
      await this.ask({ do: "fault", key });
      this.outcome.textContent = say("incidents.done", name);
    } catch (problem) {
      this.outcome.textContent = sentence(problem);
    }
  }
}
