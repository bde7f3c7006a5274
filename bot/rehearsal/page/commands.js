// Slash commands: the list that a "/" opens, and the form for the options of the one chosen.

import { make, plain } from "./dom.js";
import { say } from "./words.js";

const TYPE = { text: 3, whole: 4, yesNo: 5, user: 6, channel: 7, role: 8, anyone: 9, decimal: 10, file: 11 };
const SHOWN = 25;
const LARGEST_FILE = 10 * 1024 * 1024; // bytes, as on Discord
const QUIET = 200; // ms without a key before suggestions are asked for

/** A list under a text field, driven by the keyboard from the field (the combobox pattern). */
class Picker {
  constructor(input, list, chosen) {
    this.input = input;
    this.list = list;
    this.chosen = chosen;
    this.items = [];
    this.active = -1;
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    input.addEventListener("blur", () => this.close());
    input.addEventListener("keydown", (event) => this.key(event));
  }

  get open() {
    return !this.list.hidden;
  }

  show(items, row) {
    this.items = items;
    this.list.replaceChildren(
      ...items.map((item, index) => {
        const node = make("li", { role: "option", id: `${this.list.id}-${index}`, "aria-selected": "false" }, ...row(item));
        node.addEventListener("click", () => this.choose(index));
        return node;
      }),
    );
    this.list.hidden = items.length === 0;
    this.input.setAttribute("aria-expanded", String(items.length > 0));
    this.move(items.length ? 0 : -1);
  }

  close() {
    this.show([], () => []);
  }

  move(index) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    const node = this.list.children[index];
    if (!node) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    node.setAttribute("aria-selected", "true");
    this.input.setAttribute("aria-activedescendant", node.id);
    node.scrollIntoView({ block: "nearest" });
  }

  choose(index) {
    const item = this.items[index];
    this.close();
    if (item) this.chosen(item);
  }

  key(event) {
    if (!this.open || event.isComposing) return;
    const { length } = this.items;
    if (event.key === "ArrowDown") this.move((this.active + 1) % length);
    else if (event.key === "ArrowUp") this.move((this.active - 1 + length) % length);
    else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) this.choose(this.active);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

export class Commands {
  constructor(pane) {
    this.pane = pane;
    this.known = [];
    this.form = document.getElementById("discord-command");
    this.composer = document.getElementById("discord-composer");
    this.picker = new Picker(pane.input, document.getElementById("discord-commands"), (command) => this.begin(command));
    pane.input.addEventListener("input", () => this.suggest());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.form.addEventListener("keydown", (event) => event.key === "Escape" && this.leave());
  }

  /** Know the commands of the moment; an open list follows them. */
  learn(commands) {
    const signature = JSON.stringify(commands);
    if (signature === this.signature) return;
    this.signature = signature;
    this.known = commands;
    if (this.picker.open) this.suggest();
  }

  suggest() {
    const typed = this.pane.input.value;
    if (!typed.startsWith("/")) {
      this.picker.close();
      return;
    }
    const sought = plain(typed.slice(1).trimStart());
    this.picker.show(matching(this.known, sought), (command) => [
      make("span", { class: "command-name", text: `/${command.local || command.name}` }),
      make("span", { class: "command-about", text: command.description }),
    ]);
  }

  /** Take the command that is marked in the list; false when there is no list. */
  chooseActive() {
    if (!this.picker.open) return false;
    this.picker.choose(this.picker.active);
    return true;
  }

  begin(command) {
    this.command = command;
    this.pane.input.value = "";
    const ordered = [...command.options].sort((a, b) => Number(b.required) - Number(a.required));
    this.fields = ordered.map((option) => this.field(option));
    this.form.replaceChildren(
      make(
        "p",
        {},
        make("span", { class: "command-name", text: `/${command.local || command.name}` }),
        " ",
        make("span", { class: "command-about", text: command.description }),
      ),
      make("div", { class: "options" }, ...this.fields.map(({ node }) => node)),
      make(
        "div",
        { class: "row" },
        make("button", { class: "send", text: say("send") }),
        make("button", { type: "button", class: "tool", text: say("cancel"), onclick: () => this.leave() }),
      ),
    );
    this.form.hidden = false;
    this.composer.hidden = true;
    (this.form.querySelector("input, select") ?? this.form.querySelector("button")).focus();
  }

  leave() {
    this.command = null;
    this.form.hidden = true;
    this.form.replaceChildren();
    this.composer.hidden = false;
    this.pane.input.focus();
  }

  async send() {
    const { command } = this;
    const missing = this.fields.find(({ option, value }) => option.required && value() === undefined);
    if (missing) {
      this.pane.complain(say("missing", missing.option.local || missing.option.name));
      return;
    }
    const options = this.given();
    if (Object.values(options).some((value) => value instanceof File && value.size > LARGEST_FILE)) {
      this.pane.complain(say("option.too-big"));
      return;
    }
    this.leave();
    this.pane.toEnd();
    await this.pane.attempt({ do: "slash", command: command.name, options: await packed(options) });
  }

  given() {
    const pairs = this.fields.map(({ option, value }) => [option.name, value()]).filter(([, value]) => value !== undefined);
    return Object.fromEntries(pairs);
  }

  /** What was given besides one option, without files, which help to complete nothing. */
  others(name) {
    const pairs = Object.entries(this.given()).filter(([other, value]) => other !== name && !(value instanceof File));
    return Object.fromEntries(pairs);
  }

