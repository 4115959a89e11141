"""The report for a person: what it holds, and in which order."""

import pytest

from quart_parity import Failure, Report
from quart_parity.divergences import DIVERGENCES
from quart_parity.paths import Path
from quart_parity.values import MISSING
from tests.reports import difference, report
from tests.reports import shown as written
from tests.telling import shown


def test_the_text_shows_each_difference_with_both_values() -> None:
    """Request, path and the two values stand there, a missing one as such."""
    lines = shown(report(difference(("header", "vary"), "", MISSING))).splitlines()

    assert "GET /  walk, request 0" in lines
    assert [line.strip() for line in lines if line.startswith("  ")] == [
        "header.vary",
        'reference  ""',
        "candidate  (missing)",
    ]


def test_the_text_says_where_it_was_raised() -> None:
    """Each side's place stands beside the value that it belongs to."""
    text = shown(report(difference(("raised", "type"), "A", "B", places=("a.py:1", None))))

    assert 'reference  "A"  at a.py:1' in text
    assert 'candidate  "B"\n' in text


def test_what_is_accepted_is_told_on_a_line_with_its_reason() -> None:
    """Differences that are alike share a line, below those that somebody has to mend."""
    paths: list[Path] = [("body", "items", n, "price") for n in range(3)]
    alike = [difference(one, accepted="rounding", target="/cart") for one in paths]
    other = difference(("header", "x"), accepted="known", target="/cart")
    lines = shown(report(*alike, other, difference())).splitlines()

    assert "GET /cart  body.items[*].price  accepted: rounding, 3 times" in lines
    assert "GET /cart  header.x  accepted: known" in lines
    assert lines.index("GET /cart  header.x  accepted: known") > lines.index("  body")


def test_what_is_accepted_is_whole_on_demand() -> None:
    """With --verbose both values of an accepted difference can be read."""
    made = report(difference(("header", "x"), "a", "b", accepted="known"))
    text = shown(made, verbose=True)

    assert "header.x  accepted: known" in text
    assert '    reference  "a"\n    candidate  "b"\n' in text


def test_the_text_shows_what_the_servers_logged() -> None:
    """Each side's log stands under its difference, and only where there is one."""
    log = "Traceback (most recent call last):\n\tline\nValueError: midway\n"
    text = shown(report(difference(("status",), 500, 200, logs=(log, None))))
    lines = text.splitlines()
    at = lines.index("    log of the reference")

    assert lines[at + 1 : at + 4] == [
        "      Traceback (most recent call last):",
        "              line",
        "      ValueError: midway",
    ]
    assert "log of the candidate" not in text


def test_of_a_long_log_the_end_is_shown() -> None:
    """The exception stands at the end; what is before can be read in the JSON report."""
    log = "\n".join([*(f"line {n}" for n in range(100)), "x" * 5_000])
    lines = shown(report(difference(logs=(None, log)))).splitlines()
    at = lines.index("    log of the candidate, the last 40 of 101 lines")

    assert lines[at + 1] == "      line 61"
    assert lines[at + 40].startswith("      xxx")
    assert len(lines[at + 40]) < 1_100


def test_notes_are_told() -> None:
    """What a reader must know of the comparison is told before the end."""
    made = report()
    made.notes = ["signatures were not checked"]

    assert "note: signatures were not checked" in shown(made).splitlines()


def test_what_only_a_wire_carries_has_its_line_where_it_differs() -> None:
    """A run that has seen no interim response does not claim to have compared any."""
    plain, differing = shown(report()), shown(report(difference(("interim", 0, "status"))))

    assert "interim" not in plain
    assert ["interim", "1"] in [line.split() for line in differing.splitlines()]


def test_differences_stand_below_what_causes_them() -> None:
    """The worst known divergence first, then the port's own, then those of no known cause; each
    difference is below one heading."""
    given = [None, (), ("QP001",), ("QP021",)]
    made = report(
        *(difference((f"x{n}",), divergences=codes) for n, codes in enumerate(given)),
    )
    lines = [line.strip() for line in shown(made).splitlines()]
    wanted = ["QP021 in 1 route  security", "x3", "QP001 in 1 route  crash", "x2"]
    wanted += ["The port itself in 1 route", "x1", "Unknown cause in 1 route", "x0"]

    assert [line for line in lines if line in wanted] == wanted


