"""The port on stock Quart: `quart_app` with nothing of `quart_parity.compat` in it.

A target like any other: ``quart-parity check flask_app tests/stock.py``.
"""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import quart

PACKAGE = "stock_quart_app"


class _Nothing:
    """The mixin that mends nothing."""


def _stand_in() -> ModuleType:
    """What the port imports from compat, as Quart itself has it."""
    module = ModuleType("quart_parity.compat")
    for name in ("Response", "get_flashed_messages", "send_file", "send_from_directory"):
        setattr(module, name, getattr(quart, name))
    vars(module).update(FlaskCompat=_Nothing, stream_with_context=quart.stream_with_context)
    return module


def _load() -> ModuleType:
    """Import the port a second time, under a name of its own."""
    folder = Path(__file__).resolve().parent.parent / "quart_app"
    spec = spec_from_file_location(
        PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    sys.modules[PACKAGE] = package = module_from_spec(spec)
    with patch.dict(sys.modules, {"quart_parity.compat": _stand_in()}):
        spec.loader.exec_module(package)
        kept = {name: module for name, module in sys.modules.items() if name.startswith(PACKAGE)}
    sys.modules.update(kept)
    return package


_package = _load()


def create_app(config: dict[str, Any] | None = None) -> Any:
    return _package.create_app(config)
