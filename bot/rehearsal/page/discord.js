// The Discord pane: messages, embeds, controls, as one person sees them.

import { make, reconcile, renew, tint } from "./dom.js";
import { blocks, inline, moment, written } from "./markdown.js";
import { Pane } from "./pane.js";
import { say } from "./words.js";

const ACTION_ROW = 1;
const BUTTON = 2;
const LINK_STYLE = 5;

export class Discord extends Pane {
  constructor(tools) {
    super("discord", tools);
    this.dismissed = new Set();
    this.who = { user: (id) => this.names.get(id), channel: (id) => this.placeNamed(id) ?? this.channelName(id), go: (id) => this.attempt({ do: "place", place: id }) };
    this.names = new Map();
    this.read = new Map(); // how many direct messages were looked at, by place
  }

  /** Offers the channels and threads that the acting person sees. */
  offer(places) {
    this.places = places;
    const select = this.root.querySelector(".place select");
    select.onchange = () => this.attempt({ do: "place", place: select.value });
    renew(select, places, () =>
      places.map((place) => make("option", { value: place.id, text: called(place) })),
    );
    select.value = places.find(({ chosen }) => chosen)?.id ?? "";
    this.offerLetters(places.find(({ letters }) => letters));
  }

  /** Says that the bot wrote in private, until that is looked at. */
  offerLetters(place) {
    const button = this.root.querySelector(".letters");
    if (place?.chosen) this.read.set(place.id, place.letters);
    const unread = place ? place.letters - (this.read.get(place.id) ?? 0) : 0;
    button.hidden = unread === 0;
    button.onclick = () => this.attempt({ do: "place", place: place.id });
    renew(button, unread, () => [say("letters", unread)]);
  }

  channelName(id) {
    return id === this.channel?.id ? this.channel.name : this.voices_?.find((voice) => voice.id === id)?.name ?? null;
  }

  show(view, personas) {
    this.channel = { id: String(view.channel.id), name: view.channel.name };
    this.people_ = personas.filter((persona) => persona.side === "discord");
    for (const one of this.people_) this.names.set(one.user_id, one.name);
    for (const { author } of view.messages) this.names.set(String(author.id), author.name);
    renew(this.root.querySelector(".channel"), view.channel, () => [
      view.channel.direct ? say("place.direct") : `#${view.channel.name}`,
    ]);
    const writing = view.typing?.map((one) => one.name ?? one).join(", ");
    this.voices_ = view.voices ?? [];
    renew(this.root.querySelector(".voices"), this.voices_, () => this.voices_.map((voice) => this.voice(voice)));
    renew(this.root.querySelector(".typing"), writing, () => [writing ? say("typing", writing) : ""]);
    super.show(view, personas);
    this.showEvents(view.events ?? []);
  }

  showEvents(events) {
    const box = this.root.querySelector(".events");
    const may = this.self?.role === "moderator";
    box.hidden = events.length === 0;
    renew(box.querySelector("summary"), events.length, () => [say("events", events.length)]);
    renew(box.querySelector("ul"), [events, may], () =>
      [...events].sort((one, other) => one.at - other.at).map((event) => this.event(event, may)),
    );
  }

  event({ id, name, at, where }, may) {
    const remove = make("button", {
      type: "button",
      class: "small",
      "aria-label": `${say("message.delete")} ${name}`,
      text: say("message.delete"),
      onclick: () => this.attempt({ do: "event.delete", event: id }),
    });
    const place = where ? ` · ${where}` : "";
    return make("li", {}, make("strong", { text: name }), " ", moment(at, "F"), place, " ", may ? remove : null);
  }

  placeNamed(id) {
    const place = this.places?.find((one) => one.id === id);
    return place?.name ?? (id === this.channel?.id ? this.channel.name : null);
  }

  /** A voice or stage channel: who is in it, and the way in or out. */
  voice({ id, name, stage, people, here }) {
    const act = say(here ? "voices.leave" : "voices.enter");
    return make("li", {},
      make("span", { class: "voice-name", text: `${say(stage ? "voices.stage" : "voices.voice")} ${name}` }),
      make("span", { class: "voice-people", text: people.length ? people.join(", ") : say("voices.nobody") }),
      make("button", {
        type: "button", class: "small", text: act, "aria-label": `${act} (${name})`,
        onclick: () => this.attempt({ do: "voice", channel: id }),
      }),
    );
  }

