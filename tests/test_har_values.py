"""What a recorded request sends back of earlier answers, a replay sends back of its own."""

import json
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask, abort, jsonify, redirect, request, session
from quart import Quart
from quart import abort as quart_abort
from quart import jsonify as quart_jsonify
from quart import redirect as quart_redirect
from quart import request as quart_request
from quart import session as quart_session

from quart_parity import Capture, check
from quart_parity.compat import FlaskCompat
from quart_parity.encoding import fill
from quart_parity.scenario import pairs
from tests.issuing import Making
from tests.recording import entry, recorded, scenario

SIDE = Making("recorded")
TOKEN, OTHER, ID = SIDE.hex(), SIDE.hex(), SIDE.uuid()
PADDED = b64encode(b"\xfb" + SIDE.bytes(30)).decode()
FIELD = '<form><input name="q" value="1"><input type="hidden" name="csrf" value="{}"></form>'
ENCODED = b64encode(f"<p>{TOKEN}</p>".encode()).decode()
FORM = "application/x-www-form-urlencoded"


def post(text: str, mimetype: str = FORM) -> dict[str, Any]:
    return {"mimeType": mimetype, "text": text}


SENDERS: Mapping[str, dict[str, Any]] = {
    "field": {"method": "POST", "post": post(f"csrf={TOKEN}&q=1")},
    "json": {"method": "POST", "post": post(json.dumps({"csrf": TOKEN}), "application/json")},
    "header": {"headers": [("X-CSRF-Token", TOKEN)]},
    "bearer": {"headers": [("Authorization", f"Bearer {TOKEN}")]},
    "path": {"target": f"/orders/{TOKEN}/items"},
    "query": {"target": f"/orders?token={TOKEN}&a=1"},
}
ISSUERS: Mapping[str, tuple[dict[str, Any], Capture]] = {
    "hidden field": (
        {"body": FIELD.format(TOKEN)},
        Capture(
            regex=r'<input\s+type="hidden"\s+name="csrf"\s+value="([A-Za-z0-9+/_.%=-]+)',
        ),
    ),
    "json": (
        {"body": json.dumps({"a/b": [1, {"token": TOKEN}]}), "mimetype": "application/json"},
        Capture(json="/a~1b/1/token"),
    ),
    "cookie": ({"answered": [("Set-Cookie", f"csrf={TOKEN}; Path=/")]}, Capture(cookie="csrf")),
    "header": ({"answered": [("X-Token", TOKEN)]}, Capture(header="X-Token")),
    "meta": (
        {"body": f'<meta name="a" content="b"><meta content="{TOKEN}" name="csrf">'},
        Capture(
            regex=r'<meta\s+content="([A-Za-z0-9+/_.%=-]+)(?="\s+name="csrf">)',
        ),
    ),
    "base64": (
        {"content": {"text": ENCODED, "encoding": "base64"}},
        Capture(regex=r"<p>([A-Za-z0-9+/_.%=-]+)"),
    ),
}


@pytest.mark.parametrize("sender", SENDERS.values(), ids=SENDERS)
@pytest.mark.parametrize(("issuer", "capture"), ISSUERS.values(), ids=ISSUERS)
def test_a_value_is_taken_from_the_answer_that_issued_it(
    tmp_path: Path, issuer: dict[str, Any], capture: Capture, sender: dict[str, Any]
) -> None:
    """Wherever it stands, and wherever it is sent; filled in, the request is what it was."""
    first, second = scenario(tmp_path, entry("/", **issuer), entry(**sender)).requests

    assert list(first.capture.values()) == [capture]
    again = fill(second, dict.fromkeys(first.capture, TOKEN))
    assert TOKEN not in repr(second)
    assert TOKEN in repr(again)


def test_the_latest_answer_counts(tmp_path: Path) -> None:
    """A token that stands on every page is taken from the page that the form was on."""
    pages = [entry(f"/{n}", body=FIELD.format(TOKEN)) for n in range(3)]
    made = scenario(tmp_path, *pages, entry("/", **SENDERS["field"]), *pages).requests

    assert [sorted(one.capture) for one in made] == [[], [], ["value_0"], [], [], [], []]


def test_one_field_among_many_is_found(tmp_path: Path) -> None:
    """As much stands in the pattern as it takes for the first match to be the value."""
    row = '<li><form><i>1</i><input name="t" value="{}"></form></li>'
    body = f"<h1>Orders</h1><ul>{row.format(OTHER)}{row.format(TOKEN)}</ul>"
    made = scenario(tmp_path, entry("/", body=body), entry("/", **SENDERS["field"])).requests

    [capture] = made[0].capture.values()
    assert capture.regex is not None
    assert "Orders" in capture.regex or "/li" in capture.regex


