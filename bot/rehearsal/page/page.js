// Puts the page together: one connection, two panes, one language.

import { Commands } from "./commands.js";
import { DiscordComposer, TwitchComposer } from "./composer.js";
import { Connection } from "./connection.js";
import { Discord } from "./discord.js";
import { make } from "./dom.js";
import { Incidents } from "./incidents.js";
import { tick } from "./markdown.js";
import { Modal } from "./modal.js";
import { Twitch } from "./twitch.js";
import { fill, language, say, speak } from "./words.js";

const narrow = matchMedia("(max-width: 720px)");
const byId = (id) => document.getElementById(id);

class Page {
  constructor() {
    const ask = (request) => this.connection.ask(request);
    const tools = { ask, arrived: (pane, count) => this.count(pane, count) };
    this.panes = { discord: new Discord(tools), twitch: new Twitch(tools) };
    this.commands = new Commands(this.panes.discord);
    this.discordComposer = new DiscordComposer(this.panes.discord, this.commands);
    this.twitchComposer = new TwitchComposer(this.panes.twitch);
    this.incidents = new Incidents({ ask });
    this.modal = new Modal({ ask });
    this.unread = { discord: 0, twitch: 0 };
    this.active = "discord";
    this.listen();
    this.translate();
    this.arrange();
    this.connection = new Connection({
      heard: (state) => this.show(state),
      lost: () => (byId("lost").textContent = say("lost")),
      found: () => this.found(),
    });
    setInterval(() => document.hidden || tick(document), 1000);
  }

  found() {
    byId("lost").textContent = "";
    // A server that came back knows nothing of who this page was.
    for (const [side, pane] of Object.entries(this.panes)) {
      if (pane.self) pane.attempt({ do: "persona", side, key: pane.self.key });
    }
  }

  show(state) {
    this.state = state;
    this.panes.discord.offer(state.places ?? []);
    for (const [side, pane] of Object.entries(this.panes)) {
      pane.log.lang = state.locale;
      if (state[side]) pane.show(state[side], state.personas);
    }
    this.commands.learn(state.discord?.commands ?? []);
    this.modal.show(state.discord?.modal ?? null);
    this.incidents.show(state.incidents);
  }

  // Language

  translate() {
    document.documentElement.lang = language();
    document.title = `Ensemble · ${say("title")}`;
    fill(document);
    const toggle = byId("language");
    toggle.textContent = say("language.other");
    toggle.lang = say("language.code");
    byId("guide").querySelector(".guide-body").replaceChildren(
      ...say("guide").flatMap(([title, lines]) => [
        make("h3", { text: title }),
        make("ul", {}, ...lines.map((text) => make("li", { text }))),
      ]),
    );
    this.twitchComposer.showCount();
    this.nameTabs();
    if (this.commands.command) this.commands.begin(this.commands.command);
    if (this.state) this.show(this.state);
  }

  // Panes and tabs

  arrange() {
    document.body.dataset.pane = this.active;
    for (const side of Object.keys(this.panes)) {
      const { root } = this.panes[side];
      root.setAttribute("role", narrow.matches ? "tabpanel" : "region");
      root.setAttribute("aria-labelledby", narrow.matches ? `tab-${side}` : `${side}-name`);
      const tab = byId(`tab-${side}`);
      tab.setAttribute("aria-selected", String(side === this.active));
      tab.tabIndex = side === this.active ? 0 : -1;
    }
    if (narrow.matches) this.unread[this.active] = 0;
    else this.unread = { discord: 0, twitch: 0 };
    this.nameTabs();
  }

  nameTabs() {
    for (const [side, name] of [["discord", "Discord"], ["twitch", "Twitch"]]) {
      const count = this.unread[side];
      byId(`tab-${side}`).replaceChildren(
        make("span", { text: name }),
        ...(count
          ? [
              make("span", { class: "unread", "aria-hidden": "true", text: count > 99 ? "99+" : count }),
              make("span", { class: "hush", text: `, ${say("tab.unread", count)}` }),
            ]
          : []),
      );
    }
  }

  activate(side) {
    this.active = side;
    this.arrange();
    const pane = this.panes[side];
    if (pane.follows) pane.toEnd();
  }

  count(pane, arrived) {
    if (!narrow.matches || pane.side === this.active) return;
    this.unread[pane.side] += arrived;
    this.nameTabs();
  }

  goTo(side) {
    this.activate(side);
    const command = byId("discord-command");
    const inForm = side === "discord" && !command.hidden ? command.querySelector("input, select, button") : null;
    (inForm ?? this.panes[side].input).focus();
  }

  // What the reader does outside of the panes

  listen() {
    byId("language").addEventListener("click", () => {
      speak(say("language.code"));
      localStorage.setItem("language", language());
      this.translate();
    });
    byId("open-guide").addEventListener("click", () => byId("guide").showModal());
    narrow.addEventListener("change", () => this.arrange());
    for (const side of Object.keys(this.panes)) {
      const tab = byId(`tab-${side}`);
      tab.addEventListener("click", () => this.activate(side));
      tab.addEventListener("keydown", (event) => {
        if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
        this.activate(this.other());
        byId(`tab-${this.active}`).focus();
      });
    }
    for (const anchor of document.querySelectorAll(".skip a")) {
      anchor.addEventListener("click", (event) => {
        event.preventDefault();
        this.goTo(anchor.hash.slice(1).split("-")[0]);
      });
    }
    document.addEventListener("focusin", (event) => {
      const pane = event.target.closest(".pane");
      if (pane) this.inside = pane.id;
    });
    document.addEventListener("keydown", (event) => this.key(event));
    visualViewport?.addEventListener("resize", () => {
      // Phones whose keyboard covers the page instead of shrinking it.
      if (visualViewport.scale === 1) document.documentElement.style.setProperty("--height", `${visualViewport.height}px`);
    });
  }

  other() {
    return this.active === "discord" ? "twitch" : "discord";
  }

  key(event) {
    if (event.key === "F6") {
      event.preventDefault();
      this.active = this.inside ?? this.active;
      this.goTo(this.inside ? this.other() : this.active);
    } else if (event.key === "Escape" && !byId("incidents").hidden) {
      this.incidents.close();
    }
  }
}

speak(new URLSearchParams(location.search).get("lang") ?? localStorage.getItem("language") ?? "fr");
new Page();