  field(option) {
    const id = `option-${option.name}`;
    const { control, value, extra } = this.control(option, id);
    control.id = id;
    if (option.required && control.tagName !== "P") control.required = true;
    control.setAttribute("aria-describedby", `${id}-about`);
    const bounds = bounded(option);
    const node = make(
      "div",
      { class: "field-line" },
      make(
        "label",
        { for: id },
        option.local || option.name,
        make("span", { class: "mark-required", text: ` (${say(option.required ? "option.required" : "option.optional")})` }),
      ),
      make("p", { class: "subtext", id: `${id}-about`, text: [option.description, bounds].filter(Boolean).join(" · ") }),
      make("div", { class: "held" }, control, extra ?? null),
    );
    return { option, node, value };
  }

  control(option, id) {
    if (option.choices?.length) return chosenFrom(option.choices, option.required);
    if (option.autocomplete) return this.suggested(option, id);
    const people = this.pane.people_.map(({ user_id: value, name }) => ({ name, value }));
    switch (option.type) {
      case TYPE.yesNo:
        return chosenFrom([{ name: say("option.yes"), value: true }, { name: say("option.no"), value: false }], option.required);
      case TYPE.user:
      case TYPE.anyone:
        return chosenFrom(people, option.required);
      case TYPE.channel:
        return chosenFrom(channels(this.pane, option.channel_types), option.required);
      case TYPE.whole:
      case TYPE.decimal:
        return numbered(option);
      case TYPE.file:
        return pickedFile();
      case TYPE.role:
        return { control: make("p", { class: "subtext", text: say("select.unsupported") }), value: () => undefined };
      default:
        return written(option);
    }
  }

  suggested(option, id) {
    const control = make("input", {
      type: "text", role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`, autocomplete: "off",
    });
    const list = make("ul", { id: `${id}-list`, class: "picker", role: "listbox", "aria-label": say("option.suggestions"), hidden: true });
    let taken = null;
    let timer = 0;
    const picker = new Picker(control, list, (choice) => {
      taken = choice;
      control.value = choice.name;
    });
    const ask = async () => {
      if (!this.command) return;
      const typed = control.value;
      try {
        const others = this.others(option.name);
        const { choices } = await this.pane.ask({ do: "autocomplete", command: this.command.name, option: option.name, typed, others });
        if (control.value === typed && document.activeElement === control) picker.show(choices.slice(0, SHOWN), ({ name }) => [name]);
      } catch {
        picker.close(); // suggestions only help: what is typed still counts
      }
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(ask, QUIET);
    };
    control.addEventListener("input", () => {
      taken = null;
      later();
    });
    control.addEventListener("focus", () => taken || later());
    const value = () => (taken ? taken.value : converted(option, control.value.trim()));
    return { control, value, extra: list };
  }
}

function matching(commands, sought) {
  const names = ({ local, name }) => [local, name].filter(Boolean).map(plain);
  const begins = commands.filter((command) => names(command).some((name) => name.startsWith(sought)));
  const others = commands.filter((command) => !begins.includes(command) && sought.length > 1 && names(command).some((name) => name.includes(sought)));
  return [...begins, ...others].slice(0, SHOWN);
}

function chosenFrom(choices, required) {
  const control = make(
    "select",
    {},
    make("option", { value: "", text: say(required ? "select.choose" : "option.none") }),
    ...choices.map(({ name }, index) => make("option", { value: index, text: name })),
  );
  return { control, value: () => (control.value === "" ? undefined : choices[Number(control.value)].value) };
}

/** What may stand in an option for a channel: this one and the ones to speak in, of the kinds that it takes. */
function channels(pane, kinds) {
  const spoken = pane.voices_.map(({ id, name, stage }) => ({ name, value: id, kind: stage ? 13 : 2 }));
  const every = [{ name: `#${pane.channel.name}`, value: pane.channel.id, kind: 0 }, ...spoken];
  return every.filter(({ kind }) => !kinds?.length || kinds.includes(kind));
}

function numbered(option) {
  const control = make("input", {
    type: "number", inputmode: option.type === TYPE.whole ? "numeric" : "decimal", min: option.min, max: option.max, step: option.type === TYPE.whole ? 1 : "any",
  });
  return { control, value: () => converted(option, control.value) };
}

function pickedFile() {
  const control = make("input", { type: "file" });
  return { control, value: () => control.files[0] };
}

/** What was given, as a frame can carry it: of a file its name and its bytes in base64. */
async function packed(options) {
  const pairs = Object.entries(options).map(async ([name, value]) => [name, value instanceof File ? await inLetters(value) : value]);
  return Object.fromEntries(await Promise.all(pairs));
}

function inLetters(file) {
  return new Promise((succeed, fail) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => succeed({ file: file.name, data: reader.result.split(",")[1] ?? "" }));
    reader.addEventListener("error", () => fail(reader.error));
    reader.readAsDataURL(file);
  });
}

function written(option) {
  const control = make("input", { type: "text", minlength: option.min, maxlength: option.max });
  return { control, value: () => converted(option, control.value.trim()) };
}

function converted(option, text) {
  if (text === "") return undefined;
  return option.type === TYPE.whole || option.type === TYPE.decimal ? Number(text) : text;
}

function bounded({ type, min, max }) {
  if (type === TYPE.file) return say("option.file");
  const numeric = type === TYPE.whole || type === TYPE.decimal;
  if (!numeric || ((min ?? null) === null && (max ?? null) === null)) return "";
  return say("option.between", min ?? null, max ?? null);
}
