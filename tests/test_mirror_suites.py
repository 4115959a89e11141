"""Suites of every kind are mirrored as they stand."""

import pytest

from tests.ported import Suite

VIEWS = """
import time
app.calls = 0

@app.get("/")
def index():
    return app.config.get("GREETING", "hello")

@app.get("/counted")
def counted():
    app.calls += 1
    return f"call {app.calls}"

@app.get("/batch")
def batch():
    with app.test_client() as client:
        client.set_cookie("a", "1")
        with client.session_transaction() as changed:
            changed["a"] = 1
        answers = [client.get("/counted").text for _ in range(2)]
    return " and ".join(answers)

@app.get("/says")
def says():
    app.logger.error("logged")
    print("printed")
    return "said"

@app.get("/time")
def now():
    return str(int(time.time()))

@app.get("/naps")
def naps():
    time.sleep(app.config.get("NAP", 0))
    return "awake"
"""
FACTORY = """
    import pytest
    from original import create_app

    @pytest.mark.parametrize("greeting", ["one", "two"])
    def test_own_config(greeting):
        assert create_app({"GREETING": greeting}).test_client().get("/").text == greeting

    def test_two_applications():
        one, other = create_app({"GREETING": "one"}), create_app({"GREETING": "other"})
        clients = one.test_client(), other.test_client(), one.test_client()
        assert [client.get("/").text for client in clients] == ["one", "other", "one"]
"""
SCOPES = """
    import pytest
    from original import create_app

    @pytest.fixture(scope="module")
    def shared():
        return create_app()

    @pytest.fixture(scope="class")
    def browser(shared):
        return shared.test_client()

    class TestShared:
        def test_first(self, browser):
            assert browser.get("/counted").text == "call 1"

        def test_second(self, browser):
            assert browser.get("/counted").text == "call 2"

    def test_third(shared):
        assert shared.test_client().get("/counted").text == "call 3"
"""
UNITTEST = """
    import unittest
    from original import create_app

    class Case(unittest.TestCase):
        @classmethod
        def setUpClass(cls):
            cls.client = create_app().test_client()
            cls.client.get("/")

        def setUp(self):
            self.client.get("/")

        def test_parts(self):
            for part in range(3):
                with self.subTest(part=part):
                    self.assertEqual(self.client.get("/").text, "hello")

        def test_logs(self):
            with self.assertLogs() as caught:
                self.client.get("/says")
            self.assertEqual(len(caught.output), 1)

        @unittest.expectedFailure
        def test_fails(self):
            self.assertEqual(self.client.get("/").text, "nothing")

        def tearDown(self):
            self.client.get("/")

        @classmethod
        def tearDownClass(cls):
            cls.client.get("/")
"""
PYTEST_FLASK = """
    import pytest
    from flask import url_for

    @pytest.mark.usefixtures("client_class")
    class TestClass:
        def test_it(self):
            assert self.client.get(url_for("index")).status_code == 200

    def test_types(client, accept_json, config):
        assert client.get("/", headers=accept_json) == 200
        assert config["TESTING"] is False

    @pytest.mark.options(greeting="an option")
    def test_option(client):
        assert client.get("/").text == "an option"
"""
CLASSES = """
    import pytest
    from flask.testing import FlaskClient

    class Authorized(FlaskClient):
        def open(self, *args, **kwargs):
            headers = kwargs.setdefault("headers", {})
            headers["Authorization"] = "Bearer mine"
            return super().open(*args, **kwargs)

    def test_it(app):
        app.test_client_class = Authorized
        app.config["GREETING"] = "changed later"
        with app.test_client() as client:
            answer = client.get("/")
            assert answer.request.headers["Authorization"] == "Bearer mine"
            assert answer.text == "changed later"
"""
NESTED = """
    def test_it(client):
        assert client.get("/batch").text == "call 1 and call 2"
        assert client.get("/counted").text == "call 3"
"""
COUNTING = """
    client = None
    app.calls += 2
    answers = ["call 1", "call 2"]
    if client:"""
THREADS = """
    from threading import Thread

    def test_it(app):
        seen = []

        def ask():
            client = app.test_client()
            seen.extend(client.get("/").text for _ in range(5))

        threads = [Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert seen == ["hello"] * 20
"""
ASYNC = """
    async def test_it(client):
        assert client.get("/").text == "hello"
        with client.session_transaction() as session:
            session["a"] = 1
"""
TIME = """
    import time_machine

    @time_machine.travel(86400, tick=False)
    def test_it(client):
        assert client.get("/time").text == "86400"
"""
STOPPED = """
    import time

    def test_it(client, monkeypatch):
        for name in ("monotonic", "perf_counter"):
            monkeypatch.setattr(time, name, lambda: 7.0)
        client.get("/")
        assert client.get("/counted").text == "call 1"
"""
HEARD = """
    def test_it(client, caplog, capsys):
        client.get("/says")
        assert [record.getMessage() for record in caplog.records] == ["logged"]
        assert capsys.readouterr().out == "printed\\n"
"""
BESIDE = """
    def test_it(app, client):
        assert app.test_cli_runner().invoke(args=["--help"]).exit_code == 0
        with app.test_request_context("/counted"):
            assert app.dispatch_request() == "call 1"
        client.get("/")
"""
HELLO = '"hello"', '"good day"'
SUITES = {
    "factory": (FACTORY, 3, "app.config.get(", "'one' or app.config.get(", 2),
    "scopes": (SCOPES, 3, "calls += 1", "calls += 2", 3),
    "unittest": (UNITTEST, 2, *HELLO, 2),
    "pytest-flask": (PYTEST_FLASK, 3, *HELLO, 2),
    "own client": (CLASSES, 1, "app.config.get(", "'' or str(", 1),
    "threads": (THREADS, 1, *HELLO, 1),
    "async": (ASYNC, 1, *HELLO, 1),
    "time": (TIME, 1, "time.time()", "time.time() + 9000", 1),
    "stopped": (STOPPED, 1, "calls += 1", "calls += 2", 1),
    "heard": (HEARD, 1, '"said"', '"told"', 1),
    "beside": (BESIDE, 1, *HELLO, 1),
}


