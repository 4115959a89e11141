"""Every entry of the catalogue is true of the installed versions, and compat closes it."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import pytest
from packaging.specifiers import SpecifierSet
from quart import Blueprint, Quart, Request, Response
from quart.json.provider import DefaultJSONProvider
from quart.sessions import SecureCookieSessionInterface

from quart_parity.compat import FlaskCompat
from quart_parity.compat.switches import OPT_IN, PIECES
from quart_parity.divergences import DIVERGENCES, Divergence
from tests.reproductions import (
    is_shown,
    reproduce,
    reproduce_mended,
    reproduce_with_class,
)

ENTRIES = [pytest.param(entry, id=code) for code, entry in DIVERGENCES.items()]
CLOSED = [pytest.param(entry, id=code) for code, entry in DIVERGENCES.items() if code in PIECES]


def affects(entry: Divergence) -> bool:
    """Whether the entry says that the installed versions have it."""
    return all(
        SpecifierSet(versions).contains(version(name), prereleases=True)
        for name, versions in entry.affects.items()
    )


class Mixed(FlaskCompat, Quart):
    """The way compat is meant to be used."""


class Hooked(Mixed):
    """With hooks of both kinds around every request, and a blueprint within another."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inner, outer = Blueprint("inner", __name__), Blueprint("outer", __name__)

        async def unchanged(response: Any) -> Any:
            return response

        self.before_request(lambda: None)
        self.after_request(unchanged)
        self.teardown_request(lambda error: None)
        inner.before_app_request(lambda: None)
        inner.after_app_request(unchanged)
        outer.register_blueprint(inner)
        self.register_blueprint(outer, url_prefix="/of-a-blueprint")


class OwnInterface(SecureCookieSessionInterface):
    """A session interface of somebody's own."""


class OwnRequest(Request):
    """Somebody's request class."""


class OwnResponse(Response):
    """Somebody's response class."""


class OwnProvider(DefaultJSONProvider):
    """Somebody's JSON."""


class OwnClasses(Quart):
    """An application that has its own in place of everything that Quart lets be replaced."""

    request_class = OwnRequest
    response_class = OwnResponse
    json_provider_class = OwnProvider


class Customised(FlaskCompat, OwnClasses):
    """Compat before somebody's class."""


class CustomisedLate(Mixed):
    """The same set on the instance, as factories do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request_class = OwnRequest
        self.response_class = OwnResponse
        self.json = OwnProvider(self)


class WithInterface(Mixed):
    """With Quart's session interface, extended."""

    session_interface = OwnInterface()


OF_THE_INTERFACE = {"QP022", "QP025"}
"""What an interface that extends Quart's own keeps; it can extend compat's."""
SURROUNDED = [
    pytest.param(entry, app_class, id=f"{code}-{app_class.__name__}")
    for code, entry in DIVERGENCES.items()
    for app_class in (Mixed, Hooked, Customised, CustomisedLate, WithInterface)
    if code in PIECES and not (app_class is WithInterface and code in OF_THE_INTERFACE)
]


@pytest.mark.parametrize("entry", ENTRIES)
def test_stock_quart_differs(entry: Divergence) -> None:
    """The reproduction differs on stock Quart, just where the entry says, if versions say so."""
    found = reproduce(entry, entry.port())

    assert bool(found) == affects(entry), f"{entry.code} is out of date: correct `affects`"
    assert {path for path in found if not is_shown(entry, path)} == set()


@pytest.mark.parametrize("entry", CLOSED)
def test_compat_closes_it(entry: Divergence) -> None:
    """With all of compat the reproduction does not differ."""
    assert reproduce_mended(entry) == set()


@pytest.mark.parametrize(("entry", "app_class"), SURROUNDED)
def test_compat_closes_it_as_a_base_class(entry: Divergence, app_class: type[Quart]) -> None:
    """The same where the application's class is made with the mixin, whatever else it has."""
    assert reproduce_with_class(entry, app_class) == set()


@pytest.mark.parametrize("entry", CLOSED)
def test_its_piece_is_necessary(entry: Divergence) -> None:
    """Without its own piece of compat the reproduction differs again."""
    found = reproduce_mended(entry, entry.code)

    assert bool(found) == affects(entry), f"{entry.code} is out of date: compat needs it no more"
    assert {path for path in found if not is_shown(entry, path)} == set()


@pytest.mark.parametrize("entry", ENTRIES)
def test_entry_says_what_compat_does(entry: Divergence) -> None:
    """An entry without a piece of compat, or with one to be switched on, says why."""
    assert entry.opt_in == (entry.code in OPT_IN)
    assert bool(entry.intended) == (entry.code not in PIECES or entry.opt_in)


def test_every_piece_is_in_the_catalogue() -> None:
    """No piece of compat is without the divergence that it closes."""
    assert set(DIVERGENCES) >= PIECES
