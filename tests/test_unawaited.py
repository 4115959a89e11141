"""Coroutines that nobody awaited: each is a difference of the exchange in which it is freed."""

import asyncio
import warnings
from typing import Any

import flask
import pytest
from quart import Quart, flash

import quart_parity
from quart_parity import check
from quart_parity.drivers.raised import is_application
from tests.forgetful import at, compared, forget, forgotten, greet, original, port
from tests.reports import shown
from tests.shops import told, walk

HERE = __file__


async def dropped() -> str:
    forget()  # dropped
    return "same"


async def kept() -> str:
    greeting = forget()  # kept
    return "same" if greeting else ""


def plain() -> str:
    forget()  # plain
    return "same"


async def good() -> str:
    await greet()
    return "same"


@pytest.mark.parametrize("view", [dropped, kept, plain], ids=lambda view: view.__name__)
def test_it_is_told_with_the_line_that_made_it(view: Any) -> None:
    """Thrown away at once, kept in a variable, or made on another thread: its line is known."""
    report = compared(view=view)

    assert forgotten(report) == [("walk", 0, "greet", at(HERE, view.__name__))]
    assert not report.ok


def test_what_is_awaited_is_no_difference() -> None:
    """Where nothing is forgotten, there is nothing to tell."""
    assert told(compared(good=good)) == []


def test_each_request_tells_of_it() -> None:
    """The same request sent again, and another one afterwards, have their own, with its place."""
    report = compared(
        walk("/good", "/kept", "/kept", "/dropped"), good=good, kept=kept, dropped=dropped
    )

    kept_at, dropped_at = at(HERE, "kept"), at(HERE, "dropped")
    assert forgotten(report) == [
        ("walk", 1, "greet", kept_at),
        ("walk", 2, "greet", kept_at),
        ("walk", 3, "greet", dropped_at),
    ]


def test_a_framework_s_function_is_told_where_it_was_called() -> None:
    """The line is the application's, and not one inside Quart."""

    call: Any = flash

    async def view() -> str:
        call("hello")  # flash
        return "same"

    assert forgotten(compared(view=view)) == [("walk", 0, "flash", at(HERE, "flash"))]


def test_several_are_one_difference() -> None:
    """The names stand in order, each once, with every place."""

    async def other() -> None:
        """Another one that nobody awaits."""

    call: Any = other

    async def view() -> str:
        call()  # other
        forget()  # first
        forget()  # second
        return "same"

    [(_, _, names, places)] = forgotten(compared(view=view))

    assert names == f"greet, {other.__qualname__}"
    assert places == ", ".join(at(HERE, mark) for mark in ("other", "first", "second"))


def test_what_is_left_in_a_cycle_belongs_to_its_scenario() -> None:
    """It is collected as its scenario ends, told with its last exchange, and with no other's."""
    left: list[Any] = []

    async def view() -> str:
        if not left:
            left.append(True)
            cycle: list[Any] = [forget()]  # cycle
            cycle.append(cycle)
        return "same"

    scenarios = [walk("/view", "/good", name=name) for name in ("one", "two", "three")]
    report = compared(*scenarios, view=view, good=good)

    assert forgotten(report) == [("one", 1, "greet", at(HERE, "cycle"))]


def test_the_other_side_is_not_blamed() -> None:
    """Two ports in one process: only the one that forgets has it, whichever it is."""

    async def cyclic() -> str:
        cycle: list[Any] = [forget()]
        cycle.append(cycle)
        return "same"

    scenarios = [walk("/view", name=str(number)) for number in range(3)]
    one, other = port(view=cyclic), port(view=good)
    ours = check(one, other, scenarios, causes=False).differences
    theirs = check(other, one, scenarios, causes=False).differences

    assert [(bool(d.reference), bool(d.candidate)) for d in ours] == [(True, False)] * 3
    assert [(bool(d.reference), bool(d.candidate)) for d in theirs] == [(False, True)] * 3


def test_two_sides_that_forget_the_same_are_alike() -> None:
    """What the original does as well is no difference."""
    app = port(view=dropped)

    assert told(check(app, port(view=kept), [walk("/view")])) == []


def test_what_is_kept_for_later_is_told_when_it_is_freed() -> None:
    """The exchange that drops it has it; the line is where it was made."""
    stored: list[Any] = []

    async def view() -> str:
        stored.append(forget())  # stored
        return "same"

    async def drop() -> str:
        stored.clear()
        return "same"

    report = compared(walk("/view"), walk("/drop", name="later"), view=view, drop=drop)

    assert forgotten(report) == [("later", 0, "greet", at(HERE, "stored"))]


def test_what_starting_forgets_belongs_to_the_first_exchange() -> None:
    """A factory and a start-up function are the application's code as well."""

    def create_app() -> Quart:
        app = port(view=good)
        forget()  # factory

        @app.before_serving
        async def begin() -> None:
            forget()  # start

        return app

    report = check(original("/view"), create_app, [walk("/view", "/view")], causes=False)
    places = f"{at(HERE, 'factory')}, {at(HERE, 'start')}"

    assert forgotten(report) == [("walk", 0, "greet", places)]


def test_what_an_error_holds_is_told() -> None:
    """A traceback keeps the variables of a failed view, and they are freed after the answer."""

    async def view() -> str:
        greeting = forget()  # failing
        raise LookupError(str(bool(greeting)))

    app = port(view=view)
    app.logger.disabled = True
    report = check(original("/view"), app, [walk("/view")], causes=False)

    assert forgotten(report) == [("walk", 0, "greet", at(HERE, "failing"))]


@pytest.mark.parametrize("action", ["error", "ignore", "always", "once"])
def test_filters_of_warnings_make_no_difference(
    action: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    """It is in the report whatever they say, and only there."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter(action)
        report = compared(kept=kept)

    assert len(forgotten(report)) == 1
    assert (caught, capfd.readouterr().err) == ([], "")


def test_the_port_is_the_cause() -> None:
    """Compat does not await for anybody, also where it mends what else differs."""

    async def status() -> Any:
        forget()
        return "same", "200 OK"

    app = port(status=status)
    app.logger.disabled = True
    causes = {
        one.path: one.divergences
        for one in check(original("/status"), app, [walk("/status")]).differences
    }

    assert causes["unawaited"] == ()
    assert causes["status"] == ("QP001",)


def test_what_happened_once_has_no_known_cause() -> None:
    """An application that cannot be built again does not start again, and nobody is blamed."""
    app = port(view=good)

    @app.before_serving
    async def begin() -> None:
        forget()

    [one] = check(original("/view"), app, [walk("/view")]).differences

    assert (one.path, one.divergences) == ("unawaited", None)


def test_the_text_report_shows_the_place() -> None:
    """Whoever reads it knows where to put the missing word."""
    text = shown(compared(dropped=dropped))

    assert f'candidate  "greet"  at {at(HERE, "dropped")}' in text
    assert "unawaited            1" in text


@pytest.mark.parametrize(
    ("file", "is_theirs"),
    [
        (HERE, True),
        (pytest.__file__, True),
        (flask.__file__, False),
        (quart_parity.__file__, False),
        (asyncio.__file__, False),
        ("<string>", False),
    ],
    ids=["a test", "a library", "a framework", "this library", "Python's own", "no file"],
)
def test_a_place_is_one_that_the_application_chose(file: str, is_theirs: bool) -> None:
    """Frameworks call what an application wrote; their lines tell nobody what to mend."""
    assert is_application(file) == is_theirs