  fill(view) {
    const messages = view.messages.filter(({ id }) => !this.dismissed.has(id));
    return reconcile(
      this.log,
      messages,
      ({ id }) => id,
      () => this.newMessage(),
      (node, message) => this.updateMessage(node, message),
    );
  }

  newMessage() {
    const slots = ["context", "avatar", "head", "body", "embeds", "files", "controls", "note"];
    const node = make("article", { class: "message", tabindex: "-1" });
    for (const name of slots) {
      node[name] = make("div", { class: name, "aria-hidden": name === "avatar" ? "true" : null });
      node.append(node[name]);
    }
    return node;
  }

  updateMessage(node, message) {
    const { author } = message;
    node.classList.toggle("private", message.ephemeral);
    renew(node.context, [message.reply_to, message.command], () => this.context(message));
    renew(node.avatar, author, () => [make("span", { class: `tint-${tint(author.id)}`, text: initial(author.name) })]);
    renew(node.head, [author, message.at, message.edited, this.mayChange(message)], () => this.head(node, message));
    if (!node.editing) renew(node.body, [message.content, empty(message)], () => this.body(message));
    renew(node.embeds, [message.embeds, message.files], () => message.embeds.map((embed) => this.embed(embed, message)));
    renew(node.files, [message.files, message.embeds.length], () => files(message));
    this.controls(node.controls, message.components, message.id);
    renew(node.note, message.ephemeral, () => (message.ephemeral ? this.privately(message) : []));
  }

  context({ reply_to: reply, command }) {
    if (command) return [make("p", { text: say("message.used", command.user?.name ?? command.user, command.name) })];
    if (!reply) return [];
    const author = reply.author?.name ?? reply.author;
    const said = reply.content.split("\n")[0];
    const quote = said ? [make("q", {}, ...inline(said, this.who))] : [];
    return [make("p", {}, make("span", { text: say("message.reply", author) }), ...quote)];
  }

  head(node, message) {
    const { author } = message;
    const name = make("span", { class: `author ink-${tint(author.id)}`, text: author.name });
    const badge = author.bot ? make("span", { class: "badge", text: say("badge.app") }) : null;
    const at = moment(message.at, "t");
    const edited = message.edited ? make("span", { class: "edited", text: say("message.edited") }) : null;
    return [name, badge, at, edited, ...this.changes(node, message)];
  }

  mayChange(message) {
    if (message.ephemeral || message.author.bot || !this.self) return "";
    if (String(message.author.id) === this.self.user_id) return "own";
    return this.self.role === "patron" ? "" : "other";
  }

  changes(node, message) {
    const may = this.mayChange(message);
    if (!may) return [];
    const of = say("message.of", message.author.name);
    const button = (key, onclick) =>
      make("button", { type: "button", class: "small", "aria-label": `${say(key)} ${of}`, text: say(key), onclick });
    return [
      make(
        "span",
        { class: "changes" },
        may === "own" ? button("message.edit", () => this.edit(node, message)) : null,
        button("message.delete", () => this.attempt({ do: "delete", message: message.id })),
      ),
    ];
  }

  edit(node, message) {
    const input = make("input", { type: "text", maxlength: 2000, "aria-label": say("message.editing") });
    input.value = message.content;
    const done = (event) => {
      event?.preventDefault();
      node.editing = false;
      node.body.signature = null;
      this.updateMessage(node, message);
      node.focus();
    };
    const save = async (event) => {
      const text = input.value.trim();
      done(event);
      if (text && text !== message.content) await this.attempt({ do: "edit", message: message.id, text });
    };
    const form = make(
      "form",
      { class: "editing", onsubmit: save, onkeydown: (event) => event.key === "Escape" && done(event) },
      input,
      make("button", { class: "small", text: say("message.save") }),
      make("button", { type: "button", class: "small", text: say("cancel"), onclick: done }),
    );
    node.editing = true;
    node.body.replaceChildren(form);
    input.focus();
  }

  body(message) {
    if (empty(message)) return [make("p", { class: "thinking", text: say("message.thinking") })];
    return blocks(message.content, this.who);
  }

  privately(message) {
    const dismiss = () => {
      this.dismissed.add(message.id);
      this.log.shown.get(message.id)?.remove();
      this.log.shown.delete(message.id);
      this.input.focus();
    };
    return [
      make("span", { text: say("message.ephemeral") }),
      make("button", { type: "button", class: "small", text: say("message.dismiss"), onclick: dismiss }),
    ];
  }

