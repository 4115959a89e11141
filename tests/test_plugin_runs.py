"""A mirrored run with options of pytest's own, and its end before its time."""

import pytest

from tests.plugged import CANDIDATE, NAME, Suite, summary


@pytest.fixture
def suite(pytester: pytest.Pytester) -> Suite:
    return Suite(pytester)


@pytest.mark.parametrize("plugin", ["logging", "capture", "cacheprovider", "junitxml", "unittest"])
def test_no_plugin_of_pytests_own_is_needed(suite: Suite, plugin: str) -> None:
    """A run without one of those that can be left out says the same."""
    suite.asks("/name")
    result = suite.run(CANDIDATE, "-p", f"no:{plugin}")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([NAME, "1 exchange of 1 test mirrored, 1 difference"])


def test_help_names_the_options(suite: Suite) -> None:
    """They stand together, under a heading of their own."""
    result = suite.run("--help")

    result.stdout.fnmatch_lines(
        [
            "parity of a Flask application with its port to Quart:",
            "  --parity={off,check} *",
            "  --parity-candidate=TARGET",
            "  --parity-reference=TARGET",
            "  --parity-accept=PATTERN=REASON",
            "  --parity-state={copy,share}",
        ]
    )


def test_x_stops_at_the_first_difference(suite: Suite) -> None:
    """What comes after is not run, and the summary is of what was."""
    suite.tests("".join(f"def test_{n}(client): client.get('/name')\n" for n in range(3)))
    result = suite.run(CANDIDATE, "-x")

    result.assert_outcomes(failed=1)
    assert summary(result)[0] == "1 exchange of 1 test mirrored, 1 difference"


def test_lf_runs_those_that_differed(suite: Suite) -> None:
    """A failure by difference is remembered as any is; without the mirror it passes."""
    suite.tests(
        "def test_same(client): client.get('/')\ndef test_name(client): client.get('/name')"
    )
    suite.run(CANDIDATE)
    again = suite.run(CANDIDATE, "--lf")
    alone = suite.run("--lf")

    again.assert_outcomes(failed=1)
    alone.assert_outcomes(passed=1)


def test_k_selects(suite: Suite) -> None:
    """Tests that are not selected send nothing."""
    suite.tests(
        "def test_same(client): client.get('/')\ndef test_name(client): client.get('/name')"
    )
    result = suite.run(CANDIDATE, "-k", "same")

    result.assert_outcomes(passed=1, deselected=1)
    assert summary(result)[0] == "1 exchange of 1 test mirrored, 0 differences"


def test_collecting_only_shows_the_tests(suite: Suite) -> None:
    """Nothing is sent, and no summary says so."""
    suite.asks("/name")
    result = suite.run(CANDIDATE, "--co", "-q")

    assert result.ret == 0
    result.stdout.fnmatch_lines(["test_shop.py::test_it"])
    result.stdout.no_fnmatch_line("*parity*")


def test_an_interrupt_ends_the_run(suite: Suite) -> None:
    """Nothing more is asked of the port; what was compared before is told."""
    suite.tests(
        """
        def test_name(client): client.get("/name")

        def test_it(client):
            client.get("/created")
            raise KeyboardInterrupt

        def test_after(client): client.get("/")
        """
    )
    result = suite.run(CANDIDATE, no_reraise_ctrlc=True)

    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.assert_outcomes(failed=1)
    assert summary(result)[:2] == [
        "1 exchange of 1 test mirrored, 1 difference",
        "  port      1  the port itself",
    ]


def test_an_exit_ends_the_run(suite: Suite) -> None:
    """`pytest.exit` is no test's failure either."""
    suite.tests(
        "import pytest\ndef test_it(client):\n    client.get('/name')\n    pytest.exit('so')"
    )
    result = suite.run(CANDIDATE)

    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["*Exit: so*"])
    result.stdout.no_fnmatch_line("*difference*")


def test_the_plugin_can_be_blocked(suite: Suite) -> None:
    """Then its options are unknown, and suites run as if it were not installed."""
    suite.asks("/name")
    blocked = "-p", "no:quart_parity.pytest_plugin"
    result = suite.pytester.runpytest_inprocess(*blocked, "-p", "no:flask")
    asking = suite.pytester.runpytest_inprocess(*blocked, CANDIDATE)

    result.assert_outcomes(passed=1)
    assert asking.ret == pytest.ExitCode.USAGE_ERROR
    asking.stderr.fnmatch_lines(["*unrecognized arguments: --parity-candidate=*"])
