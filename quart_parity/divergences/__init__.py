"""The catalogue: every known way in which Quart departs from Flask, one file each."""

from importlib import import_module
from pkgutil import iter_modules

from .divergence import AREAS, SEVERITIES, Divergence

__all__ = ["AREAS", "DIVERGENCES", "SEVERITIES", "Divergence"]

DIVERGENCES: dict[str, Divergence] = {
    entry.code: entry
    for entry in (
        import_module(f".{name}", __name__).DIVERGENCE
        for name in sorted(module.name for module in iter_modules(__path__))
        if name.startswith("qp")
    )
}
"""By code, in order."""
