"""Responses: every documented conversion of what a view returns, its edges and its failures."""

from collections.abc import AsyncIterator as Iterator
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import UUID

from markupsafe import Markup
from quart import (
    Blueprint,
    abort,
    after_this_request,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    render_template_string,
    request,
    session,
    stream_template,
    url_for,
)
from quart.typing import ResponseReturnValue
from werkzeug import exceptions
from werkzeug.datastructures import Headers, WWWAuthenticate
from werkzeug.wrappers import Response as WerkzeugResponse

from quart_parity.compat import Response, send_file, send_from_directory, stream_with_context

from .app import TEXT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

blueprint = Blueprint("responses", __name__, url_prefix="/responses")

NOTES = "files/notes.txt"
# Said, since the framework would derive both from the place and the age of the file.
VALIDATORS: dict[str, Any] = {"etag": "notes-1", "last_modified": 1_700_000_000}
MOMENT = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)
GREETING = "<p>{{ greeting }}, {{ name }}!</p>"


class PlainResponse(Response):
    """A response class of the application's own."""

    default_mimetype = "text/plain"


@dataclass
class Point:
    """What the JSON provider writes as an object."""

    x: int
    y: int


def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Answer, as any WSGI application may, with repeated headers and what it was asked."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    headers = [("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    start_response("203 Non-Authoritative Information", headers)
    yield f"{environ['REQUEST_METHOD']} {environ['SCRIPT_NAME']}{environ['PATH_INFO']}\n".encode()
    yield f"query {environ['QUERY_STRING']}, body ".encode() + body


# Response objects


@blueprint.get("/object/response")
async def object_response() -> Response:
    """Return an object of the framework's response class."""
    return Response("made by hand", 202, {"X-Made": "by hand"}, mimetype="text/plain")


@blueprint.get("/object/empty")
async def object_empty() -> Response:
    """Return a response object that was given nothing."""
    return Response()


@blueprint.get("/object/parts")
async def object_parts() -> Response:
    """Return a response object with its body in a list: the length is known."""
    return Response(["one, ", "two, ", "thrée"])


@blueprint.get("/object/made")
async def object_made() -> ResponseReturnValue:
    """Return what make_response makes of body, status and headers."""
    return await make_response("made", 203, {"X-Made": "yes"})


@blueprint.get("/object/subclass")
async def object_subclass() -> Response:
    """Return an object of a subclass with another default MIME type."""
    return PlainResponse("plain by default")


@blueprint.get("/object/werkzeug")
async def object_werkzeug() -> ResponseReturnValue:
    """Return a Werkzeug response, which is coerced."""
    return WerkzeugResponse("from Werkzeug", 206, {"X-From": "Werkzeug"})


@blueprint.get("/object/overridden")
async def object_overridden() -> ResponseReturnValue:
    """Return a response object with status and headers overridden."""
    response = Response(
        "overridden", 200, Headers([("X-A", "old"), ("X-A", "older"), ("X-B", "kept")])
    )
    return response, 201, {"X-A": "new"}


@blueprint.get("/object/headers")
async def object_headers() -> Response:
    """Return a response object whose header properties were set."""
    response = Response("with properties")
    response.cache_control.max_age = 60
    response.cache_control.public = True
    response.vary.update(["Accept", "Cookie"])
    response.content_language.add("en")
    response.last_modified = response.expires = MOMENT
    response.set_etag("properties", weak=True)
    return response


@blueprint.get("/object/data")
async def object_data() -> Response:
    """Return a response object whose body was read and replaced."""
    response = Response("before")
    response.set_data(await response.get_data(as_text=True) + " and after")
    return response


@blueprint.get("/object/conditional")
async def object_conditional() -> Response:
    """Return a response object with its own ETag, made conditional on the request."""
    response = Response("the same every time")
    await response.add_etag()
    await response.make_conditional(request)
    return response


@blueprint.get("/object/after")
async def object_after() -> str:
    """Return a string whose response gets a header from a function registered for afterwards."""

    @after_this_request
    def add_header(response: Any) -> Any:
        response.headers["X-After"] = "yes"
        return response

    return "with a header from afterwards"


# Strings, bytes and templates


@blueprint.get("/string")
async def string() -> str:
    """Return a string."""
    return "a string"


@blueprint.get("/string/empty")
async def string_empty() -> str:
    """Return an empty string."""
    return ""


