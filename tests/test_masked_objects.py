"""Values that are no plain data show no more than plain data does."""

from collections import namedtuple
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from markupsafe import Markup

from quart_parity.masks import Masker
from quart_parity.reporters.json import plain
from quart_parity.values import LONGEST, MISSING, moment

KEY = "a key of the shop"


class Written:
    """An application's own class, shown as it likes."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


class Failing:
    def __repr__(self) -> str:
        raise RuntimeError(KEY)

    def __eq__(self, other: object) -> bool:
        raise RuntimeError(KEY)

    __hash__ = object.__hash__


class Text(str):
    """Shows more than it holds."""

    def __repr__(self) -> str:
        return KEY


class Number(int):
    def __repr__(self) -> str:
        return KEY


User = namedtuple("User", "name password")
UNSAFE: dict[str, Any] = {
    "an object": Written(f"<Shop {KEY}>"),
    "an object with a password": Written("<User password=hunter2>"),
    "a set": {KEY},
    "a frozen set": frozenset([("password=hunter2",)]),
    "bytes": bytearray(f"{KEY} password=hunter2".encode()),
    "a tuple with names": User("a", "hunter2"),
    "text": Text("a"),
    "a number": Number(1),
    "a moment's zone": datetime(2026, 1, 1, tzinfo=timezone(timedelta(0), KEY)),
}


@pytest.mark.parametrize("value", UNSAFE.values(), ids=UNSAFE)
@pytest.mark.parametrize("parts", [("body",), ("session", "a")])
def test_an_object_shows_no_secret(value: Any, parts: tuple[str, ...]) -> None:
    """What a class writes of itself passes the masks, however deep it is."""
    shown = [str(plain(Masker(keys=[KEY]).value(parts, one))) for one in (value, [{"a": (value,)}])]

    assert not any(KEY in one or "hunter2" in one for one in shown)


@pytest.mark.parametrize("name", ["a", "password"])
def test_an_object_that_cannot_be_shown_is_told_as_such(name: str) -> None:
    """An application's class breaks no report, be it secret or not."""
    shown = Masker().value(("session", name), Failing())

    expected = "<Failing, whose repr raised RuntimeError>" if name == "a" else "<masked 1>"
    assert shown == expected


def test_an_object_is_shown_in_bounded_length() -> None:
    """A report keeps as much of it as of a text."""
    shown = Masker().value(("session", "a"), Written("a" * (LONGEST + 5)))

    assert shown == "a" * LONGEST + " [5 more]"


SAFE = [
    *(None, True, 1, 1.5, "a", MISSING, b"a\xff", (1, ("a",)), [UUID(int=1)], Decimal("1.50")),
    *(datetime(2026, 1, 1, tzinfo=UTC), timedelta(1), {UUID(int=1): 2, 3: b"a"}, bytearray(b"a")),
    moment("Thu, 01 Jan 2026 00:00:00 GMT", 1_767_225_600, (0, 1)),
]


@pytest.mark.parametrize("value", SAFE, ids=repr)
def test_a_value_without_secrets_stays_as_it_is(value: Any) -> None:
    """Types are part of what is compared, and of what is shown."""
    shown = Masker(keys=[KEY]).value(("session", "a"), value)

    assert shown == value
    assert type(shown) is type(value)
    assert plain(shown) == plain(value)


def test_markup_is_shown_as_text() -> None:
    """Markup is text, and masked as text is."""
    assert Masker().value(("session", "a"), Markup("<b>?token=x")) == "<b>?token=<masked 1>"
