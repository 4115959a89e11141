"""The `parity` fixture: a client for both sides, in sync and async tests."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import Client

from tests.pairs import Run, paired


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Runs the text of a module of tests beside a pair of applications."""
    return paired(pytester)


AGREEING = """
    {mark}
    {async_}def test_it(parity):
        answer = {await_}parity.get("/")
        again = {await_}parity.post("/echo", json={{"a": 1}})
        assert (answer.status_code, answer.text, answer.data) == (200, "the same", b"the same")
        assert again.json["json"] == {{"a": 1}}
        assert again.request.path == "/echo"
"""


@pytest.mark.parametrize(
    ("mode", "mark", "async_", "await_"),
    [
        ("strict", "", "", ""),
        ("auto", "", "async ", "await "),
        ("strict", "@pytest.mark.asyncio", "async ", "await "),
        ("auto", "", "async ", ""),
    ],
    ids=["sync", "async-auto", "async-strict", "async-not-awaited"],
)
def test_the_answer_is_flasks(run: Run, mode: str, mark: str, async_: str, await_: str) -> None:
    """Where both agree the test gets Flask's answer, awaited or not, of async views too."""
    result = run(AGREEING.format(mark=mark, async_=async_, await_=await_), mode=mode)

    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(("async_", "await_"), [("", ""), ("async ", "await ")])
def test_the_first_difference_fails_at_its_line(run: Run, async_: str, await_: str) -> None:
    """A test ends at the request that is answered otherwise, and the account names its line."""
    result = run(
        f"""
        {async_}def test_it(parity):
            {await_}parity.get("/")
            {await_}parity.get("/side")
            raise AssertionError("never reached")
        """
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*the port answers otherwise: 1 difference in 1 of 2 requests",
            f'*test_the_first_difference_fails_at_its_line.py:5: {await_}parity.get("/side")',
            "*GET /side",
            "*flask*",
            "*quart*",
        ]
    )
    result.stdout.no_fnmatch_line("*AssertionError*")


def test_a_difference_that_is_caught_fails_at_the_end(run: Run) -> None:
    """Whoever catches the failure, or raises it in another thread, has a test that fails."""
    result = run(
        """
        import contextlib
        from concurrent.futures import ThreadPoolExecutor

        def test_caught(parity):
            with contextlib.suppress(BaseException):
                parity.get("/side")

        def test_other(parity):
            with ThreadPoolExecutor() as pool:
                pool.submit(parity.get, "/side")

        def test_equal(parity):
            parity.get("/")
        """
    )

    result.assert_outcomes(failed=2, passed=1)


def test_several_requests_at_once_are_awaited(run: Run) -> None:
    """Answers can be gathered, as those of Quart's client."""
    result = run(
        """
        import asyncio

        async def test_it(parity):
            answers = await asyncio.gather(*(parity.get("/visits") for _ in range(3)))
            assert [answer.text for answer in answers] == ["1", "2", "3"]
            assert asyncio.current_task() is not None
        """
    )

    result.assert_outcomes(passed=1)


def test_an_exception_of_both_sides_reaches_the_test(run: Run) -> None:
    """With TESTING the test gets the exception; where the port has none, it fails by that."""
    result = run(
        """
        from parity_flask import create_app

        @pytest.fixture
        def parity_reference():
            return create_app({"TESTING": True})

        def test_both(parity):
            with pytest.raises(LookupError, match="as it must"):
                parity.get("/fail")

        def test_one(parity):
            with pytest.raises(LookupError, match="here alone"):
                parity.get("/fail/here")
            raise AssertionError("never reached")
        """
    )

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*the port answers otherwise*", "*GET /fail/here"])
    result.stdout.no_fnmatch_line("*AssertionError*")


def test_the_protocol_can_be_looked_at(run: Run) -> None:
    """After a request both sides of it are there as they went over the protocol."""
    result = run(
        """
        async def test_it(parity):
            assert parity.last is None
            await parity.get("/home", follow_redirects=True)
            assert [one.request.target for one in parity.last] == ["/", "/"]
            await parity.head("/echo?x=1")
            ours, theirs = parity.last
            assert ours.response.headers[0][0] == "Content-Type"
            assert theirs.response.headers[0][0] == "content-type"
            assert ours.response.body == theirs.response.body == b""
        """
    )

    result.assert_outcomes(passed=1)


