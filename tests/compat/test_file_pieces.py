"""Files with the piece of compat off, by Quart's names, and with lifetimes of one's own."""

from collections.abc import Generator
from datetime import timedelta
from typing import Any

import pytest

from tests.compat.sides import COMPAT, FLASK, ROOT_PATH, STOCK, Answer, Make, Side, cases, steps
from tests.compat.test_files import DIGITS, digits_io, sends, sends_from

OFF = {"FLASK_COMPAT": {"QP011": False, "QP026": False}}
"""The other piece is what conditional responses of any kind are made with."""


@steps
def positions(side: Side) -> Generator[Any, Any, Any]:
    """A view that sends a file by the positions of Quart's arguments."""
    return (yield side.send_file(DIGITS, None, True, "o.html", False, 7, True))


QUARTS: dict[str, Make] = {
    "path": sends(str(DIGITS)),
    "names": sends(DIGITS, attachment_filename="o.html", cache_timeout=7, add_etags=False),
    "positions": positions,
    "in-memory": sends(digits_io, mimetype="text/plain"),
    "directory": sends_from(str(DIGITS.parent), "digits.txt", cache_timeout=7),
    "relative": sends("static/digits.txt"),
    "refused": sends(DIGITS, download_name="a.txt"),
    "absent": sends_from(str(DIGITS.parent), "none"),
}


@pytest.mark.parametrize("make", cases(QUARTS))
def test_functions_are_quarts_with_the_piece_off(make: Make) -> None:
    """With QP026 off what is sent, and what is refused, is Quart's, whatever the arguments."""

    assert COMPAT.get(make, config=OFF) == STOCK.get(make)


def of_blueprint(side: Side, blueprint_class: Any = None, **config: Any) -> Any:
    """An application and a blueprint with static files."""
    app = side.app_class(__name__, root_path=ROOT_PATH)
    app.config.from_mapping(config)
    blueprint = (blueprint_class or side.Blueprint)(
        "b", __name__, root_path=ROOT_PATH, static_folder="static", static_url_path="/files"
    )
    app.register_blueprint(blueprint)
    return app


@pytest.mark.parametrize("path", ["/static/digits.txt", "/files/digits.txt", "/files/none"])
def test_static_files_are_quarts_with_the_piece_off(path: str) -> None:
    """So are static files, of the application and of blueprints."""

    assert COMPAT.call(of_blueprint(COMPAT, **OFF), path) == STOCK.call(of_blueprint(STOCK), path)


def test_quarts_names_are_understood() -> None:
    """What calls `send_file` by Quart's names of arguments is served, too."""
    named = sends(DIGITS, attachment_filename="o.html", cache_timeout=7, add_etags=False)
    in_flask = sends(DIGITS, download_name="o.html", max_age=7, etag=False)

    assert COMPAT.get(named) == FLASK.get(in_flask)


@pytest.mark.parametrize("path", ["/static/digits.txt", "/files/digits.txt"])
def test_twelve_hours_that_are_set_are_kept(path: str) -> None:
    """Only Quart's default is taken for none, not the same time set by the application."""
    config = {"SEND_FILE_MAX_AGE_DEFAULT": timedelta(hours=12)}
    expected = FLASK.call(of_blueprint(FLASK, **config), path)

    assert expected.field("cache-control") == "public, max-age=43200"
    assert COMPAT.call(of_blueprint(COMPAT, **config), path) == expected


@pytest.mark.parametrize(("path", "age"), [("/files/page.css", 3600), ("/files/digits.txt", None)])
def test_lifetime_by_file_is_asked_of_the_blueprint(path: str, age: int | None) -> None:
    """A blueprint's own `get_send_file_max_age` decides, and may call that which it extends."""

    def answer(side: Side) -> Answer:
        class Own(side.Blueprint):  # type: ignore[misc, name-defined]  # known at run time
            """Keeps style sheets for an hour."""

            def get_send_file_max_age(self, filename: str | None) -> Any:
                inherited = super().get_send_file_max_age(filename)
                return 3600 if str(filename).endswith(".css") else inherited

        return side.call(of_blueprint(side, Own), path)

    expected = answer(FLASK)

    assert (str(age) in str(expected.field("cache-control"))) == (age is not None)
    assert answer(COMPAT) == expected
