"""What a target names: every spelling, the search, and every error with its exit status."""

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from quart import Quart

from quart_parity import QuartParityError, StartError, TargetError, check
from quart_parity.modules import Home
from quart_parity.targets import Target, find_target, protocol_of
from tests.builders import asgi, wsgi
from tests.conftest import Write
from tests.shops import walk

SHOP = """
from flask import Flask

app = Flask("shop")
other = Flask("other")
text = "text"

class Holder:
    app = other

def create(name="made", *, testing=False):
    made = Flask(name)
    made.testing = testing
    return made

def raw(environ, start_response):
    start_response("200 OK", [])
    return []

async def rawer(scope, receive, send):
    pass
"""


def made(target: Any, config: dict[str, Any] | None = None) -> Any:
    """The application that a target makes."""
    return find_target(target).make(config or {})


SPELLINGS: dict[str, tuple[str, str]] = {
    "an application": ("shop_module:other", "other"),
    "an attribute of one": ("shop_module:Holder.app", "other"),
    "a factory": ("shop_module:create", "made"),
    "a factory that is called": ("shop_module:create()", "made"),
    "a factory with an argument": ("shop_module:create('named')", "named"),
    "an argument with a colon": ("shop_module:create('a:b')", "a:b"),
    "an argument with a URL": ("shop_module:create('sqlite:///shop')", "sqlite:///shop"),
    "a factory with keywords": ("shop_module:create(name='named', testing=True)", "named"),
    "a file": ("shop_module.py", "shop"),
    "a file from here": ("./shop_module.py", "shop"),
    "a file with an application": ("shop_module.py:other", "other"),
    "a file with a factory": ("shop_module.py:create('named')", "named"),
    "a module": ("shop_module", "shop"),
    "a module with its protocol": ("wsgi+shop_module:other", "other"),
    "a file with its protocol": ("wsgi+./shop_module.py:create()", "made"),
    "a module with nothing after the colon": ("shop_module:", "shop"),
}


@pytest.mark.parametrize(("target", "name"), SPELLINGS.values(), ids=SPELLINGS)
def test_a_target_is_spelled_as_for_flask_run(write: Write, target: str, name: str) -> None:
    """Module, file, application, factory and call all lead to the application."""
    write(SHOP)

    assert made(target).name == name
    assert find_target(target).name == target


def test_a_file_in_a_package_is_that_module(write: Write) -> None:
    """A file is imported by its dotted name, so that its relative imports work."""
    write("from flask import Flask", "pack_shop/__init__.py")
    write("NAME = 'packed'", "pack_shop/names.py")
    path = write(
        "from . import Flask\nfrom .names import NAME\napp = Flask(NAME)", "pack_shop/main.py"
    )

    assert made(str(path)).name == "packed"
    assert "pack_shop.main" in sys.modules


def test_a_folder_is_its_package(write: Write) -> None:
    """A folder is named like a file."""
    write("from flask import Flask\napp = Flask('packed')", "below/pack_store/__init__.py")

    assert made("below/pack_store").name == "packed"


def test_two_files_of_one_module_name_are_two(write: Write) -> None:
    """The original and its port may have one name: each is found in its own folder."""
    for folder in ("old", "new"):
        write(f"from flask import Flask\napp = Flask({folder!r})", f"{folder}/same_name.py")

    assert made("old/same_name.py").name == "old"
    assert made("new/same_name.py").name == "new"


SEARCHES: dict[str, tuple[str, str]] = {
    "app before application": ("application = Flask('b')\napp = Flask('a')", "a"),
    "application": ("other = Flask('b')\napplication = Flask('a')", "a"),
    "the only one": ("shop = Flask('a')\nsame = shop\ntext = 'x'", "a"),
    "an application before a factory": ("def create_app(): return Flask('b')\nx = Flask('a')", "a"),
    "create_app before make_app": (
        "def make_app(): return Flask('b')\ndef create_app(): return Flask('a')",
        "a",
    ),
    "make_app": ("app = None\ndef make_app(): return Flask('a')", "a"),
    "Quart's": ("from quart import Quart\napp = Quart('a')", "a"),
}


@pytest.mark.parametrize(("source", "name"), SEARCHES.values(), ids=SEARCHES)
def test_a_module_is_searched_as_flask_and_quart_do(write: Write, source: str, name: str) -> None:
    """Known names come first, then the only application, then a factory."""
    write(f"from flask import Flask\n{source}")

    assert made("shop_module").name == name


