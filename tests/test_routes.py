"""URL maps as plain values, and which rule a request is dispatched by."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from msgspec import json
from quart import Quart
from werkzeug.routing import BaseConverter, Map

from quart_parity.routes import Converter, Matcher, Route, routes_of


class Slug(BaseConverter):
    regex = "[a-z]+(?:-[a-z]+)*"


class Tree(BaseConverter):
    regex = "[a-z]+(?:/[a-z]+)*"
    weight = 300


def view(**values: object) -> str:
    return "x"


def make_app(make: Callable[..., Any], *rules: tuple[str, dict[str, Any]], **options: Any) -> Any:
    app = make("shop", static_folder=None, **options)
    app.url_map.converters.update(slug=Slug, tree=Tree)
    for number, (rule, given) in enumerate(rules):
        app.add_url_rule(rule, **({"endpoint": f"view{number}", "view_func": view} | given))
    return app


def make_routes(*rules: str, **options: Any) -> list[Route]:
    found = routes_of(make_app(Flask, *((rule, options) for rule in rules)))
    assert found is not None
    return found


def found_rule(routes: list[Route], *request: str) -> str | None:
    route = Matcher(routes).find(*request)
    return route.rule if route else None


@pytest.mark.parametrize("make", [Flask, Quart])
def test_a_rule_is_read_as_plain_values(make: Callable[..., Any]) -> None:
    """Both frameworks' rules come with methods, defaults and what their converters take."""
    given = {"endpoint": "page", "methods": ["GET"], "defaults": {"page": 1, "tags": {1}}}
    rule = "/list/<int(min=2, max=9):size>/<slug:name>/"
    [route] = routes_of(make_app(make, (rule, given))) or []

    assert route == Route(
        rule,
        "page",
        ["GET", "HEAD", "OPTIONS"],
        {"page": 1, "tags": "{1}"},
        {
            "size": Converter("int", r"\d+", [], {"min": 2, "max": 9}, 50, True),
            "name": Converter("slug", Slug.regex, [], {}, 100, True),
        },
        view=f"{__file__}:{view.__code__.co_firstlineno}",
    )
    assert json.decode(json.encode(route), type=Route) == route


@pytest.mark.parametrize("app", [object(), lambda environ, start_response: []])
def test_what_has_no_map_has_no_routes(app: object) -> None:
    """A plain WSGI application is not mistaken for one without any rule."""
    assert routes_of(app) is None


def test_rules_for_websockets_are_left_out() -> None:
    """Flask has none, so they are no part of a comparison."""
    app = make_app(Quart, ("/", {}))
    app.add_websocket("/live", view_func=view)

    assert [route.rule for route in routes_of(app) or []] == ["/"]


def test_reading_leaves_the_map_as_it_is() -> None:
    """Asking for routes adds no rule."""
    app = make_app(Flask, ("/<int:number>", {}))
    routes_of(app)

    assert len(list(app.url_map.iter_rules())) == 1


def test_what_redirects_is_read() -> None:
    """A rule's redirect is its text, or the name of the function that decides."""
    app = make_app(
        Flask, ("/old", {"redirect_to": "new"}), ("/older", {"redirect_to": view}), ("/new", {})
    )

    assert [route.redirect_to for route in routes_of(app) or []] == ["new", "(view)", None]


RULES = [
    "/",
    "/cart/",
    "/items/<int:number>",
    "/items/<any(new, old):age>",
    "/items/<name>",
    "/limited/<int(max=5):number>",
    "/p/<slug:name>",
    "/tree/<tree:name>/leaf",
    "/files/<path:name>",
    "/ids/<uuid:number>",
]


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/", "/"),
        ("/cart/", "/cart/"),
        ("/items/12", "/items/<int:number>"),
        ("/items/twelve", "/items/<name>"),
        ("/items/old", "/items/<any(new, old):age>"),
        ("/items/a/b", None),
        ("/limited/5", "/limited/<int(max=5):number>"),
        ("/limited/6", None),
        ("/p/a-b", "/p/<slug:name>"),
        ("/p/A", None),
        ("/tree/a/b/leaf", "/tree/<tree:name>/leaf"),
        ("/files/a/b.txt", "/files/<path:name>"),
        ("/items/caf\xc3\xa9", "/items/<name>"),
        ("/ids/00000000-0000-0000-0000-00000000000g", None),
        ("/nowhere", None),
    ],
)
def test_a_path_finds_its_rule(path: str, rule: str | None) -> None:
    """Converters decide as they do in the application, its own by their regex."""
    assert found_rule(make_routes(*RULES), "GET", path) == rule