@blueprint.get("/string/unicode")
async def string_unicode() -> str:
    """Return a string outside ASCII: the length counts bytes of UTF-8."""
    return "naïve \N{SNOWMAN} \N{PILE OF POO}"


@blueprint.get("/string/markup")
async def string_markup() -> str:
    """Return a string marked as safe markup."""
    return Markup("<b>{}</b>").format("<escaped>")


@blueprint.get("/bytes")
async def bytes_() -> bytes:
    """Return bytes, whatever they stand for."""
    return bytes(range(256))


@blueprint.get("/template")
async def template() -> str:
    """Return a rendered template; ?name= is escaped in it."""
    return await render_template("greeting.html", name=request.args.get("name", "tom"))


@blueprint.get("/template/string")
async def template_string() -> str:
    """Return a template rendered from a string; ?name= is escaped in it."""
    name = request.args.get("name", "tom")
    return await render_template_string(GREETING, greeting="Hello", name=name)


@blueprint.get("/template/stream")
async def template_stream() -> Any:
    """Return a template as a stream."""
    return await stream_template("stream.html", numbers=range(3))


@blueprint.get("/template/missing")
async def template_missing() -> str:
    """Name a template that there is not: a 500."""
    return await render_template("missing.html")


# Tuples


@blueprint.get("/tuple/one")
async def tuple_one() -> Any:
    """Return a tuple of one element, which the documentation allows."""
    return ("alone in a tuple",)


@blueprint.get("/tuple/one/response")
async def tuple_one_response() -> Any:
    """Return a tuple of one response object."""
    return (Response("alone in a tuple", 202),)


@blueprint.get("/tuple/status")
async def tuple_status() -> ResponseReturnValue:
    """Return (body, status)."""
    return "created", 201


@blueprint.get("/tuple/headers")
async def tuple_headers() -> ResponseReturnValue:
    """Return (body, headers)."""
    return "with a header", {"X-A": "1"}


@blueprint.get("/tuple/status/headers")
async def tuple_status_headers() -> ResponseReturnValue:
    """Return (body, status, headers)."""
    return "created with a header", 201, {"X-A": "1"}


@blueprint.get("/tuple/none")
async def tuple_none() -> Any:
    """Return (body, None, None): neither is changed."""
    return "as it is", None, None


# Status


@blueprint.get("/status/phrase")
async def status_phrase() -> Any:
    """Return a status as text with its phrase: "201 CREATED"."""
    return "created", "201 CREATED"


@blueprint.get("/status/digits")
async def status_digits() -> Any:
    """Return a status as text without a phrase: "202"."""
    return "accepted", "202"


@blueprint.get("/status/enum")
async def status_enum() -> ResponseReturnValue:
    """Return a member of HTTPStatus."""
    return "created", HTTPStatus.CREATED


@blueprint.get("/status/unknown")
async def status_unknown() -> ResponseReturnValue:
    """Return a number that no document knows."""
    return "unknown", 299


@blueprint.get("/status/json")
async def status_json() -> Any:
    """Return a status as text with JSON."""
    return {"status": "text"}, "202 ACCEPTED"


# Headers


@blueprint.get("/headers/dict")
async def headers_dict() -> Any:
    """Return headers as a dict, one name with a list of values."""
    return "dict", {"X-One": "1", "X-Many": ["2", "3"]}


