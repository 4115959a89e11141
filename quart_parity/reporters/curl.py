"""Requests as somebody types them again; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from shlex import quote
from urllib.parse import urlsplit

from ..exchange import RawRequest, header_values
from ..masks import Masker

_TARGET = re.compile(
    r"/(?!/)[\w.~!$&'()*+,;=:@%/\[\]{}-]*(?:\?[\w.~!$&'()*+,;=:@%/?\[\]{}-]*)?\Z", re.ASCII
)
"""What curl sends as it stands in a URL, told to leave dots and brackets alone."""
_DOTS = re.compile(r"/(?:\.|%2e){1,2}(?:/|\Z)", re.IGNORECASE)
_GLOBS = re.compile(r"[\[\]{}]")
_PLAIN = re.compile(r"[\w !#$&()*+,./:;<=>?@\[\]^`{|}~\"-]", re.ASCII)
"""What printf takes for itself within single quotes."""
_NAMED = {0x0D: r"\r", 0x0A: r"\n", 0x09: r"\t"}
_MOST = 100_000
"""Bytes of one argument: Linux takes 131,072."""
LONGEST = 64 * 1024
"""Bytes of a body that is written out."""
_EXPECTING = 1024 * 1024
"""Bytes of a body from which on curl asks whether it is wanted."""
_OWN = ("User-Agent", "Accept")
"""Fields that curl sends unless it is told not to."""


def curl(request: RawRequest, masker: Masker, address: str | None = None, route: str = "") -> str:
    """A command line for a POSIX shell that sends *request*, as curl 7.76 and later read it.

    *address* is ``http://host:port`` of the side it is for; without one the line says ``$SIDE``
    there, for whoever starts the applications by hand. Of *route*, the rule that it matched, the
    variables are known that are secret by their names. A body that cannot stand in an argument
    is piped to curl; one that is longer than `LONGEST` is not shown, and to be put into a file
    ``BODY``. What is masked must be filled in before the line is run.
    """
    size = sum(map(len, request.chunks))
    if size > LONGEST:
        words = ["curl", "-i", *_method(request, True), *_headers(request, masker)]
        words += ["--data-binary", "@BODY", *_where(request, masker, address, route)]
        return " ".join(words) + f" # BODY: {size:,} bytes, not shown"
    body = b"".join(request.chunks)
    content_type = (header_values(request.headers, "content-type") or [""])[0]
    shown = masker.body(body, content_type)
    is_piped = not _fits(shown)
    words = ["curl", "-i", *_method(request, bool(body)), *_headers(request, masker)]
    if body or _is_chunked(request):
        words += ["--data-binary", "@-" if is_piped else quote(shown.decode())]
    words += _where(request, masker, address, route)
    pipe = f"printf '{_escaped(shown)}' | " if is_piped else ""
    return pipe + " ".join(words)


def _fits(body: bytes) -> bool:
    """Whether the body is one line that curl takes for the body itself, and not for a file."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return False
    return text.isprintable() and not text.startswith("@") and len(body) <= _MOST


def _is_chunked(request: RawRequest) -> bool:
    return "chunked" in ",".join(header_values(request.headers, "transfer-encoding")).lower()


def _method(request: RawRequest, has_body: bool) -> list[str]:
    has_data = has_body or _is_chunked(request)
    if request.method == "HEAD" and not has_data:
        return ["--head"]
    if request.method == ("POST" if has_data else "GET"):
        return []
    method = ["-X", quote(request.method)]
    # Told of the method only, curl waits for the body that the answer to a HEAD announces.
    return [*method, "--max-time", "10"] if request.method == "HEAD" else method


def _headers(request: RawRequest, masker: Masker) -> Iterator[str]:
    """Each field as it was sent, and those of curl's own that were not."""
    size = sum(map(len, request.chunks))
    names = {name.lower() for name, _ in request.headers}
    for name, value in request.headers:
        # curl counts by itself, also what stands in the place of a mask.
        if not (size and name.lower() == "content-length" and value == str(size)):
            yield "-H"
            yield _header(name, masker.field(name, value))
    unasked = [*_OWN, *(["Content-Type"] if size or _is_chunked(request) else [])]
    if size >= _EXPECTING:
        unasked.append("Expect")
    for name in unasked:
        if name.lower() not in names:
            yield "-H"
            yield f"{name}:"


def _header(name: str, value: str) -> str:
    """A field without a value ends with a semicolon, for a colon would take it away."""
    return _word(f"{name}: {value}" if value.strip(" \t") else f"{name};")


def _where(request: RawRequest, masker: Masker, address: str | None, route: str) -> Iterator[str]:
    target = request.target
    shown = masker.target(target, route)
    side = '"$SIDE"' if address is None else quote(address)
    if not _TARGET.match(target):
        yield "--request-target"
        yield _word(shown)
        yield f"{side}/"
        return
    if _DOTS.search(target.partition("?")[0]):
        yield "--path-as-is"
    if _GLOBS.search(target):
        yield "--globoff"
    yield quote(address + shown) if address is not None else side + quote(shown)


def _word(text: str) -> str:
    """One argument, of text with one character a byte."""
    try:
        data = text.encode("latin-1")
        readable = data.decode()
    except UnicodeEncodeError:
        data, readable = text.encode("utf-8", "replace"), text
    except UnicodeDecodeError:
        readable = "\0"
    return quote(readable) if readable.isprintable() else f"\"$(printf '{_escaped(data)}')\""


def _escaped(data: bytes) -> str:
    """A format of which printf makes *data*, whatever bytes it has."""
    text = "".join(map(_character, data))
    # What begins with a hyphen would be an option.
    return rf"\055{text[1:]}" if text.startswith("-") else text


def _character(byte: int) -> str:
    if byte == 0x25:
        return "%%"
    plain = _PLAIN.match(chr(byte))
    return chr(byte) if plain else _NAMED.get(byte, f"\\{byte:03o}")


def address_of(target: str) -> str | None:
    """``http://host:port`` of a server that is running, without a password."""
    parts = urlsplit(target) if "://" in target else None
    if parts is None or parts.scheme not in ("http", "https"):
        return None
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
