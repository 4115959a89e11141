const TITLES = { __proto__: null, port: "No known divergence: the port itself is other", unknown: "The cause was not found out" };

async function openExchange(key) {
  const exchange = byKey.get(key);
  mark();
  let content = lost(key);
  if (exchange) {
    try {
      content = describe(exchange, await detailOf(exchange));
    } catch (error) {
      content = [stepsBar(exchange), el("h2", { tabindex: -1 }, "This exchange cannot be read"), el("p", {}, String(error))];
    }
  }
  if (state.x !== key) return;
  pane.hidden = false;
  main.classList.add("reading");
  pane.replaceChildren(...content);
  pane.scrollTop = 0;
  document.title = `${exchange ? visible(`${exchange.method} ${exchange.target}`) : "No such exchange"} · ${title}`;
  if (narrow.matches) scrollTo(0, 0);
  else bringBeside(exchange);
  pane.querySelector("h2").focus({ preventScroll: true });
}

/** The pane fills the window, with the exchange's row beside it. */
function bringBeside(exchange) {
  scrollBy(0, Math.max(0, main.getBoundingClientRect().top));
  if (exchange?.shown) linkOf(exchange).scrollIntoView({ block: "nearest" });
  mark();
}

function close(key) {
  pane.hidden = true;
  pane.replaceChildren();
  main.classList.remove("reading");
  document.title = title;
  mark();
  const exchange = byKey.get(key);
  const back = exchange?.shown ? linkOf(exchange) : search;
  back.focus();
  back.scrollIntoView({ block: narrow.matches ? "center" : "nearest" });
}

const lost = (key) => [
  stepsBar(null),
  el("h2", { tabindex: -1 }, "No such exchange"),
  el("p", {}, "This report has no exchange ", el("code", {}, visible(key)),
    ". It may be of another run, or one without difference: ", el("code", {}, "--html-all"), " keeps those as well."),
];

function stepsBar(exchange) {
  const shown = exchanges.filter((one) => one.shown);
  const at = shown.indexOf(exchange);
  const step = (by, label, sign) =>
    button(sign, () => move(by), { "aria-label": label, title: label, disabled: !(exchange && beside(exchange, by)) });
  return el("div", { class: "steps" },
    button("× Close", () => go({ x: "" }), { class: "close" }),
    el("span", { class: "place" }, at < 0 ? "" : `${at + 1} of ${shown.length}`),
    step(-1, "Previous exchange", "↑"), step(1, "Next exchange", "↓"),
    exchange ? copier("Copy link", () => location.href.split("#")[0] + addressOf({ x: exchange.key })) : null);
}

function describe(exchange, detail) {
  const [ours, theirs] = detail.views;
  const places = ours === theirs ? [ours] : [ours, theirs];
  return [
    stepsBar(exchange),
    el("h2", { tabindex: -1 }, el("b", {}, visible(exchange.method)), " ", el("span", { class: "raw" }, visible(exchange.target))),
    el("dl", { class: "facts" },
      fact("Status", ...statuses(exchange)),
      fact("Scenario", visible(placeIn(exchange))),
      fact("Route", visible(exchange.route)),
      places.some(Boolean) ? fact("View", visible(places.filter(Boolean).join(" → "))) : null),
    exchange.known.filter((cause) => isOpen(cause, detail)).map(causeBox),
    differencesPart(detail.differences, detail.more ?? 0),
    againPart(exchange, detail),
    detail.sheets.length ? sheetsPart("Side by side", detail.sheets, exchange) : null,
    detail.sent.length ? sheetsPart("Request", detail.sent, null) : null,
    logsPart(detail.logs),
  ].flat().filter(Boolean);
}

const codesOf = (difference) => (difference.codes?.length ? difference.codes : [difference.codes ? "port" : "unknown"]);
const isOpen = (cause, detail) => detail.differences.some((one) => one.accepted === null && codesOf(one).includes(cause.code));

