"""Tests of every kind that pytest knows, mirrored."""

import pytest

from tests.plugged import CANDIDATE, NAME, Suite


@pytest.fixture
def suite(pytester: pytest.Pytester) -> Suite:
    return Suite(pytester)


def test_marks_of_pytest_are_heeded(suite: Suite) -> None:
    """A test that is expected to fail may do so by a difference; one that is skipped on its way
    stays so; and one that passes although it was expected to fail, fails if that is strict."""
    suite.tests(
        """
        import pytest

        @pytest.mark.xfail
        def test_expected(client): client.get("/name")

        @pytest.mark.xfail
        def test_expected_own(client): assert not client.get("/name")

        @pytest.mark.xfail
        def test_strict(client): client.get("/")

        @pytest.mark.xfail(strict=False)
        def test_lax(client): client.get("/")

        @pytest.mark.xfail(raises=LookupError)
        def test_other_reason(client): client.get("/name")

        @pytest.mark.skip
        def test_skipped(client): client.get("/name")

        def test_skips_itself(client):
            client.get("/name")
            pytest.skip("enough")
        """
    )
    result = suite.run(CANDIDATE, "-rA")

    result.assert_outcomes(xfailed=2, xpassed=1, failed=2, skipped=2)
    result.stdout.fnmatch_lines(["FAILED *::test_strict - *XPASS(strict)*"])
    result.stdout.fnmatch_lines([f"FAILED *::test_other_reason - Failed: {NAME}"])
    result.stdout.fnmatch_lines(["1 test failed by a difference alone"])
    result.stdout.fnmatch_lines(["3 tests differ without failing: skipped, or expected to fail"])


def test_an_exception_that_a_test_expects_is_compared(suite: Suite) -> None:
    """A request within `pytest.raises` reaches the port, which has to raise the same."""
    suite.tests(
        """
        import pytest
        from shop_flask import create_app

        def test_it():
            client = create_app({"PROPAGATE_EXCEPTIONS": True}).test_client()
            with pytest.raises(ValueError, match="boom"):
                client.get("/boom")
        """
    )
    equal = suite.run("--parity-candidate=shop_flask:create_app()")
    source = (suite.pytester.path / "shop_quart.py").read_text()
    suite.pytester.makepyfile(shop_quart=source.replace('ValueError("boom")', 'KeyError("boom")'))
    other = suite.run(CANDIDATE)

    equal.assert_outcomes(passed=1)
    other.assert_outcomes(failed=1)
    other.stdout.fnmatch_lines(["*raised*"])


def test_async_tests_are_mirrored(suite: Suite) -> None:
    """A coroutine that uses Flask's client fails as any test does, after its loop's own work."""
    suite.tests(
        """
        import asyncio

        async def test_it(client):
            await asyncio.sleep(0)
            client.get("/name")

        async def test_same(client):
            client.get("/")
        """
    )
    result = suite.run(CANDIDATE)

    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines([NAME, "test_shop.py:5: client.get*"])


def test_subtests_have_their_own_outcomes(suite: Suite) -> None:
    """A difference within a subtest fails the test as a whole; a failure of a subtest is no
    difference's."""
    suite.tests(
        """
        def test_it(client, subtests):
            with subtests.test("own"):
                assert False
            with subtests.test("asks"):
                client.get("/name")

        def test_only_differs(client, subtests):
            with subtests.test("asks"):
                client.get("/name")
        """
    )
    result = suite.run(CANDIDATE)

    result.stdout.fnmatch_lines(["SUBFAIL* test_shop.py::test_it*"])
    result.stdout.fnmatch_lines([f"FAILED *::test_it - Failed: {NAME}"])
    result.stdout.fnmatch_lines([f"FAILED *::test_only_differs - Failed: {NAME}"])
    result.stdout.fnmatch_lines(["1 test failed by a difference alone"])


def test_test_cases_keep_their_own_failures(suite: Suite) -> None:
    """A `unittest.TestCase` fails by a difference only if it passes by itself."""
    suite.tests(
        """
        import unittest
        from shop_flask import create_app

        class TestShop(unittest.TestCase):
            def setUp(self):
                self.client = create_app().test_client()
                self.client.get("/name")

            def test_differs(self): pass
            def test_own(self): self.fail("own")
            def test_skips(self): self.skipTest("enough")

            @unittest.expectedFailure
            def test_expected(self): self.fail("own")
        """
    )
    result = suite.run(CANDIDATE, "-rA")

    result.assert_outcomes(failed=2, skipped=1, xfailed=1)
    result.stdout.fnmatch_lines([f"FAILED *::test_differs - Failed: {NAME}"])
    result.stdout.fnmatch_lines(["E *AssertionError: own", "-* parity -*", NAME])
    result.stdout.fnmatch_lines(["FAILED *::test_own - AssertionError: own"])
    result.stdout.fnmatch_lines(["1 test failed by a difference alone"])


def test_a_doctest_is_mirrored(suite: Suite) -> None:
    """What is no test function has no fixtures to ask, and needs none."""
    suite.pytester.makepyfile(
        told='''
        def told():
            """
            >>> from shop_flask import create_app
            >>> create_app().test_client().get("/name").text
            'flask'
            """
        '''
    )
    result = suite.run(CANDIDATE, "--doctest-modules", "told.py")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([NAME])
