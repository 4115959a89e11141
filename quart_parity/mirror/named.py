"""Files and folders that a configuration's values name, however they are spelled."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

_URL = re.compile(r"sqlite(?:\+\w+)?://(?:/(?P<path>[^?]*))?(?P<after>\?.*)?\Z", re.DOTALL)
_URI = re.compile(r"file:(?://(?:localhost)?(?=/))?(?P<path>[^?#]*)(?P<after>[?#].*)?\Z", re.DOTALL)
_NOWHERE = {"", ":memory:"}
_DEEPEST = 8
"""Containers in containers; deeper ones may hold themselves."""


@dataclass(frozen=True, slots=True)
class Named:
    """One value that names a path, or may."""

    key: str
    """Where the config has it: ``SQLALCHEMY_BINDS.users``."""
    path: str | None
    """As it is spelled, relative or not; None for a database that no file holds."""
    is_url: bool
    """Whether it is a database's for sure, and relative paths are those of an extension."""
    respelled: Callable[[str], Any]
    """The same value with another path in it."""


Replace = Callable[[Named], Any]
"""What to put in the place of a named path's value; None to leave it."""


def replaced(config: Mapping[str, Any], replace: Replace) -> dict[str, Any]:
    """The config with other paths; values in which nothing is replaced are the very same."""
    return {name: _replaced(str(name), value, replace, 0) for name, value in config.items()}


def _replaced(key: str, value: Any, replace: Replace, depth: int) -> Any:
    if depth < _DEEPEST and (isinstance(value, dict) or type(value) in (list, tuple)):
        return _container(key, value, replace, depth + 1)
    named = _named(key, value)
    other = replace(named) if named is not None else None
    return value if other is None else other


def _container(key: str, value: Any, replace: Replace, depth: int) -> Any:
    """The dict, list or tuple, or one like it."""
    if not isinstance(value, dict):
        others = [_replaced(key, one, replace, depth) for one in value]
        return type(value)(others) if _differs(value, others) else value
    mapped = {name: _replaced(f"{key}.{name}", one, replace, depth) for name, one in value.items()}
    if not _differs(value.values(), mapped.values()):
        return value
    other = copy(value)
    other.update(mapped)
    return other


def _differs(before: Any, after: Any) -> bool:
    return any(one is not other for one, other in zip(before, after, strict=True))


def _named(key: str, value: Any) -> Named | None:
    if isinstance(value, str):
        return _in_text(key, value, str)
    # A directory's entry can be read, and not made.
    if isinstance(value, os.PathLike) and not isinstance(value, os.DirEntry):
        text = os.fspath(value)
        return _in_text(key, text, type(value)) if isinstance(text, str) else None
    # SQLAlchemy's parsed ones.
    if str(getattr(value, "drivername", "")).startswith("sqlite") and hasattr(value, "set"):
        path = value.database or ""
        query = "&".join(f"{name}={one}" for name, one in dict(value.query).items())
        return _in_database(key, path, query, lambda other: value.set(database=other))
    return None


def _in_text(key: str, text: str, made: Callable[[str], Any]) -> Named | None:
    url = _URL.match(text)
    if url is not None:
        before = text[: url.start("path")]
        path, after = url["path"] or "", url["after"] or ""
        return _in_database(key, path, after, lambda other: made(f"{before}{other}{after}"))
    if text.startswith("file:"):
        return _in_database(key, text, "", made)
    if not text or text in _NOWHERE:
        return Named(key, None, True, made) if text else None
    if "\n" in text or "\0" in text or "://" in text:
        return None
    return Named(key, text, False, made)


def _in_database(key: str, path: str, query: str, made: Callable[[str], Any]) -> Named:
    """Of a database; its path may be a URI in turn (SQLite, "URI Filenames")."""
    uri = _URI.match(path)
    if uri is None:
        nowhere = path in _NOWHERE or "mode=memory" in query
        return Named(key, None if nowhere else path, True, made)
    after = uri["after"] or ""
    inner = unquote(uri["path"])
    nowhere = inner in _NOWHERE or "mode=memory" in after + query
    return Named(
        key,
        None if nowhere else inner,
        True,
        lambda other: made(f"file:{quote(other)}{after}"),
    )


def named_in(config: Mapping[str, Any]) -> Iterator[Named]:
    """Every value that names a path, or may."""
    found: list[Named] = []
    replaced(config, found.append)
    return iter(found)
