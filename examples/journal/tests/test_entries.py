"""Entries: listed, read, written, edited, deleted, exported and imported."""

import io
from datetime import UTC, datetime

import pytest
from journal_flask.db import connection

AGAIN = {"title": "Low water", "text": "The lower path is open."}


def stored(app, number):
    """The entry as the database has it, or None."""
    with app.app_context():
        query = "SELECT title, text, writer_id FROM entries WHERE id = ?"
        row = connection().execute(query, (number,)).fetchone()
        return None if row is None else tuple(row)


def test_index(client, auth):
    """Everybody sees the entries, and only a writer what writes."""
    reader = client.get("/").text
    auth.log_in()
    writer = client.get("/").text

    assert "High water" in reader
    assert "2024-03-01, heron" in reader
    assert "/write" not in reader
    assert "/write" in writer


def test_latest_comes_first(client, app):
    """The index goes back in time, whenever something was written down."""
    with app.app_context(), connection() as db:
        db.execute(
            "INSERT INTO entries (writer_id, day, title, text)"
            " VALUES (2, '2024-02-29', 'Leap day', '')"
        )
    page = client.get("/").text

    assert page.index("High water") < page.index("Leap day")


def test_show(client, auth):
    """An entry is shown as text, with the way to edit it for the one who wrote it."""
    reader = client.get("/1").text
    auth.log_in()
    writer = client.get("/1").text

    assert "flooded &amp; closed" in reader
    assert "/1/edit" not in reader
    assert "/1/edit" in writer


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/write"),
        ("POST", "/write"),
        ("GET", "/1/edit"),
        ("POST", "/1/edit"),
        ("POST", "/1/delete"),
        ("POST", "/import"),
    ],
)
def test_login_required(client, app, method, path):
    """A reader who would write is sent to log in, and changes nothing."""
    response = client.open(path, method=method)

    assert response.headers["Location"] == "/auth/login"
    assert stored(app, 1) is not None


def test_author_required(app, client, auth):
    """An entry that another wrote can neither be edited nor deleted."""
    with app.app_context(), connection() as db:
        db.execute("UPDATE entries SET writer_id = 2 WHERE id = 1")
    auth.log_in()

    assert client.post("/1/edit", data=AGAIN).status_code == 403
    assert client.post("/1/delete").status_code == 403
    assert "/1/edit" not in client.get("/1").text
    assert stored(app, 1) == ("High water", "The lower path is flooded & closed.", 2)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/2"), ("POST", "/2/edit"), ("POST", "/2/delete")]
)
def test_entry_must_exist(client, auth, method, path):
    """What is not there is not found."""
    auth.log_in()
    response = client.open(path, method=method)

    assert response.status_code == 404
    assert "There is no entry 2." in response.text


def test_write(client, auth, app):
    """What somebody writes is stored under their name and today's date."""
    auth.log_in("otter")
    page = client.get("/write")
    response = client.post("/write", data=AGAIN)

    assert page.status_code == 200
    assert response.headers["Location"] == "/"
    assert stored(app, 2) == ("Low water", "The lower path is open.", 2)
    assert f"{datetime.now(UTC).date()}, otter" in client.get("/").text


def test_edit(client, auth, app):
    """The form holds what was written, and what is sent with it replaces that."""
    auth.log_in()
    page = client.get("/1/edit")
    response = client.post("/1/edit", data=AGAIN, follow_redirects=True)

    assert 'value="High water"' in page.text
    assert response.request.path == "/1"
    assert stored(app, 1) == ("Low water", "The lower path is open.", 1)


@pytest.mark.parametrize("path", ["/write", "/1/edit"])
@pytest.mark.parametrize(
    ("title", "message"),
    [("", "A title is needed."), ("a" * 81, "A title has at most 80 characters.")],
    ids=["empty", "long"],
)
def test_title_is_checked(client, auth, app, path, title, message):
    """Without a fitting title nothing is stored, and the text comes back to be sent again."""
    auth.log_in()
    response = client.post(path, data={"title": title, "text": "Kept."})

    assert response.status_code == 400
    assert message in response.text
    assert "Kept." in response.text
    assert stored(app, 1)[0] == "High water"
    assert stored(app, 2) is None


def test_delete(client, auth, app):
    """A deleted entry is gone, and the journal says so once."""
    auth.log_in()
    response = client.post("/1/delete", follow_redirects=True)

    assert "“High water” is deleted." in response.text
    assert "is deleted" not in client.get("/").text
    assert stored(app, 1) is None


def test_export(client, app):
    """The export has a line for each entry, oldest first, quoted where it must be."""
    with app.app_context(), connection() as db:
        db.execute(
            "INSERT INTO entries (writer_id, day, title, text)"
            " VALUES (2, '2024-02-29', 'A \"leap\"', 'One, and one more.')"
        )
    response = client.get("/export.csv")

    assert response.mimetype == "text/csv"
    assert response.headers["Content-Disposition"] == "attachment; filename=journal.csv"
    assert response.text.split("\r\n") == [
        "day,writer,title,text",
        '2024-02-29,otter,"A ""leap""","One, and one more."',
        "2024-03-01,heron,High water,The lower path is flooded & closed.",
        "",
    ]


def test_import(client, auth, app):
    """Of a text file the first line is the title and the rest the text."""
    auth.log_in()
    page = client.get("/import")
    file = io.BytesIO("Frost\n\nThe pond is frozen, über Nacht.\n".encode())
    response = client.post("/import", data={"file": (file, "frost.txt")})

    assert 'enctype="multipart/form-data"' in page.text
    assert response.headers["Location"] == "/2"
    assert stored(app, 2) == ("Frost", "The pond is frozen, über Nacht.", 1)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "A title is needed."),
        (b"\xff\xfe", "The file is no text in UTF-8."),
        (b"a" * 81 + b"\nThe text.", "A title has at most 80 characters."),
    ],
    ids=["empty", "no text", "long title"],
)
def test_import_refuses(client, auth, app, content, message):
    """A file that is no entry is not stored, and the page says why."""
    auth.log_in()
    response = client.post("/import", data={"file": (io.BytesIO(content), "file.txt")})

    assert response.status_code == 400
    assert message in response.text
    assert stored(app, 2) is None


def test_import_has_a_limit(client, auth, app):
    """A file of more than 64 kB is refused as a whole."""
    auth.log_in()
    file = io.BytesIO(b"A title\n" + b"a" * 64 * 1024)
    response = client.post("/import", data={"file": (file, "long.txt")})

    assert response.status_code == 413
    assert stored(app, 2) is None
