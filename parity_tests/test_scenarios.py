"""Every scenario on both sides: the port behaves as the original, with nothing to forgive."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from parity_tests.applications import Sides
from quart_parity import Report, Request, Scenario, check, check_async, read_scenarios
from quart_parity.encoding import encode
from quart_parity.exchange import parse_base
from quart_parity.settings import find_settings, scenario_paths

HERE = Path(__file__).resolve().parent
SETTINGS, FOLDER = find_settings(HERE)
PATHS = scenario_paths(SETTINGS, FOLDER)
SCENARIOS = read_scenarios(PATHS)
REFERENCE, CANDIDATE = "flask_app", "quart_app"
EXAMPLES = {"filename": "notes.txt"}
"""What stands for the variable parts of rules."""


@pytest.fixture(scope="module")
def report() -> Report:
    """What comparing all scenarios gives: applications are built once for each configuration."""
    return check(REFERENCE, CANDIDATE, SCENARIOS)


def rules(app: Any) -> list[Rule]:
    return list(app.url_map.iter_rules())


def declared(rule: Rule) -> set[str]:
    """The methods of a rule without HEAD and OPTIONS, which every rule has."""
    return set(rule.methods or ()) - {"HEAD", "OPTIONS"}


def visited(app: Any) -> Iterator[tuple[str, str]]:
    """Rule and method of each request of the scenarios that the URL map matches."""
    for scenario in SCENARIOS:
        base = parse_base(scenario.base)
        adapter = app.url_map.bind(base.host)
        for request in scenario.requests:
            path = encode(request, base).path.encode("latin-1").decode("utf-8", "replace")
            try:
                rule, _ = adapter.match(
                    path.removeprefix(base.root), method=request.method, return_rule=True
                )
            except HTTPException:
                continue
            yield rule.rule, request.method


@pytest.mark.parametrize("name", [scenario.name for scenario in SCENARIOS])
def test_scenario(report: Report, name: str) -> None:
    """Both sides answer every request of the scenario alike."""
    differences = [
        f"{d.request} {d.method} {d.target}: {d.path}: {d.reference!r} != {d.candidate!r}"
        for d in report.differences
        if d.scenario == name
    ]
    failures = [f"{f.request}: {f.message}" for f in report.failures if f.scenario == name]

    assert differences == []
    assert failures == []


def test_every_scenario_is_compared(report: Report) -> None:
    """All requests of all scenarios are played, and none of them differs."""
    assert report.scenarios == len(SCENARIOS)
    assert report.exchanges == sum(len(scenario.requests) for scenario in SCENARIOS)
    assert report.count == report.accepted == 0
    assert report.ok


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
async def test_every_route_answers_alike_to(sides: Sides, method: str) -> None:
    """The methods that every route has are answered alike on every route."""
    app = sides["flask"].create()
    adapter = app.url_map.bind("localhost")
    requests = [
        Request(
            path=adapter.build(rule.endpoint, {name: EXAMPLES[name] for name in rule.arguments}),
            method=method,
        )
        for rule in rules(app)
    ]
    report = await check_async(REFERENCE, CANDIDATE, [Scenario(method, requests)])

    assert report.exchanges == len(requests)
    assert [f"{d.target}: {d.path}" for d in report.differences] == []
    assert report.ok


def test_every_route_is_visited(sides: Sides) -> None:
    """Each method of each rule, on either side, is asked for by some scenario."""
    for apps in sides.values():
        app = apps.create()
        wanted = {(rule.rule, method) for rule in rules(app) for method in declared(rule)}

        assert wanted - set(visited(app)) == set()


def test_both_url_maps_are_the_same(sides: Sides) -> None:
    """Rules, methods, endpoints and defaults agree, in order."""
    maps = [
        [
            (
                rule.rule,
                sorted(rule.methods or ()),
                rule.endpoint,
                rule.defaults,
                rule.strict_slashes,
                rule.host,
                rule.subdomain,
            )
            for rule in rules(apps.create())
        ]
        for apps in sides.values()
    ]

    assert maps[0] == maps[1]
    assert len(maps[0]) > 100


def test_nothing_is_accepted() -> None:
    """No scenario, file or setting lives with a difference."""
    assert SETTINGS.accept == {}
    assert [scenario.name for scenario in SCENARIOS if scenario.accept] == []


def test_the_command_plays_every_file() -> None:
    """The settings name all scenario files that there are, and both applications."""
    files = [path for path in (HERE / "scenarios").iterdir() if path.suffix in (".toml", ".json")]

    assert sorted(PATHS) == sorted(files)
    assert (SETTINGS.reference, SETTINGS.candidate) == (REFERENCE, CANDIDATE)


def test_names_of_scenarios_are_their_own() -> None:
    """No two scenarios, of whatever files, share a name."""
    counts = Counter(scenario.name for scenario in SCENARIOS)

    assert [name for name, count in counts.items() if count > 1] == []
