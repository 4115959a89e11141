"""The port's own values in the place of those that the reference made up."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from ..exchange import Headers, RawRequest

_RUN = re.compile(rb"[A-Za-z0-9_.-]+={0,2}")
_LONG_RUN = re.compile(rb"(?:[A-Za-z0-9_.+/-]|%2[BF]|%3D)+={0,2}")
_SHORTEST = 16
_FORM = "application/x-www-form-urlencoded"
_LONG = re.compile(rb"[^\s?&;,/\"'<>]{%d}" % _SHORTEST)
_NOBODYS = {"Host", "User-Agent", "Content-Type", "Content-Length", "Accept"}
"""Fields that hold no such value."""


@dataclass(frozen=True, slots=True)
class Translation:
    """From what a test sends to what it would send if it had the port's answers."""

    forward: Mapping[str, str]
    """Of this test, wherever they stand."""
    earlier: Mapping[str, str]
    """Of those before; they stand by themselves."""

    def request(self, request: RawRequest) -> RawRequest:
        if not self:
            return request
        headers = tuple((name, self._field(name, value)) for name, value in request.headers)
        is_form = ("Content-Type", _FORM) in ((n, v.partition(";")[0]) for n, v in headers)
        chunks = tuple(self._data(chunk, is_form) for chunk in request.chunks)
        if chunks != request.chunks:
            headers = _measured(headers, chunks)
        path, mark, query = request.target.partition("?")
        target = self._latin1(path) + mark + self._latin1(query, is_form=True)
        return replace(request, target=target, headers=headers, chunks=chunks)

    def value(self, value: Any) -> Any:
        """A value that is no request's, with all that is in it."""
        if not self:
            return value
        if type(value) is str:
            return self._data(value.encode("utf-8", "surrogatepass")).decode(
                "utf-8", "surrogatepass"
            )
        if type(value) is bytes:
            return self._data(value)
        if type(value) in (list, tuple):
            return type(value)(map(self.value, value))
        if type(value) is dict:
            return {self.value(key): self.value(one) for key, one in value.items()}
        return value

    def __bool__(self) -> bool:
        return bool(self.forward or self.earlier)

    def _field(self, name: str, value: str) -> str:
        scheme, _, encoded = value.partition(" ")
        if name == "Authorization" and scheme.lower() == "basic":
            return f"{scheme} {self._credentials(encoded)}"
        return self._latin1(value)

    def _credentials(self, encoded: str) -> str:
        """User and password in base64 (RFC 7617); a token may be either."""
        try:
            plain = b64decode(encoded, validate=True)
        except ValueError:
            return encoded
        other = self._data(plain)
        return encoded if other == plain else b64encode(other).decode()

    def _latin1(self, text: str, is_form: bool = False) -> str:
        return self._data(text.encode("latin-1"), is_form).decode("latin-1")

    def _data(self, data: bytes, is_form: bool = False) -> bytes:
        if len(data) < _SHORTEST:
            return data
        for ours, theirs in self.forward.items():
            data = _replaced(data, ours, theirs, is_form)
        for run in (_RUN, _LONG_RUN) if self.earlier else ():
            data = run.sub(lambda found: self._known(found[0], is_form), data)
        return data

    def _known(self, run: bytes, is_form: bool) -> bytes:
        """An earlier value's counterpart, spelled as the value is."""
        if len(run) < _SHORTEST:
            return run
        ours = unquote_to_bytes(run).decode("ascii")
        theirs = self.earlier.get(ours)
        return run if theirs is None else _spelled(theirs, run, is_form)


def may_translate(request: RawRequest) -> bool:
    """Whether anything in a request is long enough to be a value that somebody made up."""
    told = (value for name, value in request.headers if name not in _NOBODYS)
    texts = [request.target.encode("latin-1"), *(value.encode("latin-1") for value in told)]
    return any(map(_LONG.search, [*texts, *request.chunks]))


def _replaced(data: bytes, ours: str, theirs: str, is_form: bool) -> bytes:
    return _spellings(ours).sub(lambda found: _spelled(theirs, found[0], is_form), data)


@lru_cache(maxsize=1024)
def _spellings(value: str) -> re.Pattern[bytes]:
    """Each character as it is, or percent-encoded."""
    return re.compile(
        b"".join(
            bytes((byte,)) if chr(byte).isalnum() else b"(?:%s|%%%02X)" % (_escaped(byte), byte)
            for byte in value.encode()
        )
    )


def _escaped(byte: int) -> bytes:
    return re.escape(bytes((byte,)))


def _spelled(value: str, found: bytes, is_form: bool) -> bytes:
    """The value, encoded as what was *found* in its place is; in queries ``/`` can be itself."""
    if not is_form and b"%" not in found:
        return value.encode()
    return quote(value, safe="/" if b"/" in found else "").encode()


def _measured(headers: Headers, chunks: tuple[bytes, ...]) -> Headers:
    length = str(sum(map(len, chunks)))
    return tuple((name, length if name == "Content-Length" else text) for name, text in headers)