def test_times_are_exact_while_the_clock_stands(run: Run) -> None:
    """Where both sides see the same moment, no time of another request excuses a difference."""
    result = run(
        """
        from quart_parity.clock import standing_clock

        def test_it(parity):
            with standing_clock() as clock:
                clock.shift(60)
                parity.get("/")
                clock.shift(-60)
                parity.get("/")
                parity.get("/time")
        """
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*GET /time", "*body"])


def test_a_fixture_may_send_requests(run: Run) -> None:
    """What a fixture sends is compared as well; a difference is an error of the set-up."""
    result = run(
        """
        @pytest.fixture
        def visited(parity):
            with parity.session_transaction() as session:
                session["name"] = "tom"
            return parity

        @pytest.fixture
        async def differing(parity):
            await parity.get("/side")

        async def test_same(visited):
            assert (await visited.get("/name")).text == "tom"

        async def test_different(differing):
            raise AssertionError("never reached")
        """
    )

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*:11: await parity.get*", "*GET /side"])


def test_the_run_leaves_werkzeug_as_it_was(run: Run) -> None:
    """The test client is heard only as long as the run lasts."""
    before = vars(Client).copy(), vars(FlaskClient).copy()
    result = run("def test_it(parity):\n    parity.get('/')\n")

    result.assert_outcomes(passed=1)
    assert (vars(Client).copy(), vars(FlaskClient).copy()) == before


def test_an_accepted_difference_goes_on(run: Run) -> None:
    """The marker's entries and those of the settings let a test go on behind a difference."""
    result = run(
        """
        @pytest.mark.parity(accept={"body": "known", "header.content-length": "follows"})
        def test_accepted(parity):
            assert parity.get("/side").text == "flask"
            assert parity.get("/").text == "the same"

        @pytest.mark.parity(accept={"header.*": "of no help"})
        def test_other(parity):
            parity.get("/side")
        """
    )

    result.assert_outcomes(passed=1, failed=1)


def test_nothing_is_counted_twice(run: Run) -> None:
    """Where the suite is mirrored as well, a request of the fixture is one exchange."""
    tests = """
        from parity_flask import create_app

        def test_it(parity):
            parity.get("/")
            parity.get("/visits")
            create_app().test_client().get("/")

        def test_different(parity):
            parity.get("/side")
    """
    result = run(tests, "--parity=check")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["4 exchanges of 2 tests mirrored, 1 difference*"])
    assert result.stdout.str().count("the port answers otherwise") == 1


def test_only_its_own_requests_are_compared_where_nothing_is_mirrored(run: Run) -> None:
    """Other clients are left alone: without the mirror, and in a test that is marked off."""
    tests = """
        from parity_flask import create_app

        {mark}
        def test_it(parity):
            create_app().test_client().get("/side")
            assert parity.get("/").text == "the same"
    """
    alone = run(tests.format(mark=""))
    marked = run(tests.format(mark="@pytest.mark.parity('off')"), "--parity=check")

    alone.assert_outcomes(passed=1)
    marked.assert_outcomes(passed=1)


def test_a_test_case_has_the_fixture(run: Run) -> None:
    """A `unittest.TestCase` takes the client from a fixture, and fails at the first difference."""
    result = run(
        """
        from unittest import IsolatedAsyncioTestCase, TestCase

        class Has:
            @pytest.fixture(autouse=True)
            def _parity(self, parity):
                self.parity = parity

        class TestSync(Has, TestCase):
            def test_same(self):
                assert self.parity.get("/").text == "the same"

            def test_different(self):
                self.parity.get("/side")

        class TestAsync(Has, IsolatedAsyncioTestCase):
            async def test_same(self):
                assert (await self.parity.get("/")).text == "the same"
        """
    )

    result.assert_outcomes(passed=2, failed=1)
    assert result.stdout.str().count("the port answers otherwise") == 1
