"""What a walk over a URL map looks at."""

import re
from typing import Any

import pytest
from flask import Flask, Response, jsonify, redirect, request, session
from werkzeug.routing import BaseConverter

from quart_parity import ScenarioError
from quart_parity.sources.url_map import URLMap
from tests.walking import make_app, walk


def test_every_rule_is_asked_with_every_method() -> None:
    """Rules that nothing leads to are asked, too, also by HEAD, OPTIONS and a wrong method."""
    app = make_app(about="x")
    app.add_url_rule("/put", "put", lambda: "x", methods=["PUT"])
    walked = walk(app)

    assert {"GET", "HEAD", "OPTIONS", "DELETE"} <= {
        e.request.method for e in walked.exchanges if e.request.target == "/about"
    }
    assert {"PUT", "OPTIONS", "DELETE"} <= {
        e.request.method for e in walked.exchanges if e.request.target == "/put"
    }
    assert 405 in walked.statuses("DELETE", "/about")


def test_a_page_is_looked_at_twice_by_one_client() -> None:
    """The second answer may be another one: a message is shown once, a cookie comes back."""
    app = make_app(index="x")
    [first] = [s for s in walk(app).scenarios if s.name == "GET /"]

    assert [one.target for one in first.requests] == ["/", "/"]


def test_links_give_values() -> None:
    """A rule's variable has the values with which its pages are linked, else typical ones."""
    app = make_app(index='<a href="/items/41?x=1&amp;y=a">one</a> <a href="/items/42">two</a>')
    app.add_url_rule("/items/<int:id>", "item", lambda id: f"{id}")
    app.add_url_rule("/others/<int:id>", "other", lambda id: f"{id}")
    sent = walk(app).sent()

    assert {"/items/41?x=1&y=a", "/items/42", "/others/1"} <= set(sent)
    assert sent.index("/items/41?x=1&y=a") < sent.index("/items/0")


@pytest.mark.parametrize(
    ("answer", "target"),
    [
        ('<base href="/deep/"><a href="page">x</a>', "/deep/page"),
        ("<a href='?q=1#top'>x</a>", "/?q=1"),
        ("<a href=HTTP://LOCALHOST/deep/a%20b>x</a>", "/deep/a%20b"),
        ('<script>fetch("/deep/script")</script>', "/deep/script"),
        ('<div data-url="/deep/data"></div>', "/deep/data"),
        ('<img src="deep/é.png">', "/deep/%C3%A9.png"),
        (Response("see http://localhost/deep/text", mimetype="text/plain"), "/deep/text"),
        (Response("x", headers={"Link": '</deep/next>; rel="next"'}), "/deep/next"),
        (Response('{"a": [{"url": "/deep/json"}]}', mimetype="application/json"), "/deep/json"),
        (Response("", 302, headers={"Location": "/deep/moved"}), "/deep/moved"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("/") else "",
)
def test_addresses_are_followed_wherever_they_stand(answer: Any, target: str) -> None:
    """In attributes, scripts, fields, JSON and plain text; relative to the page or its base."""
    app = Flask("walked", static_folder=None)
    app.add_url_rule("/", "index", lambda: answer)
    app.add_url_rule("/deep/<path:name>", "deep", lambda name: name)

    assert target in walk(app).sent()


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/deep/x",
        "//example.org/deep/x",
        "https://localhost/deep/x",
        "http://localhost:81/deep/x",
        "javascript:go('/deep/x')",
        "mailto:deep@x",
        "http://[/deep/x",
        "/deep/{{x}}",
    ],
)
def test_other_hosts_are_left_alone(address: str) -> None:
    """Only what leads to the application itself, and can be sent, is followed."""
    app = make_app(index=f'<a href="{address}">x</a>')
    app.add_url_rule("/deep/<name>", "deep", lambda name: name)
    sent = walk(app).sent()

    assert "/deep/example" in sent
    assert not {target for target in sent if target.startswith("/deep/x") or "{" in target}


