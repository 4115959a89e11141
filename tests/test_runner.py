"""Where all of it meets: two applications that differ, and what the report says of it."""

from typing import Any

import flask
import pytest
from flask import Flask

from quart_parity import Request, Scenario, ScenarioError, UsageError, check
from tests.builders import Message, wsgi
from tests.shops import bodies, flask_shop, played, quart_shop, silent, told, walk


def test_what_is_the_same_is_parity() -> None:
    """Two applications that answer alike give a report without differences."""
    report = played(walk("/same", "/none"))

    assert told(report) == []
    assert (report.scenarios, report.exchanges, report.ok) == (1, 2, True)


def test_a_difference_is_told_with_its_path_and_values() -> None:
    """Request, path and both values are in the report, and nothing else is."""
    report = played(walk("/same", "/other"))

    assert told(report) == [(1, "body.items[1].price", 2, 3)]
    assert not report.ok


def test_a_lost_attribute_of_a_cookie_is_told() -> None:
    """The cookie and the attribute are named."""
    (one,) = played(walk("/cookie")).differences

    assert one.path == "cookie.theme.httponly"
    assert (one.scenario, one.method, one.target) == ("walk", "GET", "/cookie")


def test_a_raised_exception_is_told_with_its_places() -> None:
    """The text of what application code raised is compared; where it was raised is shown."""
    (one,) = [d for d in played(walk("/fail")).differences if d.path.startswith("raised")]

    assert (one.path, one.reference, one.candidate) == ("raised.text", "flask", "quart")
    assert all(str(place).partition(":")[0].endswith("shops.py") for place in one.places)


def test_cookies_are_kept_within_a_scenario() -> None:
    """A later request carries what an earlier one set; the sessions are equal when decoded."""
    report = played(walk("/login", "/whoami"))
    paths = {path for _, path, _, _ in told(report)}

    assert paths <= {"header.vary"}


def test_each_scenario_is_a_new_client() -> None:
    """What one scenario's cookies said is unknown to the next."""
    app = flask_shop()
    seen: list[str | None] = []
    app.before_request(lambda: seen.append(flask.request.headers.get("Cookie")))
    check(app, app, [walk("/login", "/same"), walk("/same", name="second")])

    assert [bool(cookie) for cookie in seen] == [False, True, False, True, False, False]


def test_both_sides_are_asked_the_same() -> None:
    """Method, target, headers and body reach both applications alike."""
    asked: list[Any] = []

    def app(environ: Message, start_response: Any) -> list[bytes]:
        asked.append(
            (
                environ["REQUEST_METHOD"],
                environ["PATH_INFO"],
                environ["HTTP_X"],
                environ["wsgi.input"].read(),
            )
        )
        start_response("200 OK", [])
        return []

    check(app, app, [walk(Request(method="PUT", path="/a b", headers={"X": 1}, body="x"))])

    assert asked == [("PUT", "/a b", "1", b"x")] * 2


def test_an_application_is_built_once_for_each_configuration() -> None:
    """Scenarios share an application; another configuration is another application."""
    made: list[dict[str, Any] | None] = []

    def counting(config: dict[str, Any] | None = None) -> Flask:
        made.append(config)
        return flask_shop(config)

    blue = {"COLOUR": "blue"}
    check(
        counting,
        quart_shop,
        [
            walk("/same", name=n, config=c)
            for n, c in [("a", {}), ("b", blue), ("c", {}), ("d", blue)]
        ],
    )

    assert made == [None, blue]


def test_a_configuration_reaches_the_factories() -> None:
    """Each side's application is made with the scenario's configuration."""
    report = check(
        flask_shop, flask_shop({"COLOUR": "blue"}), [walk("/colour", config={"COLOUR": "green"})]
    )

    assert told(report) == []


