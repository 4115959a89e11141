"""What arguments and settings together ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from .errors import UsageError
from .exchange import Exchange
from .hooks import Hooks
from .isolated.world import World
from .noise import Noise
from .report import Keep
from .routes import Route
from .runner import TIMEOUT, Runner
from .scenario import Scenario
from .settings import Settings, scenario_paths
from .showing import check_formats
from .sources import Walk, read_noted, read_scenarios
from .wiring import Wiring


def overridden(settings: Settings, options: dict[str, Any]) -> Settings:
    """The settings, with what the command line gives in their place; None there gives nothing."""
    given = {name: value for name, value in options.items() if value not in (None, ())}
    for name in ("reference_env", "candidate_env"):
        if name in given:
            given[name] = getattr(settings, name) | _variables(name, given[name])
    if "format" in given:
        given["format"] = list(given["format"])
    for name in ("mask", "unmask"):
        if name in given:
            given[name] = [*getattr(settings, name), *given[name]]
    if any(given.get(name) for name in ("reference_server", "candidate_server", "http2")):
        # Naming a server asks for it.
        given.setdefault("serve", True)
    for name, value in given.items():
        if value == "" or (isinstance(value, list) and "" in value):
            raise UsageError(f"--{_spelled(name)} is given, and empty")
    settings = replace(settings, **given)
    check_formats(settings)
    return settings


def _variables(option: str, given: Sequence[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    for name, equals, _ in pairs:
        if not (name and equals):
            raise UsageError(f"--{_spelled(option)}: {name!r} sets no variable: write NAME=VALUE")
    return {name: value for name, _, value in pairs}


def _spelled(name: str) -> str:
    return name.replace("_", "-")


def find_sides(reference: str | None, candidate: str | None, settings: Settings) -> tuple[str, str]:
    if reference is None:
        reference, candidate = settings.reference, settings.candidate
    if settings.reference_rev is not None:
        # A working tree and its own past: the same name in two revisions.
        reference, candidate = reference or candidate, candidate or reference
    if reference is None or candidate is None:
        raise UsageError(
            "a reference and a candidate are needed: quart-parity check flask_app quart_app, or"
            " both in [tool.quart-parity] of pyproject.toml"
        )
    return reference, candidate


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be played."""

    scenarios: list[Scenario] | Walk
    notes: list[str]
    """What of recordings is not."""
    made: Noted | None = None
    """Keeps those that are made from the URL map."""


def find_scenarios(
    files: Sequence[Path], names: tuple[str, ...], settings: Settings, folder: Path
) -> Chosen:
    """Those of the files, or else made from the URL map."""
    paths = list(files) or scenario_paths(settings, folder)
    scenarios, notes = read_noted(paths)
    if not is_made(settings, paths):
        _check_unused(settings)
        return Chosen(select(scenarios, names), notes)
    if names:
        raise UsageError("-k chooses among scenarios that were written: give --no-url-map with it")
    # Whoever writes scenarios need not wait for what makes some.
    from .sources.url_map import URLMap

    login = _login(settings)
    made = Noted(URLMap(login), login)
    return Chosen(Led(scenarios, made) if scenarios else made, notes, made)


def is_made(settings: Settings, paths: Sequence[Path]) -> bool:
    """Whether scenarios are made from the URL map, where *paths* hold those that were written."""
    return not paths if settings.url_map is None else settings.url_map


def _check_unused(settings: Settings) -> None:
    if settings.url_map is False:
        # Whoever says so knows that what makes scenarios stands idle.
        return
    for name in ("login", "save"):
        if getattr(settings, name) is not None:
            raise UsageError(
                f"--{name} is for scenarios that are made from the URL map, and there are others:"
                " add --url-map to have both"
            )


def _login(settings: Settings) -> Scenario | None:
    if settings.login is None:
        return None
    scenarios = read_scenarios([settings.login])
    if len(scenarios) != 1:
        raise UsageError(f"{settings.login}: a login is one scenario, not {len(scenarios)}")
    return scenarios[0]


class Led:
    """Scenarios that were written, and after them those of a walk."""

    def __init__(self, scenarios: list[Scenario], walk: Walk) -> None:
        self._scenarios = scenarios
        self._names = {scenario.name for scenario in scenarios}
        self._walk = walk

    def begin(self, routes: list[Route]) -> Iterator[Scenario]:
        yield from self._scenarios
        yield from self._walk.begin(routes)

    def learn(self, scenario: Scenario, exchanges: Sequence[Exchange]) -> None:
        if scenario.name not in self._names:
            self._walk.learn(scenario, exchanges)


