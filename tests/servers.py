"""Applications for servers, and a look at what these leave behind."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from quart_parity import Request, Scenario
from quart_parity.encoding import encode
from quart_parity.exchange import Exchange, parse_base
from quart_parity.serving.servers import find_server
from quart_parity.serving.started import StartedSide
from quart_parity.sides import Served

PAIRS = [
    *[("flask", name) for name in ("flask", "gunicorn", "waitress", "hypercorn", "granian")],
    *[("quart", name) for name in ("hypercorn", "uvicorn", "granian")],
]
"""Every application that a server can serve."""

SHOP = """
import os
import sys
import time

from flask import Flask, request, session


def create_app(config=None):
    app = Flask(__name__)
    app.config.update({"SECRET_KEY": "key", "PERMANENT_SESSION_LIFETIME": 60}, **(config or {}))
    visits = []

    @app.get("/colour")
    def colour():
        return str(app.config.get("COLOUR"))

    @app.get("/debug")
    def debug():
        return f"{app.debug} {request.headers.get('X-Forwarded-For')} {request.remote_addr}"

    @app.get("/visits")
    def count():
        visits.append(1)
        return str(len(visits))

    @app.get("/where")
    def where():
        return " ".join([request.url, request.root_path, request.path, request.scheme])

    @app.get("/login")
    def login():
        session.permanent = True
        session["name"] = "ada"
        return "hello"

    @app.get("/whoami")
    def whoami():
        return str(session.get("name"))

    @app.get("/now")
    def now():
        return str(time.time())

    @app.get("/rekey")
    def rekey():
        app.config["SECRET_KEY"] = "another"
        session["name"] = "bob"
        return "rekeyed"

    @app.get("/fail")
    def fail():
        raise LookupError("no such shelf")

    @app.get("/error")
    def error():
        return "broken", 503

    @app.get("/die")
    def die():
        os._exit(7)

    @app.get("/folder")
    def folder():
        return os.getcwd()

    @app.get("/process")
    def process():
        return str(os.getpid())

    @app.get("/hang")
    def hang():
        time.sleep(60)

    return app
"""


def shop(framework: str) -> str:
    """The source of an application factory, for Flask or for Quart."""
    if framework == "flask":
        return SHOP
    port = SHOP.replace("from flask", "from quart").replace("Flask", "Quart")
    # Plain functions would run in threads; these block or end their process just the same.
    return port.replace("    def ", "    async def ").replace("async def create", "def create")


def one(path: str = "/colour", **fields: Any) -> Scenario:
    """A scenario with one request."""
    return Scenario(path, [Request(path=path)], **fields)


def get(served: Served, path: str, base: str = "http://localhost", **headers: str) -> Exchange:
    """What a server answers."""
    request = Request(path=path, headers=dict(headers))
    return served.driver.send(encode(request, parse_base(base)))


def text(exchange: Exchange) -> str:
    """The body of an answer."""
    assert exchange.response is not None, exchange.broken
    return exchange.response.body.decode()


def cookie_of(exchange: Exchange) -> str:
    """The value of the session cookie that an answer sets."""
    assert exchange.response is not None, exchange.broken
    fields = dict(exchange.response.headers)
    field = fields.get("Set-Cookie") or fields["set-cookie"]
    return field.partition("=")[2].partition(";")[0]


@contextmanager
def started(target: str, server: str, where: Path, **options: Any) -> Iterator[StartedSide]:
    """A side of its own."""
    side = StartedSide(target, find_server(server), 5, where=where, **options)
    try:
        yield side
    finally:
        side.close()


def group(pid: int) -> list[int]:
    """The living processes of a process group."""
    members = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(status[2]) == pid and status[0] not in "ZX":
                members.append(int(entry.name))
    return members


def comes(true: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether it comes true in time."""
    until = monotonic() + seconds
    while not true():
        if monotonic() > until:
            return False
        sleep(0.01)
    return True


def folders(where: Path) -> list[str]:
    """What is left of private folders in the one for temporary files."""
    return [name for name in os.listdir(where) if name.startswith("quart-parity-")]
