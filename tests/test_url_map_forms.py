"""What a walk over a URL map sends: forms, bodies, logins and keys."""

import re
from typing import Any
from urllib.parse import parse_qs

import pytest
from flask import Flask, Response, jsonify, redirect, request, session

from quart_parity import Capture, Request, Scenario, read_scenarios
from quart_parity.sources.saving import save
from quart_parity.sources.url_map import URLMap
from tests.walking import Walked, make_app, walk

TOKEN = "b7Kq3yT9ZpLmN2wRx1sQ"


def posted(walked: Walked, target: str) -> list[dict[str, list[str]]]:
    """The fields of the forms that were sent to a target."""
    return [parse_qs(body, keep_blank_values=True) for body in walked.bodies("POST", target)]


def form_app(form: str, seen: list[Any] | None = None) -> Flask:
    """A page with a form, and what the form is sent to."""
    app = make_app(index=form)

    @app.post("/send")
    def send() -> str:
        if seen is not None:
            seen.append((request.form.to_dict(flat=False), request.files.to_dict(flat=False)))
        return "sent"

    return app


def test_a_form_is_sent_as_it_is_meant() -> None:
    """Each field has a value of its kind, within its bounds, and hidden ones theirs."""
    form = """
    <form action="send" method="post">
      <input type="hidden" name="id" value="7">
      <input type="email" name="who" maxlength="18">
      <input name="city" required> <input name="code" pattern="[0-9]{4}">
      <input type="number" name="size" min="3" max="9"> <input type="date" name="day">
      <input name="user_name" minlength="12">
      <select name="kind"><option value="">-</option><option>tea</option></select>
      <input type="radio" name="way" value="a"><input type="radio" name="way" value="b" checked>
      <input type="checkbox" name="terms" required value="yes"><input type="checkbox" name="news">
      <textarea name="words">as it was</textarea>
      <input name="off" value="x" disabled> <input type="reset" name="again">
      <button name="go" value="now">Go</button> <button name="go" value="later">Later</button>
    </form>"""
    first = posted(walk(form_app(form)), "/send")[0]

    assert {name: values[0] for name, values in first.items() if name != "who"} == {
        "id": "7",
        "city": "Exampleton",
        "code": "0000",
        "size": "3",
        "day": "2024-06-15",
        "user_name": "parity1xxxxx",
        "kind": "tea",
        "way": "b",
        "terms": "yes",
        "words": "as it was",
        "go": "now",
    }
    assert re.fullmatch("parity[0-9]+@.{9,}", first["who"][0])


def test_a_form_is_sent_as_nobody_should() -> None:
    """Fields are missing, empty, too long, of other kinds, chosen otherwise and sent twice."""
    form = """
    <form action="send" method="post"><input name="a" maxlength="5"><input type="number" name="n">
    <select name="s"><option>one<option>two</select></form>"""
    sent = posted(walk(form_app(form)), "/send")

    assert any("a" not in one and "n" in one for one in sent)
    assert {"xxxxxx", "", "  "} <= {value for one in sent for value in one.get("a", [])}
    assert {"-1", "abc", "1.5"} <= {value for one in sent for value in one.get("n", [])}
    assert {"one", "two", "not-offered"} <= {value for one in sent for value in one.get("s", [])}
    assert ["first", "second"] in [one.get("a") for one in sent]


def test_files_are_sent() -> None:
    """A file field gets a picture, a text, an empty file, none, two, and one of a bad kind."""
    seen: list[Any] = []
    form = """<form action="/send" method="post" enctype="multipart/form-data">
    <input type="file" name="avatar"></form>"""
    walk(form_app(form, seen))
    names = [[file.filename for file in files.get("avatar", [])] for _, files in seen]

    assert names[0] == ["example.png"]
    assert [] in names
    assert {"example.txt", "empty.png", "program.exe"} <= {n for some in names for n in some}
    assert ["example.png", "example.txt"] in names


def test_a_search_form_becomes_a_query() -> None:
    """A form without a method is asked for, and its fields are parameters from then on."""
    app = make_app(index='<form action="/find"><input name="q"></form>', find="x")
    sent = walk(app).sent()

    assert any(re.fullmatch(r"/find\?q=example\+\d+", target) for target in sent)
    assert "/find?q=" in sent


