"""SQLite, with one connection for each application context."""

import sqlite3
from pathlib import Path

import click
from quart import Quart, current_app, g
from quart.cli import with_appcontext

SCHEMA = Path(__file__).resolve().parents[1] / "schema.sql"


def init_app(app: Quart) -> None:
    """Have *app* close its connections, and know the command ``init-db``."""
    app.teardown_appcontext(close_connection)
    app.cli.add_command(init_db)


def connection() -> sqlite3.Connection:
    """The context's connection, opened when first asked for."""
    if "connection" not in g:
        g.connection = sqlite3.connect(current_app.config["DATABASE"])
        g.connection.row_factory = sqlite3.Row
        g.connection.execute("PRAGMA foreign_keys = ON")
    found: sqlite3.Connection = g.connection
    return found


async def close_connection(error: BaseException | None = None) -> None:
    """Close the context's connection, if it opened one."""
    opened = g.pop("connection", None)
    if opened is not None:
        opened.close()


def create_tables() -> None:
    """Begin with an empty journal; what there was is lost."""
    Path(current_app.config["DATABASE"]).parent.mkdir(parents=True, exist_ok=True)
    connection().executescript(SCHEMA.read_text("utf-8"))


@click.command("init-db")
@with_appcontext
def init_db() -> None:
    """Make the database anew, without entries."""
    create_tables()
    click.echo("The journal is empty.")
