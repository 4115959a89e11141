"""A report says which rule answered, and where each side's view is written."""

from pathlib import Path

import pytest

from quart_parity import Request, Result, Scenario
from quart_parity.choices import find_runner
from quart_parity.settings import Settings
from tests.running import quart_server, wsgi_server
from tests.shops import flask_shop, quart_shop

SOURCE = """
from functools import partial, wraps
from flask import Blueprint, Flask
from flask.views import MethodView, View

def noted(function):
    @wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)
    return inner

app = Flask("shop", static_folder="static")
pages = Blueprint("pages", __name__, url_prefix="/pages")

@app.get("/item/<int:number>")
def item(number):  # item
    return "flask"

@pages.get("/<name>")
def page(name):  # page
    return "flask"

@app.get("/noted")
@noted
@noted
def decorated():  # decorated
    return "flask"

class Listing(View):
    def dispatch_request(self):  # listing
        return "flask"

class Cart(MethodView):
    def post(self):  # cart
        return "flask"

class Basket(Cart):
    pass

class Answering:
    def __call__(self):
        return "flask"

def bound(name):  # bound
    return name

app.register_blueprint(pages)
app.add_url_rule("/listing", view_func=Listing.as_view("listing"))
app.add_url_rule("/cart", view_func=Cart.as_view("cart"))
app.add_url_rule("/basket", view_func=Basket.as_view("basket"))
app.add_url_rule("/object", endpoint="object", view_func=Answering())
app.add_url_rule("/bound", endpoint="bound", view_func=partial(bound, "flask"))
"""

FOUND: dict[str, tuple[str, str, str, str | None]] = {
    "a function": ("GET", "/item/3", "/item/<int:number>", "# item"),
    "a blueprint's": ("GET", "/pages/a", "/pages/<name>", "# page"),
    "a decorated one": ("GET", "/noted", "/noted", "# decorated"),
    "a class's": ("GET", "/listing", "/listing", "# listing"),
    "a class's by its methods": ("POST", "/cart", "/cart", "# cart"),
    "an inherited one": ("POST", "/basket", "/basket", "# cart"),
    "one with arguments": ("GET", "/bound", "/bound", "# bound"),
    "an object": ("GET", "/object", "/object", None),
    "a static file": ("GET", "/static/a.css", "/static/<path:filename>", None),
    "nothing": ("GET", "/nowhere/12", "/nowhere/…", None),
    "another method": ("DELETE", "/noted", "/noted", None),
}


@pytest.fixture
def sides(importing: Path) -> tuple[str, str]:
    """Two applications that answer otherwise, with a line more before each view of the port."""
    port = SOURCE.replace("flask", "quart").replace("Flask", "Quart").replace('"quart"', '"port"')
    (importing / "ours.py").write_text(SOURCE)
    (importing / "theirs.py").write_text(f"\n{port}".replace('Quart("shop"', 'Quart("theirs"'))
    return "ours.py", "theirs.py"


def played(sides: tuple[str, str], settings: Settings | None = None) -> Result:
    requests = [Request(method=method, path=path) for method, path, _, _ in FOUND.values()]
    runner = find_runner(sides, settings or Settings(causes=False), Path.cwd(), keep="all")
    [result] = runner.run([Scenario("walk", requests)])
    return result


def place(file: str, mark: str | None) -> str | None:
    """Where the function with this comment is written, or the decorators above it."""
    if mark is None:
        return None
    lines = Path(file).read_text().splitlines()
    at = next(number for number, line in enumerate(lines) if mark in line)
    while lines[at - 1].lstrip().startswith("@"):
        at -= 1
    return f"{Path(file).absolute()}:{at + 1}"


@pytest.mark.parametrize("isolate", [False, True], ids=["in process", "isolated"])
def test_every_exchange_has_its_route_and_views(sides: tuple[str, str], isolate: bool) -> None:
    """The function of each side that answers, be it decorated or a class's; none of a framework."""
    result = played(sides, Settings(causes=False, isolate=isolate))
    found = [(one.route, *one.views) for one in result.compared]

    assert found == [
        (rule, place("ours.py", mark), place("theirs.py", mark))
        for _, _, rule, mark in FOUND.values()
    ]


def test_a_difference_has_those_of_its_exchange(sides: tuple[str, str]) -> None:
    """Reports that show single differences know as much."""
    result = played(sides)
    exchanges = {one.request: (one.route, one.views) for one in result.compared}

    assert result.differences
    assert all((d.route, d.views) == exchanges[d.request] for d in result.differences)


def test_of_running_servers_no_view_is_known() -> None:
    """Nobody can ask them for their map; numbers and ids in a path say as little."""
    with wsgi_server(flask_shop()) as ours, quart_server(quart_shop()) as theirs:
        runner = find_runner((ours, theirs), Settings(causes=False), Path.cwd(), keep="all")
        [result] = runner.run([Scenario("walk", [Request(path="/other"), Request(path="/a/17")])])

    assert [(one.route, one.views) for one in result.compared] == [
        ("/other", (None, None)),
        ("/a/…", (None, None)),
    ]