const fact = (name, ...values) =>
  values.join("") ? el("div", {}, el("dt", {}, name), el("dd", { class: "raw" }, ...values)) : null;

const causeBox = (cause) =>
  el("section", { class: "cause", "data-severity": cause.severity || cause.code },
    el("h3", {}, chip(cause), " ", prose(cause.title || TITLES[cause.code] || ""), cause.severity ? el("small", {}, visible(cause.severity)) : null),
    cause.mend ? el("p", { class: "mend" }, el("b", {}, "Mend "), prose(cause.mend)) : null,
    cause.code in CAUSES ? null : el("p", {}, el("code", {}, `quart-parity explain ${visible(cause.code)}`)));

function differencesPart(differences, more) {
  if (!differences.length) return el("p", { class: "calm" }, "Both sides answered the same.");
  return el("section", {},
    el("h3", {}, many(differences.length + more, "difference")),
    differences.map(differenceBox),
    more ? el("p", { class: "calm" }, `${many(more, "more difference")} not shown.`) : null);
}

function differenceBox(difference) {
  const known = codesOf(difference).map((code) => index.causes.find((cause) => cause.code === code) ?? { code, severity: "" });
  const isAccepted = difference.accepted !== null;
  return el("article", { class: isAccepted ? "difference accepted" : "difference", tabindex: -1 },
    el("h4", {},
      el("span", { class: `sign ${isAccepted ? "accepted" : "open"}`, "aria-hidden": "true" }, isAccepted ? SIGNS.accepted : SIGNS.open),
      el("code", {}, visible(difference.path)),
      isAccepted ? acceptedChip() : known.map(chip)),
    isAccepted ? el("p", {}, "Accepted: ", visible(difference.accepted)) : null,
    difference.diff.length ? diffOf(difference.diff) : el("dl", { class: "sides" },
      el("div", {}, el("dt", {}, "Reference"), valueOf(difference.reference), placeOf(difference.places[0])),
      el("div", {}, el("dt", {}, "Candidate"), valueOf(difference.candidate), placeOf(difference.places[1]))));
}

const valueOf = (value) =>
  value === null ? el("dd", { class: "nothing" }, "nothing") : el("dd", {}, el("pre", {}, visible(value)));

const placeOf = (place) => (place ? el("dd", { class: "at" }, "at ", el("code", {}, visible(place))) : null);

function diffOf(lines) {
  const kinds = { "-": "del", "+": "ins" };
  const shown = lines.map((line) => el(kinds[line[0]] ?? "span", {}, visible(line) + "\n"));
  return scrollable(el("pre", { class: "diff" }, shown), "Unified diff, - the reference, + the candidate");
}

function againPart(exchange, detail) {
  if (!(detail.curl || detail.again || detail.scenario)) return null;
  const file = `${exchange.scenario.toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 60)}.json`;
  return el("section", { class: "again" },
    el("h3", {}, "See it again"),
    command("Send the request", detail.curl),
    command("Play the scenario", detail.again),
    detail.scenario ? el("details", {},
      el("summary", {}, "The scenario up to this request"),
      el("p", {}, button("Save", () => save(file, detail.scenario)), " ", copier("Copy", () => detail.scenario)),
      scrollable(el("pre", {}, visible(detail.scenario)), "The scenario")) : null);
}

const command = (label, text) =>
  text ? el("div", { class: "command" }, el("span", {}, label), copier("Copy", () => text, `Copy: ${label}`),
    scrollable(el("pre", {}, visible(text)), label)) : null;

function logsPart(logs) {
  const shown = logs.map((log, side) => log && el("details", { open: true },
    el("summary", {}, side ? "Candidate" : "Reference"), scrollable(el("pre", {}, visible(log)), "Log")));
  return logs.some(Boolean) ? el("section", {}, el("h3", {}, "Logs"), shown.filter(Boolean)) : null;
}
