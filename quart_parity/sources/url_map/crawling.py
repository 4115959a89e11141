"""Looking at every page: rules without variables, what is linked, and what can be guessed."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urlencode

from msgspec import structs

from ...routes import Route
from ...scenario import Capture
from .clients import Client, Trip, by_method, spread, with_header, with_query
from .targets import Visit, address_of, capturing, key_of, query_of
from .values import edges

MOST_PAGES = 6
"""Addresses of one rule that are looked at without a query, and as many with one."""
_RAW = ("%E9", "%2e%2e", "%00", "a%2fb")
"""Parts of a path that cannot be had by encoding a text."""
_ODD_VALUES = ("", "0", "-1", "1", "2", "abc", "Zoë <b>", "100%", "9999999999", "x" * 300)
_ODD_QUERIES = ("{name}", "{name}=%E9", "{name}=a+b%20c", "{name}[]=1", "{name}=1;{name}=2")
RANGES = (
    *("bytes=0-9", "bytes=5-", "bytes=-5", "bytes=0-0", "bytes=0-1,3-4", "bytes=9999999-"),
    *("bytes=5-2", "bytes=x", "items=0-9"),
)


def crawl(client: Client) -> Iterator[Trip]:
    """Every page there is a link to, and then what there is none to, until nothing is new."""
    tried: set[str] = set()
    while True:
        found = False
        for guessing in (False, True):
            for route in client.reading():
                if visits := _pending(client, route, guessing, tried):
                    found = True
                    tried |= {address_of(visit[-1]) for visit in visits}
                    yield Trip(f"GET {route.rule}", visits)
            if found:
                break
        if not found:
            return


def _pending(client: Client, route: Route, guessing: bool, tried: set[str]) -> list[Visit]:
    """What was not yet looked at; each rule's first page twice, for the second may be another."""
    seen, key = client.seen, key_of(route)
    known = dict(seen.targets.get(key, {}))
    if not known and (guessing or not route.converters):
        known = {address_of(visit[-1]): visit for visit in client.seeds(route)}
    done = seen.visited | seen.farewells | tried
    usual = [target for target in known if "?" not in target][:MOST_PAGES]
    asking = [target for target in known if "?" in target][:MOST_PAGES]
    fresh = [known[target] for target in [*usual, *asking] if target not in done]
    first = (key, "GET") not in seen.statuses
    return [*fresh[:1], *fresh] if first else fresh


def leads(client: Client) -> Iterator[Trip]:
    """A redirect and the page behind it, in one client: what is flashed shows there."""
    for key, visit in list(client.seen.redirects.items()):
        rule = key.partition(" ")[2]
        yield Trip(f"GET {rule}, and where it leads", [visit])


def methods(client: Client) -> Iterator[Trip]:
    """Other methods, slashes and accepted types than those that a browser's visit has."""
    for route in client.routes:
        is_read = route in client.reading()
        known_well = client.before is not None and route not in client.open_only_here()
        if known_well or (not is_read and is_any_farewell(client, route)):
            continue
        visit = client.usual(route)
        visits = [by_method(visit, "OPTIONS"), by_method(visit, _wrong_method(client, route))]
        if is_read:
            visits += [by_method(visit, "HEAD"), *_slashes(visit), *_accepting(client, visit)]
        yield Trip(f"{route.rule} by other methods and in other ways", visits)


def is_any_farewell(client: Client, route: Route) -> bool:
    """Whether a request to the rule may end what the client has begun."""
    visit = client.usual(route)
    return visit[-1].target in client.seen.farewells


def _wrong_method(client: Client, route: Route) -> str:
    """One that no rule for the same paths takes."""
    taken = {m for other in client.routes if other.rule == route.rule for m in other.methods}
    order = ("DELETE", "POST", "PUT", "PATCH", "GET")
    return next((method for method in order if method not in taken), "REPORT")


def _slashes(visit: Visit) -> Iterator[Visit]:
    target = visit[-1].target or "/"
    path, mark, query = target.partition("?")
    toggled = path.removesuffix("/") if path.endswith("/") else f"{path}/"
    doubled = path.replace("/", "//", 2)[1:] if path.count("/") > 1 else ""
    for other in (toggled, doubled):
        if other.startswith("/") and not other.startswith("//"):
            yield (*visit[:-1], structs.replace(visit[-1], target=other + mark + query))


def _accepting(client: Client, visit: Visit) -> Iterator[Visit]:
    if len(client.seen.shared.kinds) > 1:
        yield with_header(visit, {"Accept": "application/json"})
        yield with_header(visit, {"Accept": "text/html,*/*;q=0.1"})
        script = {"X-Requested-With": "XMLHttpRequest", "Accept": "*/*"}
        yield with_header(visit, script)


