"""What the port makes up itself stands in its requests where the test sends the reference's."""

from typing import Any

import pytest

from quart_parity.exchange import Base, RawRequest
from quart_parity.mirror.translating import Translation
from tests.ported import Suite

VIEWS = """
import base64, secrets, uuid
store = {}

@app.get("/form")
def form():
    token = session.setdefault("csrf", secrets.token_urlsafe(24))
    return f"<form><input name=csrf value='{token}'></form>"

@app.route("/check", methods=["GET", "POST"])
def check():
    form = request.form
    body = request.get_json(silent=True) or {}
    given = [form.get("csrf"), request.headers.get("X-CSRF"), body.get("csrf")]
    return ("good", 200) if session.get("csrf") in given else ("bad", 400)

@app.get("/issue/<kind>")
def issue(kind):
    made = secrets.token_bytes(33)
    token = made.hex() if kind == "hex" else base64.b64encode(made).decode()
    store[token] = kind
    return jsonify(token=token)

@app.route("/use", methods=["GET", "POST"])
def use():
    form = request.form
    user = request.authorization
    given = [request.args.get("t"), form.get("t"), request.cookies.get("t"), session.get("t")]
    given += [user.token, user.username] if user else []
    return next((store[one] for one in given if one in store), ("unknown", 401))

@app.post("/items")
def create():
    made = str(uuid.uuid4())
    store[made] = request.args["name"]
    if "go" in request.args:
        return redirect(f"/items/{made}")
    return {"id": made}, 201, {"Location": f"/items/{made}"}

@app.get("/items/<made>")
def item(made):
    return store.get(made, ("none", 404))
"""
CSRF = """
    import re

    def test_it(client):
        token = re.search("value='(.*?)'", client.get("/form").text)[1]
        assert client.post("/check", data={"csrf": token}).status_code == 200
        assert client.post("/check", json={"csrf": token}).status_code == 200
        assert client.post("/check", headers={"X-CSRF": token}).status_code == 200
        assert client.post("/check", data={"csrf": "another, of no one"}).status_code == 400
"""
SESSION = """
    def test_it(client):
        client.get("/form")
        with client.session_transaction() as session:
            token = session["csrf"]
        with client.session_transaction() as session:
            session["again"] = session["csrf"] = token
        assert client.post("/check", data={"csrf": token}).status_code == 200
"""
ISSUED = """
    import pytest

    @pytest.mark.parametrize("kind", ["hex", "base64"])
    def test_it(app, client, kind):
        token = client.get(f"/issue/{kind}").json["token"]
        assert client.get("/use", query_string={"t": token}).text == kind
        assert client.post("/use", data={"t": token}).text == kind
        assert client.get("/use", auth=(token, "")).text == kind
        assert client.get("/use", headers={"Authorization": f"Bearer {token}"}).text == kind
        other = app.test_client()
        assert other.get("/use", query_string={"t": token}).text == kind
        other.set_cookie("t", token)
        assert other.get("/use").text == kind
        third = app.test_client()
        with third.session_transaction() as session:
            session["t"] = token
        assert third.get("/use").text == kind
        bare = app.test_client(use_cookies=False)
        answer = bare.get("/use", headers={"Cookie": f't="{token}"'})
        assert answer.text == kind
"""
IDS = """
    def test_it(client):
        made = [client.post(f"/items?name=n{n}").json["id"] for n in range(4)]
        assert [client.get(f"/items/{one}").text for one in made] == ["n0", "n1", "n2", "n3"]
        answer = client.post("/items?name=last")
        assert client.get(answer.headers["Location"]).text == "last"
        assert client.post("/items?name=a&go=1", follow_redirects=True).text == "a"
        assert client.get("/items/00000000-0000-4000-8000-000000000000").status_code == 404
"""
EARLIER = """
    import pytest
    from original import create_app

    @pytest.fixture(scope="module")
    def shared():
        return create_app().test_client()

    @pytest.fixture(scope="module", params=["hex", "base64"])
    def token(request, shared):
        return shared.get(f"/issue/{request.param}").json["token"]

    def test_first(shared, token):
        assert shared.get("/use", query_string={"t": token}).status_code == 200

    def test_second(shared, token):
        assert shared.get("/use", query_string={"t": token}).status_code == 200
        assert shared.post("/use", data={"t": token}).status_code == 200
        assert shared.get("/use", auth=("", token)).status_code == 401
"""


