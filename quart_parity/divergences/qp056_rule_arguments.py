"""What a rule can be registered with."""

from __future__ import annotations

from typing import Any

from flask import Flask
from quart import Quart

from .divergence import Divergence
from .uploads import answers, upload

_RULES: dict[str, dict[str, Any]] = {
    "/old/<int:number>": {"endpoint": "old", "redirect_to": "new/<number>"},
    "/alias/<int:number>": {"endpoint": "new", "alias": True},
    "/built/<int:number>": {"endpoint": "built", "build_only": True},
}


def original() -> Flask:
    app = Flask("original")

    @app.post("/new/<int:number>")
    def new(number: int) -> Any:
        return str(number)

    return app


def port() -> Quart:
    app = Quart("port")

    @app.post("/new/<int:number>")
    async def new(number: int) -> Any:
        return str(number)

    return app


def observe(app: Any) -> Any:
    """What comes of each rule, and of a request for what it is a rule for."""
    errors: dict[str, str] = {}
    for rule, options in _RULES.items():
        try:
            app.add_url_rule(rule, methods=["POST"], **options)
        except TypeError as error:
            errors[rule] = type(error).__name__
    requests = [upload(rule.replace("<int:number>", "1"), ()) for rule in _RULES]
    return errors, [answer and answer[0] for answer in answers(app, *requests)]


DIVERGENCE = Divergence(
    code="QP056",
    title="Rules cannot be registered with `redirect_to`, `alias` or `build_only`",
    area="routing",
    severity="crash",
    flask="`route` and `add_url_rule` hand on to Werkzeug's `Rule` whatever it takes, among that"
    " `redirect_to`, `alias` and `build_only`.",
    quart="`TypeError`; the application does not start.",
    cause="`quart.routing.QuartRule.__init__` does not have these parameters.",
    affects={"quart": ">=0.19"},
    by_hand="Redirect in a view of its own: `return redirect(url_for('new', number=number))`.",
    by_compat="`add_url_rule` has such rules made by a class that takes them, and extends the"
    " application's `url_rule_class`. `FlaskCompat.apply` comes too late for rules that have been"
    " registered by then.",
    original=original,
    port=port,
    observe=observe,
)
