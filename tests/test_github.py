"""Annotations of GitHub Actions, read as its runner reads them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quart_parity import Difference, Failure
from quart_parity.masks import Masker
from quart_parity.reporters import Manner
from quart_parity.reporters.commands import harmless
from quart_parity.reporters.listing import lines
from tests.reports import difference
from tests.streams import result, run_of, written

COMMANDS = {
    *("error", "warning", "notice", "debug", "group", "endgroup", "add-mask", "stop-commands"),
    *("set-env", "set-output", "save-state", "add-path", "echo", "add-matcher", "remove-matcher"),
}


@dataclass(frozen=True)
class Command:
    name: str
    properties: dict[str, str]
    message: str


def commands(text: str) -> Iterator[Command]:
    """What the runner would do for each line: at its beginning two colons, whatever space is
    before them, or two hashes and a bracket anywhere."""
    for line in re.split("\r\n|\r|\n", text):
        name, properties, message = "", "", ""
        if match := re.match(r"\s*::([^ ]*?)(?: (.*?))?::(.*)", line, re.DOTALL):
            name, properties, message = match[1], match[2] or "", match[3]
        elif match := re.search(r"##\[([^ \]]*)([^\]]*)\](.*)", line, re.DOTALL):
            name, properties, message = match[1], match[2], match[3]
        if name.lower() in COMMANDS:
            pairs = (one.partition("=") for one in properties.split(",") if one)
            yield Command(name, {key: read(value) for key, _, value in pairs}, read(message))


def read(text: str) -> str:
    for escape, meant in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, meant)
    return text


def errors(text: str) -> list[Command]:
    return [one for one in commands(text) if one.name == "error"]


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


def test_one_error_for_each_cause_in_each_route() -> None:
    """Worst first; a second difference of one cause in one route is only counted."""
    found = [
        difference(("body",), divergences=(), route="/cart", target="/cart?a=1"),
        *(difference(("header",), divergences=("QP021",), route="/cart") for _ in range(2)),
        difference(("header",), divergences=("QP021",), route="/home"),
    ]
    first, second, third = errors(written("github", result(*found)))

    assert first.properties["title"] == "QP021 in GET /cart"
    assert "and 1 more in this route" in first.message
    assert "What to do about it: quart-parity explain QP021" in first.message
    assert second.properties["title"] == "QP021 in GET /home"
    assert third.properties["title"] == "body in GET /cart"
    assert "GET /cart?a=1\n  body\n    reference  1" in third.message


def test_an_error_tells_the_first_paths_of_its_route() -> None:
    """Three of them in the order in which they were found, each once; the others are counted."""
    paths = ("header.a", "body", "header.a", "status", "header.b")
    found = [difference(tuple(one.split(".")), divergences=(), route="/cart") for one in paths]
    (error,) = errors(written("github", result(*found)))

    assert error.properties["title"] == "header.a, body, status in GET /cart"
    assert re.findall("^  [a-z].*", error.message, re.MULTILINE) == [
        *("  header.a", "  body", "  status")
    ]
    assert error.message.endswith("\nand 2 more in this route")


def test_nothing_is_said_of_what_is_accepted() -> None:
    """A run with accepted differences only has its closing line and no error."""
    (notice,) = commands(written("github", result(difference(accepted="known"))))

    assert notice.name == "notice"
    assert notice.message == "1 scenario, 3 exchanges, 0 differences (1 accepted) in 1.50 s"


def test_an_error_stands_at_the_view_of_the_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file is relative to the repository, which GitHub's variable names, or to the folder."""
    shop = tmp_path / "examples" / "shop"
    views = f"{shop}/flask.py:3", f"{shop}/quart.py:7"
    manner = Manner(folder=shop)
    (by_folder,) = errors(written("github", result(difference(views=views)), manner=manner))
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    (by_workspace,) = errors(written("github", result(difference(views=views)), manner=manner))

    assert (by_folder.properties["file"], by_folder.properties["line"]) == ("quart.py", "7")
    assert by_workspace.properties["file"] == "examples/shop/quart.py"


@pytest.mark.parametrize("view", [None, "/elsewhere/quart.py:7", "no number:x", "../quart.py:7"])
def test_a_view_outside_of_the_project_is_left_out(view: str | None, tmp_path: Path) -> None:
    """GitHub could show no such file."""
    found = difference(views=(f"{tmp_path}/flask.py:3", view))
    (error,) = errors(written("github", result(found), manner=Manner(folder=tmp_path)))

    assert error.properties.keys() == {"title"}


