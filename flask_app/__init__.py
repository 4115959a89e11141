"""The documented routes on cookies, sessions and responses, as an application factory."""

import os
from collections.abc import Mapping
from typing import Any

from . import cookies, index, responses, sessions
from .app import App

DEVELOPMENT_KEY = "development only: a signature made with this proves nothing"


def create_app(config: Mapping[str, Any] | None = None) -> App:
    """Build the application.

    Configuration comes from the defaults here, then from environment variables that begin
    with ``PARITY_`` (values are read as JSON where they are JSON), then from *config*. An empty
    ``SECRET_KEY`` stands for none: sessions can be read, and setting one is an error.
    """
    app = App(__name__, static_folder=None)
    app.config.from_prefixed_env("PARITY")
    # A key that reads as a JSON number would arrive as one, and signing takes only text.
    app.config["SECRET_KEY"] = os.environ.get("PARITY_SECRET_KEY", DEVELOPMENT_KEY)
    app.config.from_mapping(config)
    for topic in (index, cookies, sessions, responses):
        app.register_blueprint(topic.blueprint)
    announce_development_key(app)
    return app


def announce_development_key(app: App) -> None:
    """Warn in the log when sessions are signed with the key that everybody can read here."""
    if app.config["SECRET_KEY"] == DEVELOPMENT_KEY:
        app.logger.warning(
            "Sessions are signed with the development key. Set PARITY_SECRET_KEY to a secret."
        )
