"""Values that one answer gives and the next request takes, on each side its own."""

from typing import Any

from quart_parity import Capture, Request, check
from tests.builders import Message, wsgi
from tests.shops import played, told, walk

TOKEN = {"token": Capture(regex="token=(.*)")}


def test_each_side_gets_back_what_it_gave() -> None:
    """A captured value is each side's own, in what it is asked next."""
    requests = (
        Request(path="/token", capture=TOKEN),
        Request(path="/echo", query={"token": "{{token}}"}),
    )
    report = played(walk(*requests))

    assert told(report) == [(0, "body", "token=flask", "token=quart")]


def test_a_value_that_one_side_lacks_is_a_difference() -> None:
    """Where only one side's answer holds what is captured, that is told."""
    report = check(
        wsgi(body=[b"token=a"]), wsgi(body=[b"none"]), [walk(Request(path="/", capture=TOKEN))]
    )

    assert [path for _, path, _, _ in told(report)] == ["body", "capture.token"]
    assert report.failures == []


def test_a_value_that_neither_side_gives_is_an_error() -> None:
    """A scenario that captures nothing anywhere does not work."""
    report = check(wsgi(), wsgi(), [walk(Request(path="/", capture=TOKEN))])

    assert [(f.request, f.message) for f in report.failures] == [
        (0, "neither side's answer holds what 'token' captures")
    ]
    assert report.exit_status() == 2


def test_a_captured_value_that_cannot_be_sent_is_an_error() -> None:
    """The scenario ends where the request cannot be made."""
    requests = Request(path="/", capture=TOKEN), Request(path="/", headers={"X": "{{token}}"})
    capture = {"token": Capture(regex="(?s)token=(.*)")}
    scenario = walk(Request(path="/", capture=capture), requests[1])
    report = check(wsgi(body=[b"token=a\nb"]), wsgi(body=[b"token=a\nb"]), [scenario])

    assert report.exchanges == 1
    assert {f.request for f in report.failures} == {1}


def test_a_location_can_be_followed() -> None:
    """What a redirect says can be the next request's target."""
    seen: list[str] = []

    def app(environ: Message, start_response: Any) -> list[bytes]:
        seen.append(environ["PATH_INFO"])
        start_response("302 Found", [("Location", "/next")])
        return []

    requests = (
        Request(path="/", capture={"to": Capture(header="Location")}),
        Request(target="{{to}}"),
    )
    check(app, app, [walk(*requests)])

    assert seen == ["/", "/next"] * 2


def test_an_optional_value_may_be_missing_on_both_sides() -> None:
    """What uses it gets an empty text then; where one side alone lacks it, that is told."""
    optional = {"token": Capture(regex="token=(.*)", optional=True)}
    scenario = walk(Request(path="/", capture=optional), Request(path="/{{token}}"))
    neither = check(wsgi(), wsgi(), [scenario])
    one = check(wsgi(body=[b"token=a"]), wsgi(body=[b"none"]), [scenario])

    assert (neither.exchanges, neither.failures, neither.count) == (2, [], 0)
    assert "capture.token" in {path for _, path, _, _ in told(one)}
