"""The fields of a request, without what Quart adds to them: an address, and a host."""

import asyncio
import copy
import pickle
from typing import Any

import pytest
import quart
from werkzeug.datastructures import Headers

from quart_parity.compat.switches import override
from quart_parity.trials import Pieces
from tests.compat.sides import (
    COMPAT,
    FLASK,
    STOCK,
    Answer,
    CompatQuart,
    Make,
    Side,
    call_asgi,
    call_wsgi,
    cases,
)
from tests.compat.uploading import post

OWN = [("Remote-Addr", "203.0.113.9"), ("X-Tag", "a"), ("Cookie", "a=1")]
OFF = {"FLASK_COMPAT": {"QP054": False}}


def fields_of(headers: Any) -> list[Any]:
    return sorted((name.title(), value) for name, value in headers)


LOOKS: dict[str, Any] = {
    "iterated": fields_of,
    "items": lambda headers: fields_of(headers.items()),
    "names": lambda headers: sorted(headers.keys()),
    "values": lambda headers: sorted(headers.values()),
    "count": len,
    "dict": lambda headers: sorted(dict(headers)),
    "text": lambda headers: "127.0.0.1" in str(headers),
    "repr": lambda headers: "127.0.0.1" in repr(headers),
    "wsgi": lambda headers: fields_of(headers.to_wsgi_list()),
    "item": lambda headers: headers.get("Remote-Addr"),
    "lower": lambda headers: headers.get("remote-addr", "none"),
    "contained": lambda headers: "REMOTE-ADDR" in headers,
    "list": lambda headers: headers.getlist("Remote-Addr"),
    "typed": lambda headers: headers.getlist("Remote-Addr", type=str),
    "another": lambda headers: [headers.get("X-Tag"), headers.getlist("x-tag"), "X-Tag" in headers],
    "twice": lambda headers: [len(headers), fields_of(headers), headers.get("Remote-Addr")],
}


def looking(look: Any) -> Make:
    """A view that looks at the headers, and then tells what is known of the client."""

    def view(side: Side) -> Any:
        request = side.request
        return [look(request.headers), request.remote_addr, list(request.access_route)]

    return view


@pytest.mark.parametrize("headers", [[], OWN], ids=["none", "own"])
@pytest.mark.parametrize("look", cases(LOOKS))
def test_headers_are_what_the_client_has_sent(look: Any, headers: Any) -> None:
    """However they are looked at, they hold no address but what the client has sent."""
    answer = post(COMPAT, looking(look), [], headers)

    assert answer == post(FLASK, looking(look), [], headers)
    assert answer[0] == 200


@pytest.mark.parametrize("headers", [[], OWN], ids=["none", "own"])
@pytest.mark.parametrize("look", cases(LOOKS))
def test_headers_are_quarts_with_the_piece_off(look: Any, headers: Any) -> None:
    """Without the piece the address comes first among them."""
    answer = post(COMPAT, looking(look), [], headers, config=OFF)

    assert answer == post(STOCK, looking(look), [], headers)


OF_QUART: dict[str, Any] = {
    "copy": lambda headers: fields_of(headers.copy()),
    "copied": lambda headers: fields_of(copy.deepcopy(headers)),
    "pickled": lambda headers: fields_of(pickle.loads(pickle.dumps(headers))),  # noqa: S301  # ours
    "first": lambda headers: headers[0],
    "slice": lambda headers: len(headers[:]),
}


@pytest.mark.parametrize("config", [{}, OFF], ids=["on", "off"])
@pytest.mark.parametrize("look", cases(OF_QUART))
def test_headers_are_still_quarts(look: Any, config: Any) -> None:
    """What Flask's cannot do, Quart's do as before, with the address or without."""

    def iterated(side: Side) -> Any:
        return look(Headers(list(side.request.headers)))

    def view(side: Side) -> Any:
        return look(side.request.headers)

    assert post(COMPAT, view, [], OWN, config=config) == post(
        COMPAT, iterated, [], OWN, config=config
    )


def removed(side: Side) -> Any:
    del side.request.headers["Remote-Addr"]
    return fields_of(side.request.headers)


def replaced(side: Side) -> Any:
    side.request.headers["Remote-Addr"] = "198.51.100.1"
    return fields_of(side.request.headers)


def cleared(side: Side) -> Any:
    side.request.headers.clear()
    return fields_of(side.request.headers)