def test_at_most_ten_errors() -> None:
    """GitHub shows ten of a step; what is left is summed up in one notice."""
    found = [difference(divergences=(), route=f"/{n}") for n in range(14)]
    failures = tuple(Failure("walk", n, f"reason {n}") for n in range(20))
    alone = list(commands(written("github", result(*found))))
    both = list(commands(written("github", result(*found, failures=failures))))

    assert [one.name for one in alone] == ["error"] * 10 + ["notice"]
    assert "; not annotated: 4 more" in alone[-1].message
    assert [one.name for one in both] == ["error"] * 10 + ["notice"]
    assert sum("reason" in one.message for one in both) == 5
    assert "; not annotated: 24 more" in both[-1].message


HOSTILE = "\n::add-mask::a\r\n ::stop-commands::x\n##[add-mask]b\n%0A::set-env name=A::b%"
FORMS = [
    HOSTILE,
    "::add-mask::a",
    "%0A::stop-commands::a",
    "\u2028::add-mask::a",
    "\x0b::add-mask::a\x85::add-mask::a",
    ",file=/etc/passwd::",
    "x,line=1,title=y::##[stop-commands]z",
]


def everywhere(text: str) -> list[Difference]:
    return [
        difference(("body", text), text, f"{text}x", target=text, route=text, divergences=()),
        difference(ours=text * 40, theirs=f"{text * 39}x", method=text, scenario=text),
        difference(("raised",), {text: text}, logs=(text, text), places=(text, text)),
        difference(views=(text, text), divergences=("QP021",), route=text),
    ]


@pytest.mark.parametrize("text", FORMS)
def test_an_applications_text_begins_no_command(text: str) -> None:
    """Whatever it sends, the only commands are ours, with our properties."""
    found = result(*everywhere(text), failures=(Failure(text, 0, text),))
    report = run_of(found)
    report.reference = report.candidate = text
    file = written("github", found, report=report)
    begun = file.splitlines()

    assert [one.name for one in commands(file)] == ["error"] * 5 + ["notice"]
    assert all(one.properties.keys() == {"title"} for one in commands(file))
    assert all(line.startswith(("::error title=", "::notice title=")) for line in begun)
    assert len(begun) == 6


@pytest.mark.parametrize("text", [*FORMS, "\t ::group::a", "a ##[group]", "::::error::a"])
def test_a_line_beside_the_commands_is_none(text: str) -> None:
    """What is said in plain lines is kept from being read as a command, and can still be read."""
    said = [harmless(line) for line in text.splitlines()]

    assert list(commands("\n".join(said))) == []
    assert [line.replace(" ", "") for line in said] == [
        line.replace(" ", "") for line in text.splitlines()
    ]


@pytest.mark.parametrize("text", ["a::error::b", "a:b", ": :", "#[a]", "## [a]", "", "  - a::b::c"])
def test_a_harmless_line_stays_as_it_is(text: str) -> None:
    """Colons within a line mean nothing to the runner."""
    assert harmless(text) == text


@given(st.text(st.sampled_from("\r\n\t :%,=#[]0ADadx\u2028\x0b\x85")))
@example("%0A%3A%2C%250D")
def test_a_message_is_what_was_meant(text: str) -> None:
    """Of a message the runner reads the lines of the text report."""
    found = difference(("body",), text, "x", divergences=())
    (error,) = errors(written("github", result(found)))

    assert error.message.split("\n") == ["GET /", *lines(found, Masker(), 12)]


def test_a_title_is_what_was_meant() -> None:
    """Colons, commas and percent signs of a route neither end the title nor change."""
    (error,) = errors(written("github", result(difference(route="/a::b,c=%3A%25:"))))

    assert error.properties == {"title": "body in GET /a::b,c=%3A%25:"}


def test_the_page_of_the_job_has_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report for pull requests is appended to the file that GitHub's variable names."""
    page = tmp_path / "summary.md"
    page.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    found = result(difference(divergences=()))
    written("github", found)

    assert page.read_text("utf-8") == f"before\n{written('markdown', found)}"


def test_a_page_that_cannot_be_written_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The annotations are there all the same."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    found = commands(written("github", result(difference())))

    assert [one.name for one in found] == ["error", "notice", "warning"]


def test_secrets_are_masked() -> None:
    """Values and targets pass the masker; application keys never appear."""
    found = difference(
        *(("session", "password"), "hunter2", "hunter3"),
        target="/?token=hunter4",
        route="/key77777",
        logs=("key77777", None),
    )
    text = written("github", result(found), keys=["key77777"])

    assert "hunter" not in text
    assert "key77777" not in text


@pytest.mark.parametrize("form", FORMS)
def test_the_text_report_gives_no_command(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the annotations a job's log has the text report; nothing in it is obeyed."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    found = [
        difference(("body",), f"a\n{form}\n" * 30, f"b\n{form}\n" * 30, divergences=()),
        difference(("header", form), form, "", target=form, scenario=form, logs=(form, None)),
        difference(("session", "a"), form, "", accepted=form),
    ]

    assert list(commands(written("text", result(*found)))) == []