def test_a_token_is_sent_back_as_its_page_gave_it() -> None:
    """What a page hides in its form is captured, and also left out and sent wrongly."""
    app = make_app()
    sent: list[str] = []

    @app.get("/")
    def index() -> str:
        token = session.setdefault("token", f"{TOKEN}{len(sent)}")
        hidden = f'<input value="{token}" type="hidden" name="csrf_token">'
        return f'<form method="post" action="/send">{hidden}<input name="a"></form>'

    @app.post("/send")
    def send() -> tuple[str, int]:
        sent.append(request.form.get("csrf_token", "none"))
        return ("ok", 200) if sent[-1] == session.get("token") else ("no", 400)

    walked = walk(app)

    assert sent[0].startswith(TOKEN)
    assert {"none", "wrong"} <= set(sent)
    assert 200 in walked.statuses("POST", "/send")
    assert TOKEN not in repr(walked.scenarios)


def test_a_second_token_of_the_same_name_is_found_again() -> None:
    """Where each form of a page has a token of its own, each is sent its own."""
    app = make_app()
    tokens = {name: f"{TOKEN}{name}" for name in ("one", "two")}
    forms = "".join(
        f'<form method="post" action="/{name}"><input type="hidden" name="token" value="{token}">'
        "</form>"
        for name, token in tokens.items()
    )
    app.add_url_rule("/", "index", lambda: forms)
    for name in tokens:
        app.add_url_rule(f"/{name}", name, lambda: "x", methods=["POST"])
    walked = walk(app)

    assert {name: posted(walked, f"/{name}")[0]["token"] for name in tokens} == {
        name: [token] for name, token in tokens.items()
    }
    assert TOKEN not in repr(walked.scenarios)


def cart_app() -> Flask:
    """A page behind a page behind a form: only who has something in the cart can order."""
    app = make_app(index='<form method="post" action="/add"><input name="what"></form>')

    @app.post("/add")
    def add() -> Any:
        session["cart"] = True
        return redirect("/cart")

    @app.get("/cart")
    def cart() -> str:
        return '<a href="/checkout">order</a>' if session.get("cart") else "nothing"

    @app.get("/checkout")
    def checkout() -> Any:
        form = '<form method="post"><input name="street"></form>'
        return form if session.get("cart") else redirect("/cart")

    @app.post("/checkout")
    def order() -> Any:
        return redirect("/thanks") if session.pop("cart", None) else ("no", 409)

    app.add_url_rule("/thanks", "thanks", lambda: "thanks")
    return app


def test_what_was_done_opens_other_pages() -> None:
    """A form that only shows once another was sent is found, sent, and what it leads to seen."""
    walked = walk(cart_app())

    assert {200, 302} <= walked.statuses("GET", "/checkout")
    assert 302 in walked.statuses("POST", "/checkout")


def test_one_client_does_everything_at_last() -> None:
    """A long scenario sends every form that worked, and then looks at every page."""
    scenario = walk(cart_app()).named("everything, one after the other")
    steps = [(one.method, one.target) for one in scenario.requests]

    assert steps.index(("POST", "/add")) < steps.index(("POST", "/checkout"))
    assert {("GET", "/cart"), ("GET", "/thanks")} <= set(
        steps[steps.index(("POST", "/checkout")) :]
    )


ACCOUNTS = """
<form method="post" action="/{action}"><input name="name"><input type="password" name="password">
{more}<button>{words}</button></form>"""


def accounts_app(has_login: bool = True) -> Flask:
    """Who registers can log in, see a private page, and leave."""
    login = ACCOUNTS.format(action="login", more="", words="Log in")
    register = ACCOUNTS.format(
        action="register", more='<input type="password" name="again">', words="Register"
    )
    app = make_app(index=login + register if has_login else register)
    users: dict[str, str] = {"owner": "known"}

    @app.post("/register")
    def register_() -> Any:
        name, password = request.form.get("name", ""), request.form.get("password", "")
        if not name or name in users or password != request.form.get("again"):
            return "no", 422
        users[name] = password
        if not has_login:
            session["name"] = name
        return redirect("/")

    @app.post("/login")
    def login_() -> Any:
        name = request.form.get("name", "")
        if name not in users or users[name] != request.form.get("password"):
            return "no", 401
        session["name"] = name
        return redirect("/private")

    @app.get("/private")
    def private() -> Any:
        leave = '<form method="post" action="/leave"><button>Sign out</button></form>'
        return leave if session.get("name") else redirect("/")

    @app.post("/leave")
    def leave() -> Any:
        session.clear()
        return redirect("/")

    return app


@pytest.mark.parametrize("has_login", [True, False])
def test_who_can_register_logs_in(has_login: bool) -> None:
    """An account is made by the form for it, and a client with it sees what is private."""
    walked = walk(accounts_app(has_login))
    scenario = walked.named("GET /private, logged in")

    assert scenario.requests[1].target == ("/login" if has_login else "/register")
    assert 200 in walked.statuses("GET", "/private")


