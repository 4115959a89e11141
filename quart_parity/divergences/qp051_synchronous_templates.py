"""Templates used without `await`."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask import get_template_attribute as flask_get_template_attribute
from jinja2 import DictLoader
from quart import Quart, get_template_attribute

from .divergence import Divergence

_TEMPLATES = {"mail.txt": "{% macro greet(name) %}Hello {{ name }}{% endmacro %}"}


def original() -> Flask:
    app = Flask("original")
    app.jinja_options = {"loader": DictLoader(_TEMPLATES)}

    @app.get("/")
    def macro() -> Any:
        return flask_get_template_attribute("mail.txt", "greet")("Ada")

    return app


def port() -> Quart:
    app = Quart("port")
    app.jinja_options = {"loader": DictLoader(_TEMPLATES)}

    @app.get("/")
    async def macro() -> Any:
        return get_template_attribute("mail.txt", "greet")("Ada")

    return app


DIVERGENCE = Divergence(
    code="QP051",
    title="Templates and their macros cannot be used without `await`",
    area="responses",
    severity="crash",
    flask="`app.jinja_env.get_template(…).render(…)` gives the text, of a mail for instance, and"
    " `get_template_attribute` gives a macro of a template as a function.",
    quart="In an asynchronous function both raise a `RuntimeError`, and so are a 500;"
    " `get_template_attribute`, though Quart has it, does so everywhere.",
    cause="`quart.templating.Environment` turns Jinja's `enable_async` on, with which"
    " `jinja2.Template.render` calls `asyncio.run`, and `jinja2.Template.module` refuses.",
    affects={"quart": ">=0.19"},
    by_hand="`await template.render_async(…)`; for macros"
    " `module = await template.make_module_async()`, then `await module.greet(…)`.",
    by_compat="The environment makes templates whose `render` works while a loop runs, unless the"
    " template really waits for something, and whose `module` comes from a synchronous twin of the"
    " environment.",
    original=original,
    port=port,
    shows=("status", "body", "header.content-length", "raised"),
)
