"""What a test's client sends is what the port gets, however the test asks for it."""

import pytest

from quart_parity.mirror.environs import departures, read_request
from tests.ported import Suite

ECHO = """
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "PURGE", "TRACE"]

@app.route("/echo", methods=METHODS)
@app.route("/echo/<path:rest>", methods=METHODS)
def echo(rest=None):
    form = request.form
    files = request.files
    body = b"" if form or files else request.get_data()
    return jsonify(
        rest=rest,
        method=request.method,
        url=request.url,
        root=request.root_path,
        full=request.full_path,
        query=request.query_string.decode("latin-1"),
        arguments=list(request.args.items(multi=True)),
        fields=sorted(map(list, request.headers)),
        cookies=list(request.cookies.items(multi=True)),
        body=body[:99].hex(),
        size=len(body),
        form=list(form.items(multi=True)),
        files=[[name, one.filename, one.mimetype, len(one.read())] for name, one in files.items()],
        json=request.get_json(silent=True),
        address=request.remote_addr,
        elsewhere=url_for("echo", rest="a b/ü", _external=True),
    )

@app.get("/<path:rest>", subdomain="sub")
def sub(rest):
    return f"{rest} at {request.url}"

@app.route("/moved/<int:code>", methods=["GET", "POST"])
def moved(code):
    return redirect(url_for("echo", rest="end", q="x y"), code)

@app.get("/hops/<int:left>")
def hops(left):
    return redirect(url_for("hops", left=left - 1)) if left else "arrived"

@app.get("/round")
def round():
    return redirect("/round")
"""
CASES = """
import io
import pytest
from werkzeug.test import Client, ClientRedirectError, EnvironBuilder, create_environ

CASES = {
<cases>
}

@pytest.mark.parametrize("case", CASES)
def test_it(client, case):
    with CASES[case](client) as answer:
        answer.get_data()
"""
PATHS = """
    "more than ASCII": lambda c: c.get("/echo/é/日本?q=ü&q=2&x=%FF&e="),
    "no UTF-8": lambda c: c.get("/echo/%FF%FE"),
    "a slash": lambda c: c.get("/echo/a%2Fb%252Fc%3Fd%23e"),
    "plus and space": lambda c: c.get("/echo/a+b%20c;d=1&x?a+b=c%20d;e"),
    "slashes": lambda c: c.get("/echo//a//b/"),
    "no path of a server": lambda c: c.get("echo#here"),
    "marks": lambda c: c.get("/echo?a=<b>&c='d'|^`{}"),
    "an URL": lambda c: c.get("https://other.example:8443/echo/x"),
    "a dict": lambda c: c.get("/echo", query_string={"a": ["1", "ü"], "b": "x y"}),
    "a text": lambda c: c.get("/echo", query_string="a=1&a=2"),
"""
BODIES = """
    "json": lambda c: c.post("/echo", json={"a": [1, "ü", None]}),
    "json as text": lambda c: c.put("/echo", data="[1]", content_type="application/x+json"),
    "form": lambda c: c.post("/echo", data={"a": "1", "b": ["x", "é"]}),
    "form of bytes": lambda c: c.delete("/echo", data={"a": b"b"}),
    "bytes": lambda c: c.patch("/echo", data=b"\\\\x00\\\\xff"),
    "empty": lambda c: c.post("/echo", data="", content_type="application/json"),
    "none": lambda c: c.post("/echo"),
    "of a GET": lambda c: c.get("/echo", data=b"abc"),
    "upload": lambda c: c.post("/echo", data={"f": (io.BytesIO(b"x"), "é.txt"), "a": "b"}),
    "long": lambda c: c.post("/echo", data=b"y" * 3_000_000),
    "stream": lambda c: c.post("/echo", input_stream=io.BytesIO(b"streamed")),
    "chunked": lambda c: c.post(
        "/echo",
        input_stream=io.BytesIO(b"streamed"),
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    ),
    "more than announced": lambda c: c.post(
        "/echo", data=b"abcdef", environ_overrides={"CONTENT_LENGTH": "3"}
    ),
"""
FIELDS = """
    "some": lambda c: c.get("/echo", headers={"X-A": "1", "x_b": "2", "X-Latin": "é", "X-E": ""}),
    "twice": lambda c: c.get("/echo", headers=[("X-A", "1"), ("X-A", "2")]),
    "a cookie beside the jar": lambda c: c.get("/echo", headers={"Cookie": "a=1; b=2"}),
    "a cookie without a jar": lambda c: c.application.test_client(use_cookies=False).get(
        "/echo", headers={"Cookie": "a=1; b=2"}
    ),
    "host": lambda c: c.get("/echo", headers={"Host": "x.example:81"}),
    "user": lambda c: c.get("/echo", auth=("u", "p")),
    "of the environ": lambda c: c.get("/echo", environ_overrides={"HTTP_X_ID": "7"}),
    "address": lambda c: c.get("/echo", environ_base={"REMOTE_ADDR": "10.0.0.9"}),
    "later address": lambda c: c.get("/echo", environ_overrides={"REMOTE_ADDR": "::1"}),
"""
PLACES = """
    "https": lambda c: c.get("/echo", base_url="https://localhost"),
    "port and mount": lambda c: c.get("/echo/x", base_url="https://a.example:8443/mnt"),
    "odd mount": lambda c: c.get("/echo/x", base_url="https://a.example/m%20t/"),
    "address": lambda c: c.get("/echo", base_url="http://[::1]:5000/"),
    "scheme": lambda c: c.get("/echo", url_scheme="https"),
    "subdomain": lambda c: c.get("/x", subdomain="sub"),
    "unknown": lambda c: c.get("/nowhere/"),
"""
METHODS = """
    "head": lambda c: c.head("/echo"),
    "options": lambda c: c.options("/echo/x"),
    "trace": lambda c: c.trace("/echo"),
    "own": lambda c: c.open("/echo", method="PURGE"),
    "lower case": lambda c: c.open("/echo", method="post", data="a"),
    "not allowed": lambda c: c.post("/hops/1"),
    "builder": lambda c: c.open(EnvironBuilder("/echo/b", method="POST", data={"a": "b"})),
    "environ": lambda c: c.open(EnvironBuilder("/echo/b", method="PUT", json=[]).get_environ()),
    "made environ": lambda c: c.open(create_environ("/echo/ü", "http://h.example/")),
    "request": lambda c: c.open(EnvironBuilder("/echo", method="POST", data=b"a").get_request()),
    "plain client": lambda c: Client(c.application).get(
        "/echo", environ_base={"REMOTE_ADDR": "127.0.0.1"}
    ),
"""
REDIRECTS = """
    "many": lambda c: c.get("/hops/3", follow_redirects=True),
    "307": lambda c: c.post("/moved/307", data={"a": "b"}, follow_redirects=True),
    "308": lambda c: c.post("/moved/308", json=[1], follow_redirects=True),
    "308 with a file": lambda c: c.post(
        "/moved/308", data={"f": (io.BytesIO(b"x"), "a.txt")}, follow_redirects=True
    ),
    "303": lambda c: c.post("/moved/303", json=[1], follow_redirects=True),
    "head": lambda c: c.head("/hops/1", follow_redirects=True),
    "mounted": lambda c: c.get("/hops/2", base_url="http://localhost/mnt", follow_redirects=True),
    "buffered": lambda c: c.get("/hops/1", follow_redirects=True, buffered=True),
"""
ERRORS = {
    "paths": (PATHS, "rest=rest,", "rest=rest and rest.lstrip('é'),", "body.rest"),
    "bodies": (BODIES, "size=len(body),", "size=len(body) % 3_000_000,", "body.size"),
    "fields": (FIELDS, "address=request.remote_addr", "address='127.0.0.1'", "body.address"),
    "places": (PLACES, "url=request.url,", "url=request.url.replace('https', 'http'),", "body.url"),
    "methods": (METHODS, '"PURGE", ', "", "PURGE /echo"),
    "redirects": (REDIRECTS, "left=left - 1", "left=max(left - 2, 0)", "header.location"),
}


