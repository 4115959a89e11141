"""Runs with something around each scenario."""

from dataclasses import replace
from typing import Any

from flask import Flask
from quart import Quart

from quart_parity import Report, Scenario
from quart_parity.hooks import Hooks
from quart_parity.runner import Runner
from tests.forgetful import original, port

NOTE = 'echo "{} $QUART_PARITY_SIDE $QUART_PARITY_SCENARIO" >> notes'
COMMANDS: dict[str, Any] = {which: NOTE.format(which) for which in ("setup", "teardown")}
"""Each says when it was run, in a file of its folder."""
BOTH = ("reference", "candidate")
SHORT = 0.3
"""Seconds for what never ends."""


def played(
    reference: Any, candidate: Any, *scenarios: Scenario, timeout: float = 10, **hooks: Any
) -> Report:
    """Play with the same hooks on both sides."""
    around = Hooks(**hooks)
    both = around, replace(around, side="candidate")
    runner = Runner(reference, candidate, causes=False, timeout=timeout, hooks=both)
    for _ in runner.run(scenarios):
        pass
    return runner.report


async def same() -> str:
    return "same"


def sides() -> tuple[Flask, Quart]:
    return original("/view"), port(view=same)
