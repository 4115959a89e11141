"""Pieces are switched by their codes, late, and mistakes are told."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import quart

from quart_parity.compat import FlaskCompat
from quart_parity.compat.switches import KEY, OPT_IN, PIECES, mends, read, switched
from tests.compat.sides import COMPAT, CompatQuart


def created() -> Any:
    return "created", "201 CREATED"


def make(app_class: type[quart.Quart] = CompatQuart, **config: Any) -> quart.Quart:
    app = app_class(__name__)
    app.config.from_mapping(config)
    app.add_url_rule("/", "created", created)
    return app


def status(app: quart.Quart) -> int | None:
    return COMPAT.call(app).status


def test_a_piece_is_switched_off_by_its_code() -> None:
    """Without its piece the application answers as stock Quart does, and others stay."""
    assert status(make(FLASK_COMPAT={"QP001": False})) == 500
    assert status(make(FLASK_COMPAT={"QP002": False})) == 201


def test_configuration_may_come_late() -> None:
    """What a factory sets after building the application counts, up to the first request."""
    app = make()
    app.config[KEY] = {"QP001": False}
    first = status(app)
    app.config[KEY] = {}

    assert (first, status(app)) == (500, 500)


def test_all_is_on_but_what_takes_a_limit_away() -> None:
    """Without a configuration every piece is on that does not make Quart weaker."""
    assert read({}) == PIECES - OPT_IN
    assert read({KEY: dict.fromkeys(OPT_IN, True)}) == PIECES
    assert read({KEY: None}) == PIECES - OPT_IN


WRONG = {
    "an unknown code": ({"QP999": False}, "'QP999', which is no piece of compat"),
    "no boolean": ({"QP001": "off"}, "must be true or false, not 'off'"),
    "no mapping": (["QP001"], "must be a dict of codes and booleans"),
}


@pytest.mark.parametrize(("value", "message"), WRONG.values(), ids=WRONG)
def test_a_mistake_keeps_the_server_from_starting(value: Any, message: str) -> None:
    """A wrong configuration fails at start-up, where somebody looks."""
    app = make(FLASK_COMPAT=value)

    with pytest.raises(ValueError, match=message):
        asyncio.run(app.startup())


def test_without_a_start_up_the_first_request_tells() -> None:
    """Servers without lifespan find out with the first request."""
    assert COMPAT.call(make(FLASK_COMPAT={"QP999": False})).raised is ValueError


def test_an_existing_application_is_given_all_of_it() -> None:
    """`apply` returns the very application, still of its class, with compat before it."""
    app = make(quart.Quart)
    applied = FlaskCompat.apply(app)

    assert applied is app
    assert isinstance(app, FlaskCompat)
    assert type(app).__name__ == "Quart"
    assert status(app) == 201


def test_what_the_class_overrides_goes_before_compat() -> None:
    """An application's own methods are asked first, and find compat's behind them."""

    class Own(quart.Quart):
        async def make_response(self, result: Any) -> Any:
            response = await super().make_response(result)
            response.headers["X-Own"] = "1"
            return response

    answer = COMPAT.call(FlaskCompat.apply(make(Own)))

    assert (answer.status, answer.field("x-own")) == (201, "1")


def test_applying_it_twice_changes_nothing() -> None:
    """An application that has compat keeps its class."""
    app = make()

    assert type(FlaskCompat.apply(app)) is CompatQuart


def test_it_is_applied_to_quart_applications_only() -> None:
    """Anything else is refused, with what it is."""
    with pytest.raises(TypeError, match="for Quart applications, and 'app' is none"):
        FlaskCompat.apply("app")  # type: ignore[type-var]  # wrong on purpose


def test_quart_without_compat_is_left_alone_by_apply() -> None:
    """Other applications of the same class stay stock."""
    FlaskCompat.apply(make(quart.Quart))

    assert status(make(quart.Quart)) == 500


async def test_functions_work_in_an_application_without_compat() -> None:
    """Where only compat's functions are imported all pieces are on, as if nothing was said."""
    async with make(quart.Quart).app_context():
        assert mends("QP026")
        assert not mends("QP019")


def test_a_switched_method_gives_way_to_the_next_class() -> None:
    """With its piece off a method is the one that it overrides, or is not there."""

    class Base:
        def old(self) -> str:
            return "base"

    class Derived(Base):
        @switched("QP019")
        def old(self) -> str:
            """Documented."""
            return "derived"

        @switched("QP019")
        def new(self) -> str:
            return "derived"

    assert Derived().old() == "base"
    assert not hasattr(Derived(), "new")
    assert Derived.__dict__["old"].__doc__ == "Documented."
