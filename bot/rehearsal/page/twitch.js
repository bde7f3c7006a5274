// The Twitch pane: one line per message, its badges in words.

import { make, reconcile, renew, tint } from "./dom.js";
import { Pane } from "./pane.js";
import { known, say } from "./words.js";

const LEADING = "broadcaster";

export class Twitch extends Pane {
  constructor(tools) {
    super("twitch", tools);
  }

  show(view, personas) {
    renew(this.root.querySelector(".channel"), view.channel, () => [view.channel.name || view.channel.login]);
    super.show(view, personas);
  }

  fill(view) {
    return reconcile(
      this.log,
      view.lines,
      ({ id }) => id,
      () => make("div", { class: "line", tabindex: "-1" }),
      (node, line) => this.updateLine(node, line),
    );
  }

  updateLine(node, line) {
    const mayDelete = this.mayDelete(line);
    node.classList.toggle("deleted", line.deleted);
    node.classList.toggle("refused", Boolean(line.refused));
    renew(node, [line, mayDelete], () => this.line(line, mayDelete));
  }

  mayDelete(line) {
    return Boolean(this.self) && this.self.role !== "patron" && !line.deleted && !line.refused;
  }

  line(line, mayDelete) {
    const reply = line.reply_to
      ? make("p", { class: "context" }, make("span", { text: say("twitch.reply", line.reply_to.name) }), make("q", { text: line.reply_to.text }))
      : null;
    const text = make("p", {}, ...badges(line), make("span", { class: `author ink-${tint(line.user_id)}`, text: line.name }), ": ", this.text(line));
    const refused = line.refused ? make("p", { class: "reason", text: say("twitch.refused", line.refused) }) : null;
    return [reply, text, refused, mayDelete ? this.changes(line) : null];
  }

  text(line) {
    if (!line.deleted) return make("span", { class: "words", text: line.text });
    // As on Twitch, moderators still read what was deleted.
    const kept = this.self?.role === "patron" ? null : make("del", { text: line.text });
    return make("span", { class: "words" }, make("em", { text: say("twitch.deleted") }), kept ? " " : null, kept);
  }

  changes(line) {
    const of = say("message.of", line.name);
    const remove = () => this.attempt({ do: "twitch.delete", line: line.id });
    return make(
      "span",
      { class: "changes" },
      make("button", { type: "button", class: "small", "aria-label": `${say("message.delete")} ${of}`, text: say("message.delete"), onclick: remove }),
    );
  }
}

function badges(line) {
  const names = line.badges.filter((name) => known(`twitch.badge.${name}`));
  names.sort((a, b) => Number(b === LEADING) - Number(a === LEADING));
  if (line.bot) names.push("bot");
  return names.flatMap((name) => [make("span", { class: "badge", text: say(`twitch.badge.${name}`) }), " "]);
}
