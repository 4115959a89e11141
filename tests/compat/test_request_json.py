"""JSON in requests: compat reads what Flask reads, for request classes of anybody's, too."""

from operator import attrgetter
from typing import Any

import pytest
import quart
from quart.json.provider import DefaultJSONProvider

from quart_parity import compat
from tests.compat.sides import COMPAT, FLASK, Side, cases, steps
from tests.compat.uploading import JSON, get_data, get_json, post, reading, send

VALUES = {
    "object": b'{"a": [1, 2.5, null, "\xc3\xa9"]}',
    "mark": b'\xef\xbb\xbf{"a": 1}',
    "utf-16": '{"é": 1}'.encode("utf-16"),
    "utf-16-le": '{"é": 1}'.encode("utf-16-le"),
    "utf-32-be": "[1]".encode("utf-32-be"),
    "invalid": b'"\xff"',
    "surrogate": b'"\xed\xa0\x80"',
    "null": b"null",
    "none": b"",
    "broken": b"{",
    "zero": b"1\x00",
}
CALLS = {
    "plain": (get_json(), get_json()),
    "property": (attrgetter("json"), attrgetter("is_json")),
    "silent": (get_json(silent=True), get_json(silent=True)),
    "silent-first": (get_json(silent=True), get_json()),
    "forced": (get_json(force=True), get_data()),
    "not-kept": (get_json(cache=False), get_data()),
    "all": (get_json(True, True, False), get_json(True, True)),
}


@pytest.mark.parametrize("calls", cases(CALLS))
@pytest.mark.parametrize("body", cases(VALUES))
@pytest.mark.parametrize("kind", ["application/json", "application/a+json", "text/plain", None])
def test_json_is_as_in_flask(kind: str | None, body: bytes, calls: Any) -> None:
    """Values, 400 and 415 are Flask's for every encoding, media type and argument."""
    headers = [("Content-Type", kind)] if kind else []

    assert post(COMPAT, reading(*calls), [body], headers) == post(
        FLASK, reading(*calls), [body], headers
    )


@pytest.mark.parametrize("first", [True, False])
def test_json_is_one_object(first: bool) -> None:
    """What a hook has changed in it is there in the view, as in Flask."""

    @steps
    def view(side: Side) -> Any:
        (yield side.request.get_json(silent=first))["noted"] = True
        return [(yield side.request.get_json(silent=not first))]

    assert post(COMPAT, view, [b"{}"], JSON) == post(FLASK, view, [b"{}"], JSON)


class Telling(quart.Request):
    """Somebody's request, which decides what becomes of bad JSON."""

    def on_json_loading_failed(self, error: Exception | None) -> Any:
        if error is None and "strict" in self.args:
            unknown: Any = error
            return super().on_json_loading_failed(unknown)
        return {"failed": type(error).__name__}

    async def get_json(self, *args: Any, **kwargs: Any) -> Any:
        value = await super().get_json(*args, **kwargs)
        return {"own": value}


class TellingOfCompat(compat.Request, Telling):
    """The same for who extends compat's request."""


def telling_apps() -> list[Any]:
    """Applications with that class: set late, on the class, and made with compat's."""

    class Own(compat.FlaskCompat, quart.Quart):
        request_class = Telling

    view = steps(lambda side: (yield side.request.get_json()))
    late, early, ours = COMPAT.app(view), Side(Own, quart).app(view), COMPAT.app(view)
    late.request_class = Telling
    ours.request_class = type("Ours", (Telling, compat.Request), {})
    return [late, early, ours]


@pytest.mark.parametrize(
    ("body", "headers", "target", "answer"),
    [
        (b"{}", JSON, "/", (200, b'{"own":{}}\n')),
        (b"{", JSON, "/", (200, b'{"own":{"failed":"JSONDecodeError"}}\n')),
        (b'"\xff"', JSON, "/", (200, b'{"own":{"failed":"UnicodeDecodeError"}}\n')),
        (b"{}", [], "/", (200, b'{"own":{"failed":"NoneType"}}\n')),
    ],
)
def test_request_class_of_the_application_decides(
    body: bytes, headers: Any, target: str, answer: Any
) -> None:
    """Methods that it overrides are called, and their `super()` is compat's."""
    answers = [send(COMPAT, app, [body], headers, target=target) for app in telling_apps()]

    assert answers == [answer] * 3


def test_request_class_of_the_application_can_leave_it_to_compat() -> None:
    """Its `super().on_json_loading_failed(None)` is a 415, as with Flask."""
    answers = [send(COMPAT, app, [b"{}"], target="/?strict")[0] for app in telling_apps()]

    assert answers == [415] * 3


def test_request_is_of_both_classes() -> None:
    """What checks for the application's class, or for compat's, finds it."""

    async def view(side: Side) -> Any:
        made = quart.request._get_current_object()  # type: ignore[attr-defined]  # a proxy's
        return [isinstance(made, kind) for kind in (Telling, compat.Request, quart.Request)]

    app = COMPAT.app(view)
    app.request_class = Telling

    assert send(COMPAT, app) == (200, b"[true,true,true]\n")
    assert app.request_class is Telling


class Recording(DefaultJSONProvider):
    """Somebody's provider, which notes what it is given."""

    given: list[type]

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        self.given.append(type(s))
        return super().loads(s, **kwargs)


def test_provider_is_given_text() -> None:
    """A provider gets text as from Quart, and bytes only where these are no plain UTF-8."""
    app = COMPAT.app(reading(get_json()))
    app.json = Recording(app)
    app.json.given = []
    for body in (b"1", "é".encode().join([b'"'] * 2), b"\xef\xbb\xbf1", b"{"):
        send(COMPAT, app, [body], JSON)

    assert app.json.given == [str, str, bytes, str]