def test_a_heading_says_what_it_is_and_how_to_mend_it() -> None:
    """The divergence's title and the command that explains it are below its code."""
    given = [difference(route=f"/{n}", request=n, divergences=("QP021",)) for n in range(14)]
    lines = shown(report(*given)).splitlines()
    at = lines.index("QP021 in 14 routes  security")

    assert lines[at + 1] == f"  {DIVERGENCES['QP021'].title}"
    assert lines[at + 2].endswith("by hand: quart-parity explain QP021")


def test_several_causes_are_told_with_the_difference() -> None:
    """A code that the heading does not say stands with the difference."""
    known = difference(("header", "vary"), divergences=("QP021", "QP001"))
    single = difference(("header", "x"), divergences=("QP021",))
    lines = [line.strip() for line in shown(report(known, single)).splitlines()]

    assert [line for line in lines if line.startswith("cause  ")] == [
        "cause      QP021, QP001",
        "cause  differences",
    ]


def test_of_one_divergence_a_few_exchanges_are_shown() -> None:
    """Each of another route; of the rest there is a number by route, the most frequent first."""
    rules = ["/a", "/a", "/b", "/a", "/c", "/d", "/d"]
    made = report(
        *(
            difference(route=rule, target=rule, request=n, divergences=("QP021",))
            for n, rule in enumerate(rules)
        )
    )
    lines = shown(made).splitlines()
    rest = lines.index("and in 4 more exchanges:")

    assert [line for line in lines if ", request" in line] == [
        "GET /a  walk, request 0",
        "GET /b  walk, request 2",
        "GET /c  walk, request 4",
    ]
    assert lines[rest + 1 : rest + 3] == ["     2  GET /a", "     2  GET /d"]
    assert shown(made, verbose=True).count(", request") == 7


@pytest.mark.parametrize("codes", [(), None])
def test_of_the_ports_own_every_exchange_is_shown(codes: tuple[str, ...] | None) -> None:
    """What people must mend themselves, or look into, is not summed up."""
    text = shown(report(*(difference(request=n, divergences=codes) for n in range(9))))

    assert text.count("GET /  walk, request") == 9
    assert "more exchanges" not in text


def test_the_causes_are_counted_the_worst_first() -> None:
    """Each cause has a line with its severity and title; accepted differences count for none."""
    given = [("QP001",), ("QP021",), ("QP001",), ()]
    accepted = difference(divergences=("QP014",), accepted="known")
    made = report(*(difference(divergences=codes) for codes in given), accepted)
    lines = shown(made).splitlines()
    rows = lines[lines.index("cause  differences") + 1 :]

    assert [row.split()[:2] for row in rows[:3]] == [["QP021", "1"], ["QP001", "2"], ["port", "1"]]
    assert rows[0].endswith(f"security: {DIVERGENCES['QP021'].title}")
    assert "quart-parity explain CODE" in rows[3]


def test_causes_that_are_missing_are_told() -> None:
    """Where no experiment could be made the reason is in the report."""
    made = report(difference())
    made.unexplained = "its factory failed"

    assert "note: causes are missing: its factory failed" in shown(made).splitlines()


def test_the_table_counts_by_aspect() -> None:
    """Every aspect has its line, and its number of differences."""
    made = report(
        difference(("header", "x")), difference(("header", "y")), difference(("new", "z"))
    )
    rows = [line.split() for line in shown(made).splitlines()]

    assert ["header", "2"] in rows
    assert ["status", "0"] in rows
    assert ["new", "1"] in rows


