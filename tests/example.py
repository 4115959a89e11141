"""The example store: copied with its port broken by a patch, and compared."""

import shutil
from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from msgspec import Struct

from quart_parity import Difference, Report, Scenario, read_scenarios
from quart_parity.paths import matches, parse_pattern
from quart_parity.runner import Runner
from quart_parity.sources import Walk

SHOP = Path(__file__).resolve().parents[1] / "examples" / "shop"
ERRORS = Path(__file__).resolve().parent / "porting_errors"
REFERENCE, CANDIDATE = "shop_flask:create_app()", "shop_quart:create_app()"


class PortingError(Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody did wrong when porting the store."""

    name: str
    """Of its patch, without the ending."""
    aspect: str
    what: str
    scenario: str
    """One of the example's own that shows it."""
    paths: list[str]
    """Patterns, of which each covers a difference that it causes."""


class _Index(Struct, frozen=True, forbid_unknown_fields=True):
    errors: list[PortingError]


class PatchError(Exception):
    """A patch does not fit what it is applied to."""


def porting_errors() -> list[PortingError]:
    return msgspec.toml.decode((ERRORS / "index.toml").read_bytes(), type=_Index).errors


def scenarios() -> dict[str, Scenario]:
    """The example's own scenarios by name."""
    found = read_scenarios(sorted((SHOP / "scenarios").glob("*.toml")))
    return {scenario.name: scenario for scenario in found}


def copy_shop(folder: Path, error: PortingError | None = None) -> Path:
    """Both versions of the store, with databases of their own and the port as *error* left it."""
    shop = folder / (error.name if error else "shop")
    shutil.copytree(SHOP, shop, ignore=shutil.ignore_patterns("instance", "__pycache__"))
    if error is not None:
        apply(ERRORS / f"{error.name}.patch", shop)
    return shop


def compare(shop: Path, played: Iterable[Scenario] | Walk) -> Report:
    """Play the scenarios on the two versions in the folder *shop*."""
    runner = Runner(REFERENCE, CANDIDATE, causes=False, where=shop)
    for _ in runner.run(played):
        pass
    return runner.report


def first_shown(shop: Path, walk: Walk, paths: list[str]) -> Difference | None:
    """The first difference that one of the patterns covers; the walk ends there."""
    patterns = [parse_pattern(path) for path in paths]
    runner = Runner(REFERENCE, CANDIDATE, causes=False, where=shop)
    results = runner.run(walk)
    assert isinstance(results, Generator)
    with closing(results):
        every = (found for result in results for found in result.differences)
        return next((d for d in every if any(matches(p, d.parts) for p in patterns)), None)


def login() -> Scenario:
    """What ``--login`` is given: a customer signs in."""
    (found,) = read_scenarios([SHOP / "login.toml"])
    return found


@dataclass
class Hunk:
    """Consecutive lines of one file, before and after."""

    start: int
    """The position of the first, from 0."""
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)

    def add(self, line: str) -> None:
        if line[0] in " -":
            self.old.append(line[1:])
        if line[0] in " +":
            self.new.append(line[1:])


def apply(patch: Path, folder: Path) -> None:
    """Apply a unified diff as ``patch -p1`` does, but exactly where it says or not at all."""
    for path, hunks in read_patch(patch).items():
        file = folder / path
        lines = file.read_text("utf-8").splitlines(keepends=True)
        for hunk in reversed(hunks):
            end = hunk.start + len(hunk.old)
            if lines[hunk.start : end] != hunk.old:
                raise PatchError(f"{patch.name} does not fit {path}, line {hunk.start + 1}")
            lines[hunk.start : end] = hunk.new
        file.write_text("".join(lines), "utf-8")


def read_patch(patch: Path) -> dict[str, list[Hunk]]:
    """The files that a unified diff changes, each with its hunks in order."""
    files: dict[str, list[Hunk]] = {}
    hunks: list[Hunk] = []
    for line in patch.read_text("utf-8").splitlines(keepends=True):
        if line.startswith("+++ "):
            hunks = files.setdefault(line[4:].strip().partition("/")[2], [])
        elif line.startswith("@@"):
            start = line.split()[1].lstrip("-").partition(",")[0]
            hunks.append(Hunk(int(start) - 1))
        elif not line.startswith("--- "):
            hunks[-1].add(line)
    return files
