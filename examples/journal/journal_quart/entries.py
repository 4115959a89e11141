"""Entries: listed, read, written, edited, deleted, exported and imported."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from sqlite3 import Row

from quart import (
    Blueprint,
    abort,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from quart.typing import ResponseReturnValue

from quart_parity.compat import Response, stream_with_context

from .auth import login_required
from .db import connection

blueprint = Blueprint("entries", __name__)

LONGEST = 80
"""Characters of a title."""
ENTRIES = "SELECT entries.*, name FROM entries JOIN writers ON writers.id = writer_id"


@blueprint.get("/")
async def index() -> ResponseReturnValue:
    """All entries, latest first."""
    entries = connection().execute(f"{ENTRIES} ORDER BY day DESC, entries.id DESC").fetchall()
    return await render_template("entries/index.html", entries=entries)


@blueprint.get("/<int:number>")
async def show(number: int) -> ResponseReturnValue:
    """One entry, for everybody."""
    return await render_template("entries/show.html", entry=find_entry(number))


@blueprint.route("/write", methods=["GET", "POST"])
@login_required
async def write() -> ResponseReturnValue:
    """Add an entry of today."""
    if request.method != "POST":
        return await render_template("entries/form.html", values={})
    form = await request.form
    title, text = form.get("title", ""), form.get("text", "")
    error = title_error(title)
    if error is not None:
        await flash(error)
        return await render_template("entries/form.html", values=form), 400
    add_entry(title, text)
    return redirect(url_for(".index"))


@blueprint.route("/<int:number>/edit", methods=["GET", "POST"])
@login_required
async def edit(number: int) -> ResponseReturnValue:
    """Change an entry of one's own; its day stays."""
    entry = find_own_entry(number)
    if request.method != "POST":
        return await render_template("entries/form.html", entry=entry, values=entry)
    form = await request.form
    title, text = form.get("title", ""), form.get("text", "")
    error = title_error(title)
    if error is not None:
        await flash(error)
        return await render_template("entries/form.html", entry=entry, values=form), 400
    with connection() as db:
        db.execute("UPDATE entries SET title = ?, text = ? WHERE id = ?", (title, text, number))
    return redirect(url_for(".show", number=number))


@blueprint.post("/<int:number>/delete")
@login_required
async def delete(number: int) -> ResponseReturnValue:
    """Take an entry of one's own out of the journal."""
    entry = find_own_entry(number)
    with connection() as db:
        db.execute("DELETE FROM entries WHERE id = ?", (number,))
    await flash(f"“{entry['title']}” is deleted.")
    return redirect(url_for(".index"))


@blueprint.get("/export.csv")
async def export() -> ResponseReturnValue:
    """All entries, oldest first, sent as they are read."""

    async def generate() -> AsyncIterator[str]:
        yield csv_line("day", "writer", "title", "text")
        for entry in connection().execute(f"{ENTRIES} ORDER BY day, entries.id"):
            yield csv_line(entry["day"], entry["name"], entry["title"], entry["text"])

    headers = {"Content-Disposition": "attachment; filename=journal.csv"}
    return Response(stream_with_context(generate()), mimetype="text/csv", headers=headers)


@blueprint.route("/import", methods=["GET", "POST"])
@login_required
async def import_text() -> ResponseReturnValue:
    """Make an entry of a text file: its first line is the title."""
    if request.method != "POST":
        return await render_template("entries/import.html")
    file = (await request.files).get("file")
    try:
        content = file.read().decode("utf-8-sig") if file else ""
    except UnicodeDecodeError:
        await flash("The file is no text in UTF-8.")
        return await render_template("entries/import.html"), 400
    title, text = (part.strip() for part in f"{content}\n".split("\n", 1))
    error = title_error(title)
    if error is not None:
        await flash(error)
        return await render_template("entries/import.html"), 400
    await flash("The file is imported.")
    return redirect(url_for(".show", number=add_entry(title, text)))


def title_error(title: str) -> str | None:
    """What is wrong with a title, or None."""
    if not title.strip():
        return "A title is needed."
    if len(title) > LONGEST:
        return f"A title has at most {LONGEST} characters."
    return None


def add_entry(title: str, text: str) -> int:
    """Store an entry of the one who asks, and of today; returns its number."""
    today = datetime.now(UTC).date().isoformat()
    insert = "INSERT INTO entries (writer_id, day, title, text) VALUES (?, ?, ?, ?)"
    with connection() as db:
        cursor = db.execute(insert, (g.writer["id"], today, title, text))
    return cursor.lastrowid or 0


def find_entry(number: int) -> Row:
    """The entry, or the end of the request with 404."""
    query = f"{ENTRIES} WHERE entries.id = ?"
    found: Row | None = connection().execute(query, (number,)).fetchone()
    if found is None:
        abort(404, f"There is no entry {number}.")
    return found


def find_own_entry(number: int) -> Row:
    """The entry, or the end of the request with 403 where another wrote it."""
    found = find_entry(number)
    if found["writer_id"] != g.writer["id"]:
        abort(403, "Another wrote this entry.")
    return found


def csv_line(*values: str) -> str:
    """One line as RFC 4180 has it."""
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()
