"""The catalogue: every known way in which Quart departs from Flask, one file each."""

from importlib import import_module
from pathlib import Path

from .divergence import AREAS, SEVERITIES, Divergence

__all__ = ["AREAS", "DIVERGENCES", "SEVERITIES", "Divergence"]

DIVERGENCES: dict[str, Divergence] = {
    entry.code: entry
    for entry in (
        import_module(f".{path.stem}", __name__).DIVERGENCE
        for path in sorted(Path(__file__).parent.glob("qp*.py"))
    )
}
"""By code, in order."""
