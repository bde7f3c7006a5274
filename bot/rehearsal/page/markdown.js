// Discord's markdown as elements: what an author may write, and the timestamps that move with the clock.

import { make } from "./dom.js";
import { language, say } from "./words.js";

const WORD = "[\\p{L}\\p{N}_]";

// Tried in this order wherever one could begin. `who` resolves mentions: {user(id), channel(id), go(id) if one can}.
const INLINE = [
  [/\\([^\p{L}\p{N}\s])/uy, ([, mark]) => mark],
  [/(`+)([^]*?[^`])\1(?!`)/y, ([, , code]) => make("code", { text: code.trim() })],
  [/<(https?:\/\/[^\s>]+)>/y, ([, url]) => link(url)],
  [/<t:(-?\d{1,12})(?::([tTdDfFsSR]))?>/y, ([, at, style]) => moment(Number(at), style)],
  [/<@!?(\d+)>/y, ([, id], who) => mention(`@${who.user(id) ?? say("someone")}`)],
  [/<@&(\d+)>/y, () => mention(`@${say("some.role")}`)],
  [/<#(\d+)>/y, ([, id], who) => placed(id, who)],
  [/<\/([^:>]+):\d+>/y, ([, name]) => mention(`/${name}`)],
  [/<a?:(\w+):\d+>/y, ([, name]) => `:${name}:`],
  [/\[((?:\\.|[^[\]\\])+)\]\(<?(https?:\/\/[^\s)>]+)>?(?:\s+"[^"]*")?\)/y, ([, text, url], who) => link(url, inline(text, who))],
  [/https?:\/\/[^\s<]*[^\s<.,:;!?"'»\])]/y, ([url]) => link(url)],
  [/__((?:\\[^]|[^\\])+?)__(?!_)/y, ([, text], who) => make("u", {}, ...inline(text, who))],
  [/\*\*((?:\\[^]|[^\\])+?)\*\*(?!\*)/y, ([, text], who) => make("strong", {}, ...inline(text, who))],
  [/\*(?!\s)((?:\*\*|\\[^]|[^\\*])+?)(?<!\s)\*(?!\*)/y, ([, text], who) => make("em", {}, ...inline(text, who))],
  [new RegExp(`(?<!${WORD})_((?:__|\\\\[^]|[^\\\\_])+?)_(?!${WORD})`, "uy"), ([, text], who) => make("em", {}, ...inline(text, who))],
  [/~~((?:\\[^]|[^\\])+?)~~/y, ([, text], who) => make("s", {}, ...inline(text, who))],
  [/\|\|([^]+?)\|\|/y, ([, text], who) => spoiler(inline(text, who))],
  [/\n/y, () => make("br")],
];
const PLAIN = /[^\\`<[*_~|\nh]+|[^]/uy;

/** The pieces of one paragraph, as nodes and texts. */
export function inline(text, who) {
  const pieces = [];
  let at = 0;
  while (at < text.length) {
    let piece = null;
    for (const [pattern, build] of INLINE) {
      pattern.lastIndex = at;
      const found = pattern.exec(text);
      if (found) {
        at = pattern.lastIndex;
        piece = build(found, who);
        break;
      }
    }
    if (piece === null) {
      PLAIN.lastIndex = at;
      piece = PLAIN.exec(text)[0];
      at += piece.length;
    }
    if (typeof piece === "string" && typeof pieces.at(-1) === "string") pieces.push(pieces.pop() + piece);
    else pieces.push(piece);
  }
  return pieces;
}

/** A whole message: paragraphs, headings, quotations, lists and blocks of code. */
export function blocks(text, who) {
  const made = [];
  const parts = text.split(/```(?:[a-zA-Z0-9_+-]*\n)?([^]+?)```/);
  parts.forEach((part, index) => {
    if (index % 2) made.push(make("pre", {}, make("code", { text: part.replace(/^\n+|\n+$/g, "") })));
    else if (part.trim()) made.push(...lines(part.replace(/^\n|\n$/g, "").split("\n"), who));
  });
  return made;
}

const BLOCKS = [
  { begins: /^>>> ([^]*)/, whole: true },
  { begins: /^> (.*)|^>$/, build: (rows, who) => make("blockquote", {}, ...blocks(rows.map(([, row]) => row ?? "").join("\n"), who)) },
  { begins: /^(#{1,3}) +(.+)/, single: true, build: ([[, marks, row]], who) => make("p", { class: `heading heading-${marks.length}`, role: "heading", "aria-level": marks.length + 3 }, ...inline(row, who)) },
  { begins: /^-# +(.+)/, single: true, build: ([[, row]], who) => make("p", { class: "subtext" }, ...inline(row, who)) },
  { begins: /^( *)(?:[-*]) +(.+)/, build: (rows, who) => list("ul", rows.map(([, space, row]) => [space, row]), who) },
  { begins: /^( *)(\d{1,9})\. +(.+)/, build: (rows, who) => list("ol", rows.map(([, space, , row]) => [space, row]), who, rows[0][2]) },
];

function lines(rows, who) {
  const made = [];
  let paragraph = [];
  const flush = () => {
    // The blank line on either side of a block is its own margin.
    const text = paragraph.join("\n").replace(/^\n|\n$/g, "");
    if (text) made.push(make("p", {}, ...inline(text, who)));
    paragraph = [];
  };
  for (let at = 0; at < rows.length; at += 1) {
    const block = BLOCKS.find(({ begins }) => begins.test(rows[at]));
    if (!block) {
      paragraph.push(rows[at]);
      continue;
    }
    flush();
    if (block.whole) {
      made.push(make("blockquote", {}, ...blocks([rows[at].slice(4), ...rows.slice(at + 1)].join("\n"), who)));
      return made;
    }
    const taken = [block.begins.exec(rows[at])];
    while (!block.single && at + 1 < rows.length && block.begins.test(rows[at + 1])) {
      at += 1;
      taken.push(block.begins.exec(rows[at]));
    }
    made.push(block.build(taken, who));
  }
  flush();
  return made;
}

function list(name, rows, who, start = null) {
  const items = rows.map(([space, row]) => make("li", { class: space.length > 1 ? "deeper" : null }, ...inline(row, who)));
  return make(name, { start: start === "1" ? null : start }, ...items);
}

/** A channel by its name; one that can be gone to is a button. */
function placed(id, who) {
  const name = who.channel(id);
  const text = `#${name ?? say("some.channel")}`;
  if (name === null || name === undefined || !who.go) return mention(text);
  return make("button", { type: "button", class: "mention", text, onclick: () => who.go(id) });
}

function mention(text) {
  return make("span", { class: "mention", text });
}

function link(url, text = null) {
  const attributes = { href: url, target: "_blank", rel: "noopener noreferrer", title: say("link.out") };
  const node = make("a", attributes, ...(text ?? [url]));
  return text ? make("span", {}, node, make("span", { class: "address", text: ` (${url})` })) : node;
}

function spoiler(children) {
  const inside = make("span", { class: "spoiler-text", "aria-hidden": "true" }, ...children);
  inside.inert = true;
  const node = make("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": say("spoiler") }, inside);
  const reveal = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    if (!inside.inert) return;
    event.preventDefault();
    inside.inert = false;
    inside.removeAttribute("aria-hidden");
    node.classList.add("shown");
    for (const name of ["role", "aria-label"]) node.removeAttribute(name);
    node.tabIndex = -1;
  };
  node.addEventListener("click", reveal);
  node.addEventListener("keydown", reveal);
  return node;
}

// Timestamps

const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
  s: { dateStyle: "short", timeStyle: "short" },
  S: { dateStyle: "short", timeStyle: "medium" },
};
const UNITS = [["year", 31_536_000], ["month", 2_592_000], ["day", 86_400], ["hour", 3600], ["minute", 60], ["second", 1]];

/** A moment as Discord writes it; `seconds` are Unix time, `style` is the letter after the colon. */
export function moment(seconds, style = "f") {
  const node = make("time", { datetime: stamp(seconds) });
  node.dataset.at = String(seconds);
  node.dataset.style = style;
  node.title = written(seconds, "F");
  node.textContent = written(seconds, style);
  return node;
}

/** Say again how far away each relative time below `root` is. */
export function tick(root) {
  for (const node of root.querySelectorAll('time[data-style="R"]')) {
    const text = written(Number(node.dataset.at), "R");
    if (node.textContent !== text) node.textContent = text;
  }
}

/** How `seconds` is written in the reader's language. */
export function written(seconds, style) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return "?";
  if (style === "R") return distance(Math.round(seconds - Date.now() / 1000));
  return new Intl.DateTimeFormat(language() === "en" ? "en-GB" : "fr-FR", STYLES[style] ?? STYLES.f).format(date);
}

function stamp(seconds) {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}

function distance(seconds) {
  const [unit, size] = UNITS.find(([, least]) => Math.abs(seconds) >= least) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat(language()).format(Math.trunc(seconds / size), unit);
}