  embed(embed, message) {
    const node = make("section", { class: "embed" });
    if (embed.color) node.style.setProperty("--bar", `#${embed.color.toString(16).padStart(6, "0")}`);
    if (embed.author?.name) node.append(make("p", { class: "embed-author", text: embed.author.name }));
    if (embed.title) node.append(make("h3", {}, ...titled(embed, this.who)));
    if (embed.description) node.append(make("div", { class: "embed-text" }, ...blocks(embed.description, this.who)));
    if (embed.fields?.length) node.append(make("div", { class: "fields" }, ...embed.fields.map((field) => this.field(field))));
    for (const part of ["thumbnail", "image"]) {
      if (embed[part]?.url) node.append(picture(embed[part], message.files));
    }
    const foot = [embed.footer?.text, embed.timestamp && written(Date.parse(embed.timestamp) / 1000, "f")].filter(Boolean);
    if (foot.length) node.append(make("p", { class: "embed-foot", text: foot.join(" · ") }));
    return node;
  }

  field({ name, value, inline: beside }) {
    return make(
      "div",
      { class: beside ? "field beside" : "field" },
      make("h4", {}, ...inline(name, this.who)),
      make("div", {}, ...blocks(value, this.who)),
    );
  }

  // Buttons and choices

  controls(slot, components, message) {
    const rows = components.map((component, index) => ({ component, key: index }));
    reconcile(
      slot,
      rows,
      ({ key, component }) => `${key}/${component.type}`,
      ({ component }) => make("div", { class: component.type === ACTION_ROW ? "row" : "layout" }),
      (node, { component }) => {
        if (component.type === ACTION_ROW) this.row(node, component.components, message);
        else renew(node, component, () => [this.layout(component, message)]);
      },
    );
  }

  row(node, components, message) {
    reconcile(
      node,
      components.map((component, index) => ({ ...component, key: component.custom_id ?? component.url ?? index })),
      ({ key, type }) => `${key}/${type}`,
      (component) => this.newControl(component, message),
      (control, component) => this.updateControl(control, component, message),
    );
  }

  newControl(component, message) {
    if (component.type !== BUTTON) return make("div", { class: "choice" });
    if (component.style === LINK_STYLE) {
      return make("a", { class: "press", href: web(component.url), target: "_blank", rel: "noopener noreferrer" });
    }
    const node = make("button", { type: "button", class: "press" });
    node.addEventListener("click", async () => {
      if (node.getAttribute("aria-disabled") === "true" || node.getAttribute("aria-busy") === "true") return;
      node.setAttribute("aria-busy", "true");
      await this.attempt({ do: "click", message, custom_id: component.custom_id });
      node.removeAttribute("aria-busy");
    });
    return node;
  }

  updateControl(node, component, message) {
    if (component.type !== BUTTON) {
      renew(node, component, () => [this.choice(component, message)]);
      return;
    }
    node.dataset.style = component.style;
    // aria-disabled, not disabled: a browser takes focus away from a disabled button.
    if (component.disabled) node.setAttribute("aria-disabled", "true");
    else node.removeAttribute("aria-disabled");
    renew(node, [component.label, component.emoji], () => [emoji(component), make("span", { text: component.label ?? "" })]);
  }

  choice(component, message) {
    const options = this.options(component);
    if (!options) return make("p", { class: "subtext", text: say("select.unsupported") });
    const least = component.min_values ?? 1;
    const most = component.max_values ?? 1;
    const label = component.placeholder || say("select.choose");
    const form = make("form", {}, most > 1 ? boxes(label, options, least, most) : menu(label, options, component.disabled));
    if (component.disabled) form.inert = true;
    form.append(make("button", { class: "small", text: say("select.confirm"), "aria-disabled": component.disabled ? "true" : null }));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const values = [...new FormData(form).getAll("value")].filter((value) => value !== "");
      if (values.length < least || values.length > most) this.complain(say("select.bounds", least, most));
      else this.attempt({ do: "select", message, custom_id: component.custom_id, values });
    });
    return form;
  }

  /** What one may choose in a menu, or null where the rehearsal has nothing to offer. */
  options({ type, options }) {
    const people = this.people_.map(({ user_id: value, name: label }) => ({ value, label }));
    const channel = [{ value: this.channel.id, label: `#${this.channel.name}` }];
    return { 3: options ?? [], 5: people, 7: people, 8: channel }[type] ?? null;
  }

  layout(component, message) {
    const inside = (parts) => (parts ?? []).map((part) => this.layout(part, message));
    switch (component.type) {
      case ACTION_ROW: {
        const node = make("div", { class: "row" });
        this.row(node, component.components, message);
        return node;
      }
      case BUTTON: {
        const node = make("div", { class: "row" });
        this.row(node, [component], message);
        return node;
      }
      case 9:
        return make("div", { class: "beside-each-other" }, make("div", {}, ...inside(component.components)), ...inside([component.accessory].filter(Boolean)));
      case 10:
        return make("div", {}, ...blocks(component.content, this.who));
      case 11:
        return picture({ url: component.media.url, description: component.description }, []);
      case 12:
        return make("div", {}, ...component.items.map((item) => picture({ url: item.media.url, description: item.description }, [])));
      case 14:
        return make("hr");
      case 17: {
        const node = make("section", { class: "embed" }, ...inside(component.components));
        if (component.accent_color) node.style.setProperty("--bar", `#${component.accent_color.toString(16).padStart(6, "0")}`);
        return node;
      }
      default:
        return make("p", { class: "subtext", text: say("select.unsupported") });
    }
  }
}

