"""Playing a scenario on one side; the only I/O there is."""

from __future__ import annotations

from dataclasses import dataclass, field

from .captures import captured
from .client import Client
from .clock import Clock
from .encoding import encode, fill
from .exchange import Base, Exchange, RawRequest, latin1, parse_base
from .player import Watch
from .scenario import Request, Scenario, placeholders
from .sessions import Sessions, no_sessions
from .sides import Served, Side


@dataclass(slots=True)
class Plan:
    """A scenario with its requests encoded once for both sides."""

    scenario: Scenario
    base: Base
    encoded: list[RawRequest | None]
    """None where a request waits for captured values."""
    length: int
    """Requests to play; fewer than there are once a side has stopped answering."""


def make_plan(scenario: Scenario) -> Plan:
    base = parse_base(scenario.base)
    # Where nothing is captured there is nothing to wait for, and no need to look for it.
    captures = any(request.capture for request in scenario.requests)
    encoded = [
        None if captures and placeholders(request) else encode(request, base)
        for request in scenario.requests
    ]
    return Plan(scenario, base, encoded, len(encoded))


@dataclass(slots=True)
class Part:
    """One side's part of a scenario, as far as it is played."""

    side: Side
    began: bool = False
    served: Served | None = None
    sessions: Sessions = field(default_factory=no_sessions)
    exchanges: list[Exchange] = field(default_factory=list)
    captures: list[dict[str, str | None]] = field(default_factory=list)
    """For each exchange, what its request captures; None where the answer lacks it."""
    sending: RawRequest | None = None
    """The request that waits for its answer."""
    failure: str | None = None
    """Why the request after the last exchange could not be made."""

    def keep(self, exchange: Exchange, found: dict[str, str | None]) -> None:
        self.exchanges.append(exchange)
        self.captures.append(found)
        self.sending = None


def play(plan: Plan, part: Part, fresh: bool, clock: Clock, now: float, watch: Watch) -> None:
    """Play the whole plan on one side, as a new client at *now*."""
    part.began = True
    clock.move_to(now)
    with part.side.serve(plan.scenario, fresh) as served:
        part.served = served
        client = Client(served.driver)
        values: dict[str, str] = {}
        for position in range(plan.length):
            request = plan.scenario.requests[position]
            if request.after:
                clock.shift(request.after)
            if not watch.begin() or not _send(plan, position, part, client, values, watch):
                break
        if client.received:
            part.sessions = served.sessions()


def _send(
    plan: Plan, position: int, part: Part, client: Client, values: dict[str, str], watch: Watch
) -> bool:
    """Send one request and keep what came of it; False where the scenario ends here."""
    request, raw = plan.scenario.requests[position], plan.encoded[position]
    if raw is None:
        try:
            request = fill(request, values)
            raw = encode(request, plan.base)
        except ValueError as error:
            part.failure = f"with the captured values filled in: {error}"
            return False
    for name, value in request.cookies.items():
        client.jar.put(plan.base, latin1(name), latin1(value))
    part.sending = raw
    exchange = client.send(raw)
    if watch.given_up:
        return False
    found = _captures(request, exchange) if request.capture else {}
    values |= {name: value or "" for name, value in found.items()}
    part.keep(exchange, found)
    return True


def _captures(request: Request, exchange: Exchange) -> dict[str, str | None]:
    return {name: captured(how, exchange.response) for name, how in request.capture.items()}