@pytest.mark.parametrize("view", [removed, replaced, cleared])
def test_what_the_application_has_changed_stays(view: Make) -> None:
    """One that has removed the address itself, or put another there, loses nothing else."""
    assert post(COMPAT, view, [], OWN[1:]) == post(STOCK, view, [], OWN[1:])


def test_address_is_that_of_a_proxys_client() -> None:
    """A middleware that sets `client` by what a proxy tells is believed."""
    app = COMPAT.app(looking(LOOKS["item"]))

    async def fixed(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "client": ("198.51.100.7", 0)}, receive, send)

    answer = asyncio.run(call_asgi(fixed, "/", "GET", headers=OWN))

    assert answer.body == b'["203.0.113.9","198.51.100.7",["198.51.100.7"]]\n'


def test_request_class_of_ones_own_finds_the_address() -> None:
    """While the request is made its headers are Quart's, so that a constructor may read them."""

    class Own(quart.Request):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.known = self.headers["Remote-Addr"]

    class App(CompatQuart):
        request_class = Own

    app = App(__name__)

    @app.get("/")
    async def view() -> Any:
        own: Any = quart.request
        return [own.known, quart.request.remote_addr, "Remote-Addr" in quart.request.headers]

    assert COMPAT.call(app).body == b'["127.0.0.1","127.0.0.1",false]\n'


@pytest.mark.parametrize(
    ("look", "asked"),
    [("another", False), ("item", True), ("names", True), ("count", True)],
)
def test_piece_is_asked_for_only_where_the_address_shows(look: str, asked: bool) -> None:
    """A view that reads single fields and cookies has nothing to do with it."""
    app = COMPAT.app(looking(LOOKS[look]))
    app.before_request(lambda: str(quart.request.cookies)[:0] or None)
    pieces = Pieces.but()
    override(app, pieces)
    COMPAT.call(app, headers=OWN[1:])

    assert ("QP054" in pieces.asked[-1]) == asked


def told(side: Side) -> Any:
    url = side.url_for("root", _external=True)
    return [side.request.host, side.request.host_url, url, side.request.headers.get("Host")]


def over_http10(side: Side, host: str | None, server: Any, **config: Any) -> Answer:
    """The answer to a request of HTTP/1.0."""
    app = side.app(told, **config)
    if side is FLASK:

        def wsgi(environ: Any, start: Any) -> Any:
            environ |= {"SERVER_NAME": server[0], "SERVER_PORT": str(server[1])}
            environ |= {"SERVER_PROTOCOL": "HTTP/1.0", "HTTP_HOST": host}
            if host is None:
                del environ["HTTP_HOST"]
            return app(environ, start)

        return call_wsgi(wsgi, "/", "GET")

    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        fields = [pair for pair in scope["headers"] if pair[0] != b"host"]
        named = [] if host is None else [(b"Host", host.encode())]
        scope |= {"http_version": "1.0", "server": server, "headers": [*named, *fields]}
        await app(scope, receive, send)

    return asyncio.run(call_asgi(asgi, "/", "GET"))


@pytest.mark.parametrize("config", [{}, {"SERVER_NAME": "a.example"}], ids=["unnamed", "named"])
@pytest.mark.parametrize("server", [("shop.example", 80), ("127.0.0.1", 8000), ("::1", 443)])
@pytest.mark.parametrize("host", [None, "", "b.example"])
def test_host_of_http10_is_as_in_flask(host: str | None, server: Any, config: Any) -> None:
    """Where the client names no host it is the server's, and otherwise what the client says."""
    answer = over_http10(COMPAT, host, server, **config)

    assert answer == over_http10(FLASK, host, server, **config)
    assert answer.status == 200


@pytest.mark.parametrize("config", [{}, {"SERVER_NAME": "a.example"}], ids=["unnamed", "named"])
def test_host_of_http10_is_quarts_with_the_piece_off(config: Any) -> None:
    """Without the piece it is SERVER_NAME, or nothing."""
    off = config | {"FLASK_COMPAT": {"QP058": False}}
    server = ("shop.example", 80)

    assert over_http10(COMPAT, None, server, **off) == over_http10(STOCK, None, server, **config)


def test_socket_without_a_port_has_no_host() -> None:
    """A server that listens on a socket of the file system has no address to tell of."""
    answer = over_http10(COMPAT, None, ("/run/app.sock", None))

    assert answer.body.startswith(b'["","http:///"')
