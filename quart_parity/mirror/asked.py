"""What options and settings ask for, and how pytest tells that they are wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from ..errors import QuartParityError
from ..scenario import check_accept
from ..settings import Settings, find_settings

T = TypeVar("T")


def found_settings(config: pytest.Config) -> tuple[Settings, Path]:
    """The suite's settings, and the folder of their file."""
    return told_as_usage(partial(find_settings, config.rootpath))


def told_as_usage(work: Callable[[], T]) -> T:
    """What *work* returns; what is wrong with the call, pytest tells as such."""
    try:
        return work()
    except QuartParityError as error:
        raise pytest.UsageError(str(error)) from error


@contextmanager
def failing() -> Iterator[None]:
    """What is wrong with a side fails the test by its text alone."""
    try:
        yield
    except QuartParityError as error:
        pytest.fail(str(error), pytrace=False)


def given_accept(given: list[str]) -> dict[str, str]:
    """The entries of ``--parity-accept``."""
    entries = dict[str, str]()
    for text in given:
        pattern, equals, reason = text.partition("=")
        if not (pattern and equals and reason):
            raise pytest.UsageError(f"--parity-accept {text!r}: write PATTERN=REASON")
        entries[pattern] = reason
    try:
        check_accept(entries)
    except ValueError as error:
        raise pytest.UsageError(f"--parity-accept: {error}") from error
    return entries
