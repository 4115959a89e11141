"""Names of Flask's responses that Quart's lack: compat's have them, and do what Flask's do."""

import csv
from collections.abc import Callable
from typing import Any

import pytest
from quart import request
from quart.wrappers.response import DataBody
from werkzeug.test import create_environ

from quart_parity import compat
from tests.compat.sides import COMPAT, FLASK, CompatQuart, Make, Side, cases, steps

OFF = {"FLASK_COMPAT": {"QP010": False}}


def application(environ: Any, start_response: Any) -> Any:
    """A WSGI application that answers in pieces."""
    start_response("202 Taken", [("Content-Type", "text/plain"), ("X-A", "1"), ("X-A", "2")])
    yield environ["PATH_INFO"].encode()
    yield b"!"


def written(side: Side) -> Any:
    response = side.Response("ä", headers={"Content-Length": "7"})
    told = [response.stream.write(b"bc"), response.content_length, response.stream.tell()]
    response.stream.writelines([b"d", b"e"])
    print("f", "g", file=response.stream)
    csv.writer(response.stream).writerow(["h", "i"])
    response.headers["X-Told"] = str(told)
    return response


def written_again(side: Side) -> Any:
    response = side.Response("a")
    response.stream.write(b"b")
    response.set_data("c")
    response.stream.write(b"d")
    return response


def described(side: Side) -> Any:
    stream = side.Response("").stream
    told = [stream.mode, stream.encoding, stream.closed, stream.isatty(), stream.flush()]
    stream.close()
    return [*told, stream.closed]


@steps
def from_app(side: Side) -> Any:
    return (yield side.Response.from_app(application, create_environ("/path")))


@steps
def buffered(side: Side) -> Any:
    response = yield side.Response.from_app(application, create_environ("/path"), buffered=True)
    return {"sequence": response.is_sequence, "length": response.content_length}


@steps
def unsized(side: Side) -> Any:
    response = side.Response(iter("ab"))
    response.implicit_sequence_conversion = False
    return [(yield response.calculate_content_length()), response.is_streamed]


@steps
def passed_through(side: Side) -> Any:
    response = side.Response(iter("ab"))
    told = [response.direct_passthrough]
    response.direct_passthrough = True
    told += [response.direct_passthrough, (yield response.calculate_content_length())]
    response.direct_passthrough = False
    return [*told, (yield response.calculate_content_length())]


NAMES: dict[str, Make] = {
    "stream": written,
    "stream-and-data": written_again,
    "stream-as-a-file": described,
    "from-app": from_app,
    "from-app-buffered": buffered,
    "no-conversion": unsized,
    "passthrough": passed_through,
}


@pytest.mark.parametrize("make", cases(NAMES))
def test_name_does_what_flasks_does(make: Make) -> None:
    """A response says and does the same under each of these names."""
    expected = FLASK.get(make)

    assert expected.status != 500
    assert COMPAT.get(make) == expected


@pytest.mark.parametrize("make", cases(NAMES))
def test_name_is_not_there_without_its_piece(make: Make) -> None:
    """With the piece off the names are not there, as in Quart."""

    assert COMPAT.get(make, config=OFF).status == 500


USES: dict[str, Callable[[Any], object]] = {
    "is_sequence": lambda response: response.is_sequence,
    "is_streamed": lambda response: response.is_streamed,
    "direct_passthrough": lambda response: response.direct_passthrough,
    "stream": lambda response: response.stream,
    "iter_encoded": lambda response: response.iter_encoded(),
    "calculate_content_length": lambda response: response.calculate_content_length,
    "call_on_close": lambda response: response.call_on_close(list),
    "close": lambda response: response.close,
    "force_type": lambda response: type(response).force_type(response),
}


@pytest.mark.parametrize("use", cases(USES))
async def test_each_name_is_switched(use: Callable[[Any], object]) -> None:
    """No name is left when the piece is off."""
    app = CompatQuart(__name__)
    app.config.from_mapping(OFF)
    async with app.app_context():
        with pytest.raises(AttributeError):
            use(compat.Response("x"))

    assert use(compat.Response("x")) is not NotImplemented


async def test_what_compat_itself_needs_works_without_the_names() -> None:
    """ETags, lengths and conditions do not need the names of Flask."""
    app = CompatQuart(__name__)
    app.config.from_mapping(OFF)

    @app.route("/")
    async def view() -> Any:
        response = compat.Response(iter("ab"))
        await response.add_etag()
        this: Any = request
        return await response.make_conditional(this)

    answer = await app.test_client().get("/")

    assert answer.status_code == 200
    assert "etag" in answer.headers


def test_streamed_bodies_cannot_be_written_to() -> None:
    """Reading the body would have to wait, so writing to a streamed one is refused and says so."""
    response = compat.Response(iter("ab"))

    with pytest.raises(RuntimeError, match="make_sequence"):
        response.stream.write(b"c")


def test_closed_stream_refuses_to_write() -> None:
    """What is closed stays closed, however often it is asked for."""
    response = compat.Response("a")
    response.stream.close()

    with pytest.raises(ValueError, match="closed"):
        response.stream.write(b"b")


async def test_range_of_a_body_is_what_is_appended_to() -> None:
    """Writing goes on from the part that a range has left."""
    response = compat.Response("abcd")
    assert isinstance(response.response, DataBody)
    await response.response.make_conditional(1, 3)
    response.stream.write(b"x")

    assert await response.get_data() == b"bcx"


class Closing(compat.Response):
    """A class of the application's own that extends what is switched."""

    async def close(self) -> None:
        self.headers["X-Closed"] = "1"
        await super().close()


async def test_methods_can_be_extended() -> None:
    """`super()` finds the methods, which are switched, from a class of the application's own."""
    called = list[str]()
    response = Closing("x")
    response.call_on_close(lambda: called.append("function"))
    await response.close()

    assert called == ["function"]
    assert response.headers["X-Closed"] == "1"
