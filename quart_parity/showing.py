"""What settings ask for of the reports: which, where, and what is masked in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from .errors import UsageError
from .masks import Masker
from .report import Keep
from .reporters import ALWAYS_WHOLE, REPORTERS
from .settings import Settings


def check_formats(settings: Settings) -> None:
    """Raises `UsageError` where two reports would be written to one place, or none is told of."""
    formats = _formats(settings)
    for name in formats:
        if name not in REPORTERS:
            raise UsageError(f"there is no format {name!r}: {', '.join(REPORTERS)}")
    if len(formats) > 1 and (settings.output or set(formats) != {"text", "github"}):
        raise UsageError(
            f"--format {' and '.join(formats)} would be written to one place: give one of them, and"
            " --html, --junit, --markdown or --jsonl FILE for what is to be written as well"
        )
    if settings.html_all and "html" not in [name for name, _ in find_reports(settings)]:
        raise UsageError("--html-all says what a page holds, and none is asked for: give --html")
    _check_apart(settings)
    if settings.quiet and settings.verbose:
        raise UsageError("--quiet and --verbose exclude each other")


def _check_apart(settings: Settings) -> None:
    """What is written must not be written over."""
    paths = [path for _, path in find_reports(settings) if path is not None]
    paths += [Path(path) for path in (settings.save, settings.login) if path]
    # A device takes whatever comes.
    files = [path.resolve() for path in paths if path.is_file() or not path.exists()]
    for file, count in Counter(files).items():
        if count > 1:
            raise UsageError(f"{str(file)!r} is named for {count} purposes: give each its own file")


def _formats(settings: Settings) -> list[str]:
    given = settings.format
    return list(dict.fromkeys([given] if isinstance(given, str) else given)) or ["text"]


def find_reports(settings: Settings) -> list[tuple[str, Path | None]]:
    """The formats that are asked for, each with its file; None is standard output."""
    output = Path(settings.output) if settings.output else None
    files = {name: getattr(settings, name) for name in ("html", "junit", "markdown", "jsonl")}
    beside = [(name, Path(path)) for name, path in files.items() if path]
    return [*((name, output) for name in _formats(settings)), *beside]


def find_keep(settings: Settings) -> Keep:
    """Which exchanges the reports are to be told whole."""
    formats = {name for name, _ in find_reports(settings)}
    return "all" if formats & ALWAYS_WHOLE else "differing"


def find_masker(settings: Settings, keys: Iterable[str] = ()) -> Masker:
    """*keys* are the applications' own, as far as they are known."""
    return Masker(settings.show_secrets, keys, settings.mask, settings.unmask)