NO_TARGETS: dict[str, tuple[str, str, str]] = {
    "no module": ("", "nowhere", "there is no module 'nowhere'"),
    "no module below a package": ("", "json.nowhere", "there is no module 'json.nowhere'"),
    "no file": ("", "nowhere.py", "nowhere.py': there is no file"),
    "misspelled": ("", "not a module", "is misspelled: write module, module:app"),
    "empty": ("", "", "is misspelled"),
    "no such name": (SHOP, "shop_module:nothing", "has no 'nothing'"),
    "no such attribute": (SHOP, "shop_module:app.nothing", "has no 'app.nothing'"),
    "an expression": (SHOP, "shop_module:app or other", "has no"),
    "no expression": (SHOP, "shop_module:app(", "is misspelled"),
    "an argument that is no literal": (SHOP, "shop_module:create(text)", "is misspelled"),
    "nothing to find": (
        "text = 'x'",
        "shop_module",
        "no application and no factory called create_app",
    ),
    "several": ("from flask import Flask\na, b = Flask('a'), Flask('b')", "shop_module", "several"),
    "a call of what is not callable": (SHOP, "shop_module:text()", "text"),
}


@pytest.mark.parametrize(("source", "target", "why"), NO_TARGETS.values(), ids=NO_TARGETS)
def test_a_target_that_names_nothing_is_refused(
    write: Write, source: str, target: str, why: str
) -> None:
    """The error shows the target and says what is wrong with it, or what to write."""
    write(source)

    with pytest.raises(TargetError) as refused:
        find_target(target)

    assert repr(target) in str(refused.value)
    assert why in str(refused.value)
    assert refused.value.exit_status == 2


NO_STARTS: dict[str, tuple[str, str, str]] = {
    "raising at import": ("1 / 0", "shop_module", "ZeroDivisionError: division by zero"),
    "exiting at import": ("raise SystemExit('bye')", "shop_module", "SystemExit: bye"),
    "a syntax error": ("def", "shop_module", "SyntaxError"),
    "an import that is missing": ("import nowhere", "shop_module", "No module named 'nowhere'"),
    "a factory that raises": ("def create_app(): 1 / 0", "shop_module", "its factory failed"),
    "a factory that exits": ("def create_app(): exit(0)", "shop_module", "SystemExit: 0"),
    "a factory that wants more": ("def create_app(a): pass", "shop_module", "its factory failed"),
}


@pytest.mark.parametrize(("source", "target", "why"), NO_STARTS.values(), ids=NO_STARTS)
def test_an_application_that_cannot_be_made_does_not_start(
    write: Write, source: str, target: str, why: str
) -> None:
    """What the application's own code raises is a failed start, with its place."""
    write(source)

    with pytest.raises(StartError) as refused:
        made(target)

    assert why in str(refused.value)
    assert refused.value.exit_status == 3


def test_a_failed_start_says_where(write: Write) -> None:
    """File and line of the application's code are in the message."""
    write("from flask import Flask\n\n1 / 0")

    with pytest.raises(StartError, match=r"at shop_module\.py:3"):
        find_target("shop_module")


def takes_any(*args: Any) -> Any:
    return wsgi()(*args)


class Callable2:
    def __call__(self, environ: Any, start_response: Any) -> Any:
        return []


class Callable3:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


PROTOCOLS: dict[str, tuple[Any, str]] = {
    "Flask": (Flask("a"), "wsgi"),
    "Quart": (Quart("a"), "asgi"),
    "a WSGI function": (wsgi(), "wsgi"),
    "an ASGI function": (asgi(), "asgi"),
    "a WSGI object": (Callable2(), "wsgi"),
    "an ASGI object": (Callable3(), "asgi"),
    "Flask's own function": (Flask("a").wsgi_app, "wsgi"),
}


def target(protocol: str | None) -> Target:
    return Target("shop", lambda config: None, False, protocol)


@pytest.mark.parametrize(("app", "protocol"), PROTOCOLS.values(), ids=PROTOCOLS)
def test_the_protocol_is_seen_by_what_the_application_takes(app: Any, protocol: str) -> None:
    """Two arguments are WSGI's, three are ASGI's."""
    assert protocol_of(app, target(None)) == protocol


@pytest.mark.parametrize("protocol", ["wsgi", "asgi"])
def test_a_protocol_that_cannot_be_seen_can_be_said(protocol: str) -> None:
    """An application that takes anything is driven as the target says."""
    assert protocol_of(takes_any, target(protocol)) == protocol


NO_APPLICATIONS = {"anything": takes_any, "nothing": None, "text": "text", "a class": Flask}


@pytest.mark.parametrize("app", NO_APPLICATIONS.values(), ids=NO_APPLICATIONS)
def test_what_is_no_application_is_refused(app: Any) -> None:
    """The error says how to spell the protocol out."""
    with pytest.raises(TargetError, match=r"say which with wsgi\+shop or asgi\+shop"):
        protocol_of(app, target(None))


def test_a_protocol_that_is_not_the_applications_is_refused() -> None:
    """Saying asgi+ of a WSGI application is a mistake, and not a difference."""
    with pytest.raises(TargetError, match="is called as WSGI applications are"):
        protocol_of(wsgi(), target("asgi"))


