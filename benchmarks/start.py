"""From the start of the process to the verdict."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent


def main_command() -> float:
    """The README's first command, once everything is installed."""
    return _run("-m", "quart_parity", "check")


def import_frameworks() -> float:
    """What no comparison in process can do without."""
    return _run("-c", "import flask, quart")


def _run(*arguments: str) -> float:
    # Byte code is written once and read ever after, as on any user's machine.
    environ = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    began = perf_counter()
    subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environ, check=True, stdout=subprocess.DEVNULL
    )
    return perf_counter() - began
