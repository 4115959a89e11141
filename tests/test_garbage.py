"""Collecting what applications leave in cycles, as soon as a scenario ends."""

import gc
from collections.abc import Iterator
from weakref import ref

import pytest

from quart_parity.drivers import garbage as module
from quart_parity.drivers.garbage import Garbage


class Node:
    """Holds itself, so that nothing but a collection frees it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def garbage() -> Iterator[Garbage]:
    made = Garbage()
    made.begin()
    yield made
    made.end()


def test_what_is_left_is_freed(garbage: Garbage) -> None:
    """A cycle that is out of reach does not wait for a collection that comes by itself."""
    left = ref(Node())
    garbage.collect()

    assert left() is None


@pytest.mark.parametrize("generation", [0, 1, 2])
def test_so_is_what_has_grown_old_meanwhile(garbage: Garbage, generation: int) -> None:
    """Collections that come by themselves put among the old what is in use at that moment."""
    node = Node()
    left = ref(node)
    for _ in range(2):
        gc.collect(generation)
    del node
    garbage.collect()

    assert left() is None


def test_what_was_there_before_is_not_looked_at(garbage: Garbage) -> None:
    """Two frameworks take tens of milliseconds each time, and hold nothing that a scenario left."""
    before = gc.get_freeze_count()
    garbage.collect()

    assert before > 1000
    assert gc.get_freeze_count() <= before


@pytest.fixture
def slow(garbage: Garbage, monkeypatch: pytest.MonkeyPatch) -> Garbage:
    """Finds every collection slow; the last one of everything is long ago."""
    monkeypatch.setattr(module, "SLOW", 0.0)
    monkeypatch.setattr(module, "SHARE", 0)
    return garbage


def test_what_survives_a_slow_collection_is_set_aside(slow: Garbage) -> None:
    """It is not looked at again for each scenario; everything is, now and then."""
    node = Node()
    left = ref(node)
    gc.collect(1)
    is_due = slow.collect()
    del node
    gc.collect()
    kept = left() is not None
    slow.collect_all()

    assert (is_due, kept) == (True, True)
    assert left() is None


def test_in_the_end_nothing_is_set_aside() -> None:
    """Whoever goes on in this process has all that is collected by itself."""
    garbage = Garbage()
    garbage.begin()
    node = Node()
    left = ref(node)
    garbage.collect_all()
    aside = gc.get_freeze_count()
    del node
    garbage.end()
    gc.collect()

    assert left() is None
    # Python itself may have put some that it never frees there.
    assert gc.get_freeze_count() < aside / 2