def suite(pytester: pytest.Pytester, cases: str) -> Suite:
    return Suite(pytester, ECHO, CASES.replace("<cases>", cases))


def count(cases: str) -> int:
    return sum(line.startswith('    "') and "lambda" in line for line in cases.splitlines())


@pytest.mark.parametrize("topic", ERRORS)
def test_the_port_gets_what_the_reference_got(pytester: pytest.Pytester, topic: str) -> None:
    """Each way to send a request reaches an equal port as the same request."""
    cases, *_ = ERRORS[topic]

    suite(pytester, cases).is_equal(passed=count(cases))


@pytest.mark.parametrize("topic", ERRORS)
def test_a_port_that_reads_it_otherwise_is_found(pytester: pytest.Pytester, topic: str) -> None:
    """An error in what the port reads of a request fails tests that send such requests."""
    cases, before, after, path = ERRORS[topic]
    result = suite(pytester, cases).run(before, after)

    assert 0 < result.parseoutcomes()["failed"] < count(cases)
    assert path in result.stdout.str()


def test_a_redirect_loop_ends_as_it_does_alone(pytester: pytest.Pytester) -> None:
    """A loop of redirects raises what Werkzeug's client raises, and its hops are compared."""
    tests = """
        import pytest
        from werkzeug.test import ClientRedirectError

        def test_it(client):
            with pytest.raises(ClientRedirectError):
                client.get("/round", follow_redirects=True)
    """
    one = Suite(pytester, ECHO, tests)

    one.is_equal()
    one.finds('redirect("/round")', 'redirect("/round", 303)', "status")


