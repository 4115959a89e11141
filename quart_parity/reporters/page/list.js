const GROUP = 100; // rows that the browser lays out, or leaves out, together
const FACETS = {
  accepted: ["Outcome", (exchange) => exchange.states],
  cause: ["Cause", (exchange) => exchange.causes],
  severity: ["Severity", (exchange) => exchange.severities],
  kind: ["Differs in", (exchange) => exchange.kinds],
  method: ["Method", (exchange) => [exchange.method]],
  route: ["Route", (exchange) => [exchange.route]],
};

/** The facets that hide the exchange; null where the words of the search do. */
function hiddenBy(exchange, words) {
  exchange.words ??= [
    exchange.method, exchange.target, exchange.scenario, exchange.route, ...exchange.causes, exchange.text,
  ].join(" ").toLowerCase();
  if (!words.every((word) => exchange.words.includes(word))) return null;
  return Object.keys(FACETS).filter(
    (name) => state[name] !== DEFAULTS[name] && !FACETS[name][1](exchange).includes(state[name]),
  );
}

/** A choice's number says how many there would be: what its own facet alone hides counts as well. */
function countedIn(by) {
  if (by?.length === 0) return Object.keys(FACETS);
  return by?.length === 1 ? by : [];
}

function refresh() {
  const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
  const counts = Object.fromEntries(Object.keys(FACETS).map((name) => [name, new Map()]));
  const totals = Object.fromEntries(Object.keys(FACETS).map((name) => [name, 0]));
  for (const exchange of exchanges) {
    const by = hiddenBy(exchange, words);
    exchange.shown = by?.length === 0;
    for (const name of countedIn(by)) {
      totals[name] += 1;
      for (const value of FACETS[name][1](exchange)) counts[name].set(value, (counts[name].get(value) ?? 0) + 1);
    }
  }
  for (const name of Object.keys(FACETS)) fillChoices(name, counts[name], totals[name]);
  hideRows();
  sayShown();
}

function fillChoices(name, counts, total) {
  const select = main.querySelector(`select[name=${name}]`);
  if (!choices[name].includes(state[name]) && state[name] !== DEFAULTS[name]) choices[name].push(state[name]);
  const all = el("option", { value: DEFAULTS[name] }, `all (${total})`);
  const others = choices[name].map((value) => el("option", { value }, `${labelOf(name, value)} (${counts.get(value) ?? 0})`));
  select.replaceChildren(all, ...others);
  select.value = state[name];
  select.classList.toggle("chosen", state[name] !== DEFAULTS[name]);
}

function labelOf(name, value) {
  if (name === "accepted") return STATES[value] ?? visible(value);
  const cause = name === "cause" && index.causes.find((one) => one.code === value);
  return visible(cause ? [CAUSES[value] ?? value, cause.title].filter(Boolean).join(" · ") : value) || "none";
}

/** In the order of the data, which has the worst first, where there is one; else by name. */
function choicesOf(name) {
  const values = [...new Set(exchanges.flatMap(FACETS[name][1]))];
  if (name === "accepted") return Object.keys(STATES);
  return name === "severity" ? values : values.sort();
}

function sayShown() {
  const shown = exchanges.filter((exchange) => exchange.shown).length;
  // To a rule of a URL map nothing was sent.
  const all = many(exchanges.length, exchanges.every(({ method }) => method) ? "exchange" : "row");
  status.textContent = shown === exchanges.length ? all : `${shown.toLocaleString("en")} of ${all}`;
  none.hidden = shown > 0;
  none.textContent = exchanges.length ? "No exchange is like that." : "No exchange differs.";
  clear.hidden = Object.keys(DEFAULTS).every((name) => name === "x" || state[name] === DEFAULTS[name]);
  if (document.activeElement !== search) search.value = state.q;
}

// The list.

const placeIn = ({ scenario, position, method }) => (method ? `${scenario}, request ${position}` : scenario);

function buildRow(exchange) {
  const outcome = exchange.states[0];
  const link = el("a", { href: addressOf({ x: exchange.key }), class: "row" },
    el("span", { class: `sign ${outcome}` }, el("span", { "aria-hidden": "true" }, SIGNS[outcome]), hidden(STATES[outcome])),
    el("span", { class: "what" }, el("b", {}, visible(exchange.method)), " ", el("span", { class: "raw" }, visible(exchange.target))),
    el("span", { class: "statuses" }, statuses(exchange)),
    el("span", { class: "where" }, visible([placeIn(exchange), exchange.kinds.join(", ")].filter(Boolean).join(" · "))),
    el("span", { class: "chips" }, exchange.open ? exchange.known.slice(0, 3).map(chip) : exchange.accepted ? acceptedChip() : null));
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go({ x: exchange.key });
  });
  exchange.link = link;
  return el("li", { hidden: !exchange.shown }, link);
}

const groups = [];
function buildGroup(number) {
  if (groups[number].firstChild) return;
  groups[number].append(...exchanges.slice(number * GROUP, (number + 1) * GROUP).map(buildRow));
}

/** All groups have their height from the beginning; their rows follow when nobody is kept waiting. */
function buildList(number = 0) {
  const until = performance.now() + 12;
  while (number < groups.length && performance.now() < until) buildGroup(number++);
  mark();
  if (number < groups.length) setTimeout(buildList, 0, number);
  else main.dataset.built = "";
}

function hideRows() {
  groups.forEach((group, number) => {
    const own = exchanges.slice(number * GROUP, (number + 1) * GROUP);
    const shown = own.filter((exchange) => exchange.shown).length;
    group.hidden = !shown;
    group.style.setProperty("--rows", shown);
    for (const exchange of own) if (exchange.link) exchange.link.parentNode.hidden = !exchange.shown;
  });
}

function linkOf(exchange) {
  buildGroup(Math.floor(exchange.n / GROUP));
  return exchange.link;
}

function mark() {
  main.querySelector(".row[aria-current]")?.removeAttribute("aria-current");
  if (state.x && byKey.get(state.x)?.link) byKey.get(state.x).link.setAttribute("aria-current", "true");
}
