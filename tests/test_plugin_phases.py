"""Differences of a test's setup, call and teardown, and those of a test that fails by itself."""

import pytest

from tests.plugged import CANDIDATE, NAME, Suite


@pytest.fixture
def suite(pytester: pytest.Pytester) -> Suite:
    return Suite(pytester)


def test_a_test_that_fails_by_itself_tells_its_differences(suite: Suite) -> None:
    """Its own failure comes first, and its differences stand in a section of the report."""
    suite.tests("def test_it(client): assert client.get('/name').text == 'other'")
    result = suite.run(CANDIDATE)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["E *AssertionError: *", "-* parity -*", NAME, "*FAILED *::test_it - AssertionError: *"]
    )
    assert "failed by a difference alone" not in result.stdout.str()


def test_a_setup_that_fails_by_itself_tells_its_differences(suite: Suite) -> None:
    """In the report of the setup, and not once more in the teardown's."""
    suite.also(
        """
        @pytest.fixture
        def failing(client):
            client.get("/name")
            raise LookupError("own")
        """
    )
    suite.tests("def test_it(failing): pass")
    result = suite.run(CANDIDATE)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["E *LookupError: own", "-* parity -*", NAME])


def test_a_teardown_that_fails_by_itself_tells_its_differences(suite: Suite) -> None:
    """What it has sent is judged, though it fails anyway."""
    suite.also(
        """
        @pytest.fixture
        def failing(client):
            yield
            client.get("/name")
            raise LookupError("own")
        """
    )
    suite.tests("def test_it(failing): pass")
    result = suite.run(CANDIDATE)

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["E *LookupError: own", "-* parity -*", NAME])


@pytest.mark.parametrize("scope", ["function", "module", "session"])
def test_requests_of_a_setup_are_the_tests(suite: Suite, scope: str) -> None:
    """A difference in a fixture fails the first test that has it, with the fixture's line."""
    suite.also(
        f"""
        @pytest.fixture(scope={scope!r})
        def asking():
            create_app().test_client().get("/name")
        """
    )
    suite.tests("def test_one(asking): pass\ndef test_two(): pass")
    result = suite.run(CANDIDATE)

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["_* test_one _*", NAME, "conftest.py:*: create_app()*"])


@pytest.mark.parametrize("scope", ["function", "module", "session"])
def test_requests_of_a_teardown_fail_it(suite: Suite, scope: str) -> None:
    """A difference in a teardown is an error of it; the test itself has passed. Even if nothing
    was sent before, the port can be asked."""
    suite.also(
        f"""
        @pytest.fixture(scope={scope!r})
        def leaving():
            yield
            create_app().test_client().get("/name")
        """
    )
    suite.tests("def test_it(leaving): pass")
    result = suite.run(CANDIDATE)

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["_* ERROR at teardown of test_it _*", NAME])
    result.stdout.fnmatch_lines(["1 test failed by a difference alone"])
