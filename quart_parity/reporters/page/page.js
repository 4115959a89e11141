const KEYS = [
  [["/"], "Search"],
  [["j", "↓"], "Next exchange"],
  [["k", "↑"], "Previous exchange"],
  [["Enter"], "Open the exchange"],
  [["n"], "Next difference within it"],
  [["p"], "Previous difference within it"],
  [["Esc"], "Close it"],
  [["?"], "Show these keys"],
];

/** The next exchange that is shown, also from one that is not. */
function beside(exchange, by) {
  const from = exchange?.n ?? (by > 0 ? -1 : exchanges.length);
  const others = exchanges.filter(({ n, shown }) => shown && (by > 0 ? n > from : n < from));
  return others.at(by > 0 ? 0 : -1);
}

/** To the next exchange that is shown: opened where one is open, else with the focus. */
function move(by) {
  const focused = exchanges.find((exchange) => exchange.link && exchange.link === document.activeElement);
  const next = beside(state.x ? byKey.get(state.x) : focused, by);
  if (next && state.x) go({ x: next.key }, "replaceState");
  else if (next) linkOf(next).focus();
}

function step(by) {
  const stops = [...pane.querySelectorAll(".difference, tr.first")].filter((stop) => stop.checkVisibility());
  const at = stops.indexOf(document.activeElement.closest(".difference, tr.first"));
  stops[at < 0 ? (by > 0 ? 0 : stops.length - 1) : (at + by + stops.length) % stops.length]?.focus();
}

const ACTIONS = {
  "/": () => { if (state.x && narrow.matches) go({ x: "" }); search.focus(); search.select(); },
  j: () => move(1),
  k: () => move(-1),
  n: () => step(1),
  p: () => step(-1),
  "?": () => help.showModal(),
};

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  const inRow = document.activeElement.classList.contains("row");
  const isTyping = document.activeElement.matches("input[type=search], textarea, select");
  if (event.key === "Escape" && state.x) go({ x: "" });
  else if (inRow && event.key === "ArrowDown") move(1);
  else if (inRow && event.key === "ArrowUp") move(-1);
  else if (hasKeys && !isTyping && Object.hasOwn(ACTIONS, event.key)) ACTIONS[event.key]();
  else return;
  event.preventDefault();
}

function buildHelp() {
  const all = el("input", { type: "checkbox", checked: true });
  all.addEventListener("change", () => { hasKeys = all.checked; });
  const keys = KEYS.map(([names, does]) =>
    el("div", {}, el("dt", {}, names.flatMap((name, n) => [n ? " " : "", el("kbd", {}, name)])), el("dd", {}, does)));
  return el("dialog", { "aria-labelledby": "keys-heading" },
    el("h2", { id: "keys-heading" }, "Keys"), el("dl", {}, keys),
    el("label", {}, all, " Single letters and signs are keys"),
    el("form", { method: "dialog" }, el("button", {}, "Close")));
}

// The page.

function buildTools() {
  const selects = Object.entries(FACETS).map(([name, [label]]) =>
    el("label", {}, el("span", {}, label), el("select", { name })));
  const tools = el("search", { class: "tools" },
    el("div", { class: "line" }, search, status, clear),
    el("details", { class: "filters", open: !narrow.matches }, el("summary", {}, "Filters"), el("div", {}, selects)));
  narrow.addEventListener("change", () => { tools.querySelector("details").open = !narrow.matches; });
  tools.addEventListener("change", ({ target }) => { if (target.matches("select")) go({ [target.name]: target.value }); });
  search.addEventListener("input", () => {
    show({ ...state, q: search.value });
    clearTimeout(timer);
    timer = setTimeout(go, 250, {}, "replaceState");
  });
  return tools;
}

function buildControls() {
  const scheme = button("", () => {
    const root = document.documentElement;
    const isDark = getComputedStyle(root).colorScheme === "dark" ||
      (!root.dataset.scheme && matchMedia("(prefers-color-scheme: dark)").matches);
    root.dataset.scheme = isDark ? "light" : "dark";
  }, { class: "scheme" });
  scheme.textContent = "Light or dark";
  const controls = el("div", { class: "controls" }, button("Keys", () => help.showModal()), scheme);
  (document.querySelector("body > header") ?? main).append(controls);
}

function build() {
  for (let at = 0; at < exchanges.length; at += GROUP) {
    groups.push(el("ol", { start: at + 1, "aria-label": `Exchanges from ${at + 1}` }));
  }
  main.append(
    el("section", { class: "browse", "aria-labelledby": "exchanges-heading" },
      heading, buildTools(), none, el("div", { class: "list" }, groups)),
    pane, said, help);
  buildControls();
  refresh();
  buildList();
  addEventListener("keydown", press);
  addEventListener("hashchange", () => { if (!location.hash || location.hash.includes("=")) show(readAddress()); });
  document.addEventListener("click", followLink);
  if (state.x) openExchange(state.x);
}

/** The summary's links choose filters; whoever follows one is brought to the list. */
function followLink({ target }) {
  if (!target.closest("a[href^='#'][href*='=']") || main.contains(target)) return;
  addEventListener("hashchange", () => heading.focus(), { once: true });
}

let index, state, exchanges, choices;
let hasKeys = true;
let onlyDiffering = false;
const title = document.title;
const byKey = new Map();
const heading = el("h2", { id: "exchanges-heading", tabindex: -1 }, "Exchanges");
const search = el("input", { type: "search", placeholder: "Search", "aria-label": "Search exchanges", autocomplete: "off", spellcheck: "false" });
const status = el("p", { role: "status" });
const said = el("p", { role: "status", class: "hidden" });
const none = el("p", { class: "calm", hidden: true });
const clear = button("Clear", () => { search.value = ""; go({ ...DEFAULTS, x: state.x }); }, { hidden: true, "aria-label": "Clear search and filters" });
const pane = el("section", { class: "pane", "aria-label": "Exchange", hidden: true });
const help = buildHelp();

async function start() {
  index = await unpack("index");
  state = readAddress();
  exchanges = index.exchanges.map(readExchange);
  for (const exchange of exchanges) {
    // Rules of a URL map have no request to tell them apart.
    if (byKey.has(exchange.key)) exchange.key += `~${exchange.n}`;
    byKey.set(exchange.key, exchange);
  }
  choices = Object.fromEntries(Object.keys(FACETS).map((name) => [name, choicesOf(name)]));
  build();
}

start().catch((error) => {
  main.append(el("p", { role: "alert" }, `The exchanges cannot be shown; a browser of 2024 or later is needed. (${error})`));
});
