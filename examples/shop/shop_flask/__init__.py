"""A small store: accounts, a catalogue, a cart, orders, a JSON API, uploads and exports."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from . import account, admin, api, auth, cart, catalogue, orders, site
from .app import SHARED, App
from .converters import SlugConverter
from .csrf import csrf_token, protect
from .database import close_connection, create_database
from .errors import handle_errors
from .money import money
from .users import load_user


def create_app(config: Mapping[str, Any] | None = None) -> App:
    """Build the store, and its database where there is none.

    Configuration comes from the defaults here, then from environment variables that begin with
    ``SHOP_``, then from *config*.
    """
    app = App(__name__)
    app.config.from_mapping(defaults(app))
    app.config.from_prefixed_env("SHOP")
    app.config.from_mapping(config)
    app.url_map.converters["slug"] = SlugConverter
    app.before_request(load_user)
    app.before_request(protect)
    app.teardown_appcontext(close_connection)
    app.jinja_env.globals["csrf_token"] = csrf_token
    app.jinja_env.filters["money"] = money
    app.context_processor(cart.shown_everywhere)
    for module in (site, auth, catalogue, cart, orders, account, api, admin):
        app.register_blueprint(module.blueprint)
    handle_errors(app)
    app.cli.command("init-db")(lambda: create_database(app))
    if not Path(app.config["DATABASE"]).exists():
        create_database(app)
    return app


def defaults(app: App) -> dict[str, Any]:
    """Where the data lies, and limits; the key is for development only."""
    instance = Path(app.instance_path)
    return {
        "SECRET_KEY": "development only: a signature made with this proves nothing",
        "DATABASE": str(instance / f"{app.name}.sqlite"),
        "UPLOADS": str(instance / f"{app.name}_uploads"),
        "DOWNLOADS": str(SHARED / "downloads"),
        "SCHEMA": str(SHARED / "schema.sql"),
        "MAX_CONTENT_LENGTH": 256 * 1024,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=14),
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PASSWORD_METHOD": "scrypt:4096:8:1",
    }
