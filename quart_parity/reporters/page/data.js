const KEPT = 4; // chunks of exchanges that stay unpacked
const DEFAULTS = { x: "", q: "", route: "", method: "", kind: "", cause: "", severity: "", accepted: "all" };

// The data: base64 of deflated JSON, unpacked where it is needed.

async function unpack(id) {
  const packed = atob(document.getElementById(id).textContent.trim());
  const bytes = Uint8Array.from(packed, (character) => character.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(plain).json();
}

const chunks = new Map();
async function detailOf(exchange) {
  const number = Math.floor(exchange.n / index.chunk);
  const chunk = chunks.get(number) ?? unpack(`chunk-${number}`);
  chunks.delete(number);
  chunks.set(number, chunk);
  if (chunks.size > KEPT) chunks.delete(chunks.keys().next().value);
  return (await chunk)[exchange.n % index.chunk];
}

function readExchange(row, n) {
  const [scenario, position, method, target, route, reference, candidate, kinds, causes, open, accepted, text] = row;
  const known = causes.map((cause) => index.causes[cause]);
  const name = index.scenarios[scenario];
  return {
    n, position, method, target, reference, candidate, open, accepted, text, known,
    scenario: name,
    key: `${name}/${position}`,
    route: index.routes[route] ?? "",
    kinds: kinds.map((kind) => index.kinds[kind]),
    causes: known.map((cause) => cause.code),
    severities: [...new Set(known.map((cause) => cause.severity).filter(Boolean))],
    states: [open ? "open" : null, accepted ? "accepted" : null, open || accepted ? null : "same"].filter(Boolean),
    words: null,
    shown: true,
    link: null,
  };
}

// The address: filters and the exchange that is open, so that both can be linked to.

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readAddress() {
  const found = { ...DEFAULTS };
  for (const pair of location.hash.slice(1).split("&")) {
    const at = pair.indexOf("=");
    const name = pair.slice(0, Math.max(at, 0));
    if (Object.hasOwn(DEFAULTS, name)) found[name] = decode(pair.slice(at + 1));
  }
  return found;
}

function addressOf(wanted) {
  const pairs = Object.entries(wanted).filter(([name, value]) => value && value !== DEFAULTS[name]);
  return "#" + pairs.map(([name, value]) => `${name}=${name === "x" ? encodeKey(value) : encodeURIComponent(value)}`).join("&");
}

function encodeKey(key) {
  const slash = key.lastIndexOf("/");
  return `${encodeURIComponent(key.slice(0, slash))}/${encodeURIComponent(key.slice(slash + 1))}`;
}

let timer = 0;
function go(changes, how = "pushState") {
  clearTimeout(timer);
  const wanted = { ...state, ...changes };
  if (addressOf(wanted) !== location.hash) history[how](null, "", addressOf(wanted));
  show(wanted);
}

function show(wanted) {
  const before = state;
  state = wanted;
  if (Object.keys(DEFAULTS).some((name) => name !== "x" && before[name] !== wanted[name])) refresh();
  if (before.x !== wanted.x) wanted.x ? openExchange(wanted.x) : close(before.x);
}
