"""The example store's own test suite, alone and with its requests sent to the port as well."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent


class Suite:
    """A copy of the store, whose byte code is written once; to be entered and left."""

    def __enter__(self) -> Suite:
        self._scratch = TemporaryDirectory()
        self._folder = Path(self._scratch.name) / "shop"
        left_out = shutil.ignore_patterns("instance", "__pycache__", ".pytest_cache")
        shutil.copytree(ROOT / "examples" / "shop", self._folder, ignore=left_out)
        return self

    def __exit__(self, *error: object) -> None:
        self._scratch.cleanup()

    def alone(self) -> float:
        return self._run()

    def mirrored(self) -> float:
        return self._run("-p", "quart_parity.pytest_plugin", "--parity=check")

    def _run(self, *options: str) -> float:
        environ = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        environ["PYTHONPATH"] = str(ROOT)
        command = [sys.executable, "-m", "pytest", "-q", *options, "tests"]
        began = perf_counter()
        subprocess.run(
            command, cwd=self._folder, env=environ, check=True, stdout=subprocess.DEVNULL
        )
        return perf_counter() - began