@blueprint.get("/headers/list")
async def headers_list() -> ResponseReturnValue:
    """Return headers as a list with a name repeated: both cookies arrive."""
    return "list", [("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "b=2; Path=/")]


@blueprint.get("/headers/tuple")
async def headers_tuple() -> Any:
    """Return headers as a tuple of pairs."""
    return "tuple", (("X-A", "1"), ("X-A", "2"))


@blueprint.get("/headers/object")
async def headers_object() -> ResponseReturnValue:
    """Return headers as a Headers object."""
    return "object", Headers([("X-A", "1"), ("X-A", "2")])


@blueprint.get("/headers/json")
async def headers_json() -> ResponseReturnValue:
    """Return repeated headers with JSON, where they update those of a finished response."""
    return {"headers": "list"}, [("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "b=2; Path=/")]


@blueprint.get("/headers/type")
async def headers_type() -> ResponseReturnValue:
    """Return a header that replaces the default content type."""
    return "a,b\n", {"Content-Type": "text/csv; charset=utf-8; header=absent"}


@blueprint.get("/headers/number")
async def headers_number() -> Any:
    """Return a header value that is a number."""
    return "number", {"X-Number": 42}


@blueprint.get("/headers/latin")
async def headers_latin() -> ResponseReturnValue:
    """Return a header value in Latin-1: one byte a character on the wire."""
    return "latin", {"X-Name": "café"}


# WSGI applications


@blueprint.route("/wsgi", methods=["GET", "POST"])
async def wsgi() -> Any:
    """Return a WSGI application, which is run, and its answer returned."""
    return application


@blueprint.get("/wsgi/overridden")
async def wsgi_overridden() -> Any:
    """Return a WSGI application with status and headers overridden."""
    return application, 202, {"X-Over": "ridden"}


# JSON


@blueprint.get("/json/dict")
async def json_dict() -> ResponseReturnValue:
    """Return a dict, which becomes JSON with sorted keys."""
    return {"b": 1, "a": None, "c": [True, 1.5]}


@blueprint.get("/json/list")
async def json_list() -> ResponseReturnValue:
    """Return a list, which becomes JSON."""
    return [1, "two", {"three": 3}]


@blueprint.get("/json/empty")
async def json_empty() -> ResponseReturnValue:
    """Return an empty dict."""
    return {}


@blueprint.get("/json/nested")
async def json_nested() -> ResponseReturnValue:
    """Return JSON nested in several levels."""
    return {"levels": [{"level": [{"level": {"level": []}}]}, {}]}


@blueprint.get("/json/unicode")
async def json_unicode() -> ResponseReturnValue:
    """Return JSON outside ASCII, which is escaped."""
    return {"naïve": "\N{SNOWMAN} \N{PILE OF POO} </script>"}


@blueprint.get("/json/types")
async def json_types() -> ResponseReturnValue:
    """Return what the JSON provider writes beyond JSON's own types."""
    return {
        "dataclass": Point(1, 2),
        "date": date(2024, 2, 29),
        "datetime": MOMENT,
        "decimal": Decimal("1.10"),
        "markup": Markup("<b>"),
        "tuple": (1, 2),
        "uuid": UUID(int=1),
    }


@blueprint.get("/json/jsonify")
async def json_jsonify() -> ResponseReturnValue:
    """Return jsonify of keyword arguments, with a status set on it."""
    response = jsonify(name="tom", age=3)
    response.status_code = 203
    return response


@blueprint.get("/json/scalar")
async def json_scalar() -> ResponseReturnValue:
    """Return jsonify of a string."""
    return jsonify("alone")


@blueprint.get("/json/unsupported")
async def json_unsupported() -> ResponseReturnValue:
    """Return a dict with what JSON cannot hold: a TypeError."""
    return {"object": object()}


# Streams


@blueprint.get("/stream/generator")
async def stream_generator() -> Any:
    """Return a generator: a body of unknown length."""

    async def generate() -> Iterator[str]:
        yield "one, "
        yield "two, "
        yield "thrée"

    return generate()


@blueprint.get("/stream/expression")
async def stream_expression() -> ResponseReturnValue:
    """Return a generator that an expression makes."""
    return (f"{number}\n" for number in range(3))


@blueprint.get("/stream/bytes")
async def stream_bytes() -> Any:
    """Return a generator of bytes, some of them empty."""

    async def generate() -> Iterator[bytes]:
        yield b""
        yield b"\x00\xff"
        yield b""

    return generate()


@blueprint.get("/stream/empty")
async def stream_empty() -> Any:
    """Return a generator that yields nothing."""

    async def generate() -> Iterator[str]:
        for number in range(0):
            yield str(number)

    return generate()


@blueprint.get("/stream/iterator")
async def stream_iterator() -> Any:
    """Return an iterator that is no generator."""
    return iter(["one, ", "two"])


@blueprint.get("/stream/status")
async def stream_status() -> Any:
    """Return an iterator with status and headers."""
    return map(str, range(3)), "206 PARTIAL CONTENT", [("X-A", "1"), ("X-A", "2")]


@blueprint.get("/stream/response")
async def stream_response() -> Response:
    """Return a response object with a generator for its body."""
    return Response((f"{number}\n" for number in range(3)), mimetype="text/plain")


@blueprint.get("/stream/context")
async def stream_context() -> Any:
    """Return a stream that keeps the context and reads the session, the request and g."""
    g.word = "kept"

    async def generate() -> Iterator[str]:
        yield f"session: {session.get('name', 'missing')}\n"
        yield f"request: {request.path}\n"
        yield f"g: {g.get('word')}\n"

    return stream_with_context(generate()), TEXT


@blueprint.get("/stream/context/function")
async def stream_context_function() -> Response:
    """Return a response of a generator function that keeps the context, the session read."""
    session.get("name")

    async def generate(name: str) -> Iterator[str]:
        yield f"{name}: {session.get(name, 'missing')}\n"

    stream: Any = stream_with_context(generate)
    return Response(stream("name"), mimetype="text/plain")


# Redirects


@blueprint.get("/redirect/relative")
async def redirect_relative() -> ResponseReturnValue:
    """Redirect to a path of this host."""
    return redirect("/getcookies?key=name")


@blueprint.get("/redirect/route")
async def redirect_route() -> ResponseReturnValue:
    """Redirect to a route by its name, with an argument that needs quoting."""
    return redirect(url_for("responses.template", name="tom & jerry"))


@blueprint.get("/redirect/absolute")
async def redirect_absolute() -> ResponseReturnValue:
    """Redirect to another host."""
    return redirect("https://shop.example/basket?item=1#top")


@blueprint.get("/redirect/unicode")
async def redirect_unicode() -> ResponseReturnValue:
    """Redirect to a path outside ASCII: it is percent-encoded."""
    return redirect("/söme päge?q=é b")


@blueprint.get("/redirect/unicode/host")
async def redirect_unicode_host() -> ResponseReturnValue:
    """Redirect to a host outside ASCII: it is written in Punycode."""
    return redirect("https://bücher.example/é")


@blueprint.get("/redirect/code")
async def redirect_code() -> ResponseReturnValue:
    """Redirect with 308 instead of 302."""
    return redirect("/responses/string", 308)


@blueprint.get("/redirect/slash/")
async def redirect_slash() -> str:
    """Return a string; without its last slash, this address redirects to itself."""
    return "with a slash"


# HTTP exceptions


@blueprint.get("/exception/raised")
async def exception_raised() -> str:
    """Abort with a description, which is escaped."""
    abort(404, "No <such> thing.")


@blueprint.get("/exception/returned")
async def exception_returned() -> Any:
    """Return an HTTP exception instead of raising it."""
    return exceptions.Gone("Gone, and returned.")


@blueprint.get("/exception/returned/tuple")
async def exception_returned_tuple() -> Any:
    """Return an HTTP exception with status and headers overridden."""
    return exceptions.Gone(), 404, {"X-A": "1"}


@blueprint.get("/exception/response")
async def exception_response() -> str:
    """Abort with a response object."""
    abort(Response("aborted with a response", 409))


@blueprint.get("/exception/headers")
async def exception_headers() -> str:
    """Raise an HTTP exception that brings headers of its own."""
    raise exceptions.Unauthorized(www_authenticate=WWWAuthenticate("basic", {"realm": "shop"}))


@blueprint.get("/exception/retry")
async def exception_retry() -> str:
    """Raise an HTTP exception that says when to come again."""
    raise exceptions.ServiceUnavailable(retry_after=120)


@blueprint.get("/exception/unhandled")
async def exception_unhandled() -> str:
    """Raise an exception that nobody handles: a 500."""
    raise LookupError("nobody handles this")


# Responses without a body


@blueprint.get("/empty/204")
async def empty_204() -> ResponseReturnValue:
    """Return 204: neither a body nor its length."""
    return "", 204


@blueprint.get("/empty/204/body")
async def empty_204_body() -> ResponseReturnValue:
    """Return 204 with a body, which is not sent."""
    return "never sent", 204


@blueprint.get("/empty/204/json")
async def empty_204_json() -> ResponseReturnValue:
    """Return 204 with JSON, which is not sent."""
    return {"never": "sent"}, 204


@blueprint.get("/empty/304")
async def empty_304() -> ResponseReturnValue:
    """Return 304 with a validator."""
    return "", 304, {"ETag": '"empty"'}


@blueprint.get("/empty/304/body")
async def empty_304_body() -> ResponseReturnValue:
    """Return 304 with a body and headers about it, neither of which is sent."""
    return "never sent", 304, {"Content-Language": "en", "Expires": "0"}


# Files


@blueprint.get("/file")
async def file() -> ResponseReturnValue:
    """Send a file with ETag and date: conditional, and in ranges where asked."""
    return await send_file(NOTES, **VALIDATORS)


@blueprint.get("/file/unconditional")
async def file_unconditional() -> ResponseReturnValue:
    """Send a file whole, whatever the request asks."""
    return await send_file(NOTES, conditional=False, **VALIDATORS)


@blueprint.get("/file/cached")
async def file_cached() -> ResponseReturnValue:
    """Send a file that may be kept for an hour."""
    return await send_file(NOTES, max_age=3600, **VALIDATORS)


@blueprint.get("/file/attachment")
async def file_attachment() -> ResponseReturnValue:
    """Send a file to be saved, under its own name."""
    return await send_file(NOTES, as_attachment=True, **VALIDATORS)


@blueprint.get("/file/attachment/unicode")
async def file_attachment_unicode() -> ResponseReturnValue:
    """Send a file to be saved, under a name outside ASCII."""
    return await send_file(NOTES, as_attachment=True, download_name="nöte s.csv", **VALIDATORS)


@blueprint.get("/file/memory")
async def file_memory() -> ResponseReturnValue:
    """Send a file from memory."""
    return await send_file(BytesIO(b"from memory"), mimetype="text/plain", last_modified=MOMENT)


@blueprint.get("/file/missing")
async def file_missing() -> ResponseReturnValue:
    """Send a file that there is not: a FileNotFoundError."""
    return await send_file("files/missing.txt")


@blueprint.get("/directory/<path:filename>")
async def directory(filename: str) -> ResponseReturnValue:
    """Send a file from below a directory: 404 for what is missing or outside."""
    return await send_from_directory("files", filename, **VALIDATORS)


# What the request brought


@blueprint.get("/echo/query")
async def echo_query() -> ResponseReturnValue:
    """Return the query as pairs."""
    return list(request.args.items(multi=True))


@blueprint.route("/echo/data", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
async def echo_data() -> ResponseReturnValue:
    """Return the body of the request, and its method in a header."""
    return await request.get_data(), TEXT | {"X-Method": request.method}


@blueprint.route("/echo/form", methods=["GET", "POST"])
async def echo_form() -> ResponseReturnValue:
    """Return the fields of a form as pairs."""
    return list((await request.form).items(multi=True))


@blueprint.route("/echo/json", methods=["GET", "POST"])
async def echo_json() -> ResponseReturnValue:
    """Return the JSON of the request, whatever its content type says."""
    return jsonify(await request.get_json(force=True))


@blueprint.route("/echo/files", methods=["GET", "POST"])
async def echo_files() -> ResponseReturnValue:
    """Return field, name, type and size of each uploaded file."""
    return [
        [field, file.filename, file.mimetype, len(file.read())]
        for field, file in (await request.files).items(multi=True)
    ]


# What must fail


@blueprint.get("/fail/none")
async def fail_none() -> Any:
    """Return None: a TypeError."""
    return None


@blueprint.get("/fail/number")
async def fail_number() -> Any:
    """Return a number: a TypeError."""
    return 42


@blueprint.get("/fail/set")
async def fail_set() -> Any:
    """Return a set: a TypeError."""
    return {"a set"}


@blueprint.get("/fail/tuple/empty")
async def fail_tuple_empty() -> Any:
    """Return an empty tuple: a TypeError."""
    return ()


@blueprint.get("/fail/tuple/none")
async def fail_tuple_none() -> Any:
    """Return a tuple of None alone: a TypeError."""
    return (None,)


@blueprint.get("/fail/tuple/four")
async def fail_tuple_four() -> Any:
    """Return a tuple of four: a TypeError."""
    return "body", 200, {}, "too much"


@blueprint.get("/fail/header")
async def fail_header() -> ResponseReturnValue:
    """Return a header with a line break: a ValueError."""
    return "split", {"X-A": "1\r\nSet-Cookie: forged=1"}


@blueprint.get("/fail/stream")
async def fail_stream() -> Any:
    """Return a generator that fails before its first chunk."""

    async def generate() -> Iterator[str]:
        yield str(int("not a number"))

    return generate()
