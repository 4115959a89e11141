"""Playing a scenario on one side; the only I/O there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import accumulate
from time import time

from .captures import captured
from .client import Client
from .clock import Clock
from .cookies import Jar
from .encoding import encode, fill
from .errors import ScenarioError, UnplayableError
from .exchange import Base, Exchange, RawRequest, Unawaited, latin1, parse_base
from .hooks import GRACE, Hooks
from .scenario import Request, Scenario, placeholders
from .sessions import Sessions, no_sessions
from .sides import Served, Side
from .worker import Watch

Captures = dict[str, str | None]
"""What an answer holds of what its request captures, by name; None where it lacks it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A scenario with its requests encoded once for both sides."""

    scenario: Scenario
    base: Base
    encoded: list[RawRequest | None]
    """None where a request waits for captured values."""
    elapsed: list[float]
    """Seconds from the start of the scenario to each request."""


def make_plan(scenario: Scenario) -> Plan:
    """Raises `ScenarioError` for a request that cannot be sent."""
    base = parse_base(scenario.base)
    # Where nothing is captured there is nothing to wait for, and no need to look for it.
    captures = any(request.capture for request in scenario.requests)
    encoded: list[RawRequest | None] = []
    for position, request in enumerate(scenario.requests):
        try:
            waits = captures and placeholders(request)
            encoded.append(None if waits else encode(request, base))
        except (AttributeError, TypeError, ValueError) as error:
            where = f"scenario {scenario.name!r}: requests[{position}]"
            raise ScenarioError(f"{where} cannot be sent: {error}") from None
    elapsed = list(accumulate(request.after for request in scenario.requests))
    return Plan(scenario, base, encoded, elapsed)


@dataclass(slots=True)
class Played:
    """A scenario on one side, as far as it is played."""

    side: Side
    served: Served | None = None
    client: Client | None = None
    known_sessions: Sessions | None = None
    """What `sessions` gives, where the application cannot be asked later."""
    exchanges: list[Exchange] = field(default_factory=list)
    captures: list[Captures] = field(default_factory=list)
    """One for each exchange."""
    values: dict[str, str] = field(default_factory=dict)
    sending: RawRequest | None = None
    """The request that waits for its answer."""
    hooks: Hooks | None = None
    """What is done before and after on this side."""
    set_up: list[Step] = field(default_factory=list)
    """The kinds of steps that were taken before."""
    hooking: str | None = None
    """The hook that has not ended."""
    failure: str | None = None
    """Why the request after the last exchange could not be made; the scenario ends there."""

    def keep(self, exchange: Exchange, found: Captures) -> None:
        self.exchanges.append(exchange)
        self.captures.append(found)
        if found:
            self.values |= {name: value or "" for name, value in found.items()}
        self.sending = None

    def add_unawaited(self, found: tuple[Unawaited, ...]) -> None:
        """Keep what was found when nothing more was to be sent."""
        if found and self.exchanges:
            last = self.exchanges[-1]
            self.exchanges[-1] = replace(last, unawaited=last.unawaited + found)

    def sessions(self) -> Sessions:
        """How to read this side's session cookies; asked only where two answers are unequal."""
        if self.known_sessions is None:
            self.known_sessions = self.served.sessions() if self.served else no_sessions()
        return self.known_sessions

    def is_done(self, plan: Plan) -> bool:
        return len(self.exchanges) == len(plan.encoded) or self.failure is not None


def play(plan: Plan, played: Played, fresh: bool, clock: Clock, watch: Watch) -> None:
    """Play what is left of the plan on one side, with its hooks around it."""
    with (
        _around(plan, played, watch, _run_command),
        played.side.serve(plan.scenario, fresh) as served,
    ):
        # A thread that was left behind may still write into the jar that it knows.
        jar = Jar(dict(played.client.jar.cookies)) if played.client else Jar()
        played.served, played.client = served, Client(served.driver, jar)
        with _around(plan, played, watch, _call_function):
            _play(plan, played, served, played.client, clock, watch)


def _play(
    plan: Plan, played: Played, served: Served, client: Client, clock: Clock, watch: Watch
) -> None:
    """Send what is left, and see what the application left."""
    if not played.exchanges:
        clock.begin(plan.elapsed[-1] > 0)
    while not played.is_done(plan):
        watch.begin()
        served.move(clock.move(plan.elapsed[len(played.exchanges)]))
        if not watch.begin():
            return
        _send(plan, played, client, clock, watch)
    if served.is_borrowed:
        played.known_sessions = served.sessions()
    played.add_unawaited(served.settle())


Step = Callable[[Hooks, Plan, Played, str], None]


@contextmanager
def _around(plan: Plan, played: Played, watch: Watch, step: Step) -> Iterator[None]:
    """Take one kind of step before and after, each once: where an application hangs, the
    scenario goes on in another one."""
    hooks = played.hooks
    if hooks is None:
        yield
        return
    if step not in played.set_up:
        _take(step, hooks, plan, played, watch, "setup")
        played.set_up.append(step)
    try:
        yield
    except UnplayableError:
        _take(step, hooks, plan, played, watch, "teardown")
        raise
    if not watch.given_up:
        _take(step, hooks, plan, played, watch, "teardown")


def _take(step: Step, hooks: Hooks, plan: Plan, played: Played, watch: Watch, which: str) -> None:
    if watch.begin(GRACE):
        played.hooking = hooks.told(which, plan.scenario.name)
        step(hooks, plan, played, which)
        played.hooking = None


def _run_command(hooks: Hooks, plan: Plan, played: Played, which: str) -> None:
    hooks.command(which, plan.scenario.name, played.side.timeout)


def _call_function(hooks: Hooks, plan: Plan, played: Played, which: str) -> None:
    hooks.call(which, plan.scenario.name, played.served.hook if played.served else None)


def _send(plan: Plan, played: Played, client: Client, clock: Clock, watch: Watch) -> None:
    """Send the next request and keep what came of it."""
    position = len(played.exchanges)
    request, raw = plan.scenario.requests[position], plan.encoded[position]
    if raw is None:
        try:
            request = fill(request, played.values)
            raw = encode(request, plan.base)
        except ValueError:
            # The reason would show a captured value, which may be a secret.
            names = ", ".join(sorted(placeholders(request)))
            played.failure = f"what was captured as {names} does not fit into the request"
            return
    for name, value in request.cookies.items():
        client.jar.put(plan.base, latin1(name), latin1(value))
    played.sending = raw
    sent = time() if clock.ticks else 0.0
    exchange = client.send(raw)
    if clock.ticks:
        exchange = replace(exchange, window=(sent, time()))
    if not watch.given_up:
        played.keep(exchange, _captures(request, exchange) if request.capture else {})


def _captures(request: Request, exchange: Exchange) -> Captures:
    return {name: captured(how, exchange.response) for name, how in request.capture.items()}
