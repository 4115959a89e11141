"""A clock that stands still, so that what is dated or signed is equal on both sides."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.compat.sides import NOW


@pytest.fixture(autouse=True)
def _frozen_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield
