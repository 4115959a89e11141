"""The `parity` client: every way to write a request, and what goes with it."""

import pytest

from tests.pairs import Run, paired


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Runs the text of a module of tests beside a pair of applications."""
    return paired(pytester)


def test_both_clients_ways_to_write_a_request_work(run: Run) -> None:
    """Flask's ``data`` and Quart's ``form``, ``files`` and ``scheme`` say the same."""
    result = run(
        """
        from io import BytesIO
        from quart.datastructures import FileStorage
        from werkzeug.datastructures import MultiDict

        @pytest.mark.parametrize("parts", [
            {"data": {"a": ["1", "2"], "f": (BytesIO(b"text"), "n.txt")}},
            {"form": {"a": ["1", "2"]}, "files": {"f": FileStorage(BytesIO(b"text"), "n.txt")}},
            {"form": {"a": ["1", "2"]}, "files": {"f": (BytesIO(b"text"), "n.txt")}},
            {"form": MultiDict({"a": ["1", "2"]}), "files": {"f": [(BytesIO(b"text"), "n.txt")]}},
            {"form": [("a", "1"), ("a", "2")], "files": [("f", (BytesIO(b"text"), "n.txt"))]},
        ])
        async def test_files(parity, parts):
            answer = await parity.put("/echo", **parts)
            assert answer.json["form"] == [["a", "1"], ["a", "2"]]
            assert answer.json["files"] == [["f", "n.txt", "text"]]

        @pytest.mark.parametrize("parts", [{"data": {"a": "é&"}}, {"form": {"a": "é&"}}])
        def test_form(parity, parts):
            answer = parity.post("/echo", **parts)
            assert answer.json["form"] == [["a", "é&"]]
            assert answer.request.mimetype == "application/x-www-form-urlencoded"

        @pytest.mark.parametrize("parts", [{"scheme": "https"}, {"url_scheme": "https"}])
        def test_others(parity, parts):
            answer = parity.post("/echo?x=1", data="né", content_type="text/plain", **parts)
            assert (answer.json["body"], answer.json["scheme"]) == ("né", "https")
            assert answer.json["query"] == {"x": "1"}

        def test_query(parity):
            assert parity.get("/echo", query_string={"x": "é"}).json["query"] == {"x": "é"}

        @pytest.mark.parametrize("other", [{"data": "text"}, {"json": 1}])
        def test_both(parity, other):
            with pytest.raises(TypeError, match="either a form"):
                parity.post("/echo", form={"a": "1"}, **other)
        """
    )

    result.assert_outcomes(passed=12)


def test_a_session_is_changed_on_both_sides(run: Run) -> None:
    """A transaction reaches the port too, with ``with`` and with ``async with``."""
    result = run(
        """
        def test_sync(parity):
            with parity.session_transaction() as session:
                session["name"] = "tom"
            assert parity.get("/name").text == "tom"

        async def test_async(parity):
            async with parity.session_transaction() as session:
                session["name"] = "tom"
            answer = await parity.get("/name")
            async with parity.session_transaction() as session:
                assert session.pop("name") == "tom"
            assert (answer.text, parity.get("/name").text) == ("tom", "nobody")

        async def test_broken_off(parity):
            with pytest.raises(KeyError, match="mine"):
                async with parity.session_transaction() as session:
                    session["name"] = "tom"
                    raise KeyError("mine")
            assert (await parity.get("/name")).text == "nobody"
        """
    )

    result.assert_outcomes(passed=3)


def test_a_session_that_the_port_does_not_open_is_told(run: Run) -> None:
    """A transaction that the port cannot do fails the test at its block, and says why."""
    result = run(
        """
        from parity_quart import create_app

        @pytest.fixture
        def parity_candidate():
            return lambda app, config: create_app({"SECRET_KEY": None})

        def test_it(parity):
            with parity.session_transaction() as session:
                session["name"] = "tom"
            raise AssertionError("never reached")
        """
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*the port's session is not changed: *SECRET_KEY*"])
    result.stdout.no_fnmatch_line("*AssertionError*")


def test_cookies_are_set_and_deleted_on_both_sides(run: Run) -> None:
    """The arguments of either framework's client put a cookie into both jars, and take it out."""
    result = run(
        """
        FLASKS = [(("a", "1"), {}), (("a",), {"value": "1"})]
        QUARTS = [(("localhost", "a", "1"), {}), (("localhost", "a"), {"value": "1"})]

        @pytest.mark.parametrize(("args", "kwargs"), FLASKS + QUARTS)
        @pytest.mark.parametrize("deleted", [("a",), ("localhost", "a")])
        def test_it(parity, args, kwargs, deleted):
            parity.set_cookie(*args, **kwargs)
            before = parity.get("/echo").json["cookies"]
            parity.delete_cookie(*deleted)
            after = parity.get("/echo").json["cookies"]
            assert (before, after) == ({"a": "1"}, {})

        def test_elsewhere(parity):
            parity.set_cookie("elsewhere.example", "a", "1")
            assert parity.get("/echo").json["cookies"] == {}
        """
    )

    result.assert_outcomes(passed=9)


