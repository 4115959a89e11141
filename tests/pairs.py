"""A Flask application and its port, for tests of suites that use the `parity` fixture."""

from collections.abc import Callable
from textwrap import dedent

import pytest

import quart_parity.mirror.plugin  # noqa: F401  # Once, and not in every inner run.

SIDE = """
import asyncio
from time import time
from quart import Quart as App, jsonify, redirect, request, session
from quart_parity.compat import FlaskCompat


class Port(FlaskCompat, App):
    pass


def create_app(config=None):
    app = Port(__name__)
    app.config["SECRET_KEY"] = "nobody's"
    app.config.update(config or {})
    visits = []

    @app.get("/")
    async def index():
        await asyncio.sleep(0)
        return "the same"

    @app.get("/side")
    async def side():
        return SIDE

    @app.get("/visits")
    async def count():
        visits.append(1)
        return str(len(visits))

    @app.get("/to-side")
    async def to_side():
        return redirect("/hop")

    @app.get("/hop")
    async def hop():
        return redirect("/") if SIDE == "quart" else redirect("/visits")

    @app.get("/home")
    async def home():
        return redirect("/")

    @app.get("/stream")
    async def stream():
        def pieces():
            yield "one"
            yield SIDE
        return pieces()

    @app.route("/echo", methods=["GET", "POST", "PUT"])
    async def echo():
        files = await request.files
        return jsonify(
            body=(await request.get_data()).decode() if request.mimetype == "text/plain" else None,
            form=sorted((await request.form).items(multi=True)),
            files=[[name, file.filename, file.read().decode()] for name, file in files.items()],
            json=await request.get_json() if request.is_json else None,
            query=request.args,
            scheme=request.scheme,
            cookies=request.cookies,
        )

    @app.get("/time")
    async def now():
        return str(int(time()) + (59 if SIDE == "flask" else 60))

    @app.get("/name")
    async def name():
        return session.get("name", "nobody")

    @app.get("/fail")
    async def fail():
        raise LookupError("as it must")

    @app.get("/fail/here")
    async def fail_here():
        if SIDE == "flask":
            raise LookupError("here alone")
        return "fine"

    @app.teardown_request
    async def teardown(error):
        await asyncio.sleep(0)

    return app
"""
SETTINGS = """
[tool.quart-parity]
reference = "parity_flask"
candidate = "parity_quart"
"""

Run = Callable[..., pytest.RunResult]


def paired(pytester: pytest.Pytester) -> Run:
    """Write both applications; returns what runs the text of a module of tests beside them."""
    flask = SIDE.replace("import Quart as", "import Flask as").replace("from quart ", "from flask ")
    flask = flask.replace("(FlaskCompat, App)", "(App)")
    for name in ("files", "form", "get_data()", "get_json()"):
        flask = flask.replace(f"await request.{name}", f"request.{name}")
    sides = {"flask": flask, "quart": SIDE}
    pytester.makepyfile(
        **{f"parity_{side}": f"SIDE = {side!r}\n{text}" for side, text in sides.items()}
    )
    pytester.makepyprojecttoml(SETTINGS)
    pytester.syspathinsert()

    def run(tests: str, *args: str, mode: str = "auto") -> pytest.RunResult:
        pytester.makepyfile("import pytest\n" + dedent(tests))
        given = "-p", "quart_parity.pytest_plugin", "-p", "no:flask", "-p", "no:randomly"
        loops = f"asyncio_mode={mode}", "asyncio_default_fixture_loop_scope=function"
        ini = [part for setting in loops for part in ("-o", setting)]
        return pytester.runpytest_inprocess(*given, *ini, "-W", "error", *args)

    return run
