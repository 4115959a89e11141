"""Several reports of one run, each in its own place."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from quart_parity import Report, Result
from quart_parity.masks import Masker
from quart_parity.output import Reports
from quart_parity.reporters import REPORTERS, Manner
from tests.project import CHECKOUT, SIDES, Run, scenario, write_scenarios
from tests.reports import difference

FILES = ("--html", "page.html", "--junit", "junit.xml", "--markdown", "a.md", "--jsonl", "a.jsonl")


def test_several_reports_are_written_at_once(folder: Path, run: Run) -> None:
    """One goes to standard output, and each of the others into its file."""
    result = run(*SIDES, "--scenarios", "name.json", "--format", "json", *FILES)

    assert result.exit_code == 1
    assert json.loads(result.stdout)["summary"]["differences"] == 1
    assert "<!doctype html>" in (folder / "page.html").read_text().lower()
    assert "<testsuite" in (folder / "junit.xml").read_text()
    assert "other name" in (folder / "a.md").read_text()
    assert json.loads((folder / "a.jsonl").read_text().splitlines()[-1])["type"] == "summary"
    assert [line.split(", written to ")[1] for line in result.stderr.splitlines()] == [
        "page.html",
        "junit.xml",
        "a.md",
        "a.jsonl",
    ]


def test_a_file_that_cannot_be_written_is_told_before_the_run(folder: Path, run: Run) -> None:
    """Nobody waits for a report that cannot come, and no other report is touched."""
    (folder / "a.jsonl").write_text("older")
    args = ("--scenarios", "name.json", "--jsonl", "a.jsonl", "--html", "nowhere/page.html")
    result = run(*SIDES, *args)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("quart-parity: cannot write 'nowhere/page.html': ")
    assert (folder / "a.jsonl").read_text() == "older"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device is full")
@pytest.mark.parametrize("option", ["--html", "--junit", "--markdown", "--jsonl"])
def test_a_full_disk_stops_no_other_report(folder: Path, run: Run, option: str) -> None:
    """What cannot be written is told and is status 2; the others are whole."""
    args = ("--scenarios", "name.json", option, "/dev/full", "-o", "report.txt")
    result = run(*SIDES, *args)

    assert result.exit_code == 2
    assert "the report cannot be written to '/dev/full': No space left on device" in result.stderr
    assert "1 scenario, 1 exchange, 1 difference" in (folder / "report.txt").read_text()
    assert "written to /dev/full" not in result.stdout + result.stderr


def test_lines_come_as_they_are_compared(tmp_path: Path) -> None:
    """Whoever watches the file of a long run need not wait for its end."""
    path = tmp_path / "a.jsonl"
    reports = Reports([("jsonl", path)], Masker(), Manner())
    reports.add(Result("walk", 1, (difference(),), played=None))
    first = path.read_text()
    report = Report("a", "b")
    report.add(Result("walk", 1, (difference(),)))
    reports.end(report)

    assert first.endswith("\n")
    assert path.read_text().startswith(first)


def test_a_report_is_written_anew_when_the_run_is_over(tmp_path: Path) -> None:
    """Until then an older one stays, which a run that is broken off by force leaves whole."""
    path = tmp_path / "a.json"
    path.write_text("older")
    reports = Reports([("json", path)], Masker(), Manner())
    reports.add(Result("walk", 1, (difference(),)))
    before = path.read_text()
    report = Report("a", "b", scenarios=1)
    reports.end(report)

    assert before == "older"
    assert json.loads(path.read_text())["reference"] == "a"


def test_keys_are_known_before_a_result_is_shown(tmp_path: Path) -> None:
    """A report that tells each result as it comes masks the keys that came with it."""
    path = tmp_path / "a.jsonl"
    reports = Reports([("jsonl", path)], Masker(), Manner())
    key = "the key of the shop"
    reports.add(Result("walk", 1, (difference(ours=key),), keys=frozenset([key])))
    reports.end(Report("a", "b"))

    assert key not in path.read_text()


@pytest.mark.parametrize("format_", [name for name in REPORTERS if name != "text"])
def test_a_run_that_cannot_begin_leaves_reports_that_say_so(
    folder: Path, run: Run, format_: str
) -> None:
    """Nobody takes an older report for a verdict."""
    (folder / "leaving.py").write_text("raise RuntimeError('no database')")
    (folder / "report").write_text("a verdict of yesterday")
    args = ("--scenarios", "name.json", "--format", format_, "-o", "report")
    result = run("leaving", "our_quart", *args)
    text = (folder / "report").read_text()

    assert result.exit_code == 3
    assert "no database" in text
    assert "yesterday" not in text


def _piped(folder: Path, *args: str) -> subprocess.Popen[str]:
    """The command with a standard output that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "quart_parity", "check", *SIDES, *args],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
        )
    finally:
        os.close(writing)


@pytest.mark.parametrize("format_", ["text", "json", "jsonl", "github", "html"])
def test_a_pipe_that_nobody_reads_stops_no_other_report(folder: Path, format_: str) -> None:
    """``| head`` ends one report without a word, and the status is still that of the run."""
    write_scenarios(folder, "many.json", *(scenario(f"walk {n}", "/name") for n in range(50)))
    command = ("--scenarios", "many.json", "--format", format_, "--junit", "junit.xml")
    with _piped(folder, *command, "--no-causes") as process:
        _, stderr = process.communicate(timeout=60)

    assert process.returncode == 1
    assert stderr == "50 differences, written to junit.xml\n"
    assert (folder / "junit.xml").read_text().rstrip().endswith("</testsuites>")


@pytest.mark.parametrize(
    "args",
    [
        ("--html", "a.html", "--junit", "./a.html"),
        ("--format", "json", "-o", "a.json", "--jsonl", "a.json"),
        ("--save", "a.json", "--url-map", "--jsonl", "a.json"),
    ],
    ids=["two reports", "the output", "scenarios"],
)
def test_one_file_has_one_purpose(folder: Path, run: Run, args: tuple[str, ...]) -> None:
    """Two that would be written over each other are refused before the run."""
    result = run(*SIDES, "--scenarios", "name.json", *args)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "is named for 2 purposes: give each its own file" in result.stderr
    assert not (folder / args[1]).exists()


def test_a_mistake_leaves_no_empty_file(folder: Path, run: Run) -> None:
    """What was tried before the run is away again where no report comes."""
    result = run("nowhere", "nowhere", "--scenarios", "name.json", "--junit", "a.xml")

    assert result.exit_code == 2
    assert not (folder / "a.xml").exists()


@pytest.mark.parametrize(
    ("format_", "told"),
    [
        ("text", "error: accept 'header.x' covers nothing any more"),
        ("markdown", "❌ accept 'header.x' covers nothing any more"),
        ("github", "::error title=Quart-Parity::accept 'header.x' covers"),
        ("html", "Not all that was asked for"),
    ],
)
def test_what_was_demanded_is_told_as_a_failure(
    folder: Path, run: Run, format_: str, told: str
) -> None:
    """A run that fails for a stale accept alone does not say that all is well."""
    write_scenarios(folder, "stale.json", scenario("same", "/", accept={"header.x": "why"}))
    result = run(*SIDES, "--scenarios", "stale.json", "--strict", "--format", format_, "-o", "out")

    assert result.exit_code == 1
    assert told in (folder / "out").read_text("utf-8")
