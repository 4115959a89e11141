"""The comment for a pull request: what it says, its length, and hostile text in it."""

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from quart_parity import Difference, Failure, Report
from quart_parity.reporters.markdown import MARKER, span
from tests.reports import difference
from tests.streams import result, run_of, written

CODE = {"fence", "code_inline"}


def tokens(text: str) -> Iterator[Token]:
    """As GitHub reads it, with tables and HTML."""
    for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(text):
        yield from token.children or [token]


def outside_of_code(text: str) -> str:
    return "\n".join(one.content for one in tokens(text) if one.type not in CODE)


def rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_first_line_is_a_marker() -> None:
    """A program finds its own comment again by a line that nobody sees."""
    text = written("markdown", result())

    assert text.startswith(f"{MARKER}\n")
    assert "<!--" in MARKER


@pytest.mark.parametrize(
    ("report", "verdict"),
    [
        (run_of(result()), "✅ no difference"),
        (run_of(result(difference(accepted="known"))), "✅ no difference"),
        (run_of(result(difference())), "❌ 1 difference"),
        (run_of(result(difference(), difference())), "❌ 2 differences"),
        (
            run_of(result(difference(), failures=(Failure("walk", 0, "no"),))),
            "⚠️ not everything could be compared",
        ),
        (run_of(), "⚠️ not everything could be compared"),
    ],
    ids=["parity", "accepted", "one", "two", "failure", "nothing"],
)
def test_the_verdict_stands_in_the_title(report: Report, verdict: str) -> None:
    """Whoever skims sees whether the port behaves as the original."""
    text = written("markdown", report=report)

    assert text.splitlines()[1] == f"### Quart-Parity: {verdict}"


def test_the_table_has_the_causes() -> None:
    """Each with how bad it is, how often and in how many routes it differs."""
    found = [
        *(difference(divergences=("QP021",), route=f"/{n % 2}") for n in range(3)),
        difference(divergences=(), route="/own"),
        difference(divergences=None),
    ]
    text = written("markdown", result(*found))
    known, own, unknown = rows(text)

    assert known[:4] == ["QP021", "security", "3", "2"]
    assert own[:4] == ["the port itself", "", "1", "1"]
    assert unknown[:4] == ["cause unknown", "", "1", "1"]
    assert "`quart-parity explain CODE`" in text


def test_differences_are_counted_that_are_not_kept() -> None:
    """The table counts the whole run, of which a report keeps a thousand."""
    report = run_of(result(*(difference(("body", n), divergences=()) for n in range(1_500))))

    assert rows(written("markdown", report=report))[0][2] == "1500"


def test_the_ports_own_differences_are_folded_away_and_shown() -> None:
    """Each path of a route once, with both values; of a known cause one for each route."""
    found = [
        *(difference(divergences=("QP021",), route="/a", target=f"/a?{n}") for n in range(2)),
        difference(("status",), 200, 404, divergences=(), target="/own"),
        difference(("status",), 200, 500, divergences=(), target="/own?b"),
        difference(("body",), divergences=(), target="/own?c"),
    ]
    text = written("markdown", result(*found))
    summaries = [one for one in text.splitlines() if one.startswith("<details>")]

    assert summaries == [
        "<details><summary>the port's own: 3 differences</summary>",
        "<details><summary>QP021: what it does in 1 of its routes</summary>",
    ]
    assert "`GET /own` in `walk`, and 1 more like it\n\n```text\n  status\n" in text
    assert "`GET /own?c` in `walk`\n\n```text\n  body\n    reference  1\n" in text
    assert ("`GET /a?0`" in text, "`GET /a?1`" in text) == (True, False)


def test_errors_and_notes_are_told() -> None:
    """What could not be played, what a reader must know, and what nothing covers any more."""
    report = run_of(result(failures=(Failure("walk", 2, "no such\ncookie"),)))
    report.notes, report.stale = ["signatures were not checked"], ["header.x"]
    report.unexplained = "no catalogue"
    fences = [
        one.content for one in tokens(written("markdown", report=report)) if one.type == "fence"
    ]

    assert fences == [
        "walk, request 2: no such\ncookie\n",
        "causes are missing: no catalogue\nsignatures were not checked\n"
        "accept 'header.x' covers nothing any more\n",
    ]