@pytest.mark.parametrize("prefix", ["", "wsgi+"])
def test_raw_applications_are_played_by_their_names(
    monkeypatch: pytest.MonkeyPatch, prefix: str
) -> None:
    """A function that is itself the application is no factory."""
    module = ModuleType("raw_shop")
    vars(module)["app"] = wsgi()
    monkeypatch.setitem(sys.modules, "raw_shop", module)
    report = check(f"{prefix}raw_shop:app", f"{prefix}raw_shop:app", [walk("/")])

    assert (report.exchanges, report.count) == (1, 0)
    assert report.reference == f"{prefix}raw_shop:app"


def test_every_error_is_of_one_family() -> None:
    """Whoever catches the base catches all that is raised on purpose."""
    assert issubclass(TargetError, QuartParityError)
    assert issubclass(StartError, QuartParityError)


@pytest.mark.parametrize("target", ["app", "app:app", "./app.py"])
def test_a_module_in_the_working_folder_is_not_another_folders(
    write: Write, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    """A module of the port is the port's, whatever the original's folder holds of its name."""
    for folder in ("old", "new"):
        write(f"from flask import Flask\napp = Flask({folder!r})", f"{folder}/app.py")
    monkeypatch.chdir("new")
    first = made("../old/app.py").name

    assert first == "old"
    assert made(target).name == "new"


def test_a_module_is_looked_for_in_the_working_folder_first(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A neighbour of the original is never taken for the port."""
    write("from flask import Flask\napp = Flask('original')", "old/original_shop.py")
    write("from flask import Flask\napp = Flask('neighbour')", "old/ported_shop.py")
    write("from flask import Flask\napp = Flask('port')", "new/ported_shop.py")
    monkeypatch.chdir("new")
    # As Python itself does for whoever starts it with -m.
    monkeypatch.syspath_prepend(Path.cwd())

    assert made("../old/original_shop.py").name == "original"
    assert made("ported_shop").name == "port"


LATE = """
from flask import Flask
def create_app():
    app = Flask(__name__)
    from {module} import NAME
    app.add_url_rule("/", view_func=lambda: NAME)
    return app
"""


@pytest.mark.parametrize("module", ["neighbour", "package.neighbour", "namespace.neighbour"])
def test_each_side_imports_its_own_neighbours(write: Write, module: str) -> None:
    """However late a side imports, it finds the modules of its own folder."""
    for folder in ("old", "new"):
        write(LATE.format(module=module), f"{folder}/{folder}_store.py")
        write(f"NAME = {folder!r}", f"{folder}/{module.replace('.', '/')}.py")
    for folder in ("old", "new"):
        write("", f"{folder}/package/__init__.py")
    report = check("old/old_store.py", "new/new_store.py", [walk("/")])

    assert ("old", "new") in [(one.reference, one.candidate) for one in report.differences]


def test_each_side_keeps_its_neighbours(write: Write) -> None:
    """A module is imported once for each side, however often the sides take turns."""
    for folder in ("old", "new"):
        write("", f"{folder}/kept_neighbour.py")
        write(
            "import kept_neighbour\nfrom flask import Flask\napp = Flask('a')", f"{folder}/kept.py"
        )
    homes = [find_target(f"{folder}/kept.py").home for folder in ("old", "new")]
    seen: list[set[int]] = [set(), set()]
    for _ in range(3):
        for home, modules in zip(homes, seen, strict=True):
            assert home is not None
            home.enter()
            modules.add(id(sys.modules["kept_neighbour"]))
    Home.leave()

    assert [len(modules) for modules in seen] == [1, 1]
    assert seen[0] != seen[1]


def test_what_was_not_ported_is_missing(write: Write) -> None:
    """A port that imports what only the original has does not start."""
    write("NAME = 'old'", "old/forgotten.py")
    write(LATE.format(module="forgotten"), "old/first_store.py")
    write(LATE.format(module="forgotten"), "new/second_store.py")

    with pytest.raises(StartError, match="No module named 'forgotten'"):
        check("old/first_store.py", "new/second_store.py", [walk("/")])


def test_imports_are_as_before_once_it_is_over(write: Write) -> None:
    """A check leaves the path as it found it, and none of a target's modules in sight."""
    before = sys.path[:]
    write("from flask import Flask\napp = Flask('a')", "away/gone_store.py")
    check("away/gone_store.py", "away/gone_store.py", [walk("/")])

    assert sys.path == before
    assert "gone_store" not in sys.modules


def test_what_was_imported_before_stays_in_sight(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package that a test has imported is the one that a check uses, late modules and all."""
    write("", "seen_before/__init__.py")
    write("NAME = 'late'", "seen_before/late.py")
    write(LATE.format(module="seen_before.late"), "late_store.py")
    monkeypatch.syspath_prepend(Path.cwd())
    package = importlib.import_module("seen_before")
    report = check("late_store.py", "late_store.py", [walk("/")])

    assert report.ok
    assert sys.modules["seen_before"] is package
    assert sys.modules["seen_before.late"] is package.late
