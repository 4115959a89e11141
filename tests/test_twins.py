"""The two applications are one source: only imports, ``async`` and ``await`` differ."""

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLASK, QUART = ROOT / "flask_app", ROOT / "quart_app"
# Bound on one side only, for the bases of the application class.
FRAMEWORKS = {"Flask", "Quart", "FlaskCompat"}


def files(package: Path) -> dict[str, bytes]:
    """Everything that a package is made of, by its path below the package."""
    return {
        str(path.relative_to(package)): path.read_bytes()
        for path in sorted(package.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def tokens(source: str) -> list[tokenize.TokenInfo]:
    """The tokens of a source, with their positions."""
    return list(tokenize.generate_tokens(io.StringIO(source).readline))


def synchronous(source: str) -> str:
    """The source without the words ``async`` and ``await``, each gone with its space."""
    lines = source.splitlines(keepends=True)
    for token in reversed(tokens(source)):
        if token.string in ("async", "await"):
            row, column = token.start
            line = lines[row - 1]
            lines[row - 1] = line[:column] + line[token.end[1] :].removeprefix(" ")
    return "".join(lines)


def normalized(source: str) -> str:
    """What twins share: the code in one layout, its docstrings, and its comments below it."""
    tree = ast.parse(synchronous(source))
    tree.body = [node for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom)]
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == "App":
            node.bases = []
    comments = [token.string for token in tokens(source) if token.type == tokenize.COMMENT]
    return "\n".join([ast.unparse(tree), *comments])


def imported(source: str) -> Iterator[str]:
    """The names that the imports of a module bind, framework classes left out."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from {alias.asname or alias.name for alias in node.names} - FRAMEWORKS


def bases(source: str, name: str) -> list[str]:
    """The bases of a class, as they are written."""
    (node,) = (
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and node.name == name
    )
    return [ast.unparse(base) for base in node.bases]


MODULES = sorted(path.name for path in FLASK.glob("*.py"))

ORIGINAL = '''
from flask import Flask, request

class App(Flask):
    """The application."""

# A route.
@blueprint.get("/echo")
def echo(limit: int = 3) -> str:
    """Echo the form."""
    with opened():
        return request.form["name"][:limit] + "".join(part for part in parts())

def other() -> None:
    """Do nothing."""
'''

PORT = '''
from quart import Quart, request
from quart_parity.compat import FlaskCompat

class App(FlaskCompat, Quart):
    """The application."""

# A route.
@blueprint.get("/echo")
async def echo(limit: int = 3) -> str:
    """Echo the form."""
    async with opened():
        return (await request.form)["name"][:limit] + "".join(
            part async for part in parts()
        )

async def other() -> None:
    """Do nothing."""
'''


def test_packages_have_the_same_files() -> None:
    """Both applications consist of the same files."""
    assert files(FLASK).keys() == files(QUART).keys()


def test_packages_share_templates_and_data() -> None:
    """What is not Python is the same to the byte."""
    sides = [
        {name: content for name, content in files(package).items() if not name.endswith(".py")}
        for package in (FLASK, QUART)
    ]

    assert sides[0] == sides[1]


@pytest.mark.parametrize("module", MODULES)
def test_modules_share_their_code(module: str) -> None:
    """But for imports, async and await, both sources of a module are the same."""
    reference, candidate = (FLASK / module).read_text(), (QUART / module).read_text()

    assert normalized(candidate) == normalized(reference)


@pytest.mark.parametrize("module", MODULES)
def test_modules_import_the_same_names(module: str) -> None:
    """Both sources of a module bind the same names, wherever they come from."""
    reference, candidate = (FLASK / module).read_text(), (QUART / module).read_text()

    assert sorted(imported(candidate)) == sorted(imported(reference))


def test_port_mixes_in_the_compatibility_layer() -> None:
    """The application classes are the framework's, the port's with the mixin before it."""
    assert bases((FLASK / "app.py").read_text(), "App") == ["Flask"]
    assert bases((QUART / "app.py").read_text(), "App") == ["FlaskCompat", "Quart"]


def test_a_port_is_a_twin() -> None:
    """Imports, async, await, parentheses, layout and the application's bases are let pass."""
    assert normalized(PORT) == normalized(ORIGINAL)
    assert sorted(imported(PORT)) == sorted(imported(ORIGINAL))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param('"""Echo the form."""', '"""Echo a form."""', id="docstring"),
        pytest.param("limit: int = 3", "limit: int = 4", id="default"),
        pytest.param('"/echo"', '"/Echo"', id="route"),
        pytest.param("blueprint.get", "blueprint.post", id="method"),
        pytest.param("def echo", "def repeat", id="name"),
        pytest.param("-> str", "-> bytes", id="annotation"),
        pytest.param("# A route.", "# The route.", id="comment"),
        pytest.param('["name"]', '["nAme"]', id="literal"),
        pytest.param("opened()", "opened(1)", id="call"),
        pytest.param("class App(", "class Application(", id="class"),
        pytest.param("class App(", "class Base(App): ...\n\nclass App(", id="another class"),
    ],
)
def test_a_change_is_caught(before: str, after: str) -> None:
    """Every other change of one side alone is seen."""
    assert before in PORT

    assert normalized(PORT.replace(before, after)) != normalized(ORIGINAL)


def test_another_order_is_caught() -> None:
    """The same functions in another order are no twins."""
    head, separator, tail = PORT.partition("# A route.")
    route, _, other = tail.partition("async def other")
    swapped = head + "async def other" + other + separator + route

    assert normalized(swapped) != normalized(ORIGINAL)


def test_the_bases_of_other_classes_are_compared() -> None:
    """Only the application class may have other bases."""
    reference, candidate = "class Point(Base): ...", "class Point(Other): ..."

    assert normalized(candidate) != normalized(reference)


def test_a_missing_import_is_caught() -> None:
    """A name that only one side imports is seen."""
    candidate = PORT.replace("Quart, request", "Quart")

    assert sorted(imported(candidate)) != sorted(imported(ORIGINAL))


def test_words_within_strings_stay() -> None:
    """Text that speaks of async and await is compared as it stands."""
    assert normalized('x = "await this"') != normalized('x = "this"')
