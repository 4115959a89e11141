"""Every entry of the catalogue is true of the installed versions, and compat closes it."""

from __future__ import annotations

from importlib.metadata import version

import pytest
from packaging.specifiers import SpecifierSet
from quart import Quart

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


@pytest.mark.parametrize("entry", CLOSED)
def test_compat_closes_it_as_a_base_class(entry: Divergence) -> None:
    """The same where the application's class is made with the mixin."""
    assert reproduce_with_class(entry, Mixed) == set()


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