def test_a_calendar_without_an_end_is_left_in_time() -> None:
    """Pages that link to ever new pages are looked at a few times, by path and by query."""
    app = Flask("walked", static_folder=None)
    app.add_url_rule("/<int:year>", "year", lambda year: f'<a href="/{year + 1}?day={year}">x</a>')

    walked = walk(app)
    names = [one.name for one in walked.scenarios]

    assert len({target for target in walked.sent() if "?" in target}) < 30
    assert len(walked.sent()) < 100
    assert "GET /<int:year> (2)" in names
    assert len(set(names)) == len(names)


def test_a_redirect_is_followed_by_the_same_client() -> None:
    """What the first request left in the session shows behind the redirect."""
    app = make_app()

    @app.get("/away")
    def away() -> Any:
        session["note"] = "seen"
        return redirect("/note")

    app.add_url_rule("/note", "note", lambda: session.pop("note", "none"))
    walked = walk(app)
    scenario = walked.named("GET /away, and where it leads")

    assert [one.target for one in scenario.requests] == ["/away", "/note"]
    assert any(e.response and e.response.body == b"seen" for e in walked.exchanges)


def test_what_a_side_makes_up_is_sent_back_by_each() -> None:
    """An id in a link is captured from the page, and never sent as the reference made it."""
    app = make_app()
    made = "5f1c0d7e-1111-4222-8333-444455556666"
    app.add_url_rule("/", "index", lambda: f'<a class="x" href="/orders/{made}?a=1&amp;b=2">x</a>')
    app.add_url_rule("/orders/<uuid:id>", "order", lambda id: f'<a href="/orders/{id}/pdf">x</a>')
    app.add_url_rule("/orders/<uuid:id>/pdf", "pdf", lambda id: "<form method=post>")
    app.add_url_rule("/orders/<uuid:id>/pdf", "change", lambda id: "x", methods=["POST"])
    walked = walk(app)

    assert {f"/orders/{made}?a=1&b=2", f"/orders/{made}/pdf"} <= set(walked.sent())
    assert f"/orders/{made}/pdf" in walked.sent("POST")
    assert not any(
        made in (one.target or "") for scenario in walked.scenarios for one in scenario.requests
    )


def test_variables_are_asked_at_their_edges() -> None:
    """Each variable has values that are just taken and others that are not."""
    app = make_app()
    app.add_url_rule("/n/<int(max=7):id>", "number", lambda id: "x")
    app.add_url_rule("/t/<string(maxlength=5):text>", "text", lambda text: "x")
    app.add_url_rule("/a/<any(one, two):name>", "any", lambda name: "x")
    sent = set(walk(app).sent())

    assert {"/n/0", "/n/7", "/n/8", "/n/-1", "/n/abc", "/n/"} <= sent
    assert {"/t/bbbbb", "/t/bbbbbb", "/t/a%20b", "/t/a%2Fb", "/t/%E9", "/t/"} <= sent
    assert {"/a/one", "/a/two", "/a/none-of-them"} <= sent


def test_a_converter_of_ones_own_is_given_what_its_regex_takes() -> None:
    """Without any link, a value is made from the regex."""

    class Plate(BaseConverter):
        regex = "[A-Z]{2}-[0-9]{3}"

    app = make_app()
    app.url_map.converters["plate"] = Plate
    app.add_url_rule("/cars/<plate:plate>", "car", lambda plate: plate)

    assert any(re.fullmatch("/cars/[A-Z]{2}-[0-9]{3}", target) for target in walk(app).sent())


def test_ids_in_json_are_values() -> None:
    """An id under a collection's path is one of its items'."""
    app = make_app()
    app.add_url_rule("/api/items", "items", lambda: jsonify(items=[{"id": 71}]))
    app.add_url_rule("/api/items/<int:id>", "item", lambda id: jsonify(id=id))

    assert "/api/items/71" in walk(app).sent()


