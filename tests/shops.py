"""Two small applications, an original and a port that is other in some places, and walks."""

from datetime import UTC, datetime
from typing import Any

import flask
import quart
from flask import Flask
from quart import Quart

from quart_parity import Report, Request, Scenario, check
from tests.builders import wsgi


def flask_shop(config: dict[str, Any] | None = None) -> Flask:
    """The original."""
    app = Flask("shop", static_folder=None)
    app.config.update({"SECRET_KEY": "key", "COLOUR": "red"} | (config or {}))
    app.logger.disabled = True
    visits: list[int] = []

    @app.get("/same")
    def same() -> str:
        return "same"

    @app.get("/other")
    def other() -> Any:
        return {"items": [{"price": 1}, {"price": 2}]}

    @app.get("/cookie")
    def cookie() -> flask.Response:
        response = flask.make_response("")
        response.set_cookie("theme", "dark", httponly=True)
        return response

    @app.get("/login")
    def login() -> str:
        flask.session["b"], flask.session["a"] = 1, 2
        return ""

    @app.get("/whoami")
    def whoami() -> str:
        return repr(sorted(flask.session.items()))

    @app.get("/colour")
    def colour() -> str:
        return str(app.config["COLOUR"])

    @app.get("/visits")
    def count() -> str:
        visits.append(1)
        return str(len(visits))

    @app.get("/now")
    def now() -> str:
        return datetime.now(UTC).isoformat()

    @app.get("/token")
    def token() -> str:
        return "token=flask"

    @app.get("/echo")
    def echo() -> str:
        return "ok" if flask.request.args.get("token") == "flask" else "refused"

    @app.get("/fail")
    def fail() -> str:
        raise LookupError("flask")

    return app


def quart_shop(config: dict[str, Any] | None = None) -> Quart:
    """The port, which is other in some places."""
    app = Quart("shop", static_folder=None)
    app.config.update({"SECRET_KEY": "key", "COLOUR": "red"} | (config or {}))
    app.logger.disabled = True
    visits: list[int] = []

    @app.get("/same")
    async def same() -> str:
        return "same"

    @app.get("/other")
    async def other() -> Any:
        return {"items": [{"price": 1}, {"price": 3}]}

    @app.get("/cookie")
    async def cookie() -> Any:
        response = await quart.make_response("")
        response.set_cookie("theme", "dark")
        return response

    @app.get("/login")
    async def login() -> str:
        quart.session["b"], quart.session["a"] = 1, 2
        return ""

    @app.get("/whoami")
    async def whoami() -> str:
        return repr(sorted(quart.session.items()))

    @app.get("/colour")
    async def colour() -> str:
        return str(app.config["COLOUR"])

    @app.get("/visits")
    async def count() -> str:
        visits.append(1)
        return str(len(visits))

    @app.get("/now")
    async def now() -> str:
        return datetime.now(UTC).isoformat()

    @app.get("/token")
    async def token() -> str:
        return "token=quart"

    @app.get("/echo")
    async def echo() -> str:
        return "ok" if quart.request.args.get("token") == "quart" else "refused"

    @app.get("/fail")
    async def fail() -> str:
        raise LookupError("quart")

    return app


def walk(*requests: str | Request, **fields: Any) -> Scenario:
    """A scenario of requests, or of paths to get."""
    made = [Request(path=one) if isinstance(one, str) else one for one in requests]
    return Scenario(**{"name": "walk", "requests": made} | fields)


def played(*scenarios: Scenario, **options: Any) -> Report:
    return check(flask_shop, quart_shop, scenarios, **options)


def told(report: Report) -> list[tuple[int, str, Any, Any]]:
    """Request, path and values of every difference."""
    return [(d.request, d.path, d.reference, d.candidate) for d in report.differences]


def silent() -> Any:
    """A factory of an application without a word: what the other side says is the difference."""
    return wsgi(body=[])


def bodies(report: Report) -> list[str]:
    """What the reference said, where the candidate was silent."""
    return [d.reference for d in report.differences if d.path == "body"]
