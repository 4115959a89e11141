"""From a recorded request to one that can be sent again."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from werkzeug.datastructures import FileStorage
from werkzeug.formparser import MultiPartParser
from werkzeug.http import parse_options_header

from ...exchange import is_field_value, is_token, latin1
from ...scenario import File, Pairs, Request, Scalar
from .entries import Asked, Param, PostData

_LEFT_OUT = frozenset(
    {
        "accept-encoding",  # what is compressed cannot be read, and captures nothing
        "connection",
        "content-length",  # made anew, as the host and the cookies are
        "cookie",
        "expect",
        "host",
        "http2-settings",
        "if-match",  # of what the browser had in its cache, the replay has nothing
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_BRACES = "{{"
# RFC 3986: what a URL may hold as it is, and what it quotes with.
_URL_SAFE = "!#$%&'()*+,/:;=?@[]~-._|^`{}\"<>\\"


def request_of(asked: Asked) -> Request:
    """The request; what the client and the connection add is left to them."""
    body, content_type = _body(asked.body, asked.header("content-type"))
    return Request(
        method=asked.method,
        target=_target(asked.url),
        headers=_headers(asked, content_type),
        **body,
    )


def _target(url: str) -> str:
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return quote(target, safe=_URL_SAFE).replace(_BRACES, "%7B%7B")


def _headers(asked: Asked, content_type: str | None) -> Pairs:
    """As they were sent, but those that are made anew; braces would be taken for a capture."""
    fields = [(field.name, latin1(field.value or "")) for field in asked.headers]
    kept: list[tuple[str, Scalar]] = [
        (name, value)
        for name, value in fields
        if is_token(name)
        and is_field_value(value)
        and name.lower() not in _LEFT_OUT
        and name.lower() != "content-type"
        and _BRACES not in value
    ]
    return [*kept, ("Content-Type", content_type)] if content_type else kept


def _body(given: PostData | None, content_type: str) -> tuple[dict[str, Any], str | None]:
    """The body as fields of a `Request`, and its type where that is not implied."""
    if given is None:
        return {}, content_type or None
    content_type = content_type or given.mimetype or ""
    mimetype, options = parse_options_header(content_type)
    raw = _raw(given)
    if mimetype == _MULTIPART:
        parts = _parts(given.params) if given.params else _parsed(raw, options.get("boundary", ""))
        if parts is not None and not _has_braces(parts[0]):
            return {"form": parts[0], "files": parts[1]}, None
    if mimetype == _FORM:
        fields = _fields(given, raw)
        if fields is not None and not _has_braces(fields):
            return {"form": fields}, content_type if options else None
    return _plain(raw), content_type or None


def _raw(given: PostData) -> bytes:
    if given.encoding == "base64" and given.text is not None:
        try:
            return b64decode(given.text)
        except (Base64Error, ValueError):
            pass
    return (given.text or "").encode("utf-8", "replace")


def _plain(raw: bytes) -> dict[str, Any]:
    if not raw:
        return {}
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = _BRACES
    return {"body_base64": b64encode(raw).decode()} if _BRACES in text else {"body": text}


def _fields(given: PostData, raw: bytes) -> list[tuple[str, str]] | None:
    """The form's fields, where they come to just what was sent."""
    if not raw and given.params:
        # As the text of a form they are still quoted in some proxies' files, and not in others'.
        return [(_unquoted(one.name), _unquoted(one.value or "")) for one in given.params]
    try:
        text = raw.decode()
        fields = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), errors="strict")
    except ValueError:
        return None
    return fields if urlencode(fields) == text else None


def _unquoted(text: str) -> str:
    if not re.search("%[0-9A-Fa-f]{2}", text) or re.search("[ &=\\x80-\U0010ffff]", text):
        return text
    return parse_qsl(f"x={text}")[0][1]


def _parts(params: list[Param]) -> tuple[list[tuple[str, str]], list[File]]:
    fields = [(one.name, one.value or "") for one in params if one.filename is None]
    files = [
        File(
            one.name,
            one.filename or "",
            content_base64=b64encode((one.value or "").encode()).decode(),
            content_type=one.content_type or "application/octet-stream",
        )
        for one in params
        if one.filename is not None
    ]
    return fields, files


def _parsed(raw: bytes, boundary: str) -> tuple[list[tuple[str, str]], list[File]] | None:
    if not boundary or not raw:
        return None
    # Browsers write line ends as they are sent; some that export them do not.
    data = raw if b"\r\n" in raw else raw.replace(b"\n", b"\r\n")
    try:
        form, files = MultiPartParser().parse(BytesIO(data), boundary.encode(), len(data))
    except (ValueError, RecursionError):
        return None
    fields = [(name, value) for name, values in form.lists() for value in values]
    return fields, [_file(name, one) for name, ones in files.lists() for one in ones]


def _file(name: str, given: FileStorage) -> File:
    with given.stream as stream:
        content = b64encode(stream.read()).decode()
    kind = given.content_type or "application/octet-stream"
    return File(name, given.filename or "", content_base64=content, content_type=kind)


def _has_braces(fields: list[tuple[str, str]]) -> bool:
    return any(_BRACES in name + value for name, value in fields)