def test_every_hop_of_a_redirect_is_compared(run: Run) -> None:
    """Redirects that are followed are followed on both sides; one that differs fails."""
    result = run(
        """
        async def test_same(parity):
            answer = await parity.get("/home", follow_redirects=True)
            assert (answer.text, len(answer.history)) == ("the same", 1)

        async def test_hop(parity):
            await parity.get("/to-side", follow_redirects=True)
        """
    )

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*in 1 of 2 requests", "*GET /hop", "*header.location*"])


def test_a_block_keeps_the_request(run: Run) -> None:
    """Within ``with parity`` and ``async with parity`` the last request's context is there."""
    result = run(
        """
        from flask import request, session

        def test_sync(parity):
            with parity:
                parity.get("/name?x=1")
                assert (request.args["x"], dict(session)) == ("1", {})
            assert not request

        async def test_async(parity):
            async with parity as client:
                assert client is parity
                await client.get("/name?x=1")
                assert request.args["x"] == "1"
            assert not request
        """
    )

    result.assert_outcomes(passed=2)


def test_streams_are_compared_to_their_end(run: Run) -> None:
    """A stream is read whole; one that the test reads itself is compared as far as it was read."""
    result = run(
        """
        def test_whole(parity):
            parity.get("/stream")
            raise AssertionError("never reached")

        def test_read_partly(parity):
            answer = parity.get("/stream", buffered=False)
            assert next(answer.iter_encoded()) == b"one"
            answer.close()

        def test_read_then_next(parity):
            assert parity.get("/stream", buffered=False).text == "oneflask"
            parity.get("/")
            raise AssertionError("never reached")

        def test_read_last(parity):
            assert parity.get("/stream", buffered=False).text == "oneflask"
        """
    )

    result.assert_outcomes(passed=1, failed=3)
    result.stdout.fnmatch_lines(
        [f"*test_streams_are*.py:{line}: *stream*" for line in (4, 13, 18)], consecutive=False
    )
    result.stdout.no_fnmatch_line("*AssertionError*")


def test_an_applications_own_client_class_is_kept(run: Run) -> None:
    """The client is of the application's own class too, so what that adds is sent to both."""
    result = run(
        """
        from flask.testing import FlaskClient
        from parity_flask import create_app

        class Client(FlaskClient):
            def __init__(self, *args, **kwargs):
                super().__init__(*args, **kwargs)
                self.first = self.get("/visits").text

            def open(self, *args, **kwargs):
                kwargs.setdefault("query_string", {"always": "1"})
                return super().open(*args, **kwargs)

            def twice(self):
                return self.get("/visits").text + self.get("/visits").text

        @pytest.fixture
        def parity_reference():
            app = create_app()
            app.test_client_class = Client
            return app

        async def test_it(parity):
            assert isinstance(parity, Client)
            assert (parity.first, parity.twice()) == ("1", "23")
            assert (await parity.get("/echo")).json["query"] == {"always": "1"}
        """
    )

    result.assert_outcomes(passed=1)