def test_matching_agrees_with_the_application() -> None:
    """The map that is made from plain values dispatches as the one that they were read from."""
    app = make_app(Flask, *((rule, {}) for rule in RULES))
    routes = routes_of(app) or []
    paths = ["/items/1", "/items/new", "/items/x", "/tree/a/leaf", "/files/tree/a", "/limited/3"]
    adapter = app.url_map.bind("localhost")

    assert [found_rule(routes, "GET", path) for path in paths] == [
        adapter.match(path, return_rule=True)[0].rule for path in paths
    ]


def test_methods_part_rules() -> None:
    """Two rules of one path are told apart by method, and no rule takes what neither has."""
    app = make_app(Flask, ("/x", {"methods": ["GET"]}), ("/x", {"methods": ["POST", "PUT"]}))
    matcher = Matcher(routes_of(app) or [])
    found = {method: matcher.find(method, "/x") for method in ("HEAD", "PUT", "DELETE")}

    assert {method: route and route.endpoint for method, route in found.items()} == {
        "HEAD": "view0",
        "PUT": "view1",
        "DELETE": None,
    }


@pytest.mark.parametrize("path", ["/cart", "/items//4"])
def test_what_routing_answers_has_no_rule(path: str) -> None:
    """A redirect to the right slashes comes from no view."""
    assert found_rule(make_routes(*RULES), "GET", path) is None


def test_slashes_may_be_lax() -> None:
    """A rule that takes its path with and without the slash takes both."""
    routes = make_routes("/cart/", strict_slashes=False)

    assert found_rule(routes, "GET", "/cart") == "/cart/"


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/shop", "/"),
        ("/shop/", "/"),
        ("/shop/cart/", "/cart/"),
        ("/cart/", None),
        ("/shopping", None),
    ],
)
def test_a_mount_point_is_no_part_of_a_rule(path: str, rule: str | None) -> None:
    """What lies outside the mount point is not the application's."""
    assert found_rule(make_routes(*RULES), "GET", path, "localhost", "/shop") == rule


def test_what_redirects_is_found() -> None:
    """A rule that only redirects is a rule: somebody wrote it."""
    assert found_rule(make_routes("/old", redirect_to="new"), "GET", "/old") == "/old"


def test_build_only_rules_take_nothing() -> None:
    """A rule for making URLs is never dispatched to."""
    assert found_rule(make_routes("/cdn/<name>", build_only=True), "GET", "/cdn/x") is None


def test_hosts_part_rules() -> None:
    """Where the map matches hosts, each host has its own rules."""
    app = make_app(
        Flask, ("/", {"host": "a.test"}), ("/", {"host": "<name>.b.test"}), host_matching=True
    )
    matcher = Matcher(routes_of(app) or [])
    hosts = ["a.test", "x.b.test", "c.test", "a..test"]
    found = [matcher.find("GET", "/", host) for host in hosts]

    assert [route and route.endpoint for route in found] == ["view0", "view1", None, None]


def test_subdomains_part_rules() -> None:
    """The server's own name may be any that leaves a subdomain with rules."""
    app = make_app(Flask, ("/", {}), ("/", {"subdomain": "api"}))
    matcher = Matcher(routes_of(app) or [])
    found = [matcher.find("GET", "/", host) for host in ("shop.test", "api.shop.test:8080")]

    assert [route and route.subdomain for route in found] == ["", "api"]


def test_a_part_isolating_converter_stays_between_slashes() -> None:
    """What is not known of a converter is read off its regex."""
    own = {
        "word": Converter("own", "[^/]+x"),
        "tree": Converter("own", "[a-z]+(?:/[a-z]+)*"),
    }
    routes = [
        Route("/w/<own:word>/end", "word", ["GET"], converters={"word": own["word"]}),
        Route("/t/<own:tree>/end", "tree", ["GET"], converters={"tree": own["tree"]}),
    ]

    assert found_rule(routes, "GET", "/w/ax/end") == "/w/<own:word>/end"
    assert found_rule(routes, "GET", "/t/a/b/end") == "/t/<own:tree>/end"


def test_a_replaced_converter_is_the_applications_own() -> None:
    """An application's ``int`` may take what Werkzeug's does not."""

    class Signed(BaseConverter):
        regex = r"-?\d+"

    app = make_app(Flask)
    assert isinstance(app.url_map, Map)
    app.url_map.converters["int"] = Signed
    app.add_url_rule("/<int:number>", "number", view)

    assert found_rule(routes_of(app) or [], "GET", "/-3") == "/<int:number>"