@pytest.mark.parametrize(
    ("tests", "passed"),
    [(CSRF, 1), (SESSION, 1), (ISSUED, 2), (IDS, 1), (EARLIER, 4)],
    ids=["csrf", "session", "issued", "ids", "earlier"],
)
def test_the_port_gets_its_own_values(pytester: pytest.Pytester, tests: str, passed: int) -> None:
    """Tokens and ids reach an equal port as its own, whichever way a test carries them."""
    Suite(pytester, VIEWS, tests).is_equal(passed)


@pytest.mark.parametrize(
    ("tests", "before", "after", "told"),
    [
        (CSRF, '("bad", 400)', '("good", 200)', "POST /check"),
        (CSRF, "token_urlsafe(24)", "token_urlsafe(9)", "body"),
        (SESSION, 'session.get("csrf") in given', "any(given) and not given", "POST /check"),
        (IDS, "store.get(made,", "dict(list(store.items())[-1:]).get(made,", "GET /items/"),
        (IDS, "str(uuid.uuid4())", "uuid.uuid4().hex", "header.location"),
    ],
    ids=["ignored", "shorter", "refused", "forgotten", "spelled"],
)
def test_a_port_that_treats_them_otherwise_is_found(
    pytester: pytest.Pytester, tests: str, before: str, after: str, told: str
) -> None:
    """A port that accepts a wrong token, forgets an id or writes it otherwise fails the test."""
    Suite(pytester, VIEWS, tests).finds(before, after, told)


OURS, THEIRS = "aaaa+bbbb/cccc+dddd==", "1111/2222+3333/4444=="
QUOTED = "1111%2F2222%2B3333%2F4444%3D%3D"
BASE = Base("http", "localhost", 80, "")


def request(target: str = "/", body: bytes = b"", **fields: str) -> RawRequest:
    headers = tuple((name.replace("_", "-"), value) for name, value in fields.items())
    return RawRequest("POST", target, headers, (body,) if body else (), BASE)


IN_A_PATH = request(f"/x/{OURS}"), request(f"/x/{THEIRS}")
"""There a slash ends what stands by itself, as earlier values do."""
ELSEWHERE = {
    "query": (
        request("/?t=aaaa%2Bbbbb/cccc%2Bdddd%3D%3D&u=1"),
        request("/?t=1111/2222%2B3333/4444%3D%3D&u=1"),
    ),
    "quoted": (request("/?t=aaaa%2Bbbbb%2Fcccc%2Bdddd%3D%3D"), request(f"/?t={QUOTED}")),
    "bearer": (request(Authorization="Bearer " + OURS), request(Authorization="Bearer " + THEIRS)),
    "basic": (
        request(Authorization="Basic YWFhYStiYmJiL2NjY2MrZGRkZD09Og=="),
        request(Authorization="Basic MTExMS8yMjIyKzMzMzMvNDQ0ND09Og=="),
    ),
    "no basic": (request(Authorization="Basic no base64 at all"),) * 2,
    "json": (
        request(body=f'{{"t": "{OURS}"}}'.encode()),
        request(body=f'{{"t": "{THEIRS}"}}'.encode()),
    ),
}


@pytest.mark.parametrize(
    ("pair", "is_earlier"),
    [(IN_A_PATH, False), *((pair, how) for pair in ELSEWHERE.values() for how in (False, True))],
    ids=["path", *(f"{name} {when}" for name in ELSEWHERE for when in ("now", "earlier"))],
)
def test_a_value_is_spelled_as_its_place_wants_it(
    pair: tuple[RawRequest, RawRequest], is_earlier: bool
) -> None:
    """A value with characters that queries quote is found in either spelling, and stays quoted."""
    sent, expected = pair
    pairs: tuple[dict[str, str], dict[str, str]] = ({OURS: THEIRS}, {})
    translation = Translation(*reversed(pairs)) if is_earlier else Translation(*pairs)

    assert translation.request(sent) == expected


def test_the_length_of_a_changed_body_is_right() -> None:
    """A body in which a value has another length is sent with its own length."""
    translation = Translation({"a" * 20: "b" * 18}, {})
    sent = request(body=b"a" * 20, Content_Length="20")

    assert translation.request(sent) == request(body=b"b" * 18, Content_Length="18")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("日本 " + "a" * 20, "日本 " + "b" * 20),
        ([{"x": ("a" * 20, 1)}], [{"x": ("b" * 20, 1)}]),
        (b"a" * 20, b"b" * 20),
        (None, None),
        ("a" * 9, "a" * 9),
    ],
)
def test_values_are_translated_wherever_they_lie(value: Any, expected: Any) -> None:
    """What a test puts into a session or a cookie holds the port's own values at any depth."""
    assert Translation({"a" * 20: "b" * 20}, {}).value(value) == expected