def suite(pytester: pytest.Pytester, tests: str) -> Suite:
    return Suite(pytester, VIEWS, tests, options=["-o", "asyncio_mode=auto"])


@pytest.mark.parametrize("kind", SUITES)
def test_a_suite_passes_as_it_stands(pytester: pytest.Pytester, kind: str) -> None:
    """A suite of this kind passes beside an equal port, and without warnings."""
    tests, passed, *_ = SUITES[kind]
    result = suite(pytester, tests).run()
    outcomes = result.parseoutcomes()

    assert outcomes.get("passed", 0) >= passed
    assert not outcomes.keys() & {"failed", "error", "errors"}
    result.stdout.fnmatch_lines(["*exchange*mirrored, 0 differences"])


@pytest.mark.parametrize("kind", SUITES)
def test_a_suite_finds_an_error_of_the_port(pytester: pytest.Pytester, kind: str) -> None:
    """An error in the port fails tests of a suite of this kind, and says at which line."""
    tests, _, before, after, failed = SUITES[kind]
    result = suite(pytester, tests).run(before, after)
    outcomes = result.parseoutcomes()

    assert outcomes.get("failed", 0) >= failed
    result.stdout.fnmatch_lines(["*the port answers otherwise*", "test_it.py:*: *", "*reference*"])


def test_a_view_that_asks_itself_is_asked_by_the_port_itself(pytester: pytest.Pytester) -> None:
    """What a view sends with a test client is no request of the test, on neither side."""
    one = suite(pytester, NESTED)
    port = one.run("    with app.test_client() as client:", COUNTING)
    one.candidate = "original:create_app()"

    for result in (port, one.run()):
        result.stdout.fnmatch_lines(["2 exchanges of 1 test mirrored, 0 differences"])


def test_a_port_that_asks_itself_once_more_is_found(pytester: pytest.Pytester) -> None:
    """What a view's own requests have changed is compared by the requests of the test."""
    counting = COUNTING.replace("calls += 2", "calls += 3")

    suite(pytester, NESTED).finds("    with app.test_client() as client:", counting, "/counted")


def test_a_test_fails_with_its_own_traceback(pytester: pytest.Pytester) -> None:
    """What a view raises through the client is shown without a line of the mirror's."""
    tests = """
        def test_it(app, client):
            app.testing = True
            app.config["GREETING"] = 1
            client.get("/").text
    """
    result = suite(pytester, tests).run()

    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*quart_parity/mirror*")


def test_a_forgotten_await_is_no_warning_of_the_suite(pytester: pytest.Pytester) -> None:
    """A coroutine that an error has left behind is the port's, and told with the difference."""
    one = suite(pytester, NESTED.replace("/batch", "/").replace("call 1 and call 2", "hello"))
    text = one.finds(
        "return app.config", "made = make_response('x'); made.headers; return app.config", "status"
    )

    assert "'coroutine' object has no attribute 'headers'" in text
    assert "make_response" in text
    assert "PytestUnraisable" not in text


HANGING = """
    import pytest
    from original import create_app

    @pytest.fixture(scope="module")
    def shared():
        return create_app().test_client()

    def test_hangs(client):
        assert client.get("/naps").text == "awake"

    def test_other(client):
        assert client.get("/").text == "hello"
"""


@pytest.mark.example
def test_a_port_that_hangs_is_left(pytester: pytest.Pytester) -> None:
    """A view that blocks is left after the time limit, and the next test has a new port."""
    pytester.makepyprojecttoml("[tool.quart-parity]\ntimeout = 0.2\n")
    one = suite(pytester, HANGING)
    naps = "time.sleep(app.config.get('NAP', 2))"
    text = one.finds('time.sleep(app.config.get("NAP", 0))', naps, "no answer within", passed=1)

    assert "test_hangs" in text


HEARD = """
import logging
import random
import unittest
import warnings

import pytest

def test_prints(client, capfd):
    client.get("/loud")
    assert capfd.readouterr().out == "loud\\n"

def test_warnings(client):
    with pytest.warns(UserWarning) as told:
        client.get("/warned")
    assert len(told) == 1

@pytest.mark.parity(accept={"**": "each side has its own sequence"})
def test_seed(client):
    random.seed(7)
    expected = [str(random.random()), str(random.random())]
    random.seed(7)
    assert [client.get("/dice").text, client.get("/dice").text] == expected

class TestLog(unittest.TestCase):
    def test_log(self):
        from original import create_app
        with self.assertLogs("loud") as heard:
            create_app().test_client().get("/loud")
        assert len(heard.records) == 1
"""


def test_what_the_port_says_is_not_the_tests(pytester: pytest.Pytester) -> None:
    """A test hears one side's prints, warnings and log, and seeds for one side alone."""
    views = """
    import logging
    import random
    import warnings

    @app.get("/loud")
    def loud():
        print("loud")
        logging.getLogger("loud").warning("loud")
        return "loud"

    @app.get("/warned")
    def warned():
        warnings.warn("warned")
        return "warned"

    @app.get("/dice")
    def dice():
        return str(random.random())
    """
    Suite(pytester, views, HEARD).is_equal(passed=4)
