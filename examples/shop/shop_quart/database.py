"""SQLite, with one connection for each request."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from quart import current_app, g
from werkzeug.security import generate_password_hash

from .app import App

ACCOUNTS = (
    ("customer", "leaf and bean", 0),
    ("second", "cup and saucer", 0),
    ("admin", "keys to the store", 1),
)
"""Name, password, and whether it is the store's own."""


def connection() -> sqlite3.Connection:
    """The request's connection, opened when first asked for."""
    if "connection" not in g:
        g.connection = connect(current_app.config["DATABASE"])
    found: sqlite3.Connection = g.connection
    return found


def connect(path: str) -> sqlite3.Connection:
    made = sqlite3.connect(path)
    made.row_factory = sqlite3.Row
    made.execute("PRAGMA foreign_keys = ON")
    return made


async def close_connection(error: BaseException | None = None) -> None:
    """Close the request's connection, if it opened one."""
    opened = g.pop("connection", None)
    if opened is not None:
        opened.close()


def select(sql: str, *values: object) -> list[sqlite3.Row]:
    return connection().execute(sql, values).fetchall()


def select_one(sql: str, *values: object) -> sqlite3.Row | None:
    found: sqlite3.Row | None = connection().execute(sql, values).fetchone()
    return found


def count(sql: str, *values: object) -> int:
    """The one number that *sql* asks for."""
    return int(connection().execute(sql, values).fetchone()[0])


def change(sql: str, *values: object) -> int:
    """Run and commit; returns the id of the row that was inserted, if one was."""
    cursor = connection().execute(sql, values)
    connection().commit()
    return cursor.lastrowid or 0


def now() -> str:
    """The time as it is stored: ISO 8601, in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def create_database(app: App) -> None:
    """Make the database and its first content; what there was is lost."""
    path = Path(app.config["DATABASE"])
    path.parent.mkdir(parents=True, exist_ok=True)
    made = connect(str(path))
    try:
        made.executescript(Path(app.config["SCHEMA"]).read_text("utf-8"))
        for name, password, is_admin in ACCOUNTS:
            hashed = generate_password_hash(password, app.config["PASSWORD_METHOD"])
            made.execute(
                "INSERT INTO users (name, email, password_hash, is_admin, joined_at)"
                " VALUES (?, ?, ?, ?, '2024-03-01T08:00:00+00:00')",
                (name, f"{name}@shop.example", hashed, is_admin),
            )
        made.commit()
    finally:
        made.close()
