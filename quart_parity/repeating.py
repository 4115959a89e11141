"""The command that plays again what a run played."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from .choices import is_made
from .settings import Settings, scenario_paths
from .showing import find_masker

_PLAYED = (
    *("correspond", "noise", "causes", "fresh", "setup", "teardown", "hooks", "timeout"),
    *("isolate", "reference_rev"),
    *(f"{side}_{what}" for side in ("reference", "candidate") for what in ("dir", "python", "env")),
    *("serve", "reference_server", "candidate_server", "http2", "secret_key_env", "ca_file"),
)
"""Options that change what is played, or how it is judged, and not only what is shown of it."""
_MAKING = ("url_map", "login")
"""Those that change which scenarios are made."""


def find_again(
    sides: Sequence[str],
    files: Sequence[Path],
    settings: Settings,
    options: dict[str, Any],
    folder: Path,
) -> tuple[str, ...]:
    """The words of the command that plays any one of the scenarios, chosen by its name; empty
    where they are made anew by each run, and not saved.

    *sides*, *files* and *options* are what the command line gave; what the settings in *folder*
    say need not be said again. Values of variables are left out, and secrets are masked.
    """
    paths = list(files) or scenario_paths(settings, folder)
    if is_made(settings, paths):
        if settings.save is None:
            return ()
        written = [*paths, Path(settings.save)]
        making = ["--no-url-map"]
    else:
        written, making = list(files), [*_words(_MAKING, options)]
    named = [word for path in written for word in ("--scenarios", _relative(path))]
    words = ["quart-parity", "check", *sides, *named, *making, *_words(_PLAYED, options)]
    return tuple(map(find_masker(settings).text, words))


def _relative(path: Path) -> str:
    """As somebody in the working folder writes it."""
    within = path.is_absolute() and path.is_relative_to(Path.cwd())
    return os.path.relpath(path) if within else str(path)


def _words(names: Sequence[str], options: dict[str, Any]) -> Iterator[str]:
    for name in names:
        value, spelled = options.get(name), name.replace("_", "-")
        if isinstance(value, bool):
            yield f"--{spelled}" if value else f"--no-{spelled}"
        elif isinstance(value, tuple):
            for one in value:
                yield f"--{spelled}"
                yield f"{one.partition('=')[0]}=…"
        elif value is not None:
            yield f"--{spelled}"
            yield str(value)
