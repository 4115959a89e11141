"""``[tool.quart-parity]`` in the project's ``pyproject.toml``."""

from __future__ import annotations

from glob import glob
from pathlib import Path

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from .errors import UsageError
from .scenario import check_accept


class Settings(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What the command takes where its arguments are silent; named as its options are.

    Files and folders are relative to the file's folder when they are read, and absolute then.
    """

    reference: str | None = None
    candidate: str | None = None
    scenarios: list[str] = []
    """Glob patterns, relative to the file's folder."""
    url_map: bool | None = None
    """Whether scenarios are made from the URL map; None where only if there are no others."""
    login: str | None = None
    save: str | None = None
    accept: dict[str, str] = {}
    correspond: bool = True
    noise: bool = False
    fresh: bool = False
    setup: str | None = None
    teardown: str | None = None
    hooks: str | None = None
    timeout: float | None = None
    causes: bool = True
    coverage: bool = False
    require_coverage: bool = False
    strict: bool = False
    show_secrets: bool = False
    mask: list[str] = []
    unmask: list[str] = []
    format: str | list[str] = "text"
    output: str | None = None
    html: str | None = None
    html_all: bool = False
    junit: str | None = None
    markdown: str | None = None
    jsonl: str | None = None
    verbose: bool = False
    quiet: bool = False
    isolate: bool = False
    reference_dir: str | None = None
    candidate_dir: str | None = None
    reference_python: str | None = None
    """A name that the PATH is searched for, or a file."""
    candidate_python: str | None = None
    reference_env: dict[str, str] = {}
    candidate_env: dict[str, str] = {}
    reference_rev: str | None = None
    serve: bool = False
    reference_server: str | None = None
    candidate_server: str | None = None
    http2: bool = False
    secret_key_env: str | None = None
    ca_file: str | None = None

    def __post_init__(self) -> None:
        check_accept(self.accept)
        for name in self.__struct_fields__:
            if getattr(self, name) == "" or (name in _NAMES and "" in getattr(self, name)):
                raise ValueError(f"{name.replace('_', '-')} is empty")

    def located(self, folder: Path) -> Settings:
        """With absolute paths."""
        named = {name: getattr(self, name) for name in _PATHS}
        named |= {
            name: path
            for name in ("reference_python", "candidate_python")
            if "/" in (path := getattr(self, name) or "")
        }
        return replace(self, **{name: str(folder / path) for name, path in named.items() if path})


_NAMES = ("mask", "unmask")
_PATHS = (
    *("login", "save", "output", "html", "junit", "markdown", "jsonl"),
    *("reference_dir", "candidate_dir", "ca_file"),
)


class _Tool(Struct):
    settings: Settings = field(name="quart-parity", default_factory=Settings)


class _Project(Struct):
    tool: _Tool = field(default_factory=_Tool)


def find_settings(start: Path) -> tuple[Settings, Path]:
    """The settings of the nearest ``pyproject.toml`` in *start* or above, with its folder.

    Without one, or where it says nothing of us, the settings are empty. Raises `UsageError`.
    """
    for folder in (start, *start.parents):
        path = folder / "pyproject.toml"
        if path.is_file():
            return _read(path).located(folder), folder
    return Settings(), start


def _read(path: Path) -> Settings:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=_Project).tool.settings
    except msgspec.ValidationError as error:
        raise UsageError(f"{path}: [tool.quart-parity]: {error}") from None
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from None


def scenario_paths(settings: Settings, folder: Path) -> list[Path]:
    """The files that the patterns name, sorted within each; raises `UsageError` for none."""
    paths: list[Path] = []
    for pattern in settings.scenarios:
        found = sorted(map(Path, glob(str(folder / pattern), recursive=True)))
        if not found:
            raise UsageError(f"[tool.quart-parity]: no file matches scenarios = [{pattern!r}]")
        paths += found
    return paths