CLOSING: dict[str, tuple[Report, str]] = {
    "parity": (report(), "1 scenario, 3 exchanges, 0 differences in 1.23 s"),
    "one": (report(difference()), "1 scenario, 3 exchanges, 1 difference in 1.23 s"),
    "accepted": (
        report(difference(accepted="why")),
        "1 scenario, 3 exchanges, 0 differences (1 accepted) in 1.23 s",
    ),
    "errors": (
        report(failures=(Failure("walk", 0, "why"),)),
        "1 scenario, 3 exchanges, 0 differences, 1 error in 1.23 s",
    ),
}


@pytest.mark.parametrize(("made", "line"), CLOSING.values(), ids=CLOSING)
def test_the_text_closes_with_one_line_that_counts(made: Report, line: str) -> None:
    """The last line says how many scenarios, exchanges and differences."""
    assert shown(made).splitlines()[-1] == line


def test_errors_and_stale_accepts_are_noted() -> None:
    """What could not be played, and what is accepted in vain, is told before the end."""
    made = report(failures=(Failure("walk", 2, "neither side"),))
    made.stale = ["header.x"]
    text = shown(made)

    assert "error: walk, request 2: neither side" in text
    assert "note: accept 'header.x' covers nothing any more" in text


def test_brackets_in_values_are_no_markup() -> None:
    """What an application sends is never read as an instruction to the reporter."""
    text = shown(report(difference(("body", "[bold]"), "[red]x[/red]", ":smile:")))

    assert '"[red]x[/red]"' in text
    assert '":smile:"' in text


def test_a_long_text_is_shown_where_it_differs() -> None:
    """Of two long texts the lines that differ can be read, wherever they are."""
    lines = [f"line {n}" for n in range(200)]
    ours, theirs = "\n".join([*lines, "old", *lines]), "\n".join([*lines, "new", *lines])
    text = shown(report(difference(ours=ours, theirs=theirs)))

    assert "old" in text
    assert "new" in text
    assert "line 3\n" not in text


def test_two_long_texts_that_are_equal_are_shown() -> None:
    """Two answers that break alike are told, however long the sentence is."""
    broken = f"what came is no answer in HTTP/1: {'x' * 60}"
    text = shown(report(difference(("broken",), ours=broken, theirs=broken)))

    assert f'reference  "{broken}"' in text
    assert f'candidate  "{broken}"' in text


def test_a_difference_within_a_very_long_line_can_be_seen() -> None:
    """A page that is one line still shows what is other in it."""
    text = shown(report(difference(ours="x" * 5_000 + "old", theirs="x" * 5_000 + "new")))

    assert "old" in text
    assert "new" in text


@pytest.mark.parametrize("mark", ["--", "++", "@@", "-", "+", " ", "?"])
def test_a_line_that_looks_like_a_diffs_own_is_shown(mark: str) -> None:
    """Lines of the texts are never taken for the marks around them."""
    lines = "\n".join(["same"] * 50)
    ours, theirs = f"{lines}\n{mark} old", f"{lines}\n{mark} new"
    text = shown(report(difference(ours=ours, theirs=theirs)))

    assert f"-{mark} old" in text
    assert f"+{mark} new" in text


def test_what_corresponds_and_what_is_noise_is_named_with_its_place() -> None:
    """The most frequent first, in bounded number; where there is none, nothing is said."""
    made = report()
    quiet = shown(made)
    made.corresponding = {f"body of GET /{n:02}": n + 1 for n in range(22)}
    made.noise = {"body.ms of GET /": 3}
    lines = shown(made).splitlines()

    assert "correspond" not in quiet
    assert "noise" not in quiet
    start = next(at for at, line in enumerate(lines) if line.startswith("values that correspond"))
    assert lines[start + 1] == "    22  body of GET /21"
    assert lines[start + 21].strip() == "… and 2 more places"
    assert "     3  body.ms of GET /" in lines


def test_a_place_is_masked_as_a_target_is() -> None:
    """What stands in a path under a secret name is not shown."""
    made = report()
    made.corresponding = {"body of GET /reset/token=abcdefgh": 1}

    assert "abcdefgh" not in shown(made)
    assert "abcdefgh" not in written(made, "json")
