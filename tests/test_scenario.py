"""Scenarios and their files: what they may say, and how they are refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quart_parity import Capture, File, Request, Scenario, ScenarioError, read_scenarios
from quart_parity.scenario import placeholders

Write = Callable[[Any], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a value as a JSON scenario file."""

    def write_file(value: Any) -> Path:
        path = tmp_path / "shop.json"
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        return path

    return write_file


def of(*requests: Any, **fields: Any) -> dict[str, Any]:
    """A file with one scenario."""
    return {"scenarios": [{"name": "walk", "requests": list(requests), **fields}]}


def get(**fields: Any) -> dict[str, Any]:
    return {"path": "/", **fields}


def capture(**fields: Any) -> dict[str, Any]:
    return get(capture={"t": fields})


FIRST = "scenarios[0].requests[0]"
REFUSED: dict[str, tuple[Any, str, str]] = {
    "no path": (of({}), FIRST, "exactly one of path, target"),
    "path and target": (of(get(target="/")), FIRST, "exactly one of path, target"),
    "a path without a slash": (of({"path": "a"}), FIRST, "must begin with a slash, not 'a'"),
    "target and query": (of({"target": "/", "query": {}}), FIRST, "query goes with path"),
    "a target without a slash": (of({"target": "a"}), FIRST, "printable ASCII"),
    "a target with a space": (of({"target": "/a b"}), FIRST, "not '/a b'"),
    "a target beyond ASCII": (of({"target": "/é"}), FIRST, "not '/é'"),
    "query text with a space": (of(get(query="a b")), FIRST, "not 'a b'"),
    "form and json": (of(get(form={}, json=1)), FIRST, "one body, not form and json"),
    "json null is a body": (of(get(body="", json=None)), FIRST, "one body, not body and json"),
    "body and base64": (of(get(body="", body_base64="")), FIRST, "not body and body_base64"),
    "chunks and body": (of(get(body="", chunks=[])), FIRST, "not body and chunks"),
    "files and json": (of(get(files=[], json=1)), FIRST, "not json and files"),
    "files and body": (of(get(files=[], body="")), FIRST, "not body and files"),
    "no base64": (of(get(body_base64="?")), FIRST, "body_base64 is no base64"),
    "a method that is none": (of(get(method="G T")), FIRST, "'G T' is no token"),
    "an empty method": (of(get(method="")), FIRST, "'' is no token"),
    "a capture name that is none": (
        of(get(capture={"csrf-token": {"header": "X"}})),
        "scenarios[0]",
        "captures 'csrf-token': a name is made of letters",
    ),
    "braces around no captured name": (of(get(body="{{a-b}}")), "scenarios[0]", "no earlier"),
    "two hosts": (of(get(headers=[["Host", "a"], ["host", "b"]])), FIRST, "one Host"),
    "a cookie that is two": (of(get(cookies={"a": "1; b=2"})), FIRST, "what ends a cookie"),
    "a header name that is none": (of(get(headers={"a b": "1"})), FIRST, "'a b' is no token"),
    "a header with a line break": (of(get(headers={"a": "\n"})), FIRST, "line break or a null"),
    "a header with a null": (of(get(headers={"a": "\0"})), FIRST, "line break or a null"),
    "a cookie with a line break": (of(get(cookies={"a": "\r"})), FIRST, "cookie 'a' holds"),
    "a clock that goes back": (of(get(after=-1)), FIRST, "not -1"),
    "a clock that goes too far": (of(get(after=1e10)), FIRST, "not 10000000000"),
    "a capture of nothing": (of(capture()), f"{FIRST}.capture[...]", "exactly one of regex, json"),
    "a capture of two": (of(capture(json="", header="a")), f"{FIRST}.capture[...]", "exactly one"),
    "a regex that is none": (of(capture(regex="(")), f"{FIRST}.capture[...]", "does not compile"),
    "a regex without a group": (of(capture(regex="a")), f"{FIRST}.capture[...]", "needs a group"),
    "a pointer that is none": (of(capture(json="a")), f"{FIRST}.capture[...]", "no JSON pointer"),
    "a file with two contents": (
        of(get(files=[{"field": "f", "filename": "x", "content": "", "content_base64": ""}])),
        f"{FIRST}.files[0]",
        "only one of content and content_base64",
    ),
    "a file without base64": (
        of(get(files=[{"field": "f", "filename": "x", "content_base64": "?"}])),
        f"{FIRST}.files[0]",
        "content_base64 is no base64",
    ),
    "a file without a name": (of(get(files=[{"field": "f"}])), f"{FIRST}.files[0]", "`filename`"),
    "an unknown key": (of(get(), get(methd="POST")), "scenarios[0].requests[1]", "`methd`"),
    "an unknown key of a scenario": (of(get(), after=1), "scenarios[0]", "`after`"),
    "a wrong type": (of(get(after="1")), f"{FIRST}.after", "Expected `float`, got `str`"),
    "a query that is a number": (of(get(query=1)), f"{FIRST}.query", "got `int`"),
    "a query with null": (of(get(query={"a": None})), f"{FIRST}.query[...]", "got `null`"),
    "a path that is null in a list": (of(None), FIRST, "got `null`"),
    "an empty list of requests": (of(), "scenarios[0]", "at least one request"),
    "a base that is none": (of(get(), base="shop"), "scenarios[0]", "base 'shop'"),
    "an accept without a reason": (of(get(), accept={"a": " "}), "scenarios[0]", "needs a reason"),
    "an accept that is no path": (
        of(get(), accept={"a..b": "x"}),
        "scenarios[0]",
        "'a..b' is no path",
    ),
    "clients, which are reserved": (of(get(), clients=[]), "scenarios[0]", "clients is reserved"),
    "a placeholder of nothing": (of(get(body="{{t}}")), "scenarios[0]", "requests[0] uses {{t}}"),
    "a placeholder of its own answer": (
        of(get(body="{{t}}", capture={"t": {"header": "x"}})),
        "scenarios[0]",
        "no earlier request captures",
    ),
}


