"""The ``parity`` marker, through a real run."""

import pytest

from tests.plugged import CANDIDATE, Suite


@pytest.fixture
def suite(pytester: pytest.Pytester) -> Suite:
    return Suite(pytester)


def test_tests_that_are_off_need_no_port(suite: Suite) -> None:
    """Only a test that is mirrored needs one."""
    suite.tests("import pytest\npytestmark = pytest.mark.parity('off')\ndef test_it(): pass")
    result = suite.run("--parity=check")

    result.assert_outcomes(passed=1)


def test_a_marker_turns_the_mirror_off(suite: Suite) -> None:
    """The nearest that names a mode decides; one that names none leaves it as it is."""
    suite.tests(
        """
        import pytest

        @pytest.mark.parity("off")
        class TestOff:
            def test_off(self, client): client.get("/name")

            @pytest.mark.parity(accept={"header.x": "no mode"})
            def test_still_off(self, client): client.get("/name")

            @pytest.mark.parity("check")
            def test_on(self, client): client.get("/name")

            @pytest.mark.parity(mode="check")
            def test_on_too(self, client): client.get("/name")
        """
    )
    result = suite.run(CANDIDATE, "-rA")

    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(["2 exchanges of 2 tests mirrored, 2 differences"])
    result.stdout.fnmatch_lines(["PASSED *::test_off", "PASSED *::test_still_off"])


def test_markers_accept(suite: Suite) -> None:
    """A test's own entries add to its class's and the run's; those that cover nothing are told."""
    suite.tests(
        """
        import pytest

        @pytest.mark.parity(accept={"body": "its name", "header.x": "gone"})
        class TestAccepting:
            def test_class(self, client): client.get("/name")

            @pytest.mark.parity(accept={"session.**": "its own", "body": "again"})
            def test_both(self, client): client.get("/name"), client.get("/login")

        def test_neither(client): client.get("/name")
        """
    )
    result = suite.run(CANDIDATE, "--parity-accept=header.y=gone too")

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["4 exchanges of 3 tests mirrored, 1 difference (3 accepted)"])
    stale = [line for line in result.outlines if line.startswith("note: accept")]
    assert sorted(stale) == [
        "note: accept 'header.x' covered nothing in this run",
        "note: accept 'header.y' covered nothing in this run",
    ]


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ("'of'", "there is no mode 'of': off, check"),
        ("5", "there is no mode 5: off, check"),
        ("'off', 'check'", "it takes one mode"),
        ("aceept={}", "it takes no 'aceept': mode, accept"),
        ("accept=['body']", "accept is ?'body'?: a dict of path patterns with reasons is needed"),
        ("accept={'body': 5}", "accept is {'body': 5}: a dict of path patterns with *"),
        ("accept=None", "accept is None: a dict of path patterns with reasons is needed"),
        ("accept={'body': ' '}", "accept 'body' needs a reason"),
        ("accept={'bo?dy': 'x'}", "'bo?dy' is no path *"),
    ],
)
def test_a_wrong_marker_fails_its_test(suite: Suite, marker: str, message: str) -> None:
    """The test is not run, others are; and where nothing is mirrored, nobody minds."""
    marker = marker.replace("?", "[")
    suite.tests(
        f"""
        import pytest

        @pytest.mark.parity({marker})
        def test_wrong(): pass

        def test_right(client): client.get("/")
        """
    )
    mirrored, alone = suite.run(CANDIDATE), suite.run()

    mirrored.assert_outcomes(errors=1, passed=1)
    mirrored.stdout.fnmatch_lines([f"the parity marker of this test is written wrongly: {message}"])
    alone.assert_outcomes(passed=2)
