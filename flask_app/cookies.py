"""Cookies: set, read, listed and deleted, with every argument that ``set_cookie`` takes."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.http import dump_cookie, http_date, parse_date

from .app import TEXT

blueprint = Blueprint("cookies", __name__)


class ArgumentError(ValueError):
    """A query argument that cannot be used."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


def matching(pattern: str, wanted: str) -> Callable[[str], str]:
    """Make a parser that takes text as it is, if the whole of it matches *pattern*."""

    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"{text!r} is not {wanted}")
        return text

    return parse


def parse_boolean(text: str) -> bool:
    """Read ``true``, ``1``, ``false`` or ``0``."""
    if text not in ("true", "1", "false", "0"):
        raise ValueError(f"{text!r} is not one of true, false, 1, 0")
    return text in ("true", "1")


def parse_path(text: str) -> str | None:
    """Read a path; an empty one stands for a cookie without the attribute (RFC 6265, 5.1.4)."""
    return parse_absolute_path(text) if text else None


def parse_seconds(text: str) -> int:
    """Read a whole number of seconds, in ASCII digits and without spaces."""
    return int(parse_integer(text))


def parse_expires(text: str) -> int | datetime:
    """Read seconds since the epoch, or an HTTP date in the preferred form (RFC 9110, 5.6.7)."""
    if re.fullmatch(r"-?[0-9]+", text):
        return int(text)
    moment = parse_date(text)
    if moment is None or http_date(moment) != text:
        raise ValueError(f"{text!r} is neither an HTTP date nor seconds since the epoch")
    return moment


# A key is a token (RFC 9110, 5.6.2), a domain is made of labels (RFC 1034, 3.5; or their
# Unicode forms), and neither a path nor anything else may hold what ends an attribute.
parse_key = matching(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+", "a token of RFC 9110")
parse_domain = matching(r"\.?[^\W_](-*[^\W_])*(\.[^\W_](-*[^\W_])*)*", "a domain name")
parse_absolute_path = matching(r"/[^;\x00-\x1f\x7f]*", "a path that begins with a slash")
parse_integer = matching(r"-?[0-9]+", "a whole number of seconds")

PARSERS: Mapping[str, Callable[[str], Any]] = {
    "key": parse_key,
    "value": str,
    "max_age": parse_seconds,
    "expires": parse_expires,
    "path": parse_path,
    "domain": parse_domain,
    "secure": parse_boolean,
    "httponly": parse_boolean,
    "samesite": str,
    "partitioned": parse_boolean,
}


def parse_argument(name: str, text: str) -> Any:
    """Read one argument, and try it alone so that an error of ``set_cookie`` has its name."""
    try:
        value = PARSERS[name](text)
        dump_cookie(**{"key": "name", name: value}, max_size=0)
    except (ValueError, ArithmeticError, OSError) as error:
        raise ArgumentError(name, str(error)) from error
    return value


def parse_arguments(
    query: MultiDict[str, str], known: Collection[str] = PARSERS.keys()
) -> dict[str, Any]:
    """Read the query into arguments of the *known* names, with the documented default key.

    Raises ``ArgumentError`` for the first one that is unknown, repeated or not understood.
    """
    arguments: dict[str, Any] = {"key": "name"}
    for name, texts in query.lists():
        if name not in known:
            raise ArgumentError(name, f"unknown; known are {', '.join(known)}")
        if len(texts) > 1:
            raise ArgumentError(name, f"given {len(texts)} times")
        arguments[name] = parse_argument(name, texts[0])
    return arguments


@blueprint.errorhandler(ArgumentError)
def refuse(error: ArgumentError) -> ResponseReturnValue:
    """Answer a bad argument with 400, its name and the reason."""
    return {"argument": error.name, "error": error.reason}, 400


@blueprint.get("/setcookies")
def setcookies() -> ResponseReturnValue:
    """Set a cookie, name=tom unless the query says otherwise; it reaches every argument."""
    arguments = {"value": "tom", **parse_arguments(request.args)}
    response = make_response("The cookie is set.")
    response.set_cookie(**arguments)
    return response


@blueprint.get("/getcookies")
def getcookies() -> ResponseReturnValue:
    """Return the value of the cookie called name, or of the one that ?key= says."""
    key = parse_arguments(request.args, ["key"])["key"]
    value = request.cookies.get(key)
    if value is None:
        return f"The cookie {key!r} is missing.", 404, TEXT
    return value, TEXT


@blueprint.get("/listcookies")
def listcookies() -> ResponseReturnValue:
    """Return all cookies that came with the request, repeats included."""
    return jsonify(list(request.cookies.items(multi=True)))


@blueprint.get("/deletecookies")
def deletecookies() -> ResponseReturnValue:
    """Delete a cookie; path, domain and flags must be those it was set with."""
    known = ["key", "path", "domain", "secure", "httponly", "samesite", "partitioned"]
    arguments = parse_arguments(request.args, known)
    response = make_response("The cookie is deleted.")
    response.delete_cookie(**arguments)
    return response