def test_a_login_that_is_given_is_played_first() -> None:
    """Its requests begin each scenario of the client that is logged in, with its settings."""
    form = [("name", "owner"), ("password", "known")]
    request_ = Request(path="/login", method="POST", form=list(form))
    accept = {"body": "for a reason"}
    login = Scenario("log in", [request_], config={"X": 1}, accept=accept)
    walked = walk(accounts_app(), URLMap(login))
    members = [one for one in walked.scenarios if one.name.endswith("logged in")]

    assert 200 in walked.statuses("GET", "/private")
    assert members
    assert all(one.requests[0] == request_ for one in members)
    assert all((one.config, one.accept) == ({"X": 1}, accept) for one in members)


def test_leaving_comes_last() -> None:
    """Nothing that is called the end of a session is sent before everything else is done."""
    members = [one for one in walk(accounts_app()).scenarios if one.name.endswith("logged in")]
    leaving = [
        number
        for number, one in enumerate(members)
        if any((r.method, r.target) == ("POST", "/leave") for r in one.requests)
    ]

    assert leaving == [len(members) - 1]


def test_who_was_let_in_is_another_client() -> None:
    """What a visitor finds behind a login is left to who is logged in: a name is taken once."""
    names = [one.name for one in walk(accounts_app()).scenarios]

    assert [name for name in names if "/leave and after it" in name] == [
        "POST /leave and after it, logged in"
    ]


def test_names_that_a_login_captures_stay_its_own() -> None:
    """Captures of the walk have other names than those of the login."""
    page = (
        f'<form method="post" action="/send"><input type="hidden" name="t" value="{TOKEN}"></form>'
    )
    app = form_app(page)
    capture = {"t_1": Capture(regex="(<form)")}
    walked = walk(app, URLMap(Scenario("log in", [Request(path="/", capture=capture)])))
    names = {name for one in walked.scenarios for r in one.requests for name in r.capture}

    assert names == {"t_1", "t_2"}
    assert posted(walked, "/send")[0]["t"] == [TOKEN]


def api_app() -> Flask:
    """Notes that are read, written and deleted as JSON."""
    app = make_app()
    notes = {1: {"id": 1, "text": "first", "stars": 3}}

    def checked(given: Any) -> Any:
        errors = {}
        if not isinstance(given, dict):
            return {"error": "an object, please"}
        if type(given.get("stars")) is not int:
            errors["stars"] = "must be a number"
        if not isinstance(given.get("text"), str):
            errors["text"] = "is required"
        return {"errors": errors} if errors else None

    @app.get("/notes")
    def index() -> Any:
        return jsonify(list(notes.values()))

    @app.route("/notes/<int:id>", methods=["GET", "PUT", "DELETE"])
    def note(id: int) -> Any:
        if id not in notes:
            return {"error": "none"}, 404
        if request.method == "PUT":
            if error := checked(request.get_json()):
                return error, 422
        elif request.method == "DELETE":
            del notes[id]
            return "", 204
        return notes[id]

    @app.post("/remarks")
    def remark() -> Any:
        error = checked(request.get_json())
        return (error, 422) if error else ({"id": 5}, 201)

    return app


def test_json_is_sent_back_as_it_came() -> None:
    """What was read is written by PUT, also with a field missing, and in broken ways."""
    walked = walk(api_app())
    bodies = walked.bodies("PUT", "/notes/1")

    assert bodies[0] == '{"id":1,"stars":3,"text":"first"}'
    assert {"{}", "", "{broken", '{"id":1,"stars":3}'} <= set(bodies)
    assert {200, 400, 415, 422} <= walked.statuses("PUT", "/notes/1")


def test_json_is_mended_by_what_errors_say() -> None:
    """A body that nobody has seen is made from the fields that an error complains of."""
    assert 201 in walk(api_app()).statuses("POST", "/remarks")


def test_deleting_comes_after_changing() -> None:
    """What is deleted was read and changed before."""
    sent = [(e.request.method, e.request.target) for e in walk(api_app()).exchanges]

    assert sent.index(("PUT", "/notes/1")) < sent.index(("DELETE", "/notes/1"))


@pytest.mark.parametrize(
    "page",
    [
        f'<meta name="csrf-token" content="{TOKEN}">',
        f'<form method="post" action="/"><input type=hidden name=csrf value={TOKEN}></form>',
        Response(f'{{"csrf_token": "{TOKEN}"}}', mimetype="application/json"),
    ],
    ids=["meta", "form", "json"],
)
def test_a_token_goes_with_json_as_well(page: Any) -> None:
    """What a page gives for its own scripts is sent back in a header."""
    app = make_app()
    app.add_url_rule("/", "index", lambda: page, methods=["GET", "POST"])
    app.add_url_rule("/api", "api", lambda: "x", methods=["PUT"])
    walked = walk(app)

    assert TOKEN in walked.headers("/api", "x-csrf-token")
    assert TOKEN not in repr(walked.scenarios)


