"""From what a scenario says to what goes over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from json import dumps
from typing import Any
from urllib.parse import quote, urlencode

from msgspec import UNSET, Struct, structs
from werkzeug.datastructures import Headers as MultipartHeaders
from werkzeug.sansio.multipart import Data, Epilogue, Field, MultipartEncoder, Preamble
from werkzeug.sansio.multipart import File as FilePart

from .exchange import Base, RawRequest, latin1
from .scenario import PLACEHOLDER, File, Request, checked_target, decode_base64, pairs

_FRAMING = {"content-length", "transfer-encoding"}
# RFC 3986, 3.3: what a path segment may hold as it is, and the slash.
_PATH_SAFE = "/!$&'()*+,;=:@~-._"


def encode(request: Request, base: Base) -> RawRequest:
    """Make the request that both sides get; the clients add their cookies to it."""
    content_type, chunks = _body(request)
    given = [(name, latin1(value)) for name, value in pairs(request.headers)]
    names = {name.lower() for name, _ in given}
    headers = [] if "host" in names else [("Host", base.authority)]
    headers += given
    if content_type and "content-type" not in names:
        headers.append(("Content-Type", content_type))
    if request.chunks is not None and "transfer-encoding" not in names:
        headers.append(("Transfer-Encoding", "chunked"))
    elif _tells_length(request, chunks) and names.isdisjoint(_FRAMING):
        headers.append(("Content-Length", str(sum(map(len, chunks)))))
    if not names.isdisjoint(_FRAMING):
        _check_framing(headers, chunks)
    return RawRequest(request.method, _target(request, base), tuple(headers), chunks, base)


def _check_framing(headers: list[tuple[str, str]], chunks: tuple[bytes, ...]) -> None:
    """RFC 9112, 6: each server would read another request out of a contradiction."""
    framing = [(name.lower(), value) for name, value in headers if name.lower() in _FRAMING]
    sound = [("content-length", str(sum(map(len, chunks)))), ("transfer-encoding", "chunked")]
    if len(framing) > 1 or any(field not in sound for field in framing):
        raise ValueError(f"{framing} contradicts the body, or itself")


def _tells_length(request: Request, chunks: tuple[bytes, ...]) -> bool:
    """RFC 9110, 8.6: where there is a body, and where one is expected."""
    return bool(chunks) or request.method in ("POST", "PUT", "PATCH")


def _target(request: Request, base: Base) -> str:
    if request.target is not None:
        return checked_target(request.target, base)
    root = quote(base.root.encode("latin-1"), safe=_PATH_SAFE)
    target = root + quote(request.path or "/", safe=_PATH_SAFE)
    if request.query is None:
        return target
    given = request.query
    query = given if isinstance(given, str) else urlencode(pairs(given))
    return f"{target}?{query}"


def _body(request: Request) -> tuple[str, tuple[bytes, ...]]:
    """The content type that the kind of body implies, and the pieces that are not empty."""
    content_type, chunks = "", [b""]
    if request.files is not None:
        content_type, chunks = _multipart(pairs(request.form or {}), request.files)
    elif request.form is not None:
        content_type = "application/x-www-form-urlencoded"
        chunks = [urlencode(pairs(request.form)).encode()]
    elif request.json is not UNSET:
        content_type = "application/json"
        chunks = [dumps(request.json, ensure_ascii=False, separators=(",", ":")).encode()]
    elif request.body_base64 is not None:
        chunks = [decode_base64(request.body_base64, "body_base64")]
    else:
        chunks = [piece.encode() for piece in request.chunks or [request.body or ""]]
    return content_type, tuple(filter(None, chunks))


def _multipart(fields: list[tuple[str, str]], files: list[File]) -> tuple[str, list[bytes]]:
    """RFC 7578; the boundary is the same in every run, and grows until no content holds it."""
    contents = [_content(file) for file in files]
    boundary = "quart-parity"
    while any(boundary.encode() in text for text in [*contents, *(v.encode() for _, v in fields)]):
        boundary += "-"
    encoder = MultipartEncoder(boundary.encode())
    events: list[Any] = [Preamble(data=b"")]
    for name, value in fields:
        events += [Field(name=_quoted(name), headers=MultipartHeaders()), _last(value.encode())]
    for file, content in zip(files, contents, strict=True):
        headers = MultipartHeaders([("Content-Type", file.content_type)])
        name, filename = _quoted(file.field), _quoted(file.filename)
        events += [FilePart(name=name, filename=filename, headers=headers), _last(content)]
    events.append(Epilogue(data=b""))
    body = b"".join(encoder.send_event(event) for event in events)
    return f"multipart/form-data; boundary={boundary}", [body]


def _quoted(name: str) -> str:
    """What would end a name, as browsers write it (HTML Standard, 4.10.22.8)."""
    return name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")


def _last(data: bytes) -> Data:
    return Data(data=data, more_data=False)


def _content(file: File) -> bytes:
    if file.content_base64 is not None:
        return decode_base64(file.content_base64, "content_base64")
    return (file.content or "").encode()


def fill(request: Request, values: Mapping[str, str]) -> Request:
    """The request with its ``{{name}}`` replaced by what was captured."""
    return structs.replace(
        request,
        **{
            name: _filled(getattr(request, name), values)
            for name in request.__struct_fields__
            if name != "capture"
        },
    )


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return PLACEHOLDER.sub(lambda match: values[match[1]], value)
    if isinstance(value, Struct):
        names = value.__struct_fields__
        return structs.replace(value, **{n: _filled(getattr(value, n), values) for n in names})
    if isinstance(value, dict):
        return {_filled(k, values): _filled(v, values) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_filled(item, values) for item in value)
    return value
