"""The shell around a served application: what it changes in a request, and what it tells."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request, session
from flask.sessions import SecureCookieSessionInterface

from quart_parity.drivers.asgi import scope
from quart_parity.drivers.wsgi import environ
from quart_parity.exchange import RawRequest, parse_base
from quart_parity.serving.handover import HEADER, Control, Handover, Start
from quart_parity.serving.keys import Keys
from quart_parity.serving.served import ASGIShell, Watched, WSGIShell, shelled
from tests.builders import raw_request

START = Start("shop:app", "/shop", {}, "flask", "wsgi", ("wsgi",), "the probe", "the proof")
MOUNT = "https://shop.example:8443/app"


@pytest.fixture
def handover(tmp_path: Path) -> Iterator[Handover]:
    handover = Handover(tmp_path)
    handover.write_control(Control())
    yield handover
    handover.write_control(Control())


def on_a_server(target: str, *headers: tuple[str, str]) -> RawRequest:
    """A request as a server on some port sees it."""
    return raw_request(target=target, headers=headers, base="http://127.0.0.1:54321")


def seen_in_wsgi(handover: Handover, target: str) -> dict[str, Any]:
    """The environ that an application gets."""
    seen: dict[str, Any] = {}

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.update(environ)
        return []

    shell = WSGIShell(app, Watched(handover, START, app))
    list(shell(environ(on_a_server(target)), lambda *args: None))
    return seen


async def seen_in_asgi(handover: Handover, target: str) -> dict[str, Any]:
    """The scope that an application gets."""
    seen: dict[str, Any] = {}

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        seen.update(scope)

    shell = ASGIShell(app, Watched(handover, START, app), "shop")
    await shell(scope(on_a_server(target)), _nothing, _ignore)
    return seen


def called(app: Any) -> list[bytes]:
    """The body that an application gives."""
    return list(app(environ(on_a_server("/")), lambda *args: lambda data: None))


async def _nothing() -> dict[str, Any]:
    return {"type": "http.disconnect"}


async def _ignore(message: dict[str, Any]) -> None: ...


PATHS = ["/app/where", "/app", "/app/", "/app/a%20b/%C3%A4", "/app/app/x", "/app/x?next=/app"]


@pytest.mark.parametrize("target", PATHS)
async def test_an_application_sees_what_it_sees_in_process(handover: Handover, target: str) -> None:
    """Scheme, server, mount point and path are those of the scenario's base, on any port."""
    handover.write_control(Control.of(parse_base(MOUNT), 0.0, 0, []))
    here = raw_request(target=target, base=MOUNT)
    names = ["wsgi.url_scheme", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME", "PATH_INFO"]
    keys = ["scheme", "server", "root_path", "path", "query_string"]
    wsgi, asgi = seen_in_wsgi(handover, target), await seen_in_asgi(handover, target)

    assert [wsgi[name] for name in names] == [environ(here)[name] for name in names]
    assert [asgi[key] for key in keys] == [scope(here)[key] for key in keys]


def test_what_holds_may_change_between_two_requests(handover: Handover) -> None:
    """The file is looked into at every request."""
    seen = []

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append(environ["wsgi.url_scheme"])
        return []

    shell = WSGIShell(app, Watched(handover, START, app))
    for scheme in ("http", "https", "http"):
        handover.write_control(Control(scheme=scheme))
        shell(environ(on_a_server("/")), lambda *args: None)

    assert seen == ["http", "https", "http"]


async def test_a_probe_is_answered_by_the_shell(handover: Handover) -> None:
    """The application does not notice; whoever does not know the text reaches it."""
    calls: list[str] = []
    sent: list[dict[str, Any]] = []
    statuses: list[str] = []

    def wsgi(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        calls.append("wsgi")
        return []

    async def asgi(scope: dict[str, Any], receive: Any, send: Any) -> None:
        calls.append("asgi")

    async def keep(message: dict[str, Any]) -> None:
        sent.append(message)

    probe, other = (on_a_server("/", (HEADER, text)) for text in ("the probe", "a probe"))
    wsgi_shell = WSGIShell(wsgi, Watched(handover, START, wsgi))
    asgi_shell = ASGIShell(asgi, Watched(handover, START, asgi), "shop")
    body = list(wsgi_shell(environ(probe), lambda status, headers: statuses.append(status)))
    await asgi_shell(scope(probe), _nothing, keep)

    assert (body, statuses) == ([b"the proof"], ["200 OK"])
    assert [message.get("body") for message in sent] == [None, b"the proof"]
    assert calls == []

    wsgi_shell(environ(other), lambda *args: None)
    await asgi_shell(scope(other), _nothing, _ignore)

    assert calls == ["wsgi", "asgi"]


def test_a_class_that_is_exchanged_takes_effect(handover: Handover) -> None:
    """An application is called by the class that it has at that time."""

    class Louder(Flask):
        def wsgi_app(self, environ: Any, start_response: Any) -> Any:
            return [b"LOUD"]

    app = Flask("shop", static_folder=None)
    shell = shelled(app, "wsgi", Watched(handover, START, app), "shop")
    app.__class__ = Louder

    assert shell is app
    assert called(app) == [b"LOUD"]


def test_an_application_with_a_config_of_its_own_has_no_keys(handover: Handover) -> None:
    """Other frameworks have a mapping of that name too, and no sessions that can be read."""

    class Application:
        def __init__(self) -> None:
            self.config = {"SECRET_KEY": "key"}

    Watched(handover, START, Application()).note_keys()

    assert handover.read_keys() is None


def test_what_is_wrapped_around_an_application_stays(handover: Handover) -> None:
    """A middleware that an application has put around itself is inside of the shell."""
    app = Flask("shop", static_folder=None)
    inner = app.wsgi_app

    def middleware(environ: dict[str, Any], start_response: Any) -> Any:
        return [environ["wsgi.url_scheme"].encode(), *inner(environ, start_response)]

    app.wsgi_app = middleware  # type: ignore[method-assign]
    handover.write_control(Control(scheme="https"))
    shelled(app, "wsgi", Watched(handover, START, app), "shop")

    assert called(app)[0] == b"https"


def test_keys_are_told_before_the_answer(handover: Handover) -> None:
    """Whoever has a cookie can read it, though a request may have changed what signs it."""
    app = Flask("shop", static_folder=None)

    @app.get("/<key>")
    def sign(key: str) -> str:
        app.config["SECRET_KEY"] = key
        app.config["SESSION_COOKIE_NAME"] = f"of-{key}"
        session["path"] = request.path
        return ""

    known: list[Keys | None] = []
    app.config["SECRET_KEY"] = "first"
    app.session_interface = SecureCookieSessionInterface()
    watched = Watched(handover, START, app)
    served = shelled(app, "wsgi", watched, "shop")
    for key in ("a", "b"):
        served(environ(on_a_server(f"/{key}")), lambda *args: known.append(handover.read_keys()))

    assert [keys and (keys.name, keys.secrets) for keys in known] == [
        ("of-a", [b"a"]),
        ("of-b", [b"b"]),
    ]
