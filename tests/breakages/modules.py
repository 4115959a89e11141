"""Where the functions of a source file begin and end."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .breakage import ROOT

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Module:
    """A source file and its functions."""

    file: str
    """Relative to the checkout."""
    source: str
    functions: tuple[tuple[str, Function], ...]
    """With qualified names; functions within others are a part of these."""

    def span(self, node: ast.stmt | ast.expr) -> tuple[int, int]:
        """The offsets of a node in the source, decorators left out."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        end = self._offset(node.end_lineno, node.end_col_offset)
        return self._offset(node.lineno, node.col_offset), end

    def _offset(self, line: int, column: int) -> int:
        # `ast` counts columns in bytes of UTF-8.
        lines = self.source.splitlines(keepends=True)
        return sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode())

    def function_at(self, offset: int) -> str | None:
        """The name of the function that the offset is in."""
        for name, function in self.functions:
            start, end = self.span(function)
            if start <= offset <= end:
                return name
        return None


def read_module(path: Path) -> Module:
    source = path.read_text("utf-8")
    functions = tuple(_functions(ast.parse(source).body, ""))
    return Module(path.relative_to(ROOT).as_posix(), source, functions)


def _functions(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, Function]]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _functions(node.body, f"{prefix}{node.name}.")
        elif isinstance(node, Function):
            yield f"{prefix}{node.name}", node