def test_queries_are_asked_in_other_ways() -> None:
    """Parameters that were seen in a link get other values, none, two, and broken ones."""
    app = make_app(index='<a href="/list?page=2&sort=up">x</a>', list="x")
    sent = set(walk(app).sent())

    assert {
        "/list?page=2&sort=up",
        "/list?sort=up&page=-1",
        "/list?sort=up&page=",
        "/list?page=2&sort=%E9",
        "/list?sort=up&page=1&page=2",
    } <= sent


def test_validators_are_sent_back() -> None:
    """What has an ETag is asked for with it, with another one, and in parts."""
    app = make_app()

    @app.get("/tagged")
    def tagged() -> Any:
        response = Response("0123456789")
        response.set_etag("a")
        return response.make_conditional(request, accept_ranges=True, complete_length=10)

    walked = walk(app)

    assert {200, 206, 304, 412, 416} <= walked.statuses("GET", "/tagged")
    assert '"a"' in walked.headers("/tagged", "if-none-match")


def test_cookies_are_tampered_with() -> None:
    """Each cookie that was set comes back as garbage, empty, and changed by one character."""
    app = make_app()

    @app.get("/")
    def index() -> str:
        session["a"] = 1
        return "x"

    values = walk(app).headers("/", "cookie")

    assert {"session=garbage", "session="} <= set(values)
    assert any(value.endswith("x") and value[:-1] in values for value in values)


def test_types_are_asked_for_where_there_are_several() -> None:
    """An application that answers in HTML and JSON is asked for either, by each rule."""
    app = make_app(index="x")
    app.add_url_rule("/json", "json", lambda: {"a": 1})

    assert "application/json" in walk(app).headers("/", "accept")
    assert walk(make_app(index="x")).headers("/", "accept") == []


def test_slashes_are_left_out_and_added() -> None:
    """A path is asked with and without its last slash, and with a doubled one."""
    app = make_app()
    app.add_url_rule("/a/b/", "b", lambda: "x")

    assert {"/a/b", "/a//b/"} <= set(walk(app).sent())


def test_a_mount_point_stands_before_every_path() -> None:
    """An application that is served below a path is asked there, links of its own included."""
    app = Flask("walked", static_folder=None)
    app.add_url_rule("/", "index", lambda: f'<a href="{request.script_root}/deep/x">x</a>')
    app.add_url_rule("/deep/<name>", "deep", lambda name: name)
    walked = walk(app, URLMap(base="https://shop.test/shop"))

    assert "/shop/deep/x" in walked.sent()
    assert all(target.startswith("/shop") for target in walked.sent())


def test_a_rule_for_one_host_is_asked_there() -> None:
    """Where the map matches hosts, the request says which."""
    app = Flask("walked", static_folder=None, host_matching=True)
    for name in ("api", "shop"):
        app.add_url_rule("/", name, lambda: "x", host=f"{name}.test")
    walked = walk(app)

    assert {"api.test", "shop.test"} <= set(walked.headers("/", "host"))
    assert 200 in walked.statuses("GET", "/")


def test_a_base_that_is_none_is_refused() -> None:
    """The error names the base."""
    with pytest.raises(ScenarioError, match="base 'nowhere'"):
        walk(make_app(), URLMap(base="nowhere"))


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_what_ends_a_session_is_asked_though_nothing_leads_there(method: str) -> None:
    """A script sends it; it comes behind all else, with a look at the pages afterwards."""
    app = make_app(index="x", about="y")
    app.add_url_rule("/logout", "logout", lambda: "bye", methods=[method])
    sent = [(e.request.method, e.request.target) for e in walk(app).exchanges]
    last = len(sent) - 1 - sent[::-1].index((method, "/logout"))

    assert last > len(sent) * 0.6
    assert ("GET", "/about") in sent[last:]
