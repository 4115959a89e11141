"""Registering rules that redirect, are aliases, or serve for building URLs alone."""

from typing import Any

import pytest
import quart
from quart.routing import QuartRule

from quart_parity.compat import FlaskCompat
from tests.compat.sides import COMPAT, FLASK, Answer, CompatQuart, Side, cases


def told(side: Side) -> Any:
    """A view that tells which arguments it was called with, and URLs of the other rules."""
    url_for, endpoints = side.url_for, ("item", "built", "old")
    return [dict(side.request.view_args or {}), [url_for(one, number=2) for one in endpoints]]


def redirected(adapter: Any, number: int) -> str:
    """As a rule may be given a function."""
    return f"items/{number + 1}"


def registered(side: Side, target: Any, app: Any = None) -> Any:
    """The application with a rule of each kind."""
    app = app or side.app_class(__name__, static_folder=None)
    blueprint = side.Blueprint("shop", __name__, url_prefix="/shop")
    view = side.function(told)
    app.add_url_rule("/items/<int:number>", "item", view)
    app.add_url_rule("/alias/<int:number>", "item", view, alias=True)
    app.add_url_rule("/built/<int:number>", endpoint="built", build_only=True)
    app.route("/old/<int:number>", endpoint="old", redirect_to=target)(view)
    blueprint.add_url_rule("/older/<int:number>", "older", view, redirect_to=target)
    app.register_blueprint(blueprint)
    return app


@pytest.mark.parametrize("target", ["items/<number>", redirected], ids=["text", "function"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize(
    "path", ["items/1", "alias/1", "built/1", "old/1", "old/x", "shop/older/1"]
)
def test_rule_is_what_it_is_in_flask(path: str, method: str, target: Any) -> None:
    """Whichever way it is registered it redirects, matches or is built as in Flask."""
    answers = [side.call(registered(side, target), f"/{path}", method) for side in (FLASK, COMPAT)]

    assert answers[0].status in {200, 308, 404, 405}
    assert answers[1] == answers[0]


class Own(QuartRule):
    """A rule class of the application's own, which must see each of its rules."""

    def __init__(self, string: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(f"/v1{string}", *args, **kwargs)


def answer(app: quart.Quart) -> Answer:
    return COMPAT.call(registered(COMPAT, "v1/items/<number>", app), "/v1/old/1")


def of_the_class() -> quart.Quart:
    class App(CompatQuart):
        url_rule_class: Any = Own

    return App(__name__)


def of_the_instance() -> quart.Quart:
    app: Any = CompatQuart(__name__)
    app.url_rule_class = Own
    return app  # type: ignore[no-any-return]  # its attribute is typed as another class


def applied() -> quart.Quart:
    class App(quart.Quart):
        url_rule_class: Any = Own

    return FlaskCompat.apply(App(__name__))


@pytest.mark.parametrize("make", [of_the_class, of_the_instance, applied])
def test_rule_class_of_ones_own_is_kept(make: Any) -> None:
    """Where an application has a class for rules, all of them are of that class."""
    app = make()
    found = answer(app)
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]

    assert (found.status, found.field("location")) == (308, "http://localhost/v1/items/1")
    assert all(isinstance(rule, Own) for rule in rules)
    assert len(rules) == 5


def test_rules_are_copied_with_what_they_are() -> None:
    """A copy of a rule for another map redirects to the same place."""
    app = registered(COMPAT, "items/<number>")
    [rule] = app.url_map.iter_rules("old")

    assert (rule.empty().redirect_to, rule.empty().alias) == ("items/<number>", False)


REFUSED: dict[str, dict[str, Any]] = {
    "redirect": {"redirect_to": "x"},
    "alias": {"alias": True},
    "build": {"build_only": True},
    "unknown": {"redirects_to": "x"},
}


@pytest.mark.parametrize("options", cases(REFUSED))
def test_piece_can_be_off(options: Any) -> None:
    """Without the piece such rules are refused as by Quart, and so is what Flask does not know."""
    app: Any = CompatQuart(__name__)
    app.config["FLASK_COMPAT"] = {"QP056": "redirects_to" in options}

    with pytest.raises(TypeError, match="unexpected keyword argument"):
        app.add_url_rule("/old", "old", **options)


def test_other_rules_stay_quarts() -> None:
    """An application that registers no such rule has the class for rules that it has had."""
    app = CompatQuart(__name__)
    app.add_url_rule("/", "root", lambda: "")

    assert app.url_rule_class is QuartRule
