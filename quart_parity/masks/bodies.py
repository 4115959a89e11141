"""Secrets in bodies, whose names stand where their media type puts them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from json import JSONDecoder, detect_encoding, dumps, loads
from typing import Protocol
from urllib.parse import unquote_plus

from werkzeug.http import parse_options_header


class Masks(Protocol):
    """What a body needs of its masker."""

    def is_secret(self, name: str) -> bool: ...
    def text(self, text: str) -> str: ...
    def hide(self, value: object) -> str: ...


_STRING = re.compile(r'"((?>(?:[^"\\]+|\\.)*))"(\s*:\s*)?')
_DECODER = JSONDecoder()
_NONE = ("", "utf-8-sig", "idna", "punycode", "unicode-escape", "raw-unicode-escape")
"""Codecs that a body's own bytes know better than, that are of host names and take time that grows
with the square, or of Python's source and warn."""
_DEPTH = 2


def masked(body: bytes, content_type: str, masks: Masks, depth: int = 0) -> bytes:
    """The body with the values of secret names masked, and every other byte as it was."""
    mimetype, options = parse_options_header(content_type)
    boundary = options.get("boundary", "")
    if mimetype == "multipart/form-data" and boundary and depth < _DEPTH:
        return _multipart(body, boundary.encode("utf-8", "surrogateescape"), masks, depth)
    # Whatever it says or looks like, it may be read as UTF-8 all the same.
    for charset in dict.fromkeys((*_charsets(options.get("charset", ""), body), "utf-8")):
        body = _read(body, charset, mimetype, masks)
    return body


def _charsets(given: str, body: bytes) -> Iterator[str]:
    """Those that the body may be in, by what it says and by where it has zeros."""
    try:
        name = codecs.lookup(given).name
    except (LookupError, ValueError):
        name = ""
    found = detect_encoding(body)
    # UTF-8 reads a byte order mark as any other character, and so keeps it.
    seen = "utf-8" if found == "utf-8-sig" else found
    if name in _NONE:
        yield seen
    else:
        # The shorter names write a byte order mark, where there may have been none.
        yield from (seen, name) if name in ("utf-16", "utf-32") else (name, seen)


def _read(body: bytes, charset: str, mimetype: str, masks: Masks) -> bytes:
    is_utf8 = charset == "utf-8"
    try:
        text = body.decode(charset, "surrogateescape" if is_utf8 else "strict")
    except (LookupError, ValueError):
        return body
    shown = _text(text, mimetype, masks)
    errors = "surrogateescape" if is_utf8 else "replace"
    return body if shown == text else shown.encode(charset, errors)


def _text(text: str, mimetype: str, masks: Masks) -> str:
    if mimetype == "application/x-www-form-urlencoded":
        return "&".join(_field(pair, masks) for pair in text.split("&"))
    if mimetype == "application/json" or mimetype.endswith("+json"):
        try:
            loads(text)
            return "".join(_json(text, masks))
        except (ValueError, RecursionError):
            pass
    return masks.text(text)


def _field(pair: str, masks: Masks) -> str:
    name, equals, value = pair.partition("=")
    if value and masks.is_secret(unquote_plus(name)):
        return f"{name}={masks.hide(unquote_plus(value))}"
    return masks.text(name) + equals + masks.text(value) if equals else masks.text(pair)


def _json(text: str, masks: Masks) -> Iterator[str]:
    """Pieces of valid JSON, written as it was but for the values that are masked."""
    shown = at = 0
    while found := _STRING.search(text, at):
        at = found.end()
        content = loads(f'"{found[1]}"', strict=False)
        if found[2] and masks.is_secret(content):
            value, end = _DECODER.raw_decode(text, at)
            yield text[shown:at]
            kept = value in (None, "") or isinstance(value, bool)
            yield text[at:end] if kept else dumps(masks.hide(value), ensure_ascii=False)
            shown = at = end
        elif (inner := masks.text(content)) != content:
            yield text[shown : found.start()] + dumps(inner, ensure_ascii=False) + (found[2] or "")
            shown = at
    yield text[shown:]


def _multipart(body: bytes, boundary: bytes, masks: Masks, depth: int) -> bytes:
    delimiter = b"--" + boundary
    return delimiter.join(_part(part, masks, depth) for part in body.split(delimiter))


def _part(part: bytes, masks: Masks, depth: int) -> bytes:
    """One field or file, from behind its delimiter to the next one."""
    head, blank, rest = part.partition(b"\r\n\r\n")
    fields = _fields(head)
    name = parse_options_header(fields.get("content-disposition", ""))[1].get("name", "")
    content, end = (rest[:-2], rest[-2:]) if rest.endswith(b"\r\n") else (rest, b"")
    if not blank:
        return masked(part, "", masks, _DEPTH)
    if content and masks.is_secret(name):
        shown = masks.hide(_decoded(content)).encode("utf-8", "replace")
    else:
        shown = masked(content, fields.get("content-type", ""), masks, depth + 1)
    return masked(head, "", masks, _DEPTH) + blank + shown + end


def _fields(head: bytes) -> dict[str, str]:
    lines = head.decode("utf-8", "replace").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _decoded(content: bytes) -> str | bytes:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content
