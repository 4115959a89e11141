"""Writing scenarios to a file that `read_scenarios` reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from json import dumps
from pathlib import Path

import msgspec

from ..errors import OutputError
from ..scenario import Scenario


def check_savable(path: Path) -> None:
    """Raises `OutputError` where it can be seen before that nothing can be saved there."""
    if path.suffix != ".json":
        raise OutputError(f"{path}: scenarios are saved as JSON, so the name must end in .json")
    if not path.parent.is_dir():
        raise OutputError(f"{path}: cannot be written: No such file or directory")


def save(scenarios: Iterable[Scenario], path: Path) -> None:
    """Write *scenarios* as JSON, in place of what the file holds.

    Raises `OutputError` where the file is not named ``.json``, cannot be written, or would hold
    nothing, or two scenarios of one name.
    """
    check_savable(path)
    plain = [msgspec.to_builtins(scenario) for scenario in scenarios]
    if not plain:
        raise OutputError(f"{path}: there is no scenario to save")
    [(name, count)] = Counter(scenario["name"] for scenario in plain).most_common(1)
    if count > 1:
        raise OutputError(
            f"{path}: {count} scenarios are named {name!r}, which cannot be read back"
        )
    # In ASCII: what was found in answers need not be text that can be encoded.
    text = dumps({"scenarios": plain}, indent=1, allow_nan=False)
    try:
        path.write_text(f"{text}\n", "ascii")
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from None
