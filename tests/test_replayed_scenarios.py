"""The scenario that a page gives for each exchange, to be saved and played again."""

import json
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest

from quart_parity import Capture, File, Request, Scenario, read_scenarios
from quart_parity.masks import Masker
from quart_parity.reporters.page.replay import LONGEST, scenario_text

SECRET = "hunter2hunter2"
KEY = "k3y-of-the-application"
PLAIN = Scenario(
    "a walk",
    [
        Request(path="/é", query={"a": ["1", "2"]}, headers=[("X-A", "1"), ("X-A", "2")], after=60),
        Request(target="/mount/t?x=%20", method="PUT", json={"a": [None]}, cookies={"c": "1"}),
        Request(path="/", method="POST", form={"a": 1}, files=[File("f", "a.txt", content="x")]),
        Request(path="/", method="POST", chunks=["a", "b"], capture={"id": Capture(json="/id")}),
        Request(path="/{{ id }}", method="POST", body_base64="/w=="),
    ],
    config={"A": 1},
    base="http://shop.example/mount",
    accept={"header.x": "known"},
)


def shown(request: Request, *before: Request) -> Any:
    scenario = Scenario("walk", [*before, request])
    text = scenario_text(scenario, len(before), Masker(keys=[KEY]))
    return json.loads(text)["scenarios"][0]["requests"][-1]


def test_what_is_saved_is_read_back_as_it_was_played(tmp_path: Path) -> None:
    """Every kind of request comes back, up to the one that is asked for."""
    file = tmp_path / "again.json"
    file.write_text(scenario_text(PLAIN, 4, Masker()), "utf-8")

    assert read_scenarios([file]) == [PLAIN]


def test_what_came_later_is_left_out() -> None:
    """Only what led to the exchange is played again."""
    text = scenario_text(PLAIN, 1, Masker())

    assert len(json.loads(text)["scenarios"][0]["requests"]) == 2


SECRETS: dict[str, Request] = {
    "a query": Request(path="/", query={"token": SECRET}),
    "a query as text": Request(path="/", query=f"token={SECRET}"),
    "a target": Request(target=f"/?token={SECRET}&k={KEY}"),
    "a header": Request(path="/", headers={"Authorization": f"Bearer {SECRET}"}),
    "several headers": Request(path="/", headers={"X-Api-Key": [SECRET, SECRET]}),
    "pairs": Request(path="/", headers=[("Cookie", f"auth_token={SECRET}")]),
    "a cookie": Request(path="/", cookies={"session": SECRET}),
    "a form": Request(path="/", form=[("password", SECRET), ("password", 5)]),
    "json": Request(path="/", json={"user": {"password": SECRET, "keys": [KEY]}}),
    "a name": Request(path="/", json={KEY: 1}),
    "a body": Request(path="/", body=f"a=1&password={SECRET}"),
    "bytes": Request(path="/", body_base64=b64encode(f"password={SECRET}".encode()).decode()),
    "chunks": Request(path="/", chunks=["password=hunter2", "hunter2"]),
    "a file": Request(path="/", files=[File("secret", "a", content=SECRET)]),
    "a file's bytes": Request(
        path="/", files=[File("f", "a", content_base64=b64encode(KEY.encode()).decode())]
    ),
}


@pytest.mark.parametrize("request_", SECRETS.values(), ids=SECRETS)
def test_secrets_are_masked_wherever_a_request_holds_them(request_: Request) -> None:
    """Also in base64, and across two pieces of a body."""
    made = shown(request_)
    parts = [b64decode(made.get("body_base64", "")), *_files(made)]
    text = repr(made) + repr(parts) + "".join(made.get("chunks", []))

    assert SECRET not in text
    assert KEY not in text


def _files(request: Any) -> list[bytes]:
    return [b64decode(file.get("content_base64", "")) for file in request.get("files", [])]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("form", {"csrf_token": "{{ csrf }}"}),
        ("form", [["csrf_token", "{{ csrf }}"]]),
        ("headers", {"X-CSRF-Token": "{{ csrf }}"}),
        ("json", {"csrf_token": "{{ csrf }}"}),
        ("body", "csrf_token={{ csrf }}"),
        ("query", "csrf_token={{ csrf }}&a=1"),
    ],
    ids=["form", "pairs", "header", "json", "body", "query"],
)
def test_the_name_of_a_captured_value_is_no_secret(field: str, value: Any) -> None:
    """It is filled in anew whenever the scenario is played."""
    capture = {"csrf": Capture(regex='name="csrf_token" value="([^"]+)"')}
    before = Request(path="/", capture=capture)
    made = shown(Request(path="/", **{field: value}), before)

    assert made[field] == value


PARTLY: dict[str, Request] = {
    "form": Request(path="/", form={"password": SECRET + "{{t}}"}),
    "pairs": Request(path="/", form=[("password", "{{t}}" + SECRET + "{{t}}")]),
    "query": Request(path="/", query={"token": "{{t}}" + SECRET}),
    "query as text": Request(path="/", query="a=1&token={{t}}{{t}}" + SECRET),
    "target": Request(target="/?token={{t}}" + SECRET),
    "body": Request(path="/", body='{"password": "{{t}}' + SECRET + '"}'),
    "json": Request(path="/", json={"password": SECRET + "{{t}}"}),
    "basic": Request(path="/", headers={"Authorization": f"Basic {SECRET}{{{{t}}}}"}),
    "spaced": Request(path="/", headers={"Authorization": "Basic {{t}}" + SECRET + " x"}),
    "cookie": Request(path="/", headers={"Cookie": f"session={SECRET}; a={{{{t}}}}"}),
    "own cookie": Request(path="/", headers={"Cookie": "a=1; session={{t}}" + SECRET}),
    "key": Request(path="/", headers=[("X-Api-Key", ["{{t}}", SECRET + "{{t}}"])]),
    "cookies": Request(path="/", cookies={"session": SECRET + "{{t}}"}),
    "application key": Request(path="/", form={"a": KEY + "{{t}}"}),
}


@pytest.mark.parametrize("request_", PARTLY.values(), ids=PARTLY)
def test_what_is_captured_uncovers_nothing_beside_it(request_: Request) -> None:
    """A secret is masked also where a captured value stands in the same field."""
    made = repr(shown(request_, Request(path="/", capture={"t": Capture(json="/t")})))

    assert SECRET not in made
    assert KEY not in made
    assert "{{t}}" in made or request_.json


def test_the_rest_of_a_value_that_is_captured_stays_as_it_is() -> None:
    """The scheme before a token, and other cookies, are no secrets."""
    headers = {"Authorization": "Bearer {{t}}", "Cookie": "session={{t}}; theme=dark; a={{t}}"}
    before = Request(path="/", capture={"t": Capture(json="/t")})
    made = shown(Request(path="/", headers=headers), before)

    assert made["headers"] == headers


def test_what_finds_a_value_stays_as_it_is() -> None:
    """A mask in a pattern would find nothing."""
    pattern = 'name="csrf_token" value="([^"]+)"'
    made = shown(Request(path="/", capture={"csrf": Capture(regex=pattern)}))

    assert made["capture"]["csrf"]["regex"] == pattern


def test_a_scenario_that_is_too_long_is_not_shown_with_each_of_its_exchanges() -> None:
    """A page would grow with the square of its length."""
    many = Scenario("walk", [Request(path="/")] * 10_000)
    big = Scenario("walk", [Request(path="/", body="x" * LONGEST)])

    assert scenario_text(many, 9_999, Masker()) == ""
    assert scenario_text(big, 0, Masker()) == ""
    assert scenario_text(many, 3, Masker()) != ""
