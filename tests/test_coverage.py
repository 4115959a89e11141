"""What a run asked of a URL map."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from flask import Flask

from quart_parity.coverage import Coverage, advice, as_data, as_lines
from quart_parity.exchange import Exchange, Response
from quart_parity.routes import Converter, Route
from quart_parity.sessions import Sessions, no_sessions, sessions_of
from tests.builders import raw_request, signed

READING = ["GET", "HEAD", "OPTIONS"]
SLUG = Converter("slug", "[a-z]+")
ROUTES = [
    Route("/", "index", READING),
    Route("/cart/", "cart", [*READING, "POST"]),
    Route("/p/<slug:name>", "page", READING, converters={"name": SLUG}),
]


def answered(
    status: int, method: str = "GET", target: str = "/", cookie: str = "", location: str = ""
) -> Exchange:
    request = raw_request(method, target, [("Cookie", cookie)] if cookie else [])
    headers = (("Location", location),) if location else ()
    return Exchange(request, Response(status, "", headers, b"") if status else None)


def covered(
    *exchanges: Exchange,
    routes: Sequence[Route] = ROUTES,
    sessions: Sessions | None = None,
) -> Coverage:
    coverage = Coverage(routes)
    coverage.add(exchanges, exchanges, sessions or no_sessions())
    return coverage


def told(coverage: Coverage) -> dict[str, str | None]:
    """What would help, by method and rule."""
    return {f"{line.method} {line.route.rule}": advice(line) for line in coverage.lines}


def test_methods_of_a_rule_are_counted_by_status() -> None:
    """Each rule and method has how often it was answered how, but for HEAD and OPTIONS."""
    asked = answered(200), answered(200), answered(404), answered(200, "HEAD")
    coverage = covered(*asked, answered(302, "POST", "/cart/"), answered(404, "GET", "/nowhere"))
    counted = {f"{one.method} {one.route.rule}": one.alone for one in coverage.lines}

    assert counted == {
        "GET /": {200: 2, 404: 1},
        "GET /cart/": {},
        "POST /cart/": {302: 1},
        "GET /p/<slug:name>": {},
    }


def test_requests_with_a_session_are_counted_apart() -> None:
    """A session is one that the reference opens and that holds something."""
    app = Flask("shop")
    app.secret_key = "k"
    values = [signed(app, {"user": 1}), signed(app, {}), "garbage"]
    asked = [answered(200, cookie=f"a=b; session={value}") for value in values]
    [line, *_] = covered(*asked, sessions=sessions_of(app)).lines

    assert (line.alone, line.with_session) == ({200: 2}, {200: 1})


def test_what_was_not_compared_does_not_count() -> None:
    """What only one side was asked, or a server answered by itself, was not compared."""
    coverage = Coverage(ROUTES)
    both = [answered(200), replace(answered(200), is_servers=True), answered(200)]
    coverage.add(both, both[:2], no_sessions())

    assert coverage.lines[0].alone == {200: 1}


def test_it_is_complete_when_every_method_was_answered() -> None:
    """One answer below 400 for each rule and method is enough, and needed."""
    asked = [
        answered(200),
        answered(304, target="/cart/"),
        answered(303, "POST", "/cart/"),
        answered(200, target="/p/a"),
    ]

    assert covered(*asked).is_complete
    assert not covered(*asked[1:]).is_complete
    assert not covered(*asked[1:], answered(404)).is_complete
    assert not covered(*asked[1:], answered(0)).is_complete


@pytest.mark.parametrize(
    ("exchange", "advised"),
    [
        (answered(200), None),
        (answered(302, location="/next"), None),
        (answered(302, location="/auth/login?next=/"), "nobody who asked was let in: --login"),
        (answered(401), "nobody who asked was let in: --login"),
        (answered(403, cookie="s=1"), "nobody who asked was let in: an account that may"),
        (answered(500), "it fails on the reference"),
        (answered(0), "it fails on the reference"),
        (answered(400), "a scenario with a query that it takes"),
        (answered(200, target="/nowhere"), "never asked: a scenario with it"),
    ],
    ids=lambda value: str(value)[:40] if not isinstance(value, Exchange) else "",
)
def test_what_would_help_is_told(exchange: Exchange, advised: str | None) -> None:
    """A rule that was not answered well says why, by its answers."""
    sessions = Sessions(None, lambda value: {"user": value})
    coverage = covered(exchange, routes=ROUTES[:1], sessions=sessions)

    assert told(coverage) == {"GET /": advised}


def test_rules_that_need_more_say_what() -> None:
    """A variable needs a value, a writing method a body."""
    told_ = told(
        covered(
            answered(404, target="/p/a"),
            answered(500, target="/p/b"),
            answered(422, "POST", "/cart/"),
        )
    )

    assert told_["GET /p/<slug:name>"] == "a value for <slug:name> that there is"
    assert told_["POST /cart/"] == "a scenario with a form or body that it takes"
    assert told(covered())["GET /p/<slug:name>"] == "never asked: a scenario with <slug:name>"


def test_the_lines_show_what_needs_attention() -> None:
    """Rules that were answered well are counted, and shown only where everything is."""
    coverage = covered(answered(200), answered(200), answered(401, target="/cart/", cookie="x"))

    assert list(as_lines(coverage)) == [
        "GET /cart/          401; nobody who asked was let in: --login",
        "POST /cart/         not asked; never asked: a scenario with it",
        "GET /p/<slug:name>  not asked; never asked: a scenario with <slug:name>",
        "coverage: 1 of 4 methods of 3 rules were answered below 400",
    ]
    assert next(as_lines(coverage, full=True)) == "GET /               200 (2)"


def test_the_data_holds_everything() -> None:
    """Programs get each rule and method with counts and advice."""
    data = as_data(covered(answered(200), routes=ROUTES[:1]))

    assert data == {
        "complete": True,
        "reached": 1,
        "of": 1,
        "routes": [
            {
                "rule": "/",
                "method": "GET",
                "statuses": {"200": 1},
                "statuses_with_session": {},
                "reached": True,
                "advice": None,
            }
        ],
    }


def test_a_rule_for_any_method_is_answered_by_any() -> None:
    """A rule without methods of its own has one line."""
    coverage = covered(answered(200, "REPORT"), routes=[Route("/", "any", [])])

    assert coverage.is_complete


def test_rules_for_building_only_are_left_out() -> None:
    """Nobody can ask for what is never matched."""
    assert covered(routes=[Route("/cdn/", "cdn", READING, build_only=True)]).lines == []
