"""Times that the port writes a moment later than the original are no differences."""

import pytest

ORDERS = """
import time

import flask
import quart
import time_machine

clock = None


def original():
    return shop(flask.Flask, time.time)


def port():
    return shop(quart.Quart, late)


def late():
    clock.shift(1)
    return time.time() + OTHER


def shop(framework, now):
    app = framework("orders")
    times = []

    def order():
        times.append(int(now()))
        return "ordered"

    app.add_url_rule("/order", view_func=order, methods=["POST"])
    app.add_url_rule("/orders", view_func=lambda: {"times": times})
    return app
"""
SUITE = """
import time_machine

import timely_orders


def test_orders():
    with time_machine.travel(1_800_000_000.9, tick=False) as timely_orders.clock:
        app = timely_orders.original()
        app.test_client().post("/order")
        timely_orders.clock.shift(100)

        assert app.test_client().get("/orders").json == {"times": [1_800_000_000]}
"""


def mirrored(pytester: pytest.Pytester, *, other: int) -> pytest.RunResult:
    """A suite whose port writes a second late, and a time that is *other* by some seconds."""
    pytester.makepyfile(timely_orders=ORDERS.replace("OTHER", str(other)), test_orders=SUITE)
    pytester.syspathinsert()
    return pytester.runpytest_inprocess(
        *("-p", "quart_parity.pytest_plugin", "--parity-candidate=timely_orders:port()"),
        *("-p", "no:flask", "-p", "no:randomly", "-W", "ignore::pytest.PytestDeprecationWarning"),
    )


def test_another_client_reads_what_one_wrote(pytester: pytest.Pytester) -> None:
    """A time that one client's request made is the same where another client reads it."""
    run = mirrored(pytester, other=0)

    run.assert_outcomes(passed=1)
    run.stdout.fnmatch_lines(["2 exchanges of 1 test mirrored, 0 differences"])


def test_another_time_is_a_difference(pytester: pytest.Pytester) -> None:
    """A time that is another, seen from every exchange of the test, is told."""
    run = mirrored(pytester, other=7)

    run.assert_outcomes(failed=1)
    run.stdout.fnmatch_lines(["    body.times?0?"])
