"""Sessions and cookies that a test changes are changed on both sides alike."""

import pytest

from tests.ported import Suite

VIEWS = """
@app.get("/show")
def show():
    return jsonify({name: str(value) for name, value in session.items()})

@app.get("/set/<name>/<value>")
def put(name, value):
    session[name] = value
    return "kept"

@app.get("/cookies")
def cookies():
    return jsonify(dict(request.cookies))
"""
CHANGED = """
    def test_it(client):
        with client.session_transaction() as session:
            session["a"] = 1
        assert client.get("/show").json == {"a": "1"}
        with client.session_transaction() as session:
            del session["a"]
            session["b"] = [1, {"c": "ü"}]
            session.permanent = True
        client.get("/show")
        with client.session_transaction() as session:
            assert session["b"] == [1, {"c": "ü"}]
        client.get("/show")
        with client.session_transaction() as session:
            session.clear()
        assert client.get("/show").json == {}
"""
NESTED = """
    def test_it(client):
        with client.session_transaction() as session:
            session["b"] = [1]
        with client.session_transaction() as session:
            session["b"].append(2)
        assert client.get("/show").json == {"b": "[1]"}
        with client.session_transaction() as session:
            session["b"].append(2)
            session.modified = True
        assert client.get("/show").json == {"b": "[1, 2]"}
"""
RAISED = """
    import pytest

    def test_it(client):
        with pytest.raises(ValueError), client.session_transaction() as session:
            session["a"] = 1
            raise ValueError
        assert client.get("/show").json == {}
"""
ELSEWHERE = """
    def test_it(app, client):
        app.config.update(SESSION_COOKIE_NAME="other", SESSION_COOKIE_PATH="/show")
        with client.session_transaction("/show", base_url="https://shop.example/") as session:
            session["a"] = 1
        assert client.get("/show").json == {}
        assert client.get("/cookies", base_url="https://shop.example/").json == {}
        assert client.get("/show", base_url="https://shop.example/").json == {"a": "1"}
"""
LOOKED_AT = """
    from flask import request, session

    def test_it(client):
        with client:
            client.get("/set/a/b")
            assert (session["a"], request.path) == ("b", "/set/a/b")
            with client.session_transaction() as changed:
                changed["z"] = 1
            assert client.get("/show").json == {"a": "b", "z": "1"}
            assert session["z"] == 1
"""
COOKIES = """
    from datetime import datetime

    def test_it(client):
        client.set_cookie("a", "1")
        client.set_cookie("b", "é; x", path="/cookies", secure=True, httponly=True, max_age=60)
        client.set_cookie("c", "3", path="/other", samesite="Lax")
        client.set_cookie("d", "4", domain="example.org")
        client.set_cookie("e", "5", domain="example.org", origin_only=False)
        client.set_cookie("f", "", max_age=0)
        client.set_cookie("g", "1", expires=datetime(2000, 1, 1))
        assert list(client.get("/cookies").json) == ["a", "b", "g"]
        client.get("/cookies", base_url="http://www.example.org/")
        client.get("/cookies", base_url="http://example.org/")
        client.delete_cookie("a")
        client.delete_cookie("b", path="/cookies")
        client.delete_cookie("d", domain="example.org")
        assert list(client.get("/cookies").json) == ["g"]
        client.get("/cookies", base_url="http://example.org/")
"""
NO_JAR = """
    import pytest

    def test_it(app):
        client = app.test_client(use_cookies=False)
        cookie = client.get("/set/a/b").headers["Set-Cookie"].partition(";")[0]
        with pytest.raises(TypeError):
            client.set_cookie("a", "b")
        with pytest.raises(TypeError), client.session_transaction():
            pass
        assert client.get("/show").json == {}
        assert client.get("/show", headers={"Cookie": cookie}).json == {"a": "b"}
"""
CLIENTS = """
    def test_it(app):
        one, other = app.test_client(), app.test_client()
        one.get("/set/who/one")
        other.get("/set/who/other")
        assert one.get("/show").json == {"who": "one"}
        assert other.get("/show").json == {"who": "other"}
"""
SUITES = {
    "changed": (CHANGED, "str(value)", "str(value).upper()"),
    "nested": (NESTED, "str(value)", "str(value).replace('2', '3')"),
    "raised": (RAISED, "session.items()", "{'a': 1}.items()"),
    "elsewhere": (ELSEWHERE, "str(value)", "value"),
    "looked at": (LOOKED_AT, "session[name] = value", "session[name] = value * 2"),
    "cookies": (COOKIES, "dict(request.cookies)", "{'a': request.cookies.get('a')}"),
    "no jar": (NO_JAR, "str(value)", "value + value"),
    "clients": (CLIENTS, "str(value)", "'one'"),
}


@pytest.mark.parametrize("case", SUITES)
def test_both_sides_have_the_same_session_and_cookies(pytester: pytest.Pytester, case: str) -> None:
    """A test that changes sessions and cookies passes beside an equal port."""
    Suite(pytester, VIEWS, SUITES[case][0]).is_equal()


@pytest.mark.parametrize("case", SUITES)
def test_a_port_that_keeps_them_otherwise_is_found(pytester: pytest.Pytester, case: str) -> None:
    """A port that makes something else of its sessions and cookies fails the test."""
    tests, before, after = SUITES[case]

    Suite(pytester, VIEWS, tests).finds(before, after, "body")


def test_a_port_that_loses_what_a_transaction_sets_is_found(pytester: pytest.Pytester) -> None:
    """A transaction is done by the port's own session interface, which may keep nothing."""
    show = '@app.get("/show")'
    forgetful = f"""class Forgetful(SecureCookieSessionInterface):
    async def save_session(self, *args):
        return None

app.session_interface = Forgetful()

{show}"""

    Suite(pytester, VIEWS, CHANGED).finds(show, forgetful, "body.a")


def test_a_client_brings_what_it_had_before(pytester: pytest.Pytester) -> None:
    """Cookies of a client that was not mirrored so far are the port's client's, too."""
    tests = """
        import pytest
        from original import create_app

        @pytest.fixture(scope="module")
        def shared():
            return create_app().test_client()

        @pytest.mark.parity("off")
        def test_alone(shared):
            shared.get("/set/who/me")

        def test_mirrored(shared):
            assert shared.get("/show").json == {"who": "me"}
    """
    one = Suite(pytester, VIEWS, tests)

    one.is_equal(passed=2)
    one.finds("str(value)", "value + value", "body.who", passed=1)
