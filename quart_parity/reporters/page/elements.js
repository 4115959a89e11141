// What an application sent is written as text and never as markup.

const STATES = { __proto__: null, open: "differs", accepted: "accepted", same: "same" };
const SIGNS = { open: "≠", accepted: "≈", same: "=" };
const CAUSES = { __proto__: null, port: "port", unknown: "unknown" };
// As in the other formats: what would be invisible, or would turn the direction of a line, is escaped.
const UNSAFE =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\u{e0000}-\u{e007f}]/gu;

/** @returns {HTMLElement} */
function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false && value !== null) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== ""));
  return node;
}

const hidden = (text) => el("span", { class: "hidden" }, text);
const button = (label, act, attributes = {}) => {
  const node = el("button", { type: "button", ...attributes }, label);
  node.addEventListener("click", act);
  return node;
};

const visible = (text) => text.replace(UNSAFE, escaped);
/** The catalogue's own sentences, with code between backticks. */
const prose = (text) => visible(text).split("`").map((part, n) => (n % 2 ? el("code", {}, part) : part));
const many = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

const main = document.getElementById("exchanges");
const narrow = matchMedia("(max-width: 60rem)");

function escaped(character) {
  const code = character.codePointAt(0).toString(16);
  if (code.length > 4) return `\\U${code.padStart(8, "0")}`;
  return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
}

const statuses = ({ reference, candidate }) =>
  reference === candidate ? [`${reference ?? ""}`]
    : [`${reference ?? "none"} `, el("span", { "aria-hidden": "true" }, "→"), hidden("against"), ` ${candidate ?? "none"}`];

const chip = (cause) =>
  el("span", { class: "chip", "data-severity": cause.severity || cause.code }, visible(CAUSES[cause.code] ?? cause.code));

const acceptedChip = () => el("span", { class: "chip" }, "accepted");

/** What scrolls by itself is reached with the keyboard, too. */
function scrollable(node, label) {
  node.setAttribute("tabindex", 0);
  node.setAttribute("role", "region");
  node.setAttribute("aria-label", label);
  return node;
}

function save(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function copier(label, text, name = label) {
  const node = button(label, async () => {
    const did = (await copy(text())) ? "Copied" : "Press Ctrl+C";
    node.textContent = did;
    said.textContent = did;
    setTimeout(() => { node.textContent = label; said.textContent = ""; }, 2_000);
  }, { class: "copy", "aria-label": name === label ? null : name });
  return node;
}

/** Without the right to write to the clipboard, the text is at least selected. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = el("textarea", { class: "hidden", "aria-label": "Text to copy" });
    area.value = text;
    pane.append(area);
    area.select();
    area.addEventListener("blur", () => area.remove());
    return false;
  }
}
