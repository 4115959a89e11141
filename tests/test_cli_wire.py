"""What the command takes about servers, and what it makes of it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from quart_parity import Report, Scenario, StartError, UsageError, choices, matrix
from quart_parity.cli import main
from quart_parity.matrix import PAIRS, Pair
from quart_parity.runner import Runner
from quart_parity.wiring import Wiring
from tests.hostile import CERTIFICATES, answering, serving
from tests.project import Run, scenario, write_scenarios
from tests.reports import difference, report

APPS = ("our_flask", "our_quart:app")
SAME = ("--scenarios", "same.json")
EMPTY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Recorder:
    """Takes the runner's place, and never runs."""

    def __init__(self) -> None:
        self.sides: tuple[str, ...] = ()
        self.options: dict[str, Any] = {}

    def __call__(self, *sides: str, **options: Any) -> Runner:
        self.sides, self.options = sides, options
        raise UsageError("recorded")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """What the runner would have been made with."""
    recorder = Recorder()
    monkeypatch.setattr(choices, "Runner", recorder)
    return recorder


@pytest.fixture
def settled(folder: Path) -> Callable[[str], None]:
    """Writes the settings of the project."""

    def write(settings: str) -> None:
        (folder / "pyproject.toml").write_text(f"[tool.quart-parity]\n{settings}\n")

    return write


WIRED: dict[str, tuple[list[str], str, Wiring]] = {
    "nothing": ([], "", Wiring()),
    "serve": (["--serve"], "serve = true", Wiring(("flask", "hypercorn"))),
    "a reference's server": (
        ["--reference-server", "waitress"],
        "serve = true\nreference-server = 'waitress'",
        Wiring(("waitress", "hypercorn")),
    ),
    "a candidate's server": (
        ["--candidate-server", "granian"],
        "serve = true\ncandidate-server = 'granian'",
        Wiring(("flask", "granian")),
    ),
    "both": (
        ["--reference-server", "gunicorn", "--candidate-server", "uvicorn"],
        "serve = true\nreference-server = 'gunicorn'\ncandidate-server = 'uvicorn'",
        Wiring(("gunicorn", "uvicorn")),
    ),
    "http2": (
        ["--http2", "--reference-server", "hypercorn"],
        "serve = true\nhttp2 = true\nreference-server = 'hypercorn'",
        Wiring(("hypercorn", "hypercorn"), http2=True),
    ),
    "a key": (["--secret-key-env", "KEY"], "secret-key-env = 'KEY'", Wiring(secret_key="secret")),
}


@pytest.mark.parametrize(("args", "settings", "wiring"), WIRED.values(), ids=WIRED)
def test_options_and_settings_say_the_same(
    run: Run,
    made: Recorder,
    settled: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    args: list[str],
    settings: str,
    wiring: Wiring,
) -> None:
    """Whatever can be asked for on the command line can be in pyproject.toml."""
    monkeypatch.setenv("KEY", "secret")
    run(*APPS, *SAME, *args)
    by_options = made.options["wiring"]
    settled(settings)
    run(*APPS, *SAME)

    assert by_options == wiring
    assert made.options["wiring"] == wiring


def test_servers_are_started_where_that_is_asked_for(
    run: Run, made: Recorder, settled: Callable[[str], None]
) -> None:
    """Settings that only name servers start none, and --no-serve starts none either."""
    settled("reference-server = 'gunicorn'")
    run(*APPS, *SAME)
    by_name = made.options["wiring"]
    settled("serve = true")
    run(*APPS, *SAME, "--no-serve")

    assert by_name == Wiring()
    assert made.options["wiring"] == Wiring()


