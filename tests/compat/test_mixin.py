"""The mixin as a whole: what importing it brings, how it is put together, what it leaves alone."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import quart

from quart_parity import compat
from tests.compat.sides import COMPAT, CompatQuart

CHECKOUT = Path(__file__).parents[2]

IMPORTS = """
import json, sys
import {name}
print(json.dumps(sorted(sys.modules)))
"""


def modules_after_importing(name: str) -> set[str]:
    """What a new interpreter has loaded after one import."""
    command = [sys.executable, "-c", IMPORTS.format(name=name)]
    done = subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True)
    return set(json.loads(done.stdout))


def test_importing_compat_imports_quart_and_nothing_of_ours() -> None:
    """Production code that imports compat loads no comparer and none of its libraries."""
    loaded = modules_after_importing("quart_parity.compat")
    added = loaded - modules_after_importing("quart")
    ours = {name for name in added if name.startswith("quart_parity.")}

    assert all(name.split(".")[1] == "compat" for name in ours)
    assert {name.split(".")[0] for name in added} <= {
        "quart_parity",
        "_typeshed",
        *sys.stdlib_module_names,
    }
    assert not loaded & {"rich", "rich_click", "msgspec", "time_machine", "pytest"}


def test_public_names_are_pinned() -> None:
    """The public names are these, sorted, and all there."""

    assert compat.__all__ == sorted(compat.__all__)
    assert set(compat.__all__) == {
        "FlaskCompat",
        "Request",
        "Response",
        "SecureCookieSessionInterface",
        "get_flashed_messages",
        "send_file",
        "send_from_directory",
        "stream_template",
        "stream_template_string",
        "stream_with_context",
    }
    assert all(hasattr(compat, name) for name in compat.__all__)


def test_mixin_after_quart_is_refused() -> None:
    """In the wrong order the mixin would do nothing, so the class is not made."""
    with pytest.raises(TypeError, match="for bases Quart, FlaskCompat"):
        type("App", (quart.Quart, compat.FlaskCompat), {})


def test_it_is_an_application_class_itself() -> None:
    """Whoever has no class of their own needs none."""
    app = compat.FlaskCompat(__name__)
    app.add_url_rule("/", "root", lambda: ["a"][:1])

    assert isinstance(app.response_class(), compat.Response)
    assert COMPAT.call(app).body == b'["a"]\n'


def test_quart_itself_is_left_alone() -> None:
    """Nothing of Quart is patched: a stock application beside one with compat stays stock."""
    app = quart.Quart(__name__)

    assert app.response_class is quart.Response
    assert app.config["SEND_FILE_MAX_AGE_DEFAULT"] is not None
    assert CompatQuart(__name__).get_send_file_max_age("page.css") is None
    assert quart.Quart.make_response.__module__ == "quart.app"


def test_limits_of_quart_are_kept() -> None:
    """What protects a Quart application stays as it is."""
    stock, app = quart.Quart(__name__), CompatQuart(__name__)
    names = ["RESPONSE_TIMEOUT", "BODY_TIMEOUT", "MAX_CONTENT_LENGTH", "MAX_FORM_PARTS"]

    assert {name: app.config[name] for name in names} == {
        name: stock.config[name] for name in names
    }


def test_classes_of_the_application_come_first() -> None:
    """What an application class sets itself, or a base of its own has, is not overridden."""

    class Base(quart.Quart):
        """Somebody's Quart."""

        default_config = quart.Quart.default_config | {"OWN": 1}  # type: ignore[assignment]  # Quart's is immutable

        async def process_response(self, response: Any, request_context: Any = None) -> Any:
            response.headers["X-Base"] = "1"
            return await super().process_response(response, request_context)

    class OwnResponse(compat.Response):
        """Somebody's response."""

    class App(compat.FlaskCompat, Base):
        response_class = OwnResponse

    app = App(__name__)
    app.add_url_rule("/", "root", lambda: ("x", "201 CREATED"))
    answer = COMPAT.call(app)

    assert app.config["OWN"] == 1
    assert isinstance(app.response_class(""), OwnResponse)
    assert (answer.status, answer.field("x-base")) == (201, "1")


async def test_test_client_and_websockets_still_work() -> None:
    """Quart's own test client and its websockets work as before, sessions included."""
    app = CompatQuart(__name__)
    app.secret_key = "key"

    @app.route("/")
    async def root() -> Any:
        quart.session["a"] = 1
        return iter("ab")

    @app.websocket("/socket")
    async def socket() -> None:
        await quart.websocket.send(str(quart.session.get("a")))

    client = app.test_client()
    response = await client.get("/")
    async with client.websocket("/socket") as connection:
        received = await connection.receive()

    assert await response.get_data(as_text=True) == "ab"
    assert received == "1"