HOSTILE = (
    "\n````\n</details><script>alert(1)</script> @octocat #123 [a](https://a.example) | `` ` \ud800"
)


def everywhere(text: str) -> list[Difference]:
    return [
        difference(("body", text), text, f"{text}x", target=text, route=text, divergences=()),
        difference(ours=text * 40, theirs=f"{text * 39}x", method=text, scenario=text),
        difference(("raised",), {text: text}, logs=(text, text), places=(text, text)),
        difference(views=(text, text), divergences=("QP021",), route=text),
    ]


@pytest.mark.parametrize("text", [HOSTILE, "@octocat", "`", "<b>#1", "a@octocat`", "</summary>#1"])
def test_an_applications_text_is_code(text: str) -> None:
    """It mentions nobody, links to nothing and is no HTML: all of it stands in code."""
    found = result(*everywhere(text), failures=(Failure(text, 0, text),))
    report = run_of(found)
    report.reference = report.candidate = text
    report.notes = report.stale = [text]
    outside = outside_of_code(written("markdown", report=report))

    assert not any(sign in outside for sign in "@#[`")
    assert not any(one in outside for one in ("script", "octocat", "<b>"))
    assert outside.count("</details>") == outside.count("<details>") == 5


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)


@given(st.text(st.sampled_from("`~\n\t |\\<>&@#ax/!-é\ud800")))
def test_no_text_leaves_its_code(text: str) -> None:
    """Whatever is sent, what it is rendered to has our elements only."""
    page = MarkdownIt("commonmark", {"html": True}).enable("table")
    tags = _Tags()
    tags.feed(page.render(written("markdown", result(*everywhere(text)))))

    assert {"details", "summary", "h3", "table"} <= set(tags.tags)
    assert not {"x", "a", "img", "blockquote", "ul"} & set(tags.tags)


@given(st.text(st.sampled_from("` ax|"), min_size=1))
def test_a_span_is_one_piece_of_code(text: str) -> None:
    """However many backticks and spaces stand in it, and wherever."""
    (inline,) = (one for one in MarkdownIt("commonmark").parse(f"a {span(text)} b") if one.children)
    pieces = [one.content for one in inline.children or [] if one.type == "code_inline"]

    assert [piece.strip() for piece in pieces] == [text.strip()]


def test_a_comment_is_never_too_long() -> None:
    """What GitHub would refuse is cut at a whole entry, and the comment says how many are left."""
    found = [
        difference(("body", n), "é" * 600, f"{'é' * 599}x{n}", divergences=(), target=f"/{n}")
        for n in range(900)
    ]
    text = written("markdown", result(*found))
    shown = text.count(" in `walk`")
    left_out = f"*{900 - shown} more entries are left out"

    assert 55_000 < len(text.encode()) <= 65_000
    assert left_out in text
    assert text.count("```text\n") == text.count("```\n\n") == shown
    assert text.count("<details>") == text.count("</details>") == 1


def test_one_entry_is_not_the_whole_comment() -> None:
    """A difference with very long lines and logs leaves room for the others."""
    log = "\n".join("x" * 5_000 for _ in range(500))
    found = [
        difference(logs=(log, log), divergences=(), target=f"/{n}", route=f"/{n}") for n in range(4)
    ]
    text = written("markdown", result(*found))

    assert all(f"`GET /{n}`" in text for n in range(4))


def test_secrets_are_masked() -> None:
    """Values and targets pass the masker; application keys never appear."""
    found = difference(
        *(("session", "password"), "hunter2", "hunter3"),
        target="/?token=hunter4",
        logs=("key77777", None),
    )
    text = written("markdown", result(found), keys=["key77777"])

    assert "hunter" not in text
    assert "key77777" not in text
