"""What stands at the end of a mirrored run, and how processes are added up."""

import pytest

from quart_parity.mirror.summary import Summary
from tests.plugged import CANDIDATE, Suite, summary


@pytest.fixture
def suite(pytester: pytest.Pytester) -> Suite:
    return Suite(pytester)


def test_the_summary_says_what_the_run_came_to(suite: Suite) -> None:
    """Exchanges, differences by cause with the worst first, tests that failed by them alone, routes
    that nobody asked for, and entries that covered nothing."""
    suite.tests(
        """
        import pytest

        def test_same(client): client.get("/")
        def test_name(client): client.get("/name")
        def test_created(client): client.get("/created")
        def test_nothing(): pass
        def test_own(client): assert client.get("/name").text == "other"

        @pytest.mark.parity(accept={"session.token": "its own", "header.x": "gone"})
        def test_accepted(client): client.get("/login")

        @pytest.mark.xfail(reason="the port has another name")
        def test_expected(client): client.get("/name")

        @pytest.mark.parity("off")
        def test_off(client): client.get("/boom")
        """
    )
    result = suite.run(CANDIDATE)

    result.assert_outcomes(passed=4, failed=3, xfailed=1)
    assert summary(result) == [
        "6 exchanges of 6 tests mirrored, 7 differences (1 accepted)",
        "  port      3  the port itself",
        "  QP001     4  A status with its reason phrase is a 500",
        "2 tests failed by a difference alone",
        "1 test differs without failing: skipped, or expected to fail",
        "4 of 11 routes reached",
        "  never: GET /ticket",
        "  never: GET /count",
        "  never: GET /boom",
        "  never: GET /never/<int:n>",
        "  never: GET /hang",
        "  never: GET /block",
        "  never: GET /key",
        "note: accept 'header.x' covered nothing in this run",
    ]


def test_a_suite_that_sends_nothing_is_told_so(suite: Suite) -> None:
    """Nobody takes it for parity that nothing was compared."""
    suite.tests("def test_it(): pass")
    result = suite.run(CANDIDATE)

    result.assert_outcomes(passed=1)
    assert summary(result) == [
        "nothing was mirrored: no test sent a request with a Flask test client"
    ]


def test_only_some_of_many_routes_are_told() -> None:
    """All are counted."""
    reached = {f"GET /{n}": 0 for n in range(25)} | {"GET /": 1}
    lines = list(Summary(exchanges=1, tests=1, reached=reached).lines())

    assert lines[0] == "1 exchange of 1 test mirrored, 0 differences"
    assert lines[1] == "1 of 26 routes reached"
    assert lines[2] == "  never: GET /0"
    assert lines[-1] == "  … and 5 more"
    assert len(lines) == 23


def test_summaries_of_processes_add_up() -> None:
    """What is sent from one to another is the same there; an entry that one used is not stale."""
    one = Summary(2, 1, 3, 1, {"QP001": 2, "port": 1}, 1, 1, 1, {"GET /": 0, "GET /a": 2})
    other = Summary(1, 1, 1, 0, {"QP001": 1}, 1, 0, 1, {"GET /": 1, "GET /b": 0})
    one.given, other.given = [("body", "x"), ("header.a", "y")], [("body", "x")]
    other.used = [("body", "x")]
    total = Summary()
    for sent in (one, other):
        total.add(Summary.received(sent.sent()))

    assert (total.exchanges, total.tests, total.count, total.accepted) == (3, 2, 4, 1)
    assert total.causes == {"QP001": 3, "port": 1}
    assert (total.alone, total.excused, total.unasked) == (2, 1, 2)
    assert total.reached == {"GET /": 1, "GET /a": 2, "GET /b": 0}
    assert [line for line in total.lines() if "accept " in line] == [
        "note: accept 'header.a' covered nothing in this run"
    ]


def test_a_test_is_counted_once(suite: Suite) -> None:
    """However many of its phases send something, differ, or cannot ask the port."""
    suite.also(
        """
        @pytest.fixture
        def asking(client):
            client.get("/name")
            yield client
            client.get("/name")
        """
    )
    suite.tests("def test_it(asking): asking.get('/name')")
    suite.pytester.makepyfile(late="def create_app(): raise OSError")
    differing, unasked = suite.run(CANDIDATE), suite.run("--parity-candidate=late:create_app()")

    differing.assert_outcomes(failed=1, errors=1)
    assert summary(differing)[0] == "3 exchanges of 1 test mirrored, 3 differences"
    assert "1 test failed by a difference alone" in summary(differing)
    assert "the port could not be asked in 1 test" in summary(unasked)


def test_routes_are_counted_for_their_own_application(suite: Suite) -> None:
    """Two applications that take turns are not taken for one another."""
    suite.tests(
        """
        from flask import Flask
        from shop_flask import create_app

        def test_it():
            other = Flask("other", static_folder=None)
            other.add_url_rule("/other", "other", lambda: "other")
            one, two = create_app().test_client(), other.test_client()
            for client, path in ((one, "/"), (two, "/other"), (one, "/boom")):
                client.get(path)
        """
    )
    result = suite.run("--parity-candidate=shop_flask:create_app()")

    assert "3 of 12 routes reached" in summary(result)


@pytest.mark.example
def test_processes_are_added_up(suite: Suite) -> None:
    """With pytest-xdist the failures and the summary are those of a run in one process."""
    suite.tests(
        """
        import pytest

        def test_same(client): client.get("/")
        def test_name(client): client.get("/name")
        def test_created(client): client.get("/created")

        @pytest.mark.parity("of")
        def test_wrong(): pass

        @pytest.mark.parity(accept={"body": "its name", "header.x": "gone"})
        def test_accepted(client): client.get("/name")
        """
    )
    options = CANDIDATE, "--parity-accept=header.y=gone", "-rA"
    alone, spread = suite.run(*options), suite.run(*options, "-n2")

    alone.assert_outcomes(passed=2, failed=2, errors=1)
    assert spread.parseoutcomes() == alone.parseoutcomes()
    assert sorted(summary(spread)) == sorted(summary(alone))
    assert _told(spread) == _told(alone)


@pytest.mark.example
def test_processes_without_a_port_say_so(suite: Suite) -> None:
    """Where nothing names it, each test that needs it fails by one line."""
    suite.asks("/")
    result = suite.run("--parity=check", "-n2")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["parity needs a candidate: give --parity-candidate=*"])


def _told(result: pytest.RunResult) -> set[str]:
    """The accounts, without the order of the tests."""
    starts = ("parity: ", "the port ", "test_shop.py:", "  ")
    return {line for line in result.outlines if line.startswith(starts)}
