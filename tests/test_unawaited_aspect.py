"""What an answer says of coroutines: those that were freed, and those that it writes out."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from quart_parity.comparison import are_same
from quart_parity.exchange import Exchange, Unawaited, Wire
from quart_parity.sessions import sessions_of
from quart_parity.values import MISSING
from tests.builders import answer, found, keyrings, no_answer

NAME = "create_app.<locals>.greet"
WRITTEN = f"<coroutine object {NAME} at 0x7f00deadbeef>"
PERCENT = "%3Ccoroutine%20object%20create_app.%3Clocals%3E.greet%20at%200x7f00deadbeef%3E"
HTML = WRITTEN.replace("<", "&lt;").replace(">", "&gt;")
JSON = WRITTEN.replace("<", "\\u003c").replace(">", "\\u003e")


def names(exchange: Exchange) -> Any:
    """The candidate's, where the reference has none."""
    return found(answer(), exchange).get("unawaited", (None, None))[1]


def forgetting(*names: str, **fields: Any) -> Exchange:
    return replace(answer(**fields), unawaited=tuple(map(Unawaited, names)))


@pytest.mark.parametrize(
    "body",
    [
        f"Hello {WRITTEN}!",
        f"<p>{HTML}</p>",
        f"<script>x = {JSON}</script>",
        f'<a href="/{PERCENT}">',
    ],
    ids=["text", "HTML", "script", "link"],
)
def test_one_that_a_body_writes_out_is_named(body: str) -> None:
    """However it is escaped there, and whatever else is in the body."""
    assert names(answer(body=body.encode() + b"\xff")) == NAME


@pytest.mark.parametrize(
    "field",
    [
        ("X-Name", WRITTEN),
        ("Location", f"/{PERCENT}"),
        ("Location", f"/?to={PERCENT.replace('%20', '+')}"),
        ("Set-Cookie", f'name="{WRITTEN}"; Path=/'),
    ],
    ids=["as it is", "path", "query", "cookie"],
)
def test_one_that_a_header_writes_out_is_named(field: tuple[str, str]) -> None:
    """A redirect to nowhere is told for what it is."""
    assert names(answer(headers=[field])) == NAME


def test_one_in_a_session_is_named() -> None:
    """The client cannot read it, and gets it all the same."""
    app = Flask("shop")
    app.secret_key = "key"
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    value = serializer.dumps({"user": {"name": WRITTEN}})
    keys = keyrings(sessions_of(app), sessions_of(app))
    saved = answer(headers=[("Set-Cookie", f"session={value!s}; Path=/")])

    assert found(answer(), saved, keys)["unawaited"] == (MISSING, NAME)


def test_async_generators_are_named_as_well() -> None:
    """Nobody can await these, and they are written out in the same way."""
    assert names(answer(body=b"<async_generator object rows at 0x7f00>")) == "rows"


@pytest.mark.parametrize(
    "text",
    ["<generator object rows at 0x7f00>", "a coroutine object at 0x12", "<coroutine object x>"],
)
def test_what_only_looks_alike_is_left_alone(text: str) -> None:
    """Words, and the objects that Flask would write out as well, are no forgotten awaits."""
    assert names(answer(body=text.encode())) is None


def test_names_stand_in_order_and_once() -> None:
    """One that is both written out and freed is one."""
    assert names(forgetting("tell", NAME, "tell", body=WRITTEN.encode())) == f"{NAME}, tell"


def test_where_an_object_lies_makes_no_difference() -> None:
    """Two sides that write out the same one have that in common."""
    ours, theirs = answer(body=WRITTEN.encode()), answer(body=WRITTEN.replace("7f", "8f").encode())

    assert "unawaited" not in found(ours, theirs)


def test_equal_bytes_are_not_all() -> None:
    """Two answers to the byte the same differ where one side forgot something."""
    assert not are_same(answer(), forgetting("greet"))
    assert not are_same(forgetting("greet"), answer())
    assert found(answer(), forgetting("greet")) == {"unawaited": (MISSING, "greet")}


def test_without_an_answer_it_is_told() -> None:
    """What was forgotten may be why there is none."""
    silent = replace(no_answer(broken="no answer"), unawaited=(Unawaited("greet"),))

    assert found(answer(), silent)["unawaited"] == (MISSING, "greet")


def test_a_server_that_tells_nothing_is_compared_in_what_it_writes() -> None:
    """What only this process knows is no difference to a server, unlike what both answers show."""
    served = replace(answer(), wire=Wire("1.1"))

    assert "unawaited" not in found(served, forgetting("greet"))
    assert found(served, answer(body=WRITTEN.encode()))["unawaited"] == (MISSING, NAME)