def at_the_edges(client: Client) -> Iterator[Trip]:
    """Each variable of each rule, with what is just taken and what just is not."""
    for route in client.open_only_here():
        for name, converter in route.converters.items():
            usual = _usual_values(client, route)
            if name not in usual:
                continue
            visits = [client.visit(route, {**usual, name: value}) for value in edges(converter)]
            visits.append(client.visit(route, {**usual, name: ""}))
            if converter.name not in ("int", "float", "uuid", "any"):
                marked = client.visit(route, {**usual, name: "RAW-VALUE"})[0]
                visits += [
                    (
                        structs.replace(
                            marked, target=(marked.target or "").replace("RAW-VALUE", raw)
                        ),
                    )
                    for raw in _RAW
                ]
            yield Trip(f"GET {route.rule}, {name} at its edges", visits)


def _usual_values(client: Client, route: Route) -> dict[str, str]:
    target = client.usual(route)[-1].target or "/"
    found = client.seen.shared.place.find("GET", target)
    if found is not None and found[0] == route and "{{" not in target:
        return found[1]
    return {name: (client.values_for(route, name) or ["x"])[0] for name in route.converters}


def asking(client: Client) -> Iterator[Trip]:
    """Every parameter of every query that was seen, with other values than those."""
    for route in client.open_only_here():
        known = client.seen.queries.get(key_of(route), {})
        visit = client.usual(route)
        for name, values in list(known.items()):
            others = {key: value for key, value in query_of(visit[-1].target or "") if key != name}
            kept = f"{urlencode(others)}&" if others else ""
            odd = list(dict.fromkeys([*values, *_ODD_VALUES, *_elsewhere(values)]))
            queries = [f"{name_of(name)}={quote(value, safe='')}" for value in odd]
            queries += [form.format(name=name_of(name)) for form in _ODD_QUERIES]
            queries.append("&".join(f"{name_of(name)}={value}" for value in ("1", "2")))
            visits = [with_query(visit, kept + query) for query in queries]
            yield Trip(f"GET {route.rule}, {name} in other ways", visits)


def name_of(name: str) -> str:
    return quote(name, safe="")


def _elsewhere(values: list[str]) -> list[str]:
    """Where a value is an address, others that lead away."""
    if any(value.startswith("/") for value in values):
        return ["//example.org/", "http://example.org/", "\\\\example.org"]
    return []


def conditionally(client: Client) -> Iterator[Trip]:
    """What has a validator or can be had in parts, asked for so."""
    for route in client.open_only_here():
        for target, visit in list(client.seen.validators.get(key_of(route), {}).items())[:2]:
            yield Trip(f"GET {target} conditionally and in parts", _conditions(client, visit))


def _conditions(client: Client, visit: Visit) -> list[Visit]:
    etag = Capture(header="ETag", optional=True)
    modified = Capture(header="Last-Modified", optional=True)
    names = client.seen.shared.names
    tag, date = names.name("etag", etag), names.name("modified", modified)
    first = capturing(visit, {tag: etag, date: modified})
    conditions: list[dict[str, str]] = [
        {"If-None-Match": f"{{{{{tag}}}}}"},
        {"If-None-Match": '"other"'},
        {"If-None-Match": "*"},
        {"If-Match": '"other"'},
        {"If-Modified-Since": f"{{{{{date}}}}}"},
        {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        *({"Range": value} for value in RANGES),
        {"Range": "bytes=0-9", "If-Range": f"{{{{{tag}}}}}"},
        {"Range": "bytes=0-9", "If-Range": '"other"'},
    ]
    made = [first, *((*first, *with_header(visit[-1:], given)) for given in conditions)]
    made.append((*first, *with_header(by_method(visit[-1:], "HEAD"), conditions[0])))
    made.append((*first, *with_header(by_method(visit[-1:], "HEAD"), {"Range": "bytes=0-9"})))
    return made


def with_odd_cookies(client: Client) -> Iterator[Trip]:
    """Cookies that nobody issued, and those that somebody changed."""
    pages = [client.usual(route) for route in client.open_only_here()]
    pages = [page for page in pages if len(page) == 1]
    pages = spread(pages, 6)
    for name in list(client.seen.shared.cookies):
        capture = Capture(cookie=name, optional=True)
        captured = client.seen.shared.names.name(name, capture)
        visits: list[Visit] = []
        for page in pages:
            first = capturing(page, {captured: capture})
            changed = f"{name}={{{{{captured}}}}}x"
            visits += [
                with_header(page, {"Cookie": f"{name}=garbage"}),
                with_header(page, {"Cookie": f"{name}="}),
                (*first, *with_header(page, {"Cookie": changed})),
                page,
            ]
        if visits:
            yield Trip(f"cookie {name} tampered with", visits)
