"""Reading an exception that reached the framework."""

from __future__ import annotations

import os.path
import re
import sys
import sysconfig
from functools import lru_cache
from traceback import walk_tb

from ..exchange import Raised

_FRAMEWORKS = {"blinker", "click", "flask", "hypercorn", "itsdangerous", "jinja2", "markupsafe"} | {
    "asgiref",
    "quart",
    "quart_parity",
    "time_machine",
    "werkzeug",
}
_STDLIB = sysconfig.get_path("stdlib") + os.sep


def read_raised(error: BaseException) -> Raised:
    """The exception's type and, where application code raised it, its text and place.

    "Raised by" looks through the standard library: what `int` or `json` throws at a view is the
    view's doing, what they throw at a framework is the framework's.
    """
    by_application, place = False, None
    for frame, line in walk_tb(error.__traceback__):
        package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        if package in _FRAMEWORKS:
            by_application = False
        elif package not in sys.stdlib_module_names or not _is_stdlib(frame.f_code.co_filename):
            by_application = True
            place = f"{relative(frame.f_code.co_filename)}:{line}"
    text = _text(error) if by_application else None
    return Raised(type(error).__qualname__, text, place)


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as failure:
        return f"(its text raises {type(failure).__qualname__})"


def _is_stdlib(filename: str) -> bool:
    return filename.startswith((_STDLIB, "<frozen"))


@lru_cache(maxsize=1024)
def is_application(filename: str) -> bool:
    """Whether a file is neither the standard library's nor a framework's; by what is imported."""
    if filename.startswith("<"):
        return False
    if _is_stdlib(filename) and not re.search(r"[\\/](?:site|dist)-packages[\\/]", filename):
        return False
    return not filename.startswith(_framework_folders())


def _framework_folders() -> tuple[str, ...]:
    packages = (sys.modules.get(name) for name in _FRAMEWORKS)
    return tuple(os.path.dirname(one.__file__) + os.sep for one in packages if one and one.__file__)


def relative(filename: str) -> str:
    """The file as it is seen from the working folder, where it is in it."""
    try:
        relative = os.path.relpath(filename)
    except ValueError:
        return filename
    return filename if relative.startswith("..") else relative
