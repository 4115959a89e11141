"""The example store against itself, at length: whatever differs there is a false alarm."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from quart_parity import Scenario
from quart_parity.exchange import Exchange
from quart_parity.isolated.world import World
from quart_parity.routes import Route
from quart_parity.runner import Runner
from quart_parity.sources.url_map import URLMap
from quart_parity.wiring import Wiring
from tests.example import copy_shop, login

pytestmark = pytest.mark.example

EXCHANGES = 10_000
ROUNDS = 5
"""Walks at most: one is some thousand exchanges."""


class Rounds:
    """Walks one after the other, as a visitor and as a customer, until there is enough."""

    def __init__(self) -> None:
        self._walk = URLMap()
        self._asked = 0

    def begin(self, routes: list[Route]) -> Iterator[Scenario]:
        for number in range(ROUNDS):
            if self._asked < EXCHANGES:
                self._walk = URLMap(login() if number % 2 else None)
                yield from self._walk.begin(routes)

    def learn(self, scenario: Scenario, exchanges: Sequence[Exchange]) -> None:
        self._asked += len(exchanges)
        self._walk.learn(scenario, exchanges)


@pytest.mark.parametrize(
    ("version", "worlds"),
    [("shop_flask", (None, None)), ("shop_quart", (World(), World()))],
    ids=["in process", "in workers"],
)
def test_ten_thousand_exchanges_raise_no_false_alarm(
    version: str, worlds: tuple[World | None, World | None], tmp_path: Path
) -> None:
    """Two stores that are one answer alike, however long they are asked."""
    shop = copy_shop(tmp_path)

    def target(name: str) -> str:
        config = {"DATABASE": f"{shop}/{name}.sqlite", "UPLOADS": f"{shop}/{name}"}
        return f"{version}:create_app({config!r})"

    wiring = Wiring(worlds=worlds)
    runner = Runner(target("one"), target("other"), causes=False, where=shop, wiring=wiring)
    for _ in runner.run(Rounds()):
        pass
    report = runner.report
    told = [f"{d.scenario} {d.request} {d.target}: {d.path}" for d in report.differences]

    assert told == []
    assert report.failures == []
    assert report.exchanges >= EXCHANGES
