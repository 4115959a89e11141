"""The house rules: imports point one way, and nothing slow comes unasked."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import quart_parity

CHECKOUT = Path(__file__).resolve().parents[1]
PACKAGE = CHECKOUT / "quart_parity"
MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if "compat" not in path.relative_to(PACKAGE).parts
)

LEVELS = [
    {"errors", "sessions", "paths", "values", "worker", "compat", "generated", "weaving"},
    {"exchange", "masks", "names", "addresses", "clock", "routes", "places"},
    {"coverage"},
    {"cookies", "scenario", "drivers"},
    {"hooks", "report"},
    {"client", "aspects", "encoding", "captures", "modules", "settings", "divergences", "sides"},
    {"comparison", "reporters", "sources", "targets", "explaining", "suspects", "playing"}
    | {"pairing", "noise"},
    {"correspondence", "windows"},
    {"in_process", "remote", "judging", "stage", "output", "progress"} | {"showing"},
    {"url_maps", "views"},
    {"trials"},
    {"serving"},
    {"isolated"},
    {"wiring", "experiments"},
    {"attribution"},
    {"runner"},
    {"matrix", "choices", "options"},
    {"mirror", "repeating"},
    {"cli", "pytest_plugin"},
    {"__main__"},
]
"""From the bottom: a module imports what stands below it, and within its own family."""


def family(path: Path) -> str:
    """The folder or flat module that a file belongs to."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(path: Path) -> Iterator[str]:
    """The families that a file imports, also late or for types only."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            inside = len(path.relative_to(PACKAGE).parts) - node.level
            above = path.relative_to(PACKAGE).parts[:inside]
            names = [node.module] if node.module else [alias.name for alias in node.names]
            yield from ([*above, *name.split(".")][0] for name in names)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
            yield from (name for name in names if name.split(".")[0] in FORBIDDEN)


FORBIDDEN = {"quart_parity", "flask_app", "quart_app", "parity_tests", "tests"}


def level(name: str) -> int:
    return next(number for number, names in enumerate(LEVELS) if name in names)


def test_every_module_has_a_level() -> None:
    """A new module finds its place in the order, and a removed one leaves it."""
    families = {family(path) for path in MODULES} - {"__init__"} | {"compat"}

    assert families == set().union(*LEVELS)


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if family(path) != "__init__"],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_imports_point_one_way(path: Path) -> None:
    """No module imports one above it or beside it, nor the applications that it compares."""
    own = family(path)
    others = set(imported(path)) - {own, "__version__"}
    upwards = {other for other in others if other in FORBIDDEN or level(other) >= level(own)}

    assert upwards == set()


def absolute(package: Path) -> set[str]:
    """Every module that the files of a package import by its full name."""
    nodes = [
        node for path in package.rglob("*.py") for node in ast.walk(ast.parse(path.read_text()))
    ]
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {
        node.module
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module and not node.level
    }


def ours(names: set[str]) -> set[str]:
    return {name for name in names if name.split(".")[0] in FORBIDDEN}


def test_the_applications_import_compat_at_most() -> None:
    """Flask's application knows nothing of the tool, Quart's knows the mixin."""
    assert ours(absolute(CHECKOUT / "flask_app")) <= {"flask_app"}
    assert ours(absolute(CHECKOUT / "quart_app")) <= {"quart_app", "quart_parity.compat"}


def test_compat_imports_nothing_else_of_ours() -> None:
    """The mixin is for production: what it needs is in its own folder."""
    package = PACKAGE / "compat"
    depths = {
        node.level - len(path.relative_to(package).parts)
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.level
    }

    assert ours(absolute(package)) == set()
    assert max(depths) <= 0


PUBLIC = [
    "Capture",
    "Difference",
    "Failure",
    "File",
    "QuartParityError",
    "Report",
    "Request",
    "Result",
    "Scenario",
    "ScenarioError",
    "StartError",
    "TargetError",
    "UsageError",
    "check",
    "check_async",
    "read_scenarios",
]


def test_the_public_names_are_these() -> None:
    """What users can import changes on purpose only, and is kept sorted."""
    assert quart_parity.__all__ == PUBLIC
    assert sorted(PUBLIC) == PUBLIC


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_there(name: str) -> None:
    """Each name leads to what it names, in a module of the package."""
    found = getattr(quart_parity, name)

    assert found.__name__ == name
    assert found.__module__.startswith("quart_parity.")


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A misspelled import says what is missing."""
    with pytest.raises(AttributeError, match="'quart_parity' has no attribute 'chek'"):
        getattr(quart_parity, "chek")  # noqa: B009


def loaded(statement: str) -> set[str]:
    """The top-level packages that a new interpreter has loaded after *statement*."""
    code = f"import json, sys\n{statement}\nprint(json.dumps(list(sys.modules)))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True)
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


def test_importing_the_package_imports_nothing_else() -> None:
    """Whoever wants one module of the package pays for that one."""
    assert not loaded("import quart_parity") & {"flask", "quart", "rich", "msgspec", "click"}


def test_parity_needs_no_catalogue() -> None:
    """Causes, and the catalogue that has them, are loaded where something differs."""
    check = "from quart_parity import Request, Scenario, check\n"
    play = "check('flask_app', 'flask_app', [Scenario('s', [Request(path='/')])])"
    code = f"{check}{play}\nimport sys\nsys.exit('quart_parity.divergences' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=False).returncode == 0


def test_importing_the_public_names_needs_no_terminal_and_no_tests() -> None:
    """The library loads neither the command's packages nor the tests'."""
    packages = loaded("from quart_parity import *")

    assert "flask" in packages
    assert not packages & {"rich", "pytest", "hypothesis", "time_machine", "hypercorn"}
