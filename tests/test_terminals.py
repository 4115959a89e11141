"""The report for a person on what people have: terminals of all kinds, pipes and files."""

import re
from io import BytesIO, TextIOWrapper

import pytest

from quart_parity import Difference, Report
from quart_parity.masks import Masker
from quart_parity.reporters import REPORTERS, Manner
from quart_parity.values import MISSING
from tests.reports import difference, report
from tests.telling import shown

ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")
COLOUR = re.compile(r"\b(?:3[0-8]|4[0-8]|9[0-7])\b")


class Terminal(TextIOWrapper):
    """A file that says it is a terminal."""

    def __init__(self, encoding: str = "utf-8") -> None:
        self.raw_file = BytesIO()
        super().__init__(self.raw_file, encoding, errors="backslashreplace", newline="")

    def isatty(self) -> bool:
        return True


def on_terminal(made: Report, encoding: str = "utf-8", manner: Manner | None = None) -> str:
    file = Terminal(encoding)
    REPORTERS["text"](lambda: file, Masker(), manner or Manner()).end(made)
    file.flush()
    return file.raw_file.getvalue().decode(encoding)


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)


def every_kind() -> Report:
    """A report with each kind of line."""
    given = [
        difference(("header", "vary"), "cookie", MISSING, divergences=("QP021",)),
        difference(("body", "[bold]\x1bc"), ":smile: [red]\x1b[31m\x9b", "x" * 200),
        difference(("cookie", "a", "samesite"), "Lax", "Strict", divergences=()),
        difference(accepted="known"),
    ]
    made = report(*given)
    made.notes = ["a sentence that is longer than a narrow terminal has room for"]
    return made


def test_on_a_terminal_the_text_is_the_same_in_colour() -> None:
    """Colours are all that a terminal gets beside the plain text."""
    text = on_terminal(every_kind())

    assert COLOUR.search(" ".join(ESCAPE.findall(text)))
    assert ESCAPE.sub("", text) == shown(every_kind())


def test_without_a_terminal_the_text_is_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe gets no colours, and the same lines whatever the terminal beside it."""
    wide = shown(every_kind())
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("FORCE_COLOR", "1")

    assert "\x1b" not in wide
    assert shown(every_kind()) == wide


def test_no_color_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where NO_COLOR is set there is none; the words are the same."""
    monkeypatch.setenv("NO_COLOR", "1")
    text = on_terminal(every_kind())

    assert not COLOUR.search(" ".join(ESCAPE.findall(text)))
    assert ESCAPE.sub("", text) == shown(every_kind())


def test_a_dumb_terminal_gets_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no escape is understood none is written."""
    monkeypatch.setenv("TERM", "dumb")

    assert "\x1b" not in on_terminal(every_kind())


def test_on_a_narrow_terminal_sentences_are_broken_at_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At 40 columns what we say ourselves fits, and no word of it is torn."""
    monkeypatch.setenv("COLUMNS", "40")
    lines = ESCAPE.sub("", on_terminal(every_kind())).splitlines()
    at = lines.index("note: a sentence that is longer than a")

    assert lines[at + 1] == "narrow terminal has room for"
    assert [line for line in lines if len(line) > 40 and "xxx" not in line] == []


def test_on_a_narrow_terminal_a_table_becomes_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would be torn stands one below the other, under its whole path."""
    made = report(difference(("cookie", "theme", "value"), "as dark as night", MISSING))
    monkeypatch.setenv("COLUMNS", "40")
    lines = ESCAPE.sub("", on_terminal(made)).splitlines()
    at = lines.index("  cookie.theme.value")

    assert lines[at + 1 : at + 3] == [
        '    reference  "as dark as night"',
        "    candidate  (missing)",
    ]


LONG = "x" * 300
BEYOND: dict[str, tuple[str, Difference, list[str]]] = {
    "our own sign": ("ascii", difference(ours=f"{LONG}a", theirs=f"{LONG}b"), ["-...", "+..."]),
    "an application's": ("ascii", difference(ours="…", theirs="..."), [r'"\u2026"', '"..."']),
    "in a long text": ("ascii", difference(ours=f"…{LONG}", theirs=LONG), [r"-\u2026x", "+xx"]),
    "a letter": ("latin-1", difference(ours="é", theirs="ł"), ['"é"', r'"\u0142"']),
    "a target": ("ascii", difference(target="/\u2192"), [r"GET /\u2192"]),
}


@pytest.mark.parametrize(("encoding", "given", "wanted"), BEYOND.values(), ids=BEYOND)
def test_what_a_terminal_cannot_show_is_told_in_what_it_can(
    encoding: str, given: Difference, wanted: list[str]
) -> None:
    """Our own signs have a spelling in ASCII; an application's characters are never taken for it,
    but escaped."""
    text = on_terminal(report(given), encoding)

    assert [one for one in wanted if one not in text] == []


def test_quiet_is_the_closing_line_alone() -> None:
    """Whoever asks for quiet reads how it ended, and nothing else."""
    closing = "1 scenario, 3 exchanges, 3 differences (1 accepted) in 1.23 s\n"

    assert ESCAPE.sub("", on_terminal(every_kind(), manner=Manner(quiet=True))) == closing
    assert shown(every_kind(), quiet=True) == closing
