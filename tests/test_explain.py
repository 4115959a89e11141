"""`quart-parity explain`, and the page that it writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quart_parity.cli import main
from quart_parity.divergences import DIVERGENCES, Divergence
from quart_parity.explaining import explained

PAGE = Path(__file__).resolve().parent.parent / "docs" / "divergences.md"


def explain(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["explain", *arguments])


def test_it_lists_every_divergence() -> None:
    """Without a code there is one line for each entry, with severity and title."""
    result = explain()
    lines = result.output.splitlines()

    assert result.exit_code == 0
    assert [line.split()[0] for line in lines] == list(DIVERGENCES)
    for entry, line in zip(DIVERGENCES.values(), lines, strict=True):
        assert entry.severity in line
        assert line.endswith(entry.title)


@pytest.mark.parametrize("code", ["QP001", "qp001"])
def test_it_prints_an_entry(code: str) -> None:
    """An entry says what both do, why, how to mend it by hand and by compat, and how to see it."""
    result = explain(code)
    entry = DIVERGENCES["QP001"]

    assert result.exit_code == 0
    for text in (
        entry.title,
        entry.flask,
        entry.quart,
        entry.cause,
        entry.by_hand,
        entry.by_compat,
    ):
        assert text in result.output
    assert "def original() -> Flask:" in result.output
    assert '"path":"/"' in result.output


@pytest.mark.parametrize("entry", DIVERGENCES.values(), ids=DIVERGENCES)
def test_every_entry_is_whole(entry: Divergence) -> None:
    """No text of an entry is missing, and none ends in the middle of a sentence."""
    texts = [entry.flask, entry.quart, entry.cause, entry.by_hand, entry.by_compat]

    assert all(text.strip().endswith((".", ".)", "```")) for text in texts)
    assert not entry.title.endswith(".")
    assert "```python" in explained(entry)


@pytest.mark.parametrize("arguments", [["QP999"], ["QP001", "--markdown"]])
def test_wrong_usage_is_said(arguments: list[str]) -> None:
    """An unknown code, or too much asked at once, is one line and exit status 2."""
    result = explain(*arguments)

    assert result.exit_code == 2
    assert result.output.startswith("quart-parity: ")
    assert len(result.output.splitlines()) == 1


def test_the_page_is_current() -> None:
    """docs/divergences.md is what `quart-parity explain --markdown` prints."""
    assert PAGE.read_text("utf-8") == explain("--markdown").output
