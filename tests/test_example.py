"""The example store: both versions answer alike, and its scenarios leave nothing out."""

import ast
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from werkzeug.exceptions import HTTPException

from quart_parity import Report
from quart_parity.encoding import encode
from quart_parity.exchange import parse_base
from quart_parity.modules import Home
from quart_parity.scenario import PLACEHOLDER, Capture, Request
from quart_parity.targets import find_target
from tests.example import CANDIDATE, REFERENCE, SHOP, compare, copy_shop, login, scenarios

MODULES = sorted(path.name for path in (SHOP / "shop_flask").glob("*.py"))
CAPTURED = {
    "address": "1",
    "id": "1",
    "mug": "/products/1",
    "next": "/auth/login",
    "order": "/orders/00000000-0000-4000-8000-000000000000",
    "review": "/api/v1/reviews/1",
}
"""What may stand in a path for what is captured."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the store, with databases of its own."""
    return copy_shop(tmp_path_factory.mktemp("example"))


@pytest.fixture(scope="module")
def report(shop: Path) -> Report:
    """What all of the example's scenarios give."""
    return compare(shop, scenarios().values())


@pytest.fixture(scope="module")
def apps(shop: Path) -> Iterator[list[Any]]:
    """The two applications."""
    try:
        yield [find_target(target, shop).make({}) for target in (REFERENCE, CANDIDATE)]
    finally:
        Home.leave()


def rules(app: Any) -> list[tuple[Any, ...]]:
    """The URL map as plain values, in order."""
    return [
        (rule.rule, sorted(rule.methods), rule.endpoint, rule.defaults, rule.strict_slashes)
        for rule in app.url_map.iter_rules()
    ]


def visited(app: Any) -> Iterator[tuple[str, str]]:
    """Rule and method of each request of the scenarios that the URL map matches."""
    base = parse_base("http://localhost")
    adapter = app.url_map.bind(base.host)
    for scenario in scenarios().values():
        for request in scenario.requests:
            path = PLACEHOLDER.sub(lambda match: CAPTURED[match[1]], request.path or "")
            sent = encode(Request(path=path), base).path.encode("latin-1").decode()
            try:
                rule, _ = adapter.match(sent, method=request.method, return_rule=True)
            except HTTPException:
                continue
            yield rule.rule, request.method


def outline(path: Path) -> list[tuple[str, str | None, list[str]]]:
    """Every function and class of a module: its name, its docstring and its decorators."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return [
        (node.name, ast.get_docstring(node), [ast.unparse(one) for one in node.decorator_list])
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, kinds)
    ]


def test_both_versions_answer_alike(report: Report) -> None:
    """All scenarios of the example are played, and none shows a difference."""
    told = [f"{d.scenario} {d.request} {d.target}: {d.path}" for d in report.differences]

    assert told == []
    assert report.failures == []
    assert report.exchanges == sum(len(one.requests) for one in scenarios().values())
    assert report.exchanges > 200


def test_every_rule_is_visited(apps: list[Any]) -> None:
    """Each method of each rule is asked for by some scenario."""
    wanted = {(rule, method) for rule, methods, *_ in rules(apps[0]) for method in methods}
    asked = {(rule, method) for rule, method in wanted if method not in ("HEAD", "OPTIONS")}

    assert asked - set(visited(apps[0])) == set()


def test_both_url_maps_are_the_same(apps: list[Any]) -> None:
    """Rules, methods, endpoints and defaults agree, in order."""
    ours, theirs = map(rules, apps)

    assert ours == theirs
    assert len(ours) > 60


@pytest.mark.parametrize("name", MODULES)
def test_modules_are_twins(name: str) -> None:
    """Both versions have the same functions with the same docstrings and routes, in order."""
    ours, theirs = (outline(SHOP / package / name) for package in ("shop_flask", "shop_quart"))

    assert ours == theirs


def test_no_module_is_without_its_twin() -> None:
    """Both versions have the same modules."""
    assert sorted(path.name for path in (SHOP / "shop_quart").glob("*.py")) == MODULES


def test_the_login_signs_a_customer_in(shop: Path) -> None:
    """After the scenario for --login both sides know the client by name."""
    who = Request(path="/api/v1/me", capture={"name": Capture(json="/name")})
    signed_in = structs.replace(login(), requests=[*login().requests, who])
    report = compare(shop, [signed_in])

    assert report.failures == []
    assert report.ok


@pytest.mark.parametrize("at", [0, 1], ids=["flask", "quart"])
def test_init_db_begins_anew(apps: list[Any], at: int) -> None:
    """The command of each version empties its own database, and fills it as at first."""
    path = apps[at].config["DATABASE"]
    with closing(sqlite3.connect(path)) as before:
        before.execute("UPDATE products SET stock = 0")
        before.commit()
    result = apps[at].test_cli_runner().invoke(args=["init-db"])
    with closing(sqlite3.connect(path)) as after:
        stock = after.execute("SELECT sum(stock) FROM products").fetchone()
        users = after.execute("SELECT count(*) FROM users").fetchone()

    assert result.exit_code == 0
    assert (stock, users) == ((299,), (3,))


def test_the_readme_names_every_account() -> None:
    """Names and passwords of the accounts stand in the README as they are in the database."""
    readme = (SHOP / "README.md").read_text("utf-8")
    source = (SHOP / "shop_flask" / "database.py").read_text("utf-8")
    accounts = re.findall(r'^    \("(\w+)", "([^"]+)", [01]\),$', source, re.MULTILINE)

    assert len(accounts) == 3
    for name, password in accounts:
        assert f"| `{name}` | `{password}` |" in readme
