"""The header fields of a response as they go out: Werkzeug's rules, applied as late as there."""

from quart import Quart
from quart import Response as QuartResponse
from quart.wrappers.response import DataBody
from werkzeug.http import remove_entity_headers
from werkzeug.urls import iri_to_uri

from .switches import mends

Fields = list[tuple[str, str]]
"""Header fields in order, names in lower case."""

_REFERENCES = ("location", "content-location")


def is_bodiless(status: int) -> bool:
    """Whether a response of this status has no body (RFC 9110, 6.4.1)."""
    return 100 <= status < 200 or status in (204, 304)


def wire_fields(response: QuartResponse, app: Quart) -> list[tuple[bytes, bytes]]:
    """The fields as Werkzeug's `get_wsgi_headers` computes them, encoded as WSGI does.

    Raises:
        UnicodeEncodeError: A field is not Latin-1; WSGI servers refuse it, too.
    """
    fields = [(name.lower(), value) for name, value in response.headers]
    last = dict(fields)
    for name in _REFERENCES:
        if name in last:
            fields = _with_uri(fields, name, last[name], app)
    if is_bodiless(response.status_code):
        fields = _without_body_fields(fields, response.status_code, app)
    elif "content-length" not in last:
        fields = _with_length(fields, response, app)
    return _encode(fields, app)


def _with_uri(fields: Fields, name: str, value: str, app: Quart) -> Fields:
    """Put the last value in place of all, as a URI in ASCII (RFC 3986)."""
    uri = iri_to_uri(value)
    if [given for key, given in fields if key == name] == [uri] or not mends("QP016", app):
        return fields
    place = next(index for index, (key, _) in enumerate(fields) if key == name)
    others = [pair for pair in fields[place:] if pair[0] != name]
    return [*fields[:place], (name, uri), *others]


def _without_body_fields(fields: Fields, status: int, app: Quart) -> Fields:
    """Leave out what describes a body; a 304 keeps what identifies it (RFC 9110, 15.4.5)."""
    if status == 304:
        left = list(fields)
        remove_entity_headers(left)
    else:
        left = [pair for pair in fields if pair[0] != "content-length"]
    return left if len(left) < len(fields) and mends("QP014", app) else fields


def _with_length(fields: Fields, response: QuartResponse, app: Quart) -> Fields:
    body = response.response
    if not (response.automatically_set_content_length and isinstance(body, DataBody)):
        return fields
    if not mends("QP008", app):
        return fields
    return [*fields, ("content-length", str(len(body.data[body.begin : body.end])))]


def _encode(fields: Fields, app: Quart) -> list[tuple[bytes, bytes]]:
    try:
        return _encoded(fields, "ascii")
    except UnicodeEncodeError:
        return _encoded(fields, "latin-1" if mends("QP015", app) else "utf-8")


def _encoded(fields: Fields, charset: str) -> list[tuple[bytes, bytes]]:
    return [(name.encode(charset), value.encode(charset)) for name, value in fields]