def test_options_come_before_settings(
    run: Run, made: Recorder, settled: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the command line names takes the place of what the file does."""
    monkeypatch.setenv("OURS", "ours")
    settled("reference-server = 'gunicorn'\ncandidate-server = 'granian'\nsecret-key-env = 'KEY'")
    run(*APPS, *SAME, "--candidate-server", "uvicorn", "--secret-key-env", "OURS")

    assert made.options["wiring"] == Wiring(("gunicorn", "uvicorn"), secret_key="ours")


def test_a_ca_file_is_relative_to_who_names_it(
    folder: Path, run: Run, made: Recorder, settled: Callable[[str], None]
) -> None:
    """On the command line that is the working folder, in the settings their own."""
    settled("ca-file = 'tls/ca.pem'\nscenarios = ['same.json']")
    (folder / "below").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder / "below")
        run(*APPS)
        by_settings = made.options["wiring"].ca_file
        run(*APPS, "--ca-file", "other.pem")

    assert by_settings == folder / "tls/ca.pem"
    assert made.options["wiring"].ca_file == Path("other.pem")


def test_sides_of_the_settings_are_served_from_their_folder(
    folder: Path, run: Run, made: Recorder, settled: Callable[[str], None]
) -> None:
    """Targets that the file names are looked for beside it, others where the command runs."""
    settled("reference = 'a'\ncandidate = 'b'\nserve = true\nscenarios = ['same.json']")
    run()
    by_settings = made.sides, made.options["where"]
    (folder / "below").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder / "below")
        run(*APPS)

    assert by_settings == (("a", "b"), folder)
    assert (made.sides, made.options["where"]) == (APPS, folder / "below")


REFUSED: dict[str, tuple[list[str], int, str]] = {
    "a variable that is not set": (["--secret-key-env", "NOWHERE"], 2, "no such variable"),
    "a variable that is empty": (["--secret-key-env", "EMPTY"], 2, "EMPTY"),
    "an unknown server": (["--reference-server", "apache"], 2, "no server 'apache'"),
    "an unknown server for the other": (["--candidate-server", "iis"], 2, "no server 'iis'"),
    "no HTTP/2": (["--http2"], 2, "flask speaks no HTTP/2: choose hypercorn"),
}


@pytest.mark.parametrize(("args", "status", "why"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_wired_is_one_clear_message(
    run: Run, monkeypatch: pytest.MonkeyPatch, args: list[str], status: int, why: str
) -> None:
    """Nothing is played, and stderr says why."""
    monkeypatch.setenv("EMPTY", "")
    result = run(*APPS, *SAME, *args)
    (line,) = result.stderr.splitlines()

    assert (result.exit_code, result.stdout) == (status, "")
    assert line.startswith("quart-parity: ")
    assert why in line


def test_a_server_that_is_not_installed_says_what_brings_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each server beside the two usual ones is an extra of this package."""
    monkeypatch.setattr(
        "quart_parity.serving.servers.find_spec", lambda name: name != "granian" or None
    )
    result = run(*APPS, *SAME, "--candidate-server", "granian")

    assert result.exit_code == 2
    assert "pip install 'quart-parity[granian]'" in result.stderr


def test_a_server_that_is_up_is_not_served(run: Run) -> None:
    """A URL and --serve contradict each other."""
    result = run("http://127.0.0.1:1", APPS[1], *SAME, "--serve")

    assert result.exit_code == 2
    assert "--serve starts servers for applications" in result.stderr


@pytest.fixture
def secure() -> Iterator[str]:
    """A server whose certificate the tests' own authority vouches for."""
    with serving(answering(EMPTY, EMPTY), tls="server") as (driver, _):
        yield str(driver.address)


def test_a_ca_file_vouches_for_a_server(run: Run, secure: str) -> None:
    """With it the server is talked to; without it, it is not known."""
    trusted = run(secure, secure, *SAME, "--ca-file", str(CERTIFICATES / "authority.pem"))
    unknown = run(secure, secure, *SAME)

    assert (trusted.exit_code, trusted.stderr) == (0, "")
    assert unknown.exit_code == 3
    assert "cannot be reached" in unknown.stderr
    assert "certificate" in unknown.stderr


@pytest.mark.parametrize("name", ["nowhere.pem", "same.json"])
def test_a_ca_file_that_is_none_is_wrong_usage(run: Run, secure: str, name: str) -> None:
    """It is named, with what is wrong with it."""
    result = run(secure, secure, *SAME, "--ca-file", name)

    assert result.exit_code == 2
    assert f"CA file '{name}' cannot be read" in result.stderr


def test_notes_are_in_every_report(run: Run) -> None:
    """That sessions were not verified stands in the text and in the JSON."""
    with serving(answering(EMPTY)) as (driver, _):
        urls = (str(driver.address),) * 2
        text = run(*urls, *SAME)
        as_json = run(*urls, *SAME, "--format", "json")
    (note,) = json.loads(as_json.stdout)["notes"]

    assert f"note: {note}\n" in text.stdout
    assert "--secret-key-env" in note


@dataclass
class Made:
    """A runner that has its report already, or cannot go on."""

    report: Report
    error: BaseException | None
    played: list[str]

    def run(self, scenarios: list[Scenario]) -> Iterator[object]:
        self.played += [one.name for one in scenarios]
        if self.error is not None:
            raise self.error
        return iter(())


class Comparisons:
    """Takes the place of making runners."""

    def __init__(self, *reports: Report | BaseException) -> None:
        self.reports = reports
        self.given: tuple[Any, ...] = ()
        self.options: dict[str, Any] = {}
        self.played: list[str] = []

    def __call__(self, *given: Any, **options: Any) -> list[tuple[Pair, Made]]:
        self.given, self.options = given, options
        return [(pair, self._made(one)) for pair, one in zip(PAIRS, self.reports, strict=False)]

    def _made(self, one: Report | BaseException) -> Made:
        if isinstance(one, BaseException):
            return Made(Report("a", "b"), one, self.played)
        return Made(one, None, self.played)


@pytest.fixture
def compare(
    folder: Path, process: None, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[Result, Comparisons]]:
    """Runs ``quart-parity matrix`` in the project with reports that are made up."""

    def run(
        *reports: Report | BaseException, args: tuple[str, ...] = (*APPS, *SAME)
    ) -> tuple[Result, Comparisons]:
        comparisons = Comparisons(*reports)
        monkeypatch.setattr(matrix, "runners_on", comparisons)
        return CliRunner().invoke(main, ["matrix", *args]), comparisons

    return run


Compare = Callable[..., tuple[Result, Comparisons]]


def test_the_matrix_is_a_table_in_markdown(compare: Compare) -> None:
    """Each pair is a row with what was compared and what differed; parity is 0."""
    result, _ = compare(report(), report())

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "| Flask on | Quart on | protocol | exchanges | differences |\n"
        "|---|---|---|---|---|\n"
        "| flask | hypercorn | HTTP/1.1 | 3 | 0 |\n"
        "| flask | uvicorn | HTTP/1.1 | 3 | 0 |\n"
    )


