"""Breakages read off the sources of the port: every view emptied, every `await` forgotten."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .breakage import ROOT, Breakage
from .modules import Function, Module, read_module

TOPICS = ("index", "cookies", "sessions", "responses")


def systematic() -> Iterator[Breakage]:
    """Two kinds for every view; an error handler counts as a view."""
    for module, name, view in views():
        yield _emptied(module, name, view)
        yield from _unawaited(module, name, view)


def views() -> Iterator[tuple[Module, str, Function]]:
    """Every function of the port that a blueprint calls."""
    for topic in TOPICS:
        module = read_module(ROOT / "quart_app" / f"{topic}.py")
        for name, function in module.functions:
            if any(ast.unparse(one).startswith("blueprint.") for one in function.decorator_list):
                yield module, name, function


def _emptied(module: Module, name: str, view: Function) -> Breakage:
    """The view with its docstring, which the start page shows, and nothing else."""
    start, end = module.span(view)
    documented = module.span(view.body[0])[1]
    kept = module.source[start:documented]
    old, new = module.source[start:end], f'{kept}\n    return "broken"'
    return Breakage(module.file, f"{name} does nothing", old, new)


def _unawaited(module: Module, name: str, view: Function) -> Iterator[Breakage]:
    start, end = module.span(view)
    old = module.source[start:end]
    for node in ast.walk(view):
        if isinstance(node, ast.Await):
            at = module.span(node)[0] - start
            new = old[:at] + old[at:].removeprefix("await ")
            awaited = ast.unparse(node.value).partition("(")[0]
            yield Breakage(module.file, f"{name} does not await {awaited}", old, new)
