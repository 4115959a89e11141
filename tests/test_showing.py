"""Which reports are asked for, and what they are told."""

from pathlib import Path
from typing import Any

import pytest

from quart_parity import UsageError
from quart_parity.choices import overridden
from quart_parity.settings import Settings, find_settings
from quart_parity.showing import find_keep, find_masker, find_reports

Wanted = list[tuple[str, str | None]]
WANTED: dict[str, tuple[dict[str, Any], Wanted]] = {
    "nothing": ({}, [("text", None)]),
    "a format": ({"format": ("json",)}, [("json", None)]),
    "a file": ({"format": ("html",), "output": "a.html"}, [("html", "a.html")]),
    "two formats": ({"format": ("text", "github")}, [("text", None), ("github", None)]),
    "one format twice": ({"format": ("json", "json"), "output": "a"}, [("json", "a")]),
    "reports beside": (
        {"html": "a", "junit": "b", "markdown": "c", "jsonl": "d"},
        [("text", None), ("html", "a"), ("junit", "b"), ("markdown", "c"), ("jsonl", "d")],
    ),
    "a report beside a file": ({"output": "a", "html": "b"}, [("text", "a"), ("html", "b")]),
}


@pytest.mark.parametrize(("options", "wanted"), WANTED.values(), ids=WANTED)
def test_several_reports_can_be_asked_for(options: dict[str, Any], wanted: Wanted) -> None:
    """One goes to standard output or its file, and each of the others to a file of its own."""
    found = find_reports(overridden(Settings(), options))

    assert found == [(name, Path(path) if path else None) for name, path in wanted]


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "two formats": ({"format": ("text", "json")}, "text and json would be written to one place"),
    "two formats in a file": ({"format": ("text", "github"), "output": "a"}, "to one place"),
    "all of no page": ({"html_all": True, "junit": "a"}, "--html-all says .* give --html"),
    "quiet and verbose": ({"quiet": True, "verbose": True}, "exclude each other"),
    "an empty name": ({"mask": ("a", "")}, "--mask is given, and empty"),
    "an empty file": ({"html": ""}, "--html is given, and empty"),
}


@pytest.mark.parametrize(("options", "why"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_shown_is_refused(options: dict[str, Any], why: str) -> None:
    """The message says what to write in its place."""
    with pytest.raises(UsageError, match=why):
        overridden(Settings(), options)


@pytest.mark.parametrize(
    ("options", "keep"),
    [
        ({}, "differing"),
        ({"html": "a"}, "all"),
        ({"junit": "a"}, "differing"),
        ({"html": "a", "html_all": True}, "all"),
        ({"format": ("html",), "html_all": True}, "all"),
        ({"jsonl": "a"}, "all"),
        ({"format": ("jsonl",)}, "all"),
    ],
)
def test_reports_are_told_what_they_show(options: dict[str, Any], keep: str) -> None:
    """Exchanges without difference are kept only where somebody shows or counts them."""
    assert find_keep(overridden(Settings(), options)) == keep


def test_names_are_added_to_those_of_the_settings() -> None:
    """The command line has more names to mask, and to show, and takes none away."""
    settings = overridden(
        Settings(mask=["a"], unmask=["token"]), {"mask": ("b",), "unmask": ("pin",)}
    )
    masker = find_masker(settings, ["the key of the shop"])

    assert (settings.mask, settings.unmask) == (["a", "b"], ["token", "pin"])
    assert masker.text("a=1 b=1 c=1 token=1 pin=1 the key of the shop") == (
        "a=<masked 1> b=<masked 1> c=1 token=1 pin=1 <application key>"
    )


def test_settings_hold_all_of_it(tmp_path: Path) -> None:
    """Files are the project's, wherever the command is run."""
    (tmp_path / "pyproject.toml").write_text(
        "[tool.quart-parity]\nformat = ['text', 'github']\nhtml = 'out/a.html'\nhtml-all = true\n"
        "junit = 'b.xml'\nmarkdown = 'c.md'\njsonl = 'd.jsonl'\nmask = ['ssn']\nquiet = true\n"
    )
    (tmp_path / "below").mkdir()
    settings, _ = find_settings(tmp_path / "below")

    assert find_reports(settings) == [
        ("text", None),
        ("github", None),
        ("html", tmp_path / "out" / "a.html"),
        ("junit", tmp_path / "b.xml"),
        ("markdown", tmp_path / "c.md"),
        ("jsonl", tmp_path / "d.jsonl"),
    ]
    assert (settings.html_all, settings.quiet, settings.mask) == (True, True, ["ssn"])


def test_settings_mask_no_empty_name(tmp_path: Path) -> None:
    """An empty name is a slip, and not everything."""
    (tmp_path / "pyproject.toml").write_text("[tool.quart-parity]\nunmask = ['']\n")

    with pytest.raises(UsageError, match="unmask is empty"):
        find_settings(tmp_path)