def test_pairs_that_differ_are_reported_below(compare: Compare) -> None:
    """The report of each is whole, and the worst of them is the exit status."""
    result, _ = compare(report(), report(difference()), report())
    table, _, below = result.stdout.partition("\n\n")

    assert result.exit_code == 1
    assert table.splitlines()[3] == "| flask | uvicorn | HTTP/1.1 | 3 | 1 |"
    assert len(table.splitlines()) == 5
    assert below.count("reference  flask_app") == 1
    assert "1 scenario, 3 exchanges, 1 difference in 1.23 s" in below


def test_what_could_not_be_compared_is_2(compare: Compare) -> None:
    """A pair of servers on which nothing was compared is no parity."""
    result, _ = compare(Report("a", "b"), report(difference()))

    assert result.exit_code == 2


def test_a_note_of_many_pairs_is_printed_once(compare: Compare) -> None:
    """What was not compared is said below the table."""
    noted, again = report(), report()
    noted.notes = again.notes = ["GET /a is not compared."]
    result, _ = compare(noted, again)

    assert result.exit_code == 0
    assert result.stdout.count("GET /a is not compared.") == 1


def test_the_matrix_asks_for_what_it_is_told(
    compare: Compare, settled: Callable[[str], None], folder: Path
) -> None:
    """Sides, scenarios, accepts and the limit come from arguments and settings as for check."""
    settled(
        "reference = 'a'\ncandidate = 'b'\nscenarios = ['*.json']\ntimeout = 7\naccept = {body='x'}"
    )
    _, by_settings = compare(report(), args=())
    _, by_arguments = compare(report(), args=(*APPS, *SAME, "--timeout", "3", "-k", "same"))

    assert by_settings.given == (PAIRS, "a", "b")
    assert by_settings.played == ["other name", "same"]
    assert by_settings.options == {"accept": {"body": "x"}, "timeout": 7, "where": folder}
    assert by_arguments.given == (PAIRS, *APPS)
    assert by_arguments.played == ["same"]
    assert by_arguments.options == {"accept": {"body": "x"}, "timeout": 3, "where": None}


