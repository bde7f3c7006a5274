// Making and comparing elements. Text always enters as text: nothing here parses markup.

import { language } from "./words.js";

/** Make an element: `make("p", { class: "x", text: "…" }, child, …)`; false and null attributes are left out. */
export function make(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "text") node.textContent = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/**
 * Put `fresh()` into `slot` if what it shows has changed since the last time.
 * An element that has focus is therefore never replaced by one that looks the same.
 */
export function renew(slot, shown, fresh) {
  const signature = JSON.stringify([language(), shown]);
  if (slot.signature === signature) return;
  slot.signature = signature;
  slot.replaceChildren(...fresh().filter((child) => child !== null));
}

/**
 * Make the children of `list` show `items`, in order, one per `key`; a child lives as long as its item.
 * Returns the keys that are new.
 */
export function reconcile(list, items, key, create, update) {
  list.shown ??= new Map();
  const wanted = new Set(items.map(key));
  for (const [old, node] of list.shown) {
    if (!wanted.has(old)) {
      node.remove();
      list.shown.delete(old);
    }
  }
  const fresh = [];
  let before = list.firstElementChild;
  for (const item of items) {
    const name = key(item);
    let node = list.shown.get(name);
    if (!node) {
      node = create(item);
      list.shown.set(name, node);
      fresh.push(name);
    }
    update(node, item);
    if (node === before) before = before.nextElementSibling;
    else list.insertBefore(node, before);
  }
  return fresh;
}

/** A small stable number for a name, to give people a tint of their own. */
export function tint(text, count = 8) {
  let sum = 0;
  for (const letter of String(text)) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  return sum % count;
}

/** Lower case without accents, to compare what is typed with names. */
export function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