def test_an_instance_has_its_own_configuration_back() -> None:
    """A scenario's configuration lies over an instance's own for that scenario only."""
    app, other = flask_shop(), quart_shop({"COLOUR": "blue"})
    before = dict(app.config), dict(other.config)
    scenarios = [walk("/colour", config={"COLOUR": "green", "NEW": 1}), walk("/colour", name="own")]
    report = check(app, other, scenarios)

    assert [
        (d.scenario, d.reference, d.candidate) for d in report.differences if d.path == "body"
    ] == [("own", "red", "blue")]
    assert (dict(app.config), dict(other.config)) == before


def test_scenarios_share_an_application_unless_one_is_fresh() -> None:
    """A fresh scenario has an application of its own, and leaves the shared one alone."""
    fresh = walk("/visits", "/visits", name="fresh", fresh=True)
    report = check(flask_shop, silent, [walk("/visits"), fresh, walk("/visits", name="last")])

    assert bodies(report) == ["1", "1", "2", "2"]


@pytest.mark.parametrize(("fresh", "counts"), [(False, ["1", "2"]), (True, ["1", "1"])])
def test_fresh_makes_a_new_application_for_every_scenario(fresh: bool, counts: list[str]) -> None:
    """What an application remembers is gone with it."""
    scenarios = [walk("/visits"), walk("/visits", name="again")]

    assert bodies(check(flask_shop, silent, scenarios, fresh=fresh)) == counts


def test_an_instance_cannot_be_fresh() -> None:
    """Asking for a new application needs a factory, and the error says so."""
    with pytest.raises(ScenarioError, match="is an instance: name its factory"):
        check(flask_shop(), quart_shop, [walk("/same", fresh=True)])


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf")])
def test_a_time_limit_that_is_none_is_refused_at_once(timeout: float) -> None:
    """Only a number of seconds limits anything."""
    with pytest.raises(UsageError, match="timeout"):
        played(walk("/same"), timeout=timeout)


def test_all_differences_are_counted_and_a_thousand_kept() -> None:
    """A report is bounded, its numbers are not."""

    def numbered() -> Any:
        count = iter(range(10_000))

        def app(environ: Message, start_response: Any) -> list[bytes]:
            start_response("200 OK", [("Content-Type", "application/json")])
            return [str([next(count)] * 100).encode()]

        return app

    first, second = numbered(), numbered()
    second({}, lambda *args: None)
    report = check(first, second, [walk(*["/"] * 20)])

    assert report.count == 2_000
    assert len(report.differences) == 1_000
    assert report.aspects == {"body": 2_000}


def test_scenarios_are_taken_as_they_come() -> None:
    """A run takes any iterable, and counts what it played."""
    report = check(flask_shop, quart_shop, (walk("/same", name=str(n)) for n in range(5)))

    assert (report.scenarios, report.exchanges) == (5, 5)
    assert report.seconds > 0


def test_the_report_names_the_sides() -> None:
    """A report says what was compared."""
    report = played(walk("/same"))

    assert (report.reference, report.candidate) == ("flask_shop", "quart_shop")


def test_what_is_no_application_is_refused() -> None:
    """Something that cannot be called is no target."""
    with pytest.raises(UsageError, match="neither a WSGI nor an ASGI application"):
        check(object(), quart_shop, [walk("/")])


def test_an_answer_that_is_broken_on_both_sides_is_no_parity() -> None:
    """Two applications that break their protocol alike have not shown that they agree."""
    app = wsgi(headers=[("X", "a\r\nb")])

    assert check(app, app, [walk("/")]).count == 1


@pytest.mark.parametrize("scenarios", [[], iter(()), "cart.toml", walk("/"), [{"name": "a"}]])
def test_nothing_to_play_is_no_parity(scenarios: Any) -> None:
    """Without a scenario there is no verdict, and what is none is told."""
    with pytest.raises(UsageError):
        check(wsgi(), wsgi(), scenarios)


@pytest.mark.parametrize("headers", [{"a": None}, {"a": b"x"}])
def test_a_request_that_cannot_be_sent_is_refused(headers: Any) -> None:
    """What is made in Python with other types is told with scenario and request."""
    with pytest.raises((UsageError, TypeError), match="neither text nor a number"):
        check(wsgi(), wsgi(), [Scenario("a", [Request("/", headers=headers)])])
