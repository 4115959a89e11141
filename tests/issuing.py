"""Applications that make values up, as far as a comparison sees them: by their answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random
from typing import Any
from uuid import UUID

from quart_parity import Result
from quart_parity.exchange import Exchange
from quart_parity.judging import judge
from quart_parity.noise import Noise
from quart_parity.pairing import Known
from quart_parity.playing import Played
from quart_parity.sessions import Sessions
from tests.builders import answer, raw_request
from tests.shops import walk

HTML = ("Content-Type", "text/html; charset=utf-8")
JSON = ("Content-Type", "application/json")

Answers = Sequence[Exchange]


class Making:
    """One side's randomness, with a seed so that a failure comes back."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)  # noqa: S311 - it guards nothing

    def bytes(self, count: int) -> bytes:
        return self._random.randbytes(count)

    def hex(self, count: int = 16) -> str:
        return self.bytes(count).hex()

    def uuid(self, version: int = 4) -> str:
        return str(UUID(bytes=self.bytes(16), version=version))


def page(text: str, *headers: tuple[str, str], target: str = "/") -> Exchange:
    exchange = answer(headers=[HTML, *headers], body=text.encode())
    return replace(exchange, request=raw_request(target=target))


def value(body: Any, *headers: tuple[str, str], target: str = "/") -> Exchange:
    exchange = answer(headers=[JSON, *headers], body=json.dumps(body).encode())
    return replace(exchange, request=raw_request(target=target))


def part(answers: Answers, sessions: Sessions | None = None) -> Played:
    nothing: Any = None
    played = Played(nothing, known_sessions=sessions)
    for exchange in answers:
        played.keep(exchange, {})
    return played


def judged(
    ours: Answers,
    theirs: Answers,
    known: Known | None = None,
    sessions: Sessions | None = None,
    noise: Noise | None = None,
) -> Result:
    """One client's answers on both sides, compared; the run knows its pairs from then on."""
    known = Known() if known is None else known
    scenario = walk(*["/"] * len(ours))
    result = judge(scenario, {}, part(ours, sessions), part(theirs, sessions), known, noise)
    known.add(result.pairs)
    return result


def differences(*clients: tuple[Answers, Answers]) -> list[tuple[int, str]]:
    """What is left of several clients' answers: request and path. The same for swapped sides."""
    found = _differences(clients)
    assert _differences((theirs, ours) for ours, theirs in clients) == found
    return found


def _differences(clients: Iterable[tuple[Answers, Answers]]) -> list[tuple[int, str]]:
    known = Known()
    results = [judged(*client, known) for client in clients]
    return [(one.request, one.path) for result in results for one in result.differences]
