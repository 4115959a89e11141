"""What a long run shows while it goes on."""

import re
import subprocess
import sys
from io import StringIO

import pytest

from quart_parity import Result, Scenario
from quart_parity import progress as module
from quart_parity.progress import Meter, Tally, progress
from quart_parity.scenario import Request
from tests.reports import difference

ESCAPE = re.compile(r"\x1b\[[?0-9;]*[A-Za-z]")
SCENARIOS = [Scenario(f"walk {n}", [Request(path="/")]) for n in range(4)]
DIFFERING = Result("walk", 10, (difference(), difference(accepted="known")))


class Terminal(StringIO):
    """A file that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Clock:
    """Moves when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def watched(monkeypatch: pytest.MonkeyPatch, columns: int = 100, term: str = "xterm") -> Terminal:
    """Standard error as a terminal; asked for in the test, since each phase of it has another."""
    file = Terminal()
    monkeypatch.setattr(sys, "stderr", file)
    monkeypatch.setenv("TERM", term)
    monkeypatch.setenv("COLUMNS", str(columns))
    return file


def left(written: str) -> str:
    """What a terminal still shows of it, each line of which was rewritten in place."""
    kept = ""
    for piece in re.split(r"(\r|\x1b\[2K|\x1b\[1A)", written):
        if piece in ("\r", "\x1b[2K"):
            kept = kept[: kept.rfind("\n") + 1]
        elif piece == "\x1b[1A":
            kept = kept.rstrip("\n")
        else:
            kept += ESCAPE.sub("", piece)
    return kept


def test_a_long_run_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """Scenarios, speed, differences that nobody accepted, and the time that is left."""
    terminal = watched(monkeypatch)
    meter = Meter(4, clock)
    clock.now = 2.0
    meter.add(DIFFERING)
    shown = ESCAPE.sub("", terminal.getvalue())
    meter.stop()

    assert "1/4 scenarios  5 exchanges/s  1 difference  0:06 left" in shown


def test_a_walk_shows_how_long_it_takes(clock: Clock) -> None:
    """Where nobody knows how many scenarios come, no time is promised."""
    tally = Tally(None)
    tally.add(DIFFERING)

    assert tally.words(3_725.0, 100).endswith("1:02:05")
    assert "left" not in tally.words(2.0, 100)


def test_a_narrow_terminal_gets_one_line(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """At 40 columns the words are short, and nothing is broken to a second line."""
    file = watched(monkeypatch, 40)
    meter = Meter(1_000, clock)
    clock.now = 2.0
    meter.add(DIFFERING)
    shown = ESCAPE.sub("", file.getvalue()).strip()
    meter.stop()

    assert shown == "1/1000  5/s  1 differ  33:18 left"


def test_a_short_run_shows_nothing(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """Within the first second there is nothing to look at."""
    terminal = watched(monkeypatch)
    meter = Meter(4, clock)
    clock.now = 0.9
    meter.add(DIFFERING)
    meter.stop()

    assert terminal.getvalue() == ""


def test_it_changes_ten_times_a_second_at_most(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    """However fast results come, what is written is bounded by the time."""
    terminal = watched(monkeypatch)
    meter = Meter(None, clock)
    for _ in range(20_000):
        clock.now += 0.0001
        meter.add(DIFFERING)
    meter.stop()

    assert 10 <= terminal.getvalue().count(" scenarios") <= 24


def test_it_is_gone_after_the_run(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """What others wrote meanwhile stays, and the bar does not; the cursor can be seen again."""
    terminal = watched(monkeypatch)
    meter = Meter(4, clock)
    clock.now = 2.0
    meter.add(DIFFERING)
    print("interrupted", file=sys.stderr)
    meter.stop()

    assert left(terminal.getvalue()).strip() == "interrupted"
    assert terminal.getvalue().rindex("\x1b[?25h") > terminal.getvalue().rindex("\x1b[?25l")
    assert sys.stderr is terminal


def run(monkeypatch: pytest.MonkeyPatch, quiet: bool = False, error: bool = False) -> None:
    """A run that is a long one from its beginning."""
    monkeypatch.setattr(module, "APPEARS", 0.0)
    with progress(SCENARIOS, quiet) as watch:
        watch(DIFFERING)
        if error:
            raise KeyboardInterrupt


def test_it_is_gone_after_an_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever breaks a run off gets a clean terminal."""
    terminal = watched(monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        run(monkeypatch, error=True)

    assert "1/4" in terminal.getvalue()
    assert left(terminal.getvalue()).strip() == ""


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_terminal_without_a_cursor_shows_nothing(
    monkeypatch: pytest.MonkeyPatch, term: str
) -> None:
    """Where no line can be rewritten none is written."""
    terminal = watched(monkeypatch, term=term)
    run(monkeypatch)

    assert terminal.getvalue() == ""


def test_quiet_runs_show_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for quiet has it."""
    terminal = watched(monkeypatch)
    run(monkeypatch, quiet=True)

    assert terminal.getvalue() == ""


def test_without_a_terminal_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log gets no bar, and standard error is left as it is."""
    file = StringIO()
    monkeypatch.setattr(sys, "stderr", file)
    run(monkeypatch)

    assert file.getvalue() == ""
    assert sys.stderr is file


def test_standard_output_is_not_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes into a file or pipe goes on doing so while the bar is shown."""
    terminal = watched(monkeypatch)
    out = StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(module, "APPEARS", 0.0)
    with progress(SCENARIOS, False) as watch:
        watch(DIFFERING)
        print("a line")

    assert out.getvalue() == "a line\n"
    assert "a line" not in terminal.getvalue()


def test_what_an_application_prints_stands_above(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where standard output is the same terminal no line is torn by the bar, nor the bar left in
    it; whoever kept the file goes on writing to the terminal."""
    terminal = watched(monkeypatch)
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(module, "APPEARS", 0.0)
    with progress(SCENARIOS, False) as watch:
        watch(DIFFERING)
        print("a", "line")
        kept = sys.stdout
    print("later", file=kept)

    assert left(terminal.getvalue()) == "a line\nlater\n"
    assert sys.stdout is terminal


def test_whoever_is_shown_nothing_does_not_wait_for_rich() -> None:
    """The library that draws is imported where something is drawn."""
    code = """
import sys
from quart_parity import Result
from quart_parity.progress import progress
with progress([], False) as watch:
    watch(Result("walk", 1))
assert "rich" not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