/** A menu for one value. */
export function menu(label, options, disabled = false, name = "value") {
  return make(
    "select",
    { name, "aria-label": label, disabled },
    make("option", { value: "", text: label }),
    ...options.map((one) => make("option", { value: one.value, selected: one.default, text: optionText(one) })),
  );
}

/** Boxes to tick for several values. */
export function boxes(label, options, least, most, name = "value") {
  return make(
    "fieldset",
    {},
    make("legend", { text: `${label} (${say("select.bounds", least, Math.min(most, options.length))})` }),
    ...options.map((one) =>
      make("label", {}, make("input", { type: "checkbox", name, value: one.value, checked: one.default }), optionText(one)),
    ),
  );
}

function optionText({ label, description, emoji: sign }) {
  return [sign?.name && !sign.id ? `${sign.name} ` : "", label, description ? ` · ${description}` : ""].join("");
}

function titled(embed, who) {
  const pieces = inline(embed.title, who);
  return embed.url ? [make("a", { href: web(embed.url), target: "_blank", rel: "noopener noreferrer" }, ...pieces)] : pieces;
}

function files(message) {
  const inEmbeds = message.embeds.flatMap((embed) => [embed.image?.url, embed.thumbnail?.url]).filter(Boolean);
  return message.files
    .filter(({ name }) => !inEmbeds.some((url) => fileName(url) === name))
    .map((file) => {
      if (file.url && /\.(png|jpe?g|gif|webp)$/i.test(file.name)) return picture({ url: file.url, description: file.description }, []);
      return make("p", { class: "file" }, download(file), file.description ? make("span", { text: file.description }) : null);
    });
}

/** A file of this machine as a link that saves it; of one that is elsewhere the name alone. */
function download(file) {
  const text = `${say("message.file")} · ${file.name}`;
  const address = file.url ? new URL(file.url, location.href) : null;
  if (address?.origin !== location.origin) return make("strong", { text });
  return make("a", { href: address.href, download: file.name, text });
}

/** An image of this machine, or the words for one that is elsewhere (the page shows nothing from outside). */
function picture({ url, description, width, height }, attached) {
  const words = description || attached.find(({ name }) => name === fileName(url))?.description || "";
  const inWords = () => make("p", { class: "file" }, make("strong", { text: say("image") }), make("span", { text: words || say("image.silent") }));
  const address = new URL(url, location.href);
  if (address.origin !== location.origin) return inWords();
  const node = make("img", { src: address.href, alt: words || say("image.silent"), width, height, loading: "lazy" });
  node.addEventListener("error", () => node.replaceWith(inWords()));
  return node;
}

function fileName(url) {
  return decodeURIComponent(url.split(/[?#]/)[0].split("/").at(-1));
}

function emoji({ emoji: sign, label }) {
  if (!sign?.name) return null;
  return make("span", { class: "sign", text: sign.id ? `:${sign.name}:` : sign.name, "aria-hidden": label ? "true" : null });
}

/** Only addresses of the web become links. */
function web(url) {
  return /^https?:\/\//.test(url ?? "") ? url : null;
}

function initial(name) {
  return [...name.trim()][0]?.toUpperCase() ?? "?";
}

function empty({ content, embeds, components, files: joined }) {
  return !content && !embeds.length && !components.length && !joined.length;
}

/** Returns what a channel, a thread or the bot's direct messages are called among places. */
function called({ name, parent, private: hidden, letters }) {
  if (letters) return say("place.direct");
  return parent ? `  ${say(hidden ? "place.private" : "place.thread", name)}` : `#${name}`;
}
