"""A journal that people write together: accounts, entries, an export and an import."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quart import Quart

from quart_parity.compat import FlaskCompat

from . import auth, db, entries

SHARED = Path(__file__).resolve().parents[1]
"""Where templates and static files are, the same for every version of the journal."""


class App(FlaskCompat, Quart):
    """Quart, answering as Flask does."""


def create_app(test_config: Mapping[str, Any] | None = None) -> App:
    """Build the journal; its database is made by the command ``init-db``.

    Configuration comes from the defaults here, then from *test_config*, or without one from
    ``config.py`` in the instance folder where there is such a file.
    """
    templates, static = str(SHARED / "templates"), str(SHARED / "static")
    app = App(
        __name__, instance_relative_config=True, template_folder=templates, static_folder=static
    )
    app.config.from_mapping(defaults(app))
    if test_config is None:
        app.config.from_pyfile("config.py", silent=True)
    else:
        app.config.from_mapping(test_config)
    app.add_url_rule("/hello", view_func=hello)
    db.init_app(app)
    app.register_blueprint(auth.blueprint)
    app.register_blueprint(entries.blueprint)
    return app


def defaults(app: App) -> dict[str, Any]:
    """Where the database lies, and limits; the key is for development only."""
    return {
        "SECRET_KEY": "development only: a signature made with this proves nothing",
        "DATABASE": str(Path(app.instance_path) / f"{app.name}.sqlite"),
        "MAX_CONTENT_LENGTH": 64 * 1024,
        "PASSWORD_METHOD": "scrypt",
    }


async def hello() -> str:
    """Show that the application answers, without its database."""
    return "Hello, reader!"
