"""A small Flask suite with its port, which errs in a few places, and runs of pytest in it."""

import textwrap
from dataclasses import dataclass
from itertools import dropwhile, takewhile

import pytest

# What is imported here is not imported anew by each run within this process.
import quart_parity.compat
import quart_parity.mirror.causes
import quart_parity.mirror.plugin  # noqa: F401
from tests.project import CHECKOUT

PLUGIN = "quart_parity.pytest_plugin"
NAME = "parity: GET /name: body"
"""The first line of what is told of the port's one wrong body."""
CANDIDATE = "--parity-candidate=shop_quart:create_app()"
KEY = "the-key-of-the-shop"
PARITY = "*= parity =*"
"""The heading of the summary."""
TWO_TESTS = """
from shop_flask import create_app

app = create_app()

def test_before():
    app.test_client().get("{}")

def test_after():
    app.test_client().get("/")
"""
_APP = f"""
import secrets
from pathlib import Path
from flask import Flask, session

def create_app(config=None):
    app = Flask("plugged_shop", static_folder=None)
    app.config.update(SECRET_KEY={KEY!r}, COUNTER="counter.txt")
    app.config.update(config or {{}})

    @app.get("/")
    def index():
        return "same"

    @app.get("/name")
    def name():
        return "flask"

    @app.get("/login")
    def login():
        session["token"] = "flask-one"
        return "in"

    @app.get("/ticket")
    def ticket():
        return {{"ticket": secrets.token_hex(16)}}

    @app.get("/count")
    def count():
        path = Path(app.config["COUNTER"])
        path.write_text(str(int(path.read_text()) + 1))
        return path.read_text()

    @app.get("/boom")
    def boom():
        raise ValueError("boom")

    @app.get("/never/<int:n>")
    def never(n):
        return str(n)
"""
FLASK = f"""{_APP}
    @app.get("/created")
    def created():
        return "made", "201 CREATED"

    @app.get("/hang")
    def hang():
        return "soon"

    @app.get("/block")
    def block():
        return "soon"

    @app.get("/key")
    def key():
        return "flask"

    return app
"""
QUART = f"""{_APP.replace("flask", "quart").replace("Flask", "Quart")}
    @app.get("/created")
    async def created():
        return "made", "201 CREATED"

    @app.get("/hang")
    async def hang():
        import asyncio
        await asyncio.get_running_loop().create_future()

    @app.get("/block")
    async def block():
        import threading
        threading.Event().wait()

    @app.get("/key")
    async def key():
        return f"quart with {{app.config['SECRET_KEY']}}"

    return app
"""
CONFTEST = """
import pytest
from shop_flask import create_app

@pytest.fixture
def app(tmp_path):
    (tmp_path / "counter.txt").write_text("0")
    return create_app({"COUNTER": str(tmp_path / "counter.txt")})

@pytest.fixture
def client(app):
    return app.test_client()
"""
_INI = """
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
filterwarnings = error
xfail_strict = true
addopts = --strict-markers
"""
_ARGS = ("-p", PLUGIN, "-p", "no:flask", "-p", "no:randomly")


@dataclass
class Suite:
    """A suite of tests in a folder of its own."""

    pytester: pytest.Pytester

    def __post_init__(self) -> None:
        self.pytester.makepyfile(shop_flask=FLASK, shop_quart=QUART, conftest=CONFTEST)
        self.pytester.makeini(_INI)

    def tests(self, source: str) -> None:
        self.pytester.makepyfile(test_shop=source)

    def asks(self, *paths: str) -> None:
        """One test, which asks for the paths and is content with any answer."""
        self.tests(f"def test_it(client):\n    for path in {paths!r}:\n        client.get(path)")

    def also(self, source: str) -> None:
        """More in the conftest."""
        self.pytester.makepyfile(conftest=CONFTEST + textwrap.dedent(source))

    def settings(self, text: str = "candidate = 'shop_quart:create_app()'") -> None:
        self.pytester.makepyprojecttoml(f"[tool.quart-parity]\n{text}\n")

    def run(self, *args: str, **how: bool) -> pytest.RunResult:
        """pytest in this process, with the plugin loaded."""
        return self.pytester.runpytest_inprocess(*_ARGS, *args, **how)

    def start(self, *args: str) -> pytest.RunResult:
        """pytest in a process of its own."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHONPATH", str(CHECKOUT))
            return self.pytester.runpytest_subprocess(*_ARGS, *args)


def summary(result: pytest.RunResult) -> list[str]:
    """The lines below the heading of the mirror's own."""
    after = dropwhile(lambda line: "= parity =" not in line, result.outlines)
    next(after)
    return list(takewhile(lambda line: not line.startswith("==="), after))
