"""The entries of a HAR file, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

# It has no annotations of its own.
import ijson  # type: ignore[import-untyped]
import msgspec
from msgspec import Struct, field

from ...errors import ScenarioError

_BOM = b"\xef\xbb\xbf"


class Named(Struct, frozen=True):
    """A header field."""

    name: str
    value: str | None = None


class Param(Struct, frozen=True):
    """A field of a form."""

    name: str = ""
    value: str | None = None
    filename: str | None = field(default=None, name="fileName")
    content_type: str | None = field(default=None, name="contentType")


class PostData(Struct, frozen=True):
    """What was sent: browsers write the text, proxies the fields, some both."""

    mimetype: str | None = field(default=None, name="mimeType")
    text: str | None = None
    encoding: str | None = None
    params: list[Param] | None = None


class Asked(Struct, frozen=True):
    """A request."""

    method: str
    url: str
    headers: list[Named] = []
    body: PostData | None = field(default=None, name="postData")

    def header(self, name: str) -> str:
        return _header(self.headers, name)


class Content(Struct, frozen=True):
    """A body, which may have been left out."""

    mimetype: str | None = field(default=None, name="mimeType")
    text: str | None = None
    encoding: str | None = None


class Answered(Struct, frozen=True):
    """A response."""

    status: int | None = 0
    """0, or less, where none came."""
    headers: list[Named] = []
    content: Content = Content()

    def header(self, name: str) -> str:
        return _header(self.headers, name)


class Entry(Struct, frozen=True):
    """A request with its response."""

    request: Asked
    response: Answered | None = None
    started: str = field(default="", name="startedDateTime")
    kind: str | None = field(default=None, name="_resourceType")
    cached: Any = field(default=None, name="_fromCache")
    """``memory`` or ``disk`` where the browser answered by itself."""


def _header(headers: list[Named], name: str) -> str:
    return next((one.value or "" for one in headers if one.name.lower() == name), "")


def entries(path: Path) -> Iterator[tuple[int, Entry]]:
    """Each entry with its position; raises `ScenarioError` for what is none."""
    position = 0
    try:
        with path.open("rb") as file:
            if file.read(len(_BOM)) != _BOM:
                file.seek(0)
            for raw in ijson.items(file, "log.entries.item", use_float=True):
                yield position, msgspec.convert(raw, Entry, strict=False)
                position += 1
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror}") from None
    except msgspec.ValidationError as error:
        raise ScenarioError(f"{path}: entries[{position}]: {error}") from None
    except (ijson.JSONError, UnicodeDecodeError) as error:
        where = f"after {position} entries"
        raise ScenarioError(f"{path}: is no HAR, or was cut, {where}: {error}") from None
    if not position:
        raise ScenarioError(f"{path}: is no HAR, or an empty one: it has no log.entries")
