"""Somebody's project with two applications and scenarios, and ways to run the command in it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

CHECKOUT = Path(__file__).resolve().parents[1]
Run = Callable[..., Result]

FLASK = """
from flask import Flask, request

def create_app(config=None):
    app = Flask("shop")
    app.config.update(config or {})
    visits = []
    views = {
        "/": lambda: "same",
        "/name": lambda: "flask",
        "/login": lambda: ("", {"Location": "/?token=one"}),
        "/visits": lambda: str(visits.append(1) or len(visits)),
        "/key": lambda: f"{app.config['SECRET_KEY']} on flask",
    }
    for path, view in views.items():
        app.add_url_rule(path, endpoint=path.replace("/", "_"), view_func=view)
    return app

app = create_app()
"""
QUART = (
    FLASK.replace("flask", "quart").replace("Flask", "Quart").replace("token=one", "token=two")
    + """
@app.get("/hang")
async def hang():
    import asyncio
    await asyncio.get_running_loop().create_future()

@app.get("/block")
def block():
    import threading
    threading.Event().wait()
"""
)
SIDES = ("our_flask:create_app()", "our_quart:app")


def scenario(name: str, *paths: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "requests": [{"path": path} for path in paths], **fields}


def write_scenarios(folder: Path, name: str, *scenarios: dict[str, Any]) -> None:
    (folder / name).write_text(json.dumps({"scenarios": scenarios}))


def started(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """``python -m quart_parity`` in the project, in a process of its own."""
    environment = os.environ | {"PYTHONPATH": str(CHECKOUT), "PYTHONWARNINGS": "error"}
    return subprocess.run(
        [sys.executable, "-m", "quart_parity", *args],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
