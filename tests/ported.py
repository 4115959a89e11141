"""A small Flask application with its port, and a suite that is run on both."""

import re
import sys
from dataclasses import dataclass, field
from textwrap import dedent

import pytest

import quart_parity.mirror.causes
import quart_parity.mirror.plugin  # noqa: F401  What is imported outside, inner runs import no more.

_OPTIONS = ["-p", "quart_parity.pytest_plugin", "-p", "no:cacheprovider", "-p", "no:randomly"]
_OPTIONS += ["-W", "error", "-o", "asyncio_default_fixture_loop_scope=function"]
_AWAITED = re.compile(
    r"(\brequest\.(?:get_data|get_json)\([^()]*\)|\brequest\.(?:form|files|json|data)\b"
    r"|\b(?:make_response|render_template_string|send_file)\([^()]*\))"
)
_VIEW = re.compile(r"(@app\.\w+(?:\(.*\))?\n(?: *@.*\n)*)( *)def ")
_FLASK = """\
from flask import *

def create_app(config=None):
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "kept by nobody"
    app.config.update(config or {})
"""
_QUART = """\
from quart import *
from quart_parity.compat import *

class App(FlaskCompat, Quart): ...

def create_app(config=None):
    app = App(__name__)
    app.config.update(config or {})
"""
_CONFTEST = """\
import pytest
from original import create_app

@pytest.fixture
def app():
    return create_app()

@pytest.fixture
def client(app):
    return app.test_client()
"""


def ported(views: str) -> str:
    """The views as they are ported by hand: asynchronous, and awaiting what must be awaited."""
    return _VIEW.sub(r"\1\2async def ", _AWAITED.sub(r"(await \1)", views))


@dataclass(slots=True)
class Suite:
    """Tests of an application; both are given as source, the views in a factory's body."""

    pytester: pytest.Pytester
    views: str
    tests: str
    conftest: str = _CONFTEST
    options: list[str] = field(default_factory=list)
    candidate: str = "port:create_app()"

    def run(self, before: str = "", after: str = "") -> pytest.RunResult:
        """Run the suite mirrored; in the port *after* stands where *before* does."""
        views = dedent(self.views).strip("\n")
        port = ported(views)
        assert before in port, f"the port has no {before!r}:\n{port}"
        self._write("original.py", _FLASK, views)
        self._write("port.py", _QUART, port.replace(before, after))
        self.pytester.makepyfile(conftest=dedent(self.conftest), test_it=dedent(self.tests))
        with pytest.MonkeyPatch.context() as patch:
            # Two versions of a file in one second would be one to whoever kept the first compiled.
            patch.setattr(sys, "dont_write_bytecode", True)
            return self.pytester.runpytest_inprocess(
                *_OPTIONS, f"--parity-candidate={self.candidate}", *self.options
            )

    def _write(self, name: str, head: str, views: str) -> None:
        body = "".join(f"    {line}\n" if line else "\n" for line in views.splitlines())
        path = self.pytester.path / name
        path.write_text(f"{head}\n{body}    return app\n", "utf-8")

    def is_equal(self, passed: int = 1) -> None:
        """All tests pass with the port as it should be, each mirrored."""
        result = self.run()

        result.assert_outcomes(passed=passed)
        result.stdout.fnmatch_lines(["*exchange*mirrored*"])

    def finds(self, before: str, after: str, *told: str, passed: int = 0, failed: int = 1) -> str:
        """With an error in the port tests fail, and *told* is in what they say."""
        result = self.run(before, after)

        result.assert_outcomes(passed=passed, failed=failed)
        text = result.stdout.str()
        for part in told:
            assert part in text, f"{part!r} is not in the account"
        return text