@pytest.mark.parametrize(("value", "where", "why"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_scenario_is_refused_where_it_is_wrong(
    write: Write, value: Any, where: str, why: str
) -> None:
    """The error names the file, the scenario and the position, and says what is wrong."""
    path = write(value)

    with pytest.raises(ScenarioError) as refused:
        read_scenarios([path])

    message = str(refused.value)
    assert message.startswith(f"{path}: scenario 'walk': ")
    assert message.endswith(f"(at {where})")
    assert why in message


FILES: dict[str, tuple[Any, str]] = {
    "no JSON": ("{", "is no JSON"),
    "empty": ("", "is no JSON"),
    "no mapping": ("[]", "Expected a mapping, got `array`"),
    "no scenarios": ({}, "`scenarios`"),
    "an empty list": ({"scenarios": []}, "holds no scenario"),
    "an unknown key": ({"scenarios": [], "base": "x"}, "`base`"),
    "a scenario without a name": ({"scenarios": [{"requests": [get()]}]}, "scenarios[0]"),
    "an empty name": ({"scenarios": [{"name": " ", "requests": [get()]}]}, "needs a name"),
    "one name twice": ({"scenarios": of(get())["scenarios"] * 2}, "2 scenarios are named 'walk'"),
    "an accept without a reason": (of(get()) | {"accept": {"a": ""}}, "accept 'a' needs a reason"),
}


@pytest.mark.parametrize(("value", "why"), FILES.values(), ids=FILES)
def test_a_wrong_file_is_refused_with_its_name(write: Write, value: Any, why: str) -> None:
    """The error begins with the file and says what is wrong with it."""
    path = write(value)

    with pytest.raises(ScenarioError) as refused:
        read_scenarios([path])

    assert str(refused.value).startswith(f"{path}: ")
    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("shop.json", "cannot be read: No such file"),
        ("shop.yaml", "ends in .toml, .json or .har"),
        ("shop", "''"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str, why: str) -> None:
    """A missing file and an unknown ending are told apart."""
    with pytest.raises(ScenarioError) as refused:
        read_scenarios([tmp_path / name])

    assert str(refused.value).startswith(str(tmp_path / name))
    assert why in str(refused.value)


def test_broken_toml_is_refused_with_its_place(tmp_path: Path) -> None:
    """The parser's line and column are in the message."""
    path = tmp_path / "shop.toml"
    path.write_text("[[scenarios]]\nname = \n")

    with pytest.raises(ScenarioError, match=r"shop\.toml: is no TOML: .*line 2"):
        read_scenarios([path])


JSON = """
{"accept": {"header.server": "ours says more"}, "scenarios": [{
  "name": "walk", "config": {"TESTING": false, "N": 1}, "base": "https://shop.example/app",
  "fresh": true, "accept": {"body.*": "why not"},
  "requests": [
    {"method": "POST", "path": "/a b", "query": {"a": [1, "x"]},
     "headers": [["X", "1"], ["X", "2"]], "cookies": {"c": "d"}, "form": {"f": 1.5}, "after": 60,
     "files": [{"field": "f", "filename": "n", "content": "text", "content_type": "a/b"}],
     "capture": {"t": {"regex": "(.)"}, "u": {"json": "/a/0"}}},
    {"target": "/{{t}}?{{u}}", "json": {"a": [1, 1.0, true, "é"]}},
    {"path": "/", "chunks": ["a", "b"]}]}]}
"""
TOML = """
accept = { "header.server" = "ours says more" }
[[scenarios]]
name = "walk"
config = { TESTING = false, N = 1 }
base = "https://shop.example/app"
fresh = true
accept = { "body.*" = "why not" }
[[scenarios.requests]]
method = "POST"
path = "/a b"
query = { a = [1, "x"] }
headers = [["X", "1"], ["X", "2"]]
cookies = { c = "d" }
form = { f = 1.5 }
after = 60
files = [{ field = "f", filename = "n", content = "text", content_type = "a/b" }]
capture = { t = { regex = "(.)" }, u = { json = "/a/0" } }
[[scenarios.requests]]
target = "/{{t}}?{{u}}"
json = { a = [1, 1.0, true, "é"] }
[[scenarios.requests]]
path = "/"
chunks = ["a", "b"]
"""


def test_json_and_toml_say_the_same(tmp_path: Path) -> None:
    """One schema: a scenario is equal, whichever way it is written."""
    (tmp_path / "one.json").write_text(JSON)
    (tmp_path / "other.toml").write_text(TOML)
    one, other = (read_scenarios([tmp_path / name]) for name in ("one.json", "other.toml"))

    assert one == other
    assert one[0].requests[0].query == {"a": [1, "x"]}
    assert one[0].requests[0].capture["u"] == Capture(json="/a/0")


def test_the_files_accepts_are_every_scenarios(write: Write) -> None:
    """A scenario has the file's accept entries, and its own reason where both have one."""
    value = of(get(), accept={"a": "mine", "b": "mine"}) | {"accept": {"a": "all", "c": "all"}}

    assert read_scenarios([write(value)])[0].accept == {"a": "mine", "b": "mine", "c": "all"}


def test_files_are_read_in_order(tmp_path: Path) -> None:
    """Scenarios come in the order of the files and within them."""
    for name in ("b", "a"):
        scenarios = [{"name": f"{name}{n}", "requests": [get()]} for n in (2, 1)]
        (tmp_path / f"{name}.json").write_text(json.dumps({"scenarios": scenarios}))
    read = read_scenarios([str(tmp_path / "b.json"), tmp_path / "a.json"])

    assert [scenario.name for scenario in read] == ["b2", "b1", "a2", "a1"]


def test_the_defaults_are_those_of_the_schema() -> None:
    """A request is a GET without anything; a scenario is played at http://localhost."""
    scenario = Scenario(name="a", requests=[Request(path="/")])
    request = scenario.requests[0]

    assert (request.method, request.query, request.headers, request.after) == ("GET", None, {}, 0)
    assert (scenario.base, scenario.fresh, scenario.accept) == ("http://localhost", False, {})


def test_placeholders_are_found_wherever_they_stand() -> None:
    """Names in double braces count in every field but in what is captured."""
    request = Request(
        path="/{{ a }}",
        headers=[("X", "{{b}}")],
        files=[File("{{c}}", "f", content="{{d}}")],
        form={"{{e}}": 1},
        capture={"x": Capture(regex="({{no}})")},
    )

    assert placeholders(request) == set("abcde")
    assert placeholders(
        Request(path="/", json={"a": [{"b": "{{f}}"}], "{{g}}": "{h} {{ 1 }}"})
    ) == {
        "f",
        "g",
        "1",
    }


def test_a_scenario_made_in_python_is_checked_too() -> None:
    """The same mistakes raise where they are made."""
    with pytest.raises(ValueError, match="exactly one of path, target"):
        Request()


def test_a_file_type_with_a_line_break_is_refused() -> None:
    """What would break the part's header is refused where it is written."""
    with pytest.raises(ValueError, match="content_type"):
        File(field="f", filename="f", content_type="a/b\r\nX: y")
