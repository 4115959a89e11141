"""What is played: scenarios and their requests, checked as they are made.

The field names are those of scenario files. Wrong input raises `ValueError` here, which reading
turns into a `ScenarioError` with file, scenario and position.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from json import dumps
from typing import Any
from urllib.parse import unquote_to_bytes

from msgspec import UNSET, Struct

from .errors import ScenarioError
from .exchange import Base, is_field_value, is_token, parse_base
from .paths import parse_pattern

Scalar = str | int | float
Pairs = dict[str, Scalar | list[Scalar]] | list[tuple[str, Scalar]]
"""Names with values; a list of values, or a list of pairs, where a name occurs more than once."""

_TARGET = re.compile(r"(?:/[!-~]*|\*)\Z")
_QUERY = re.compile(r"[!-~]*\Z")
_POINTER = re.compile(r"(?:/(?:[^~/]|~[01])*)*\Z")
PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_NAME = re.compile(r"[A-Za-z_]\w*\Z")


class File(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One uploaded file."""

    field: str
    filename: str
    content: str | None = None
    content_base64: str | None = None
    content_type: str = "application/octet-stream"

    def __post_init__(self) -> None:
        _at_most_one(self, "content", "content_base64")
        if not is_field_value(self.content_type):
            raise ValueError("content_type holds a line break or a null (RFC 9110, 5.5)")
        if self.content_base64 is not None:
            decode_base64(self.content_base64, "content_base64")


