"""Taking values out of answers, for later requests."""

from __future__ import annotations

import re
from json import dumps, loads
from typing import Any

from .cookies import parse_set_cookie
from .exchange import Response, header_values
from .scenario import Capture


def captured(capture: Capture, response: Response | None) -> str | None:
    """The value, or None where the answer does not hold it."""
    if response is None:
        return None
    if capture.header is not None:
        return next(iter(header_values(response.headers, capture.header.lower())), None)
    if capture.cookie is not None:
        return _cookie(capture.cookie, response)
    if capture.json is not None:
        return _pointed(capture.json, response.body)
    match = re.search(capture.regex or "", response.body.decode("utf-8", "replace"))
    return match[1] if match else None


def _cookie(name: str, response: Response) -> str | None:
    """The last one set, which is the one that a user agent keeps."""
    parsed = map(parse_set_cookie, header_values(response.headers, "set-cookie"))
    values = [cookie.value for cookie in parsed if cookie and cookie.name == name]
    return values[-1] if values else None


def _pointed(pointer: str, body: bytes) -> str | None:
    """RFC 6901; text as it is, everything else as JSON writes it."""
    try:
        value: Any = loads(body)
        for part in pointer.split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            value = value[_index(key)] if isinstance(value, list) else value[key]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return value if isinstance(value, str) else dumps(value)


def _index(key: str) -> int:
    if not re.fullmatch("0|[1-9][0-9]*", key):
        raise LookupError(key)
    return int(key)
