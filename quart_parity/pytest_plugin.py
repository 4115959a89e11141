"""The pytest plugin: options, the marker, the fixtures; all else is imported when it is asked for.

``--parity-candidate`` or ``--parity=check`` send what the suite's Flask test clients send to the
port as well. The `parity` fixture is a client that does so by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .mirror.pair import ParityClient

_PLUGIN = "quart_parity.mirror"
_MARKER = (
    "parity(mode='check', *, accept={}): 'off' keeps a test's requests from the port; accept holds"
    " path patterns of differences that someone lives with, each with the reason."
)


class Hooks:
    """What a conftest can say of state that no configuration names."""

    @pytest.hookspec(firstresult=True)
    def pytest_parity_snapshot(self, reference: Any) -> Any:
        """Return what the Flask application has stored so far; called before its first request."""

    @pytest.hookspec(firstresult=True)
    def pytest_parity_restore(self, candidate: Any, snapshot: Any) -> Any:
        """Give the port what a snapshot holds, before its first request; may be a coroutine."""


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.add_hookspecs(Hooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("parity", "parity of a Flask application with its port to Quart")
    group.addoption(
        "--parity",
        choices=("off", "check"),
        help="check: send each request of the suite's Flask test clients to the port as well, and"
        " fail where it answers otherwise; the default with --parity-candidate.",
    )
    group.addoption(
        "--parity-candidate",
        metavar="TARGET",
        help="The port: 'module:create_app()' or the like; else the setting candidate.",
    )
    group.addoption(
        "--parity-reference",
        metavar="TARGET",
        help="The original, for the parity fixture; else the setting reference.",
    )
    group.addoption(
        "--parity-accept",
        metavar="PATTERN=REASON",
        action="append",
        default=[],
        help="A difference that someone lives with: its path, and why.",
    )
    group.addoption(
        "--parity-state",
        choices=("copy", "share"),
        help="Whether databases and temporary files that the configuration names are copied for"
        " the port at its first request, the default, or shared with it.",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", _MARKER)
    option = config.option
    mode = option.parity or ("check" if option.parity_candidate is not None else None)
    if mode == "check":
        _register(config, True)
    elif mode is None and (option.parity_accept or option.parity_state):
        raise pytest.UsageError(
            "--parity-accept and --parity-state go with --parity=check or --parity-candidate"
        )


def _register(config: pytest.Config, mirrors: bool) -> Any:
    """The part that works, once."""
    plugin = config.pluginmanager.get_plugin(_PLUGIN)
    if plugin is None:
        from .mirror.plugin import MirrorPlugin

        plugin = MirrorPlugin(config, mirrors)
        config.pluginmanager.register(plugin, _PLUGIN)
    return plugin


@pytest.fixture
def parity_candidate(pytestconfig: pytest.Config) -> Any:
    """What stands for the port: a target, an application, or a function that is given the Flask
    application and returns one. By default the option or setting."""
    return _register(pytestconfig, False).side("candidate")


@pytest.fixture
def parity_reference(pytestconfig: pytest.Config) -> Any:
    """The Flask application that the `parity` fixture asks; by default a new one of the option or
    setting."""
    return _register(pytestconfig, False).side("reference")


@pytest.fixture
def parity(
    request: pytest.FixtureRequest, parity_reference: Any, parity_candidate: Any
) -> Iterator[ParityClient]:
    """A Flask test client whose requests go to the port as well; it fails at the first difference.

    What it returns is Flask's answer, and can be awaited.
    """
    plugin = _register(request.config, False)
    yield from plugin.client(request.node, parity_reference, parity_candidate)
