"""Breakages read off the sources: every view of the port emptied, every `await` in one forgotten,
every function of compat failing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .breakage import BROKEN, ROOT, Breakage
from .modules import Function, Module, read_module

# Functions of compat that no answer of the port and no divergence's reproduction depends on;
# breaking them fails `tests/compat`, the last ones apart.
UNSEEN = frozenset(
    {
        "HTTPConnection._stop_sending",
        "HTTPConnection._expire",
        "HTTPConnection._expire_by_default",
        "HTTPConnection._send_push_promise",
        "Request.__init_subclass__",
        "RequestHeaders.copy",
        "FormDataParser.__init_subclass__",
        "UnreadContext.__getattr__",
        "Routing._bind_undecodable",
        "RequestThread.wait",
        "start_aside",
        "Workers.give",
        "Workers.drop",
        "Serving.shutdown",
        "Template.render",
        "_has_loop",
        "_driven",
        "stream_template",
    }
)
TOPICS = ("index", "cookies", "sessions", "responses")


def systematic() -> Iterator[Breakage]:
    """Two kinds for every view, and error handler; one for every function of compat."""
    for module, name, view in views():
        yield _emptied(module, name, view)
        yield from _unawaited(module, name, view)
    for module, name, function in pieces():
        if name not in UNSEEN:
            yield _failing(module, name, function)


def views() -> Iterator[tuple[Module, str, Function]]:
    """Every function of the port that a blueprint calls."""
    for topic in TOPICS:
        module = read_module(ROOT / "quart_app" / f"{topic}.py")
        for name, function in module.functions:
            if any(ast.unparse(one).startswith("blueprint.") for one in function.decorator_list):
                yield module, name, function


def pieces() -> Iterator[tuple[Module, str, Function]]:
    """Every function of compat."""
    for path in sorted((ROOT / "quart_parity" / "compat").glob("*.py")):
        module = read_module(path)
        for name, function in module.functions:
            if not any(ast.unparse(one) == "overload" for one in function.decorator_list):
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


def _failing(module: Module, name: str, function: Function) -> Breakage:
    start, end = module.span(function)
    first = module.span(function.body[0])[0]
    old = module.source[start:end]
    new = f'{module.source[start:first]}raise AssertionError("{BROKEN}")'
    setter = any(ast.unparse(one).endswith(".setter") for one in function.decorator_list)
    return Breakage(module.file, f"{'setting ' if setter else ''}{name} fails", old, new)
