"""Sessions: set, read and removed, how long they last, what they can hold, and flashing."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    abort,
    flash,
    get_flashed_messages,
    jsonify,
    render_template,
    request,
    session,
)
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from .app import TEXT

blueprint = Blueprint("sessions", __name__)

# One of each type that the tagged serializer carries, and what looks like its tags.
VALUES: dict[str, Any] = {
    "bytes": b"\x00\xff",
    "datetime": datetime(2024, 2, 29, 12, 30, tzinfo=UTC),
    "dict": {"b": 1, "a": {"nested": [None, True, 1.5]}},
    "dict like a tag": {" t": [1, 2]},
    "dict like an escaped tag": {" t__": {" b": "AP8="}},
    "list": [1, (2, [3, (4,)])],
    "markup": Markup("<em>bold</em>"),
    "text": "naïve \N{SNOWMAN} \N{PILE OF POO}",
    "tuple": (1, "two", (3,)),
    "uuid": UUID("12345678-1234-5678-1234-567812345678"),
}


@blueprint.get("/setsession")
def setsession() -> ResponseReturnValue:
    """Set session['name'] to tom, or to what ?name= says, and return it."""
    session["name"] = request.args.get("name", "tom")
    return session["name"], TEXT


@blueprint.get("/checksession")
def checksession() -> ResponseReturnValue:
    """Say that session['name'] exists, with its value, or that it is missing."""
    if "name" in session:
        return f"session['name'] exists: {session['name']}", TEXT
    return "session['name'] is missing", TEXT


@blueprint.get("/removesession")
def removesession() -> str:
    """Pop session['name'], with None as default."""
    session.pop("name", None)
    return "session['name'] is removed"


@blueprint.get("/sessions/permanent")
def permanent() -> str:
    """Make the session permanent: it outlives the browser, for the configured lifetime."""
    session.permanent = True
    return "permanent"


@blueprint.get("/sessions/temporary")
def temporary() -> str:
    """Make the session last as long as the browser."""
    session.permanent = False
    return "temporary"


@blueprint.get("/sessions/untouched")
def untouched() -> str:
    """Leave the session alone: a cookie here is one refreshed on each request."""
    return "untouched"


@blueprint.get("/sessions/clear")
def clear() -> str:
    """Clear the session: its cookie is deleted."""
    session.clear()
    return "cleared"


@blueprint.get("/sessions/replace")
def replace() -> str:
    """Clear the session and set a new value in one request."""
    session.clear()
    session["name"] = "replaced"
    return "replaced"


@blueprint.get("/sessions/show")
def show() -> dict[str, str]:
    """Show everything in the session, each value as Python writes it."""
    return {key: repr(value) for key, value in session.items()}


@blueprint.get("/sessions/state")
def state() -> dict[str, bool]:
    """Show the flags of the session: new, modified, permanent."""
    return {"new": session.new, "modified": session.modified, "permanent": session.permanent}


@blueprint.get("/sessions/read/get")
def read_get() -> ResponseReturnValue:
    """Read a value with get: the answer varies by cookie."""
    return session.get("name", "missing"), TEXT


@blueprint.get("/sessions/read/length")
def read_length() -> str:
    """Read only the length: the answer varies by cookie."""
    return str(len(session))


@blueprint.get("/sessions/read/keys")
def read_keys() -> list[str]:
    """Iterate over the keys: the answer varies by cookie."""
    return sorted(session)


@blueprint.get("/sessions/read/item")
def read_item() -> ResponseReturnValue:
    """Read session['name'] without a default: a KeyError where it is missing."""
    return session["name"], TEXT


@blueprint.get("/sessions/read/template")
def read_template() -> str:
    """Read the session in a template only: the answer varies by cookie."""
    return render_template("session.html")


@blueprint.get("/sessions/nested/set")
def nested_set() -> str:
    """Set a dict that holds a list."""
    session["basket"] = {"items": ["pear"]}
    return "basket set"


@blueprint.get("/sessions/nested/unmarked")
def nested_unmarked() -> str:
    """Append to the inner list and tell nobody: the change is lost."""
    session["basket"]["items"].append("lost")
    return f"{len(session['basket']['items'])} items now"


@blueprint.get("/sessions/nested/marked")
def nested_marked() -> str:
    """Append to the inner list and set session.modified: the change is kept."""
    session["basket"]["items"].append("kept")
    session.modified = True
    return f"{len(session['basket']['items'])} items now"


@blueprint.get("/sessions/update")
def update() -> str:
    """Set several values with update."""
    session.update({"name": "updated", "second": 2})
    return "updated"


@blueprint.get("/sessions/setdefault")
def setdefault() -> ResponseReturnValue:
    """Set a value unless there is one, and return what is there."""
    return session.setdefault("name", "default"), TEXT


@blueprint.get("/sessions/delete")
def delete() -> str:
    """Delete session['name']: a KeyError where it is missing."""
    del session["name"]
    return "deleted"


@blueprint.get("/sessions/types/set")
def types_set() -> str:
    """Set one value of each type that the tagged serializer carries."""
    session.update(VALUES)
    return f"{len(VALUES)} values set"


@blueprint.get("/sessions/types/check")
def types_check() -> dict[str, bool]:
    """Say of each of those values whether it came back equal and of the same type."""
    return {
        key: session.get(key) == value and type(session.get(key)) is type(value)
        for key, value in VALUES.items()
    }


@blueprint.get("/sessions/types/unsupported")
def types_unsupported() -> str:
    """Set a value that the serializer cannot carry: a TypeError when the session is saved."""
    session["object"] = object()
    return "never sent"


@blueprint.get("/sessions/set-and-abort")
def set_and_abort() -> str:
    """Set a value and abort with 403: the session is saved all the same."""
    session["name"] = "aborted"
    abort(403)


@blueprint.get("/sessions/set-and-fail")
def set_and_fail() -> str:
    """Set a value and fail: the answer is a 500, and the session is saved all the same."""
    session["name"] = "failed"
    raise LookupError("failed after setting the session")


@blueprint.get("/sessions/flash")
def flash_message() -> str:
    """Flash a message; ?message= and ?category= say which."""
    flash(request.args.get("message", "hello"), request.args.get("category", "message"))
    return "flashed"


@blueprint.get("/sessions/flash/both")
def flash_both() -> ResponseReturnValue:
    """Flash a message and read it within the same request."""
    flash("at once")
    return get_flashed_messages()


@blueprint.get("/sessions/flashed")
def flashed() -> ResponseReturnValue:
    """Return the flashed messages, which empties them."""
    return jsonify(get_flashed_messages())


@blueprint.get("/sessions/flashed/categories")
def flashed_categories() -> ResponseReturnValue:
    """Return the flashed messages with their categories, of each ?category= or all."""
    wanted = request.args.getlist("category")
    return jsonify(get_flashed_messages(with_categories=True, category_filter=wanted))


@blueprint.get("/sessions/flashed/template")
def flashed_template() -> str:
    """Show the flashed messages in a template."""
    return render_template("flashed.html")
