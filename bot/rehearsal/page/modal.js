// A form that the bot opened, as a dialog.

import { make } from "./dom.js";
import { boxes, menu } from "./discord.js";
import { blocks } from "./markdown.js";
import { sentence } from "./pane.js";
import { say } from "./words.js";

const PARAGRAPH = 2;
const LABEL = 18;
const NOBODY = { user: () => null, channel: () => null };

export class Modal {
  constructor({ ask }) {
    this.ask = ask;
    this.dialog = document.getElementById("modal");
    this.left = new Set(); // forms that are done with, should a state still in flight show them
    this.open = null;
    this.dialog.addEventListener("close", () => this.leave());
  }

  /** Show `modal` unless it was closed already; close the form that is no longer open. */
  show(modal) {
    const id = modal ? String(modal.interaction) : null;
    if (id === this.open) return;
    if (this.open && !this.sending) {
      this.left.add(this.open);
      this.dialog.close();
    }
    if (!id || this.left.has(id) || this.sending) return;
    this.open = id;
    this.before = document.activeElement;
    this.dialog.replaceChildren(this.form(modal));
    this.dialog.showModal();
    this.dialog.querySelector("input, textarea, select")?.focus();
  }

  leave() {
    if (this.open && !this.left.has(this.open)) {
      this.left.add(this.open);
      this.ask({ do: "dismiss", interaction: this.open }).catch(() => {}); // it may be gone already
    }
    this.open = null;
    if (this.before?.isConnected) this.before.focus();
  }

  form(modal) {
    const problem = make("p", { class: "reason", role: "alert" });
    const form = make(
      "form",
      {},
      make("h2", { id: "modal-title", text: modal.title }),
      ...modal.components.flatMap((component) => this.field(component)),
      problem,
      make(
        "div",
        { class: "row" },
        make("button", { class: "send", text: say("modal.submit") }),
        make("button", { type: "button", class: "tool", text: say("cancel"), onclick: () => this.dialog.close() }),
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send(form, problem);
    });
    return form;
  }

  async send(form, problem) {
    const values = entered(form);
    this.sending = true;
    try {
      await this.ask({ do: "submit", interaction: this.open, values });
      this.left.add(this.open);
      this.dialog.close();
    } catch (refusal) {
      problem.textContent = sentence(refusal);
    } finally {
      this.sending = false;
    }
  }

  field(component) {
    if (component.type === 1) return component.components.map((part) => this.labelled(part.label, "", part));
    if (component.type === LABEL) return [this.labelled(component.label, component.description, component.component)];
    if (component.type === 10) return blocks(component.content, NOBODY);
    return [];
  }

  labelled(label, description, part) {
    const required = part.required ?? true;
    const id = `modal-${part.custom_id}`;
    const hint = [description, part.max_length ? say("modal.length", part.min_length ?? 0, part.max_length) : ""].filter(Boolean).join(" ");
    const control = this.control(part, label, id, required, hint);
    const mark = make("span", { class: "mark-required", text: ` (${say(required ? "option.required" : "option.optional")})` });
    return make(
      "div",
      { class: "field-line" },
      control.tagName === "FIELDSET" ? null : make("label", { for: id }, label, mark),
      hint ? make("p", { class: "subtext", id: `${id}-hint`, text: hint }) : null,
      control,
    );
  }

  control(part, label, id, required, hint) {
    if (part.type === 4) return entry(part, id, required, hint);
    if (part.type === 23) return make("input", { type: "checkbox", id, name: part.custom_id, value: "true", checked: part.default });
    const options = part.options ?? [];
    if ((part.max_values ?? 1) > 1 || part.type === 22) {
      return boxes(label, options, part.min_values ?? 0, part.max_values ?? options.length, part.custom_id);
    }
    const node = menu(part.placeholder || say("select.choose"), options, false, part.custom_id);
    node.id = id;
    node.required = required;
    node.removeAttribute("aria-label");
    return node;
  }
}

/** What was entered, by name: a text, or a list where several boxes were ticked; choices not made are left out. */
function entered(form) {
  const values = {};
  for (const [name, value] of new FormData(form)) {
    const chosen = form.elements[name]?.tagName === "SELECT" || form.elements[name]?.type === "checkbox";
    if (chosen && value === "") continue;
    if (name in values) values[name] = [values[name], value].flat();
    else values[name] = value;
  }
  return values;
}

function entry(part, id, required, hint) {
  const attributes = {
    id,
    name: part.custom_id,
    required,
    minlength: part.min_length || null,
    maxlength: part.max_length,
    placeholder: part.placeholder,
    "aria-describedby": hint ? `${id}-hint` : null,
  };
  const node = part.style === PARAGRAPH ? make("textarea", { ...attributes, rows: 4 }) : make("input", { ...attributes, type: "text" });
  node.value = part.value ?? "";
  return node;
}
