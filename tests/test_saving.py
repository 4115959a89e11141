"""Scenarios saved to a file, and read from it again."""

from pathlib import Path

import pytest

from quart_parity import Capture, File, Request, Scenario, read_scenarios
from quart_parity.errors import OutputError
from quart_parity.sources.saving import save

FILES = [File("a", "é.png", content_base64="AAE="), File("b", "b.txt", content="x")]
EVERYTHING = Scenario(
    "every field",
    [
        Request(path="/a b", query={"q": ["1", "ü"], "n": 2}, headers=[("X", "1"), ("X", "2")]),
        Request(
            target="/shop/x?y=%20",
            method="POST",
            form=[("a", "1"), ("a", "")],
            files=FILES,
            cookies={"theme": "dark"},
            capture={"id": Capture(json="/a/0"), "t": Capture(regex="<(.)>", optional=True)},
        ),
        Request(path="/{{id}}", method="PUT", json={"a": [None, 1.5, True, "\u2028"]}),
        Request(path="/", method="PUT", json=None),
        Request(path="/", method="PUT", body="{{t}}", after=2.5),
        Request(path="/", method="PUT", body_base64="/w=="),
        Request(path="/", method="PUT", chunks=["a", "é"]),
    ],
    config={"TESTING": False, "N": [1]},
    base="https://shop.test:8443/shop",
    fresh=True,
    accept={"header.*": "for a reason"},
)


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    """Scenarios with every field there is come back equal, and in their order."""
    scenarios = [
        EVERYTHING,
        Scenario("b", [Request(path="/b")]),
        Scenario("a", [Request(path="/")]),
    ]
    save(scenarios, tmp_path / "saved.json")

    assert read_scenarios([tmp_path / "saved.json"]) == scenarios


def test_an_old_file_is_replaced(tmp_path: Path) -> None:
    """What the file held before is gone."""
    path = tmp_path / "saved.json"
    path.write_text("x" * 10_000)
    save([Scenario("a", [Request(path="/")])], path)

    assert len(read_scenarios([path])) == 1


@pytest.mark.parametrize("name", ["saved.toml", "saved", "saved.JSON"])
def test_other_endings_are_refused(tmp_path: Path, name: str) -> None:
    """A name that reading would refuse is refused when writing."""
    with pytest.raises(OutputError, match=r"must end in \.json"):
        save([EVERYTHING], tmp_path / name)


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A folder that is not there is told by its name and the system's reason."""
    with pytest.raises(OutputError, match=r"none/saved\.json: cannot be written: No such file"):
        save([EVERYTHING], tmp_path / "none" / "saved.json")


@pytest.mark.parametrize("count", [0, 2])
def test_what_could_not_be_read_is_not_written(tmp_path: Path, count: int) -> None:
    """No scenario at all, or two of one name, leave the file as it is."""
    path = tmp_path / "saved.json"
    with pytest.raises(OutputError, match=r"no scenario to save|are named 'every field'"):
        save([EVERYTHING] * count, path)

    assert not path.exists()
