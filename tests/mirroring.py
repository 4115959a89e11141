"""The example store's own suite, run mirrored as somebody would run it: in a process of its own."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MIRRORED = ("-p", "quart_parity.pytest_plugin", "--parity=check")
_PLAIN = ("--color=no", "-rfE", "-p", "no:cacheprovider", "-p", "no:flask", "-p", "no:randomly")
_COUNTED = re.compile(r"^=+ (?:(\d+) failed)?(?:, )?(?:(\d+) passed)?.* in [\d.]+s")
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
_PATH = re.compile(r"^ {4}(\S+)\n {6}|^ {6}(\S+)  .+ → ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a suite."""

    status: int
    """pytest's exit status."""
    text: str

    @property
    def failed(self) -> set[str]:
        """The ids of tests that failed."""
        return set(_FAILED.findall(self.text))

    @property
    def passed(self) -> int:
        """How many tests passed."""
        counted = _COUNTED.match(self.text.strip().splitlines()[-1])
        return int(counted[2] or 0) if counted else 0

    @property
    def paths(self) -> list[str]:
        """Of the differences that were told, in order."""
        return [whole or short for whole, short in _PATH.findall(self.text)]


def run_suite(folder: Path, *arguments: str) -> Run:
    """Run the suite in a copy of an example; *arguments* go to pytest."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    variables.pop("PYTEST_ADDOPTS", None)
    # Of the run that this is a part of: the inner one is no worker of it.
    variables = {k: v for k, v in variables.items() if not k.startswith("PYTEST_XDIST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *_PLAIN, *arguments],
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return Run(done.returncode, done.stdout + done.stderr)
