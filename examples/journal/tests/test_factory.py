"""The application as it is built."""

from pathlib import Path

from journal_flask import create_app


def test_testing_is_asked_for():
    """Without a configuration the application is built for use, with one for what that says."""
    plain, testing = create_app(), create_app({"TESTING": True})

    assert not plain.testing
    assert testing.testing


def test_database_lies_in_the_instance_folder():
    """Where nothing else is said the database is a file of the instance folder."""
    app = create_app({})

    assert Path(app.config["DATABASE"]).parent == Path(app.instance_path)


def test_hello(tmp_path):
    """The plain page needs no database."""
    app = create_app({"TESTING": True, "DATABASE": str(tmp_path / "missing" / "journal.sqlite")})
    response = app.test_client().get("/hello")

    assert response.text == "Hello, reader!"


def test_stylesheet(client):
    """The stylesheet that the pages link to is served."""
    page = client.get("/")

    assert '<link rel="stylesheet" href="/static/journal.css">' in page.text
    with client.get("/static/journal.css") as response:
        assert response.status_code == 200
        assert response.mimetype == "text/css"
