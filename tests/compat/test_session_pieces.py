"""Sessions with single pieces of compat off, and what counts as a read of them in templates."""

from collections.abc import Generator
from typing import Any

import pytest
from quart.sessions import SessionInterface

from tests.compat.sides import COMPAT, FLASK, STOCK, Answer, Make, Side, cases, steps
from tests.compat.test_sessions import (
    CONFIGS,
    KEY,
    NO_READS,
    READS,
    SESSIONS,
    Money,
    OwnJSON,
    read,
    template,
    write,
)

PIECES: dict[str, tuple[str, Make, dict[str, Any]]] = {
    "read": ("QP021", read, KEY),
    "read-in-template": ("QP021", READS["template"], KEY),
    "rendered": ("QP021", NO_READS["template"], KEY),
    "keys": ("QP022", write({"b": 1, "a": 2}), KEY),
    "flashed": ("QP023", READS["flashed"], {}),
    "domain": ("QP025", write({"a": 1}), KEY | CONFIGS["domain-empty"]),
}


@pytest.mark.parametrize("piece", cases(PIECES))
def test_each_piece_can_be_off(piece: tuple[str, Make, dict[str, Any]]) -> None:
    """With its piece off the application answers as stock Quart does in that respect."""
    code, make, config = piece
    others = dict.fromkeys({"QP021", "QP022", "QP023", "QP025"} - {code}, False)
    expected = STOCK.get(make, config=config)

    assert COMPAT.get(make, config=config | {"FLASK_COMPAT": others | {code: False}}) == expected
    if code != "QP021" or make is not NO_READS["template"]:
        assert COMPAT.get(make, config=config | {"FLASK_COMPAT": others}) != expected


def test_own_type_is_refused_with_the_piece_off() -> None:
    """With QP022 off `app.json` is not asked, neither for writing nor for reading."""

    class Loud(OwnJSON):
        def loads(self, s: str | bytes, **kwargs: Any) -> Any:
            return {**super().loads(s, **kwargs), "read": "aloud"}

    def body(config: dict[str, Any]) -> Answer:
        app = COMPAT.app(read, **KEY, **config)
        app.json = Loud(app)
        return COMPAT.call(app, headers=SESSIONS["signed"])

    assert b"aloud" not in body({"FLASK_COMPAT": {"QP022": False}}).body
    assert b"read" in body({}).body
    assert (
        COMPAT.get(write({"m": Money()}), config=KEY | {"FLASK_COMPAT": {"QP022": False}}).status
        == 500
    )


def processed(side: Side, processor: Any, source: str) -> Answer:
    """The answer of a view that renders a template, with a template context processor."""
    app = side.app(template(source), **KEY)
    app.context_processor(processor(side))
    return side.call(app)


@pytest.mark.parametrize(
    ("processor", "varies"),
    [
        (lambda side: lambda: {"user": side.session.get("user")}, True),
        (lambda side: lambda: {"user": "nobody"}, False),
        (lambda side: lambda: {"session": "another"}, False),
    ],
    ids=["reads", "does-not", "hides"],
)
def test_reads_in_context_processors_count(processor: Any, varies: bool) -> None:
    """A processor of the application's that reads the session counts; Quart's own does not."""
    expected = processed(FLASK, processor, "{{ user }}{% if session == 'another' %}!{% endif %}")
    unread = processed(FLASK, processor, "{{ user }}")

    assert (unread.field("vary") == "Cookie") == varies
    assert processed(COMPAT, processor, "{{ user }}") == unread
    assert (
        processed(COMPAT, processor, "{{ user }}{% if session == 'another' %}!{% endif %}")
        == expected
    )


@steps
def rendered_twice(side: Side) -> Generator[Any, Any, Any]:
    """A view that renders two templates, of which the second reads the session."""
    first = yield side.render_template_string("{{ request.path }}")
    second = yield side.render_template_string("{{ session.a }}{{ session | length }}")
    return first + second


def test_second_template_that_reads_counts() -> None:
    """Also where a template before it did not read the session."""
    expected = FLASK.get(rendered_twice, config=KEY, headers=SESSIONS["signed"])

    assert expected.field("vary") == "Cookie"
    assert COMPAT.get(rendered_twice, config=KEY, headers=SESSIONS["signed"]) == expected


def test_session_interface_can_take_sessions_that_note_nothing() -> None:
    """A session without `accessed` is left as it is."""

    class Plain(SessionInterface):
        async def open_session(self, app: Any, request: Any) -> Any:
            return {"a": 1}

        async def save_session(self, app: Any, session: Any, response: Any) -> None:
            response.headers["X-Saved"] = repr(session)

    app = COMPAT.app(lambda side: str(side.session["a"]))
    app.session_interface = Plain()

    assert COMPAT.call(app).field("x-saved") == "{'a': 1}"