def test_a_quoted_value_is_sent_as_the_field_holds_it(tmp_path: Path) -> None:
    """What a form quotes is quoted anew, for another value is quoted otherwise."""
    sent = post(f"csrf={quote(PADDED, safe='')}")
    made = scenario(
        tmp_path, entry("/", body=FIELD.format(PADDED)), entry("/", "POST", post=sent)
    ).requests

    assert pairs(made[1].form or {}) == [("csrf", "{{value_0}}")]


def test_what_the_browser_made_up_is_sent_as_it_was(tmp_path: Path) -> None:
    """A value that no earlier answer holds is nobody's to issue; nor are its own fields."""
    agent = [
        ("User-Agent", f"Mozilla {TOKEN}"),
        ("Referer", f"http://shop.example:8080/?t={TOKEN}"),
    ]
    made = scenario(
        tmp_path,
        entry("/a", **SENDERS["json"]),
        entry("/b", body=TOKEN, headers=agent),
        entry("/c", headers=agent),
    ).requests  # fmt: skip

    assert not any(one.capture for one in made)
    assert "{{" not in repr(made)


def test_a_redirect_is_followed_to_where_it_leads_now(tmp_path: Path) -> None:
    """What was made has another number in the replay; where a fixed place follows, it is fixed."""
    made = scenario(
        tmp_path,
        entry("/orders", "POST", status=302, answered=[("Location", "/orders/1047")]),
        entry("/orders/1047"),
        entry("/orders/1047/pay?now=1", "POST", status=303, answered=[("Location", "/thanks")]),
        entry("/thanks"),
        entry("/orders/10471"),
    ).requests

    assert made[0].capture == {"location_0": Capture(header="Location")}
    assert [one.target for one in made[1:]] == [
        "{{location_0}}", "{{location_0}}/pay?now=1", "/thanks", "/orders/10471"
    ]  # fmt: skip


def test_a_place_that_was_there_before_is_no_new_one(tmp_path: Path) -> None:
    """A redirect back to a page that was visited already made nothing."""
    made = scenario(
        tmp_path,
        entry("/products/7"),
        entry("/cart", "POST", status=302, answered=[("Location", "/products/7")]),
        entry("/products/7"),
    ).requests

    assert not any(one.capture for one in made)


def flask_store(config: Mapping[str, Any]) -> Flask:
    app, making = Flask("store"), Making("reference")
    app.secret_key = "key"

    @app.get("/")
    def form() -> str:
        session["csrf"] = making.hex()
        return FIELD.format(session["csrf"])

    @app.post("/orders")
    def order() -> Any:
        if request.form["csrf"] != session["csrf"]:
            abort(400)
        session["order"] = making.uuid()
        return redirect(f"/orders/{session['order']}")

    @app.get("/orders/<id>")
    def show(id: str) -> Any:
        return jsonify(id=id) if id == session["order"] else abort(404)

    return app


def quart_store(config: Mapping[str, Any]) -> Quart:
    class App(FlaskCompat, Quart):
        pass

    app, making = App("store"), Making("candidate")
    app.secret_key = "key"

    @app.get("/")
    async def form() -> str:
        quart_session["csrf"] = making.hex()
        return FIELD.format(quart_session["csrf"])

    @app.post("/orders")
    async def order() -> Any:
        if (await quart_request.form)["csrf"] != quart_session["csrf"]:
            quart_abort(400)
        quart_session["order"] = making.uuid()
        return quart_redirect(f"/orders/{quart_session['order']}")

    @app.get("/orders/<id>")
    async def show(id: str) -> Any:
        return quart_jsonify(id=id) if id == quart_session["order"] else quart_abort(404)

    return app


def test_each_side_is_sent_its_own(tmp_path: Path) -> None:
    """A recorded order is placed on both sides, of which neither knows the recorded token."""
    visit = recorded(
        tmp_path,
        entry("/", body=FIELD.format(TOKEN)),
        entry(
            "/orders",
            "POST",
            post=post(f"csrf={TOKEN}"),
            status=302,
            answered=[("Location", f"/orders/{ID}")],
        ),
        entry(f"/orders/{ID}", body=json.dumps({"id": ID}), mimetype="application/json"),
    )
    report = check(flask_store, quart_store, visit.scenarios, causes=False)

    assert report.exchanges == 3
    assert {one.path for one in report.differences if one.path == "status"} == set()
    assert not report.failures