class Noted:
    """A walk whose scenarios are kept, as far as it comes."""

    def __init__(self, walk: Walk, login: Scenario | None) -> None:
        self._walk = walk
        self._login = login.requests if login else []
        self._refused: int | None = None
        self.scenarios: list[Scenario] = []

    def begin(self, routes: list[Route]) -> Iterator[Scenario]:
        for scenario in self._walk.begin(routes):
            self.scenarios.append(scenario)
            yield scenario

    def learn(self, scenario: Scenario, exchanges: Sequence[Exchange]) -> None:
        self._walk.learn(scenario, exchanges)
        count = len(self._login)
        if 0 < count <= len(exchanges) and scenario.requests[:count] == self._login:
            answer = exchanges[count - 1].response
            if answer is None or answer.status >= 400:
                self._refused = answer.status if answer else 0

    def notes(self) -> list[str]:
        """What a reader must know of the login."""
        if self._refused is None:
            return []
        how = f"with {self._refused}" if self._refused else "not at all"
        return [f"The login's last request was answered {how}: perhaps nobody is logged in."]


def select(scenarios: list[Scenario], names: tuple[str, ...]) -> list[Scenario]:
    """Those whose name contains one of *names*, or is it where one is just that; raises
    `UsageError` where there is none."""
    if not scenarios:
        raise UsageError(
            "no scenarios: give a file with --scenarios, or name some in [tool.quart-parity]"
            " of pyproject.toml"
        )
    known = {one.name for one in scenarios}
    chosen = [
        one
        for one in scenarios
        if not names
        or any(one.name == name or (name in one.name and name not in known) for name in names)
    ]
    if not chosen:
        first = ", ".join(one.name for one in scenarios[:10])
        more = ", …" if len(scenarios) > 10 else ""
        raise UsageError(
            f"no scenario's name contains {' or '.join(names)}; there are {first}{more}"
        )
    return chosen


Sides = tuple[str, str]
BOTH: Sides = ("reference", "candidate")
TWICE: Sides = ("reference", "reference")


def find_runner(
    targets: tuple[str, str],
    settings: Settings,
    where: Path,
    sides: Sides = BOTH,
    noise: Noise | None = None,
    keep: Keep = "none",
) -> Runner:
    """Both sides as the settings say of them; targets are looked for in the folder *where*."""
    return Runner(
        *targets,
        accept=settings.accept,
        fresh=settings.fresh,
        timeout=find_limit(settings),
        causes=settings.causes,
        correspond=settings.correspond,
        hooks=find_hooks(settings, where, sides),
        noise=noise,
        coverage=settings.coverage or settings.require_coverage,
        where=where,
        wiring=find_wiring(settings, sides),
        keep=keep,
    )


def find_noise(
    reference: str, settings: Settings, where: Path, scenarios: list[Scenario] | Walk
) -> Noise:
    """Play the reference against itself."""
    noise = Noise()
    settings = replace(settings, causes=False)
    runner = find_runner((reference, reference), settings, where, TWICE)
    for result in runner.run(scenarios):
        noise.add(result)
    return noise


def find_limit(settings: Settings) -> float:
    return TIMEOUT if settings.timeout is None else settings.timeout


def find_wiring(settings: Settings, sides: Sides = BOTH) -> Wiring:
    """How the sides are reached; raises `UsageError` where the key's variable holds none."""
    variable = settings.secret_key_env
    if variable is not None and variable not in os.environ:
        raise UsageError(f"--secret-key-env {variable}: the environment has no such variable")
    if variable is not None and not os.environ[variable]:
        raise UsageError(f"--secret-key-env {variable}: the variable is empty")
    return Wiring(
        servers=server_names(settings, sides) if settings.serve else None,
        http2=settings.http2,
        worlds=(_world(settings, sides[0]), _world(settings, sides[1])),
        secret_key=None if variable is None else os.environ[variable],
        ca_file=Path(settings.ca_file) if settings.ca_file else None,
    )


def _world(settings: Settings, side: str) -> World | None:
    """None where the side lives in this process."""
    folder: str | None = getattr(settings, f"{side}_dir")
    python: str | None = getattr(settings, f"{side}_python")
    environment: dict[str, str] = getattr(settings, f"{side}_env")
    revision = settings.reference_rev if side == "reference" else None
    if not (settings.isolate or folder or python or environment or revision is not None):
        return None
    return World(Path(folder) if folder else None, python, environment, revision)


def find_hooks(settings: Settings, folder: Path, sides: Sides = BOTH) -> tuple[Hooks, Hooks] | None:
    """What is done around each scenario on each side, in its own folder where it has one."""
    if not (settings.setup or settings.teardown or settings.hooks):
        return None
    ours, theirs = (
        Hooks(
            settings.setup,
            settings.teardown,
            settings.hooks,
            Path(getattr(settings, f"{side}_dir") or folder),
            side,
            getattr(settings, f"{side}_env"),
        )
        for side in sides
    )
    return ours, theirs


def server_names(settings: Settings, sides: Sides = BOTH) -> tuple[str, str]:
    usual = {"reference": "flask", "candidate": "hypercorn"}
    ours, theirs = (getattr(settings, f"{side}_server") or usual[side] for side in sides)
    return ours, theirs