def test_an_upload_in_a_temporary_file_reaches_the_port(pytester: pytest.Pytester) -> None:
    """A multipart body that Werkzeug keeps in a file is sent whole."""
    tests = """
        import io

        def test_it(client):
            file = io.BytesIO(b"x" * 700_000), "a.bin"
            with client.post("/echo", data={"f": file}) as answer:
                assert answer.json["files"] == [["f", "a.bin", "application/octet-stream", 700_000]]
                # Werkzeug leaves it open, mirrored or not.
                answer.request.environ["wsgi.input"].close()
    """
    one = Suite(pytester, ECHO, tests)

    one.is_equal()
    one.finds("len(one.read())", "len(one.read(9))", "body.files[0][3]")


def test_the_config_says_where_both_are_served(pytester: pytest.Pytester) -> None:
    """Server name, scheme and root of the config hold for the port's requests too."""
    tests = """
        def test_it(app, client):
            app.config["SERVER_NAME"] = "shop.example:5000"
            app.config["PREFERRED_URL_SCHEME"] = "https"
            app.config["APPLICATION_ROOT"] = "/mnt"
            url = client.get("/echo").json["url"]
            assert url == "https://shop.example:5000/mnt/echo"
            client.get("/x", subdomain="sub")
    """
    one = Suite(pytester, ECHO, tests)

    one.is_equal()
    one.finds("root=request.root_path", "root=''", "body.root")


def test_what_no_server_sends_is_told_with_a_difference(pytester: pytest.Pytester) -> None:
    """A difference of a request that only a test can make says what was odd about it."""
    tests = """
        def test_it(client):
            client.get("/user", environ_overrides={"REMOTE_USER": "me"})
    """
    views = """
    @app.get("/user")
    def user():
        return request.environ["REMOTE_USER"]
    """
    one = Suite(pytester, views, tests)

    one.finds("request.environ[", "{}.get('', '') or {'REMOTE_USER': ''}[", "REMOTE_USER")


def environ(**changed: object) -> dict[str, object]:
    standard = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
    }
    return standard | changed


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"REMOTE_USER": "me"}, "REMOTE_USER"),
        ({"REMOTE_ADDR": ""}, "no address"),
        ({"PATH_INFO": ""}, "without a path"),
        ({"HTTP_X_A": "日本"}, "X_A"),
    ],
)
def test_departures_name_what_the_port_cannot_have(changed: dict[str, object], told: str) -> None:
    """Each thing in an environ that no server passes on has a sentence; nothing else has."""
    assert not list(departures(environ(HTTP_X_A="é", SCRIPT_NAME="/mnt")))
    (sentence,) = departures(environ(**changed))

    assert told in sentence


def test_a_field_of_any_text_is_sent_as_bytes() -> None:
    """A value outside of latin-1 goes to the port as UTF-8."""
    request = read_request(environ(HTTP_X_A="日"))

    assert request.headers == (("X-A", "æ\x97¥"),)
