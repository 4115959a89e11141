"""Trying out what becomes of a Quart application when compat mends it, or mends all but some."""

from __future__ import annotations

import gc
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

import quart

from . import compat
from .compat.switches import PIECES, override
from .drivers import Driver
from .exchange import Exchange, RawRequest
from .scenario import Scenario
from .sides import Served, Side

_FRAMEWORKS = {"flask", "quart_parity", "werkzeug"}
_NAMES = {
    id(getattr(quart, name)): getattr(compat, name)
    for name in compat.__all__
    if hasattr(quart, name)
}
"""What compat has in place of Quart's own, by the identity of the latter."""
_CLOSING = "QP009"
"""The piece without which files stay open."""


class Pieces(frozenset[str]):
    """The pieces that are on, with a note of which are asked for."""

    off: frozenset[str]
    asked: list[set[str]]
    """What was asked for before the first exchange, then for each exchange."""

    @classmethod
    def but(cls, off: Iterable[str] = ()) -> Pieces:
        """All pieces but *off*."""
        pieces = cls(PIECES)
        pieces.put_off(off)
        return pieces

    def put_off(self, off: Iterable[str]) -> None:
        """Put these off in place of those that were, and forget what was asked for."""
        self.off, self.asked = frozenset(off), [set()]

    def __contains__(self, code: object) -> bool:
        self.asked[-1].add(str(code))
        return super().__contains__(code) and code not in self.off


def can_be_mended(app: object) -> bool:
    """Whether it is a Quart application itself, and not something around one."""
    return isinstance(app, quart.Quart)


@contextmanager
def mended(app: quart.Quart, pieces: Pieces) -> Iterator[None]:
    """Put compat into an application for a while."""
    before = {"__class__": type(app), "view_functions": app.view_functions}
    templates = vars(app).get("jinja_env")
    if templates is not None:
        flashed = templates.globals.get("get_flashed_messages")
        template_class = templates.template_class
    compat.FlaskCompat.apply(app)
    override(app, pieces)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(app, name, value)
        if templates is not None:
            templates.globals["get_flashed_messages"] = flashed
            templates.template_class = template_class
        override(app, None)


@contextmanager
def exchanged_names() -> Iterator[None]:
    """Put compat's functions in place of Quart's in whatever module has imported them.

    That is what changing the imports would do; no mixin can reach them.
    """
    exchanged: list[tuple[dict[str, Any], str, Any]] = []
    # Copied at once: applications may be importing on other threads.
    for module_name, module in sys.modules.copy().items():
        package, _, rest = module_name.partition(".")
        is_entry = module_name.startswith("quart_parity.divergences.")
        if (package in _FRAMEWORKS and not is_entry) or (package == "quart" and rest):
            continue
        namespace = getattr(module, "__dict__", {})
        for name, value in list(namespace.items()):
            if id(value) in _NAMES:
                namespace[name] = _NAMES[id(value)]
                exchanged.append((namespace, name, value))
    try:
        yield
    finally:
        for namespace, name, value in exchanged:
            namespace[name] = value


@contextmanager
def _silence(leaking: bool) -> Iterator[None]:
    """Collect what the experiment leaves open as long as nobody is warned of it."""
    if not leaking:
        yield
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


class _Noting:
    """A driver that has what is asked for noted for each exchange."""

    def __init__(self, driver: Driver, pieces: Pieces) -> None:
        self._driver = driver
        self._pieces = pieces

    def send(self, request: RawRequest) -> Exchange:
        self._pieces.asked.append(set())
        return self._driver.send(request)

    def close(self) -> None:
        self._driver.close()


class TrialSide(Side):
    """The candidate once more, to be mended; an instance is the very same one."""

    def __init__(self, side: Side) -> None:
        target = side.target
        self.pieces = Pieces.but()
        self._apps: dict[int, Any] = {}
        self._mending = ExitStack()
        self._serving: Served | None = None
        super().__init__(
            replace(target, make=self._making(target.make)),
            side.timeout,
            {} if target.is_factory else side._served,
        )

    def _making(self, make: Callable[[Mapping[str, Any]], Any]) -> Callable[..., Any]:
        def made(config: Mapping[str, Any]) -> Any:
            app = make(config)
            if id(app) not in self._apps and can_be_mended(app):
                self._apps[id(app)] = app
                self._mending.enter_context(mended(app, self.pieces))
            return app

        return made

    @contextmanager
    def trial(self, off: Iterable[str]) -> Iterator[None]:
        """All of compat but the pieces *off* in what is played meanwhile."""
        self.pieces.put_off(off)
        alive = {id(served.app) for served in self._served.values()}
        self._apps = {key: app for key, app in self._apps.items() if key in alive}
        with _silence(_CLOSING in self.pieces.off), ExitStack() as self._mending:
            self._mending.enter_context(exchanged_names())
            for app in self._apps.values():
                self._mending.enter_context(mended(app, self.pieces))
            yield

    @contextmanager
    def serve(self, scenario: Scenario, fresh: bool) -> Iterator[Served]:
        with super().serve(scenario, fresh) as self._serving:
            yield Served(self._serving.app, _Noting(self._serving.driver, self.pieces))

    def leave(self, served: Served) -> None:
        if self._serving is not None:
            super().leave(self._serving)
