"""Factories: what they take of a scenario's config, and how often they are called."""

from typing import Any

import pytest
from flask import Flask

from quart_parity import TargetError, check
from quart_parity.targets import find_target
from tests.builders import wsgi
from tests.conftest import Write
from tests.shops import walk

FACTORIES: dict[str, tuple[str, str, bool]] = {
    "a mapping by its name": ("config=None", "config", True),
    "a mapping by another name": ("test_config=None", "test_config", True),
    "settings": ("settings={}", "settings", True),
    "a mapping by its type": ("given: Mapping[str, Any] | None = None", "given", True),
    "a mapping by its type in quotes": ("given: 'Mapping[str, Any]' = {}", "given", True),
    "a dict by its type": ("given: dict = {}", "given", True),
    "a mapping beside others": ("config=None, debug=False", "config", True),
    "nothing": ("", "None", False),
    "the name of a configuration": ("config_name='dev'", "None, config_name", False),
    "its name by its type": ("config: str = 'dev'", "None, config", False),
    "keywords only": ("*, config=None", "config", False),
    "anything": ("*args, **kwargs", "None", False),
}
"""A factory's parameters, what it makes of them, and whether it is given the config."""
MAKING = """
from collections.abc import Mapping
from typing import Any

from flask import Flask

def shop(config, name="dev"):
    made = Flask(name)
    made.config["GIVEN"] = config is not None and "N" in config
    made.config.update(config or {{}})
    return made

def create_app({takes}):
    return shop({gives})
"""


@pytest.mark.parametrize(("takes", "gives", "given"), FACTORIES.values(), ids=FACTORIES)
def test_a_config_reaches_the_application_whatever_its_factory_takes(
    write: Write, takes: str, gives: str, given: bool
) -> None:
    """A factory that takes a mapping gets it; into the app.config of others it is put."""
    write(MAKING.format(takes=takes, gives=gives))
    app = find_target("shop_module").make({"N": 1})

    assert app.config["N"] == 1
    assert app.config["GIVEN"] is given
    assert app.name == "dev"


@pytest.mark.parametrize(("takes", "gives", "given"), FACTORIES.values(), ids=FACTORIES)
def test_a_factory_is_called_without_a_config_too(
    write: Write, takes: str, gives: str, given: bool
) -> None:
    """A scenario without config gets the application as its factory makes it."""
    write(MAKING.format(takes=takes, gives=gives))

    assert "N" not in find_target("shop_module").make({}).config


def test_a_config_for_an_application_without_one_is_refused() -> None:
    """A raw application has nowhere to put it."""
    with pytest.raises(TargetError, match=r"has no app\.config"):
        check(wsgi(), wsgi(), [walk("/", config={"A": 1})])


def test_a_factory_makes_a_new_application_each_time(write: Write) -> None:
    """An instance is always the same, a factory's application never is."""
    write("from flask import Flask\napp = Flask('a')\ndef create(): return Flask('b')")
    factory, instance = find_target("shop_module:create"), find_target("shop_module:app")

    assert factory.is_factory
    assert factory.make({}) is not factory.make({})
    assert not instance.is_factory
    assert instance.make({}) is instance.make({})


def test_a_factory_can_be_given_as_an_object() -> None:
    """In Python a factory is a target as it stands, and can be asked for fresh applications."""
    count: list[Flask] = []

    def create_app() -> Flask:
        count.append(Flask("shop"))
        return count[-1]

    check(create_app, create_app, [walk("/", fresh=True)])

    assert len(count) == 2


@pytest.mark.parametrize("config", [{}, {"N": 1}], ids=["none", "one"])
def test_a_factory_that_must_have_a_config_gets_one(write: Write, config: dict[str, Any]) -> None:
    """A factory whose first parameter is the configuration is always called with it."""
    write(
        "from flask import Flask\ndef create_app(config):\n"
        "    app = Flask('a')\n    app.config.update(config)\n    return app"
    )

    assert find_target("shop_module").make(config).config.get("N") == config.get("N")