def test_a_key_that_a_form_gives_opens_the_api() -> None:
    """Where a bearer token is asked for, what pages show in answer to forms is tried."""
    key = "0123456789abcdef0123456789abcdef01234567"
    app = make_app(keys='<form method="post"><input name="label"></form>')

    @app.post("/keys")
    def issue() -> str:
        return f"<p>5f1c0d7e-1111-4222-8333-444455556666</p><code>{key}</code>"

    @app.get("/api")
    def api() -> Any:
        if request.headers.get("Authorization") != f"Bearer {key}":
            return "no", 401, {"WWW-Authenticate": "Bearer"}
        return "yes"

    walked = walk(app)

    assert 200 in walked.statuses("GET", "/api")
    assert [one.name for one in walked.scenarios if one.name.endswith(", with a key")]
    assert key not in repr(walked.scenarios)


def test_the_same_application_gives_the_same_scenarios() -> None:
    """Nothing is random: neither names, nor values, nor the order."""
    first, second = (walk(accounts_app()).scenarios for _ in range(2))

    assert first == second


def test_every_name_is_there_once() -> None:
    """Scenarios can be told apart, and saved in one file."""
    names = [one.name for one in walk(accounts_app()).scenarios]

    assert len(set(names)) == len(names)


def test_a_walk_can_be_saved(tmp_path: Any) -> None:
    """What was made is read back as it was."""
    scenarios = walk(accounts_app()).scenarios
    save(scenarios, tmp_path / "walk.json")

    assert read_scenarios([tmp_path / "walk.json"]) == scenarios


@pytest.mark.parametrize("limit", [0, 10, 60])
def test_no_more_is_sent_than_allowed(limit: int) -> None:
    """The limit holds for all requests together, and some are left for the ends."""
    walked = walk(accounts_app(), URLMap(limit=limit))

    assert len(walked.exchanges) <= limit


def test_a_large_map_is_asked_for_every_rule_first() -> None:
    """Where there is not room for everything, each rule still has its turn."""
    app = make_app(**{f"page{number}": "x" for number in range(400)})
    walked = walk(app, URLMap(limit=2_000))

    assert {f"/page{number}" for number in range(400)} <= set(walked.sent())
    assert len(walked.exchanges) <= 2_000


@pytest.mark.parametrize("old", ["old", "current_password", "password"])
def test_a_password_that_was_changed_is_changed_back(old: str) -> None:
    """Whatever way of changing it is taken, the account can be entered again afterwards."""
    app = make_app()
    password = ["known"]
    fields = "".join(f'<input type="password" name="{name}">' for name in (old, "new_password"))
    form = f'<form method="post">{fields}</form>'
    app.add_url_rule("/", "index", lambda: form if session.get("in") else "no")

    @app.post("/")
    def change() -> Any:
        if request.form.get(old) != password[0] or not request.form.get("new_password"):
            return "no", 422
        password[0] = request.form["new_password"]
        tried.add(password[0])
        return "yes"

    @app.post("/login")
    def login() -> str:
        session["in"] = request.form.get("password") == password[0]
        return "x"

    tried: set[str] = set()
    entering = Request(path="/login", method="POST", form={"password": "known"})
    walk(app, URLMap(Scenario("log in", [entering])))

    assert len(tried) > 2
    assert password == ["known"]


def test_what_is_taken_away_is_the_last_of_its_kind() -> None:
    """Forms that delete come after others, and leave the things that pages are about."""
    app = make_app()
    known = {1: "a", 2: "b", 3: "c"}
    forms = '<form method="post" action="/{0}/delete"><button>x</button></form>'
    app.add_url_rule("/", "index", lambda: "".join(map(forms.format, known)))
    edit = '<form method="post"><input name="text"></form>'
    app.add_url_rule("/<int:id>", "show", lambda id: edit if id in known else ("no", 404))
    app.add_url_rule("/<int:id>", "edit", lambda id: "x", methods=["POST"])

    @app.post("/<int:id>/delete")
    def delete(id: int) -> str:
        return known.pop(id, "none")

    walked = walk(app)
    sent = walked.sent("POST")

    assert 1 in known
    assert sent.index("/1") < sent.index("/3/delete")