def test_a_pair_that_does_not_start_keeps_no_other_from_it(compare: Compare) -> None:
    """The others are compared all the same, and what is found there is printed."""
    result, _ = compare(report(), StartError("granian is gone"), report(difference()))

    assert result.exit_code == 3
    assert result.stderr == "quart-parity: granian is gone\n"
    assert "| flask | uvicorn | HTTP/1.1 | 0 | 0 |" in result.stdout
    assert "| flask | granian | HTTP/1.1 | 3 | 1 |" in result.stdout
    assert "1 scenario, 3 exchanges, 1 difference in 1.23 s" in result.stdout


def test_an_interruption_leaves_what_was_found(compare: Compare) -> None:
    """Ctrl-C has a status of its own, as for check, and no pair is tried after it."""
    result, last = compare(report(difference()), KeyboardInterrupt(), report())

    assert result.exit_code == 130
    assert result.stderr == "quart-parity: interrupted\n"
    assert "1 scenario, 3 exchanges, 1 difference in 1.23 s" in result.stdout
    assert "granian" not in result.stdout
    assert len(last.played) == 2


def test_a_server_that_is_missing_is_known_first(
    folder: Path, process: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for many pairs to hear that the last one cannot be."""
    monkeypatch.setattr(matrix, "PAIRS", (Pair("flask", "hypercorn"), Pair("flask", "apache")))
    monkeypatch.setattr(Runner, "run", lambda self, scenarios: pytest.fail("played"))
    result = CliRunner().invoke(main, ["matrix", *APPS, *SAME])

    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no server 'apache'" in result.stderr


def test_usual_pairs_are_every_flask_server_with_every_quart_server() -> None:
    """Nine pairs over HTTP/1.1, and one over HTTP/2."""
    names = {pair.name for pair in PAIRS}

    assert len(names) == len(PAIRS) == 10
    assert sum(pair.http2 for pair in PAIRS) == 1


@pytest.mark.wire
def test_the_matrix_plays_on_real_servers(
    folder: Path, process: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each pair is served, compared, and ended."""
    monkeypatch.setattr("tempfile.tempdir", str(folder / "private"))
    (folder / "private").mkdir()
    pairs = (Pair("flask", "hypercorn"), Pair("hypercorn", "hypercorn", http2=True))
    monkeypatch.setattr(matrix, "PAIRS", pairs)
    write_scenarios(folder, "both.json", scenario("one", "/"), scenario("two", "/name", "/"))
    result = CliRunner().invoke(main, ["matrix", *APPS, "--scenarios", "both.json"])
    rows = result.stdout.splitlines()[2:4]

    assert (result.exit_code, result.stderr) == (1, "")
    assert rows == [
        "| flask | hypercorn | HTTP/1.1 | 3 | 1 |",
        "| hypercorn | hypercorn | HTTP/2 | 3 | 1 |",
    ]
    assert result.stdout.count('    reference  "flask"\n    candidate  "quart"\n') == 2
    assert list((folder / "private").iterdir()) == []
