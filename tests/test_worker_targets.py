"""The worker finds what a target names as the library does, and refuses the same."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quart_parity import QuartParityError
from quart_parity.isolated import worker
from quart_parity.modules import Home
from quart_parity.targets import find_target, protocol_of
from tests.conftest import Write
from tests.test_targets import NO_STARTS, NO_TARGETS, PROTOCOLS, SEARCHES, SHOP, SPELLINGS

Told = tuple[object, ...]

FACTORIES = {
    "config": "def create_app(config=None): return made(config)",
    "config needed": "def create_app(config): return made(config)",
    "settings": "def create_app(settings={}): return made(settings)",
    "annotated": "def create_app(given: dict): return made(given)",
    "annotated as text": "def create_app(given: 'Mapping[str, str]'): return made(given)",
    "a name": "def create_app(name='shop'): return made({'NAME': name})",
    "nothing": "def create_app(): return made({})",
    "an environment": "def create_app(config='dev'): return made({'NAME': config})",
}
MADE = """
from collections.abc import Mapping
from flask import Flask

def made(config):
    app = Flask("made")
    app.config.update(GIVEN=sorted((config or {}).items()))
    return app

"""


@pytest.fixture
def forgetting(importing: Path) -> Iterator[None]:
    """Leaves the path and the modules to whoever imports next."""
    yield
    Home.leave()


def ours(target: str, config: dict[str, Any], where: Path) -> Told:
    """What the library finds."""
    try:
        found = find_target(target, where)
        app = found.make(config)
        protocol = protocol_of(app, found)
    except QuartParityError as error:
        return type(error).__name__, without_addresses(str(error))
    finally:
        Home.leave()
    return found.is_factory, protocol, app.name, str(app.config.get("GIVEN"))


def theirs(target: str, config: dict[str, Any], where: Path) -> Told:
    """What the worker finds, in this process for once."""
    path, modules = sys.path[:], set(sys.modules)
    try:
        found = worker.find_target(target, str(where))
        app = found.make(config)
        protocol = worker.protocol_of(app, found)
    except worker.Refusal as refusal:
        return refusal.kind, without_addresses(str(refusal))
    finally:
        sys.path[:] = path
        for name in set(sys.modules) - modules:
            del sys.modules[name]
    return found.is_factory, protocol, app.name, str(app.config.get("GIVEN"))


def without_addresses(text: str) -> str:
    return re.sub("0x[0-9a-f]+", "0x", text)


def both(target: str, config: dict[str, Any] | None = None) -> tuple[Told, Told]:
    folder = Path.cwd()
    return ours(target, config or {}, folder), theirs(target, config or {}, folder)


@pytest.mark.usefixtures("forgetting")
@pytest.mark.parametrize("target", [target for target, _ in SPELLINGS.values()])
def test_every_spelling_leads_to_the_same_application(write: Write, target: str) -> None:
    """Module, file, application, factory and call are read alike."""
    write(SHOP)
    one, other = both(target)

    assert one == other
    assert len(one) == 4


@pytest.mark.usefixtures("forgetting")
@pytest.mark.parametrize("source", [source for source, _ in SEARCHES.values()], ids=SEARCHES)
def test_a_module_is_searched_alike(write: Write, source: str) -> None:
    """The same application is found where none is named."""
    write(f"from flask import Flask\n{source}")
    one, other = both("shop_module")

    assert one == other
    assert len(one) == 4


@pytest.mark.usefixtures("forgetting")
@pytest.mark.parametrize(
    ("source", "target"),
    [(source, target) for source, target, _ in [*NO_TARGETS.values(), *NO_STARTS.values()]],
    ids=[*NO_TARGETS, *NO_STARTS],
)
def test_the_same_is_refused_in_the_same_words(write: Write, source: str, target: str) -> None:
    """Which error it is, and all that it says, do not depend on where the application lives."""
    write(source)
    one, other = both(target)

    assert one == other
    assert one[0] in ("TargetError", "StartError")


@pytest.mark.usefixtures("forgetting")
@pytest.mark.parametrize("config", [{}, {"COLOUR": "red"}], ids=["no config", "config"])
@pytest.mark.parametrize("source", FACTORIES.values(), ids=FACTORIES)
def test_a_factory_gets_its_configuration_alike(
    write: Write, source: str, config: dict[str, Any]
) -> None:
    """Whether a factory is called with the mapping is decided by the same signs."""
    write(MADE + source)
    one, other = both("shop_module", config)

    assert one == other
    assert len(one) == 4


PACKAGES = ["pack_shop/main.py", "pack_shop", "pack_shop.main:app", "./pack_shop/__init__.py:app"]


@pytest.mark.usefixtures("forgetting")
@pytest.mark.parametrize("target", PACKAGES)
def test_a_file_in_a_package_is_found_alike(write: Write, target: str) -> None:
    """Files are imported by their dotted names, and folders as the packages that they are."""
    write("from flask import Flask\napp = Flask('above')", "pack_shop/__init__.py")
    write("from . import Flask\napp = Flask('packed')", "pack_shop/main.py")
    one, other = both(target)

    assert one == other
    assert len(one) == 4


@pytest.mark.parametrize(("app", "protocol"), PROTOCOLS.values(), ids=PROTOCOLS)
def test_the_protocol_is_seen_alike(app: Any, protocol: str) -> None:
    """Two arguments are WSGI's, three are ASGI's, here and there."""
    target = worker.Target("shop", lambda config: None, False)

    assert worker.protocol_of(app, target) == protocol


REFUSED: dict[str, tuple[Any, str]] = {
    "takes anything": (lambda *args: None, ""),
    "is nothing": (None, ""),
    "is another": (PROTOCOLS["Flask"][0], "asgi"),
}


@pytest.mark.parametrize(("app", "protocol"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_application_is_refused_alike(app: Any, protocol: str) -> None:
    """The advice on how to spell the protocol is the same."""
    target = worker.Target("shop", lambda config: None, False)
    target.protocol = protocol
    found = find_target(lambda: None)
    with pytest.raises(QuartParityError) as ours:
        protocol_of(app, type(found)("shop", found.make, False, protocol or None))

    with pytest.raises(worker.Refusal) as theirs:
        worker.protocol_of(app, target)

    assert (theirs.value.kind, str(theirs.value)) == (type(ours.value).__name__, str(ours.value))