class Capture(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where in an answer a value stands: exactly one of the four."""

    regex: str | None = None
    """Searched in the body's text; its first group is the value."""
    json: str | None = None
    """A JSON pointer (RFC 6901)."""
    header: str | None = None
    cookie: str | None = None
    optional: bool = False
    """Whether both sides' answers may lack it: what uses it then gets an empty text."""

    def __post_init__(self) -> None:
        names = ("regex", "json", "header", "cookie")
        if sum(getattr(self, name) is not None for name in names) != 1:
            raise ValueError(f"a capture holds exactly one of {', '.join(names)}")
        if self.regex is not None:
            _check_regex(self.regex)
        if self.json is not None and not _POINTER.match(self.json):
            raise ValueError(f"{self.json!r} is no JSON pointer such as '/items/0/id' (RFC 6901)")


class Request(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One request of a scenario."""

    path: str | None = None
    """Below the scenario's base, not yet percent-encoded."""
    method: str = "GET"
    query: Pairs | str | None = None
    """Text is sent as it stands."""
    target: str | None = None
    """Instead of path and query: sent as it stands, mount point included."""
    headers: Pairs = {}
    cookies: dict[str, str] = {}
    """Put into the jar first; a ``Cookie`` header takes the jar's place for this request."""
    form: Pairs | None = None
    json: Any = UNSET
    body: str | None = None
    body_base64: str | None = None
    chunks: list[str] | None = None
    """The body, sent with chunked transfer coding in these pieces."""
    files: list[File] | None = None
    after: float = 0
    """Seconds by which the clock moves first."""
    capture: dict[str, Capture] = {}

    def __post_init__(self) -> None:
        _check_where(self)
        _check_body(self)
        _check_fields(self)
        if not 0 <= self.after < 1e10:
            raise ValueError(f"after must be seconds from 0 to 10000000000, not {self.after!r}")


class Scenario(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Requests sent in order by one client with one cookie jar."""

    name: str
    requests: list[Request]
    config: dict[str, Any] = {}
    """Given to the factory where it takes a mapping, else put into ``app.config``."""
    base: str = "http://localhost"
    fresh: bool = False
    """Play it against an application of its own."""
    accept: dict[str, str] = {}
    """Path patterns of differences that someone lives with, each with the reason."""
    clients: Any = UNSET
    """Reserved for requests played at the same time."""

    def __post_init__(self) -> None:
        if self.clients is not UNSET:
            raise ValueError("clients is reserved, and cannot be played yet")
        if not self.name.strip():
            raise ValueError("a scenario needs a name")
        if not self.requests:
            raise ValueError("a scenario needs at least one request")
        try:
            base = parse_base(self.base)
        except ScenarioError as error:
            raise ValueError(str(error)) from None
        for request in self.requests:
            if request.target is not None and not placeholders(request.target):
                checked_target(request.target, base)
        check_accept(self.accept)
        _check_placeholders(self.requests)


def check_accept(accept: dict[str, str]) -> None:
    """Raise `ValueError` for a pattern that is no path, or one without a reason."""
    for pattern, reason in accept.items():
        parse_pattern(pattern)
        if not reason.strip():
            raise ValueError(f"accept {pattern!r} needs a reason")


def checked_target(target: str, base: Base) -> str:
    """The target; `ValueError` where it does not lie below the mount point."""
    path = unquote_to_bytes(target.partition("?")[0]).decode("latin-1")
    if target != "*" and not (path == base.root or path.startswith(base.root + "/")):
        raise ValueError(f"target {target!r} does not lie below the mount point {base.root!r}")
    return target


def decode_base64(text: str, name: str) -> bytes:
    """The bytes of *text*; `ValueError` names the field."""
    try:
        return b64decode(text, validate=True)
    except (Base64Error, ValueError) as error:
        raise ValueError(f"{name} is no base64: {error}") from None


def pairs(given: Pairs) -> list[tuple[str, str]]:
    """Names with values in the order written, one pair a value."""
    items = given.items() if isinstance(given, dict) else given
    return [
        (name, _text(value))
        for name, values in items
        for value in (values if isinstance(values, list) else [values])
    ]


def _text(value: object) -> str:
    if not isinstance(value, str | int | float):
        raise TypeError(f"{value!r} is neither text nor a number")
    return str(value)


def _check_where(request: Request) -> None:
    if (request.path is None) == (request.target is None):
        raise ValueError("a request holds exactly one of path, target")
    if request.path is not None and not _filled(request.path).startswith("/"):
        raise ValueError(f"path must begin with a slash, not {request.path!r}")
    if request.target is not None:
        if request.query is not None:
            raise ValueError("query goes with path; in a target it stands behind the question mark")
        if not _TARGET.match(_filled(request.target)):
            raise ValueError(
                f"target is sent as it stands, so it must begin with a slash and be printable"
                f" ASCII without spaces, not {request.target!r}"
            )
    if isinstance(request.query, str) and not _QUERY.match(_filled(request.query)):
        raise ValueError(
            f"a query given as text is sent as it stands, so it must be printable ASCII without"
            f" spaces, not {request.query!r}"
        )


def _check_body(request: Request) -> None:
    names = ("form", "body", "body_base64", "chunks")
    bodies = [name for name in names if getattr(request, name) is not None]
    if request.json is not UNSET:
        bodies.append("json")
    if request.files is not None and bodies != ["form"]:
        bodies.append("files")
    if len(bodies) > 1:
        raise ValueError(f"a request has one body, not {' and '.join(bodies)}")
    if request.body_base64 is not None:
        decode_base64(request.body_base64, "body_base64")
    if request.json is not UNSET:
        try:
            dumps(request.json, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise ValueError(f"json holds what JSON cannot: {error}") from None


def _check_fields(request: Request) -> None:
    if not is_token(request.method):
        raise ValueError(f"method {request.method!r} is no token (RFC 9110, 5.6.2)")
    for name, value in pairs(request.headers):
        if not is_token(name):
            raise ValueError(f"header name {name!r} is no token (RFC 9110, 5.6.2)")
        if not is_field_value(value):
            raise ValueError(f"header {name!r} holds a line break or a null (RFC 9110, 5.5)")
    for name, value in request.cookies.items():
        if not is_field_value(name + value) or ";" in name + value or "=" in name:
            raise ValueError(f"cookie {name!r} holds what ends a cookie, or its name")
    if sum(name.lower() == "host" for name, _ in pairs(request.headers)) > 1:
        raise ValueError("a request has one Host (RFC 9112, 3.2)")


def _check_placeholders(requests: list[Request]) -> None:
    known: set[str] = set()
    for position, request in enumerate(requests):
        for name in request.capture:
            if not _NAME.match(name):
                raise ValueError(
                    f"requests[{position}] captures {name!r}: a name is made of letters, digits"
                    " and underscores, and does not begin with a digit"
                )
        for name in placeholders(request):
            if name not in known:
                raise ValueError(
                    f"requests[{position}] uses {{{{{name}}}}}, which no earlier request captures;"
                    " to send the braces themselves, give the body as body_base64"
                )
        known |= request.capture.keys()


def placeholders(value: object) -> set[str]:
    """The names in double braces anywhere in *value*."""
    if isinstance(value, str):
        return set(PLACEHOLDER.findall(value)) if "{{" in value else set()
    if isinstance(value, Struct):
        fields = value.__struct_fields__
        return placeholders([getattr(value, name) for name in fields if name != "capture"])
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list | tuple):
        return set().union(*map(placeholders, value))
    return set()


def _filled(text: str) -> str:
    """What a text may come to once values are captured: a path, where it begins with one."""
    return PLACEHOLDER.sub(lambda match: "x" if match.start() else "/x", text)


def _check_regex(pattern: str) -> None:
    try:
        groups = re.compile(pattern).groups
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"regex {pattern!r} does not compile: {error}") from None
    if groups < 1:
        raise ValueError(f'regex {pattern!r} needs a group, as in \'value="([^"]+)"\'')


def _at_most_one(struct: Struct, *names: str) -> None:
    given = [name for name in names if getattr(struct, name) is not None]
    if len(given) > 1:
        raise ValueError(f"only one of {' and '.join(given)} can be given")
