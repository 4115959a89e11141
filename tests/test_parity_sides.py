"""Which two sides the `parity` client asks: settings, options and fixtures."""

import pytest

from tests.pairs import Run, paired

SCOPES = ["function", "class", "module", "package", "session"]


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Runs the text of a module of tests beside a pair of applications."""
    return paired(pytester)


def test_tests_share_nothing(run: Run) -> None:
    """Each test has a new application on both sides, and an empty jar."""
    result = run(
        """
        @pytest.mark.parametrize("again", range(2))
        def test_it(parity, again):
            assert parity.get("/visits").text == "1"
            assert parity.get("/echo").json["cookies"] == {}
            parity.set_cookie("a", "1")
        """
    )

    result.assert_outcomes(passed=2)


@pytest.mark.parametrize("scope", SCOPES)
def test_an_overridden_reference_lives_as_long_as_its_fixture(run: Run, scope: str) -> None:
    """The port lives as long as the application that a fixture of any scope returns."""
    result = run(
        f"""
        from parity_flask import create_app

        @pytest.fixture(scope={scope!r})
        def parity_reference():
            return create_app()

        class TestIt:
            @pytest.mark.parametrize("again", (1, 2))
            def test_it(self, parity, again):
                expected = 1 if {scope!r} == "function" else again
                assert parity.get("/visits").text == str(expected)
                assert parity.get("/echo").json["cookies"] == {{}}
                parity.set_cookie("a", "1")
        """
    )

    result.assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("scope", "port"),
    [
        *((scope, "'parity_flask'") for scope in SCOPES),
        ("function", "create_app()"),
        ("session", "lambda app: create_app()"),
        ("function", "lambda app, config: create_app(config)"),
    ],
    ids=[*SCOPES, "application", "function-of-app", "function-with-config"],
)
def test_an_overridden_candidate_is_asked(run: Run, scope: str, port: str) -> None:
    """Whatever a fixture of any scope returns for the port is what the reference is compared to."""
    result = run(
        f"""
        from parity_flask import create_app

        @pytest.fixture(scope={scope!r})
        def parity_candidate():
            return {port}

        def test_it(parity):
            assert parity.get("/side").text == "flask"
        """
    )

    result.assert_outcomes(passed=1)


def test_the_candidate_can_be_a_parameter(run: Run) -> None:
    """A fixture with parameters has each of its ports compared, also beside one application."""
    result = run(
        """
        from parity_flask import create_app

        @pytest.fixture(params=["parity_flask", "parity_quart"])
        def parity_candidate(request):
            return request.param

        def test_it(parity):
            parity.get("/side")

        class TestOneApplication:
            @pytest.fixture(scope="class")
            @classmethod
            def parity_reference(cls):
                return create_app()

            def test_it(self, parity):
                parity.get("/side")
        """,
        "-rA",
    )

    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(["PASSED *::test_it?parity_flask?"])
    result.stdout.fnmatch_lines(["PASSED *::TestOneApplication::test_it?parity_flask?"])


def test_fixtures_of_a_loop_are_awaited(run: Run) -> None:
    """Both sides can come from async fixtures."""
    result = run(
        """
        import parity_flask, parity_quart

        @pytest.fixture
        async def parity_reference():
            return parity_flask.create_app()

        @pytest.fixture
        async def parity_candidate():
            return parity_quart.create_app

        @pytest.fixture
        async def parity_candidate():
            return lambda app: parity_quart.create_app()

        async def test_it(parity):
            assert (await parity.get("/")).text == "the same"
        """
    )

    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("options", "outcomes"),
    [
        (["--parity-reference=parity_quart:create_app()"], {"errors": 1}),
        (["--parity=off", "--parity-candidate=parity_flask"], {"passed": 1}),
        (["--parity-candidate=parity_flask"], {"passed": 1}),
        (["--parity=check"], {"failed": 1}),
        (["--parity=off", "--parity-accept=body=known"], {"passed": 1}),
    ],
    ids=["reference", "off-with-candidate", "candidate", "check", "accept"],
)
def test_options_come_before_settings(
    run: Run, options: list[str], outcomes: dict[str, int]
) -> None:
    """The fixture takes its sides from the options, and follows them whether or not all mirrors."""
    result = run('def test_it(parity):\n    parity.get("/side")\n', *options)

    result.assert_outcomes(**outcomes)


@pytest.mark.parametrize(
    ("fixture", "text"),
    [
        ("parity_reference", "*parity needs a reference: give --parity-reference=*"),
        ("parity_candidate", "*parity needs a candidate: give --parity-candidate=*"),
    ],
)
def test_a_missing_setting_is_told(
    run: Run, pytester: pytest.Pytester, fixture: str, text: str
) -> None:
    """Without a side the test is an error of one sentence that says what to give."""
    other = {"parity_reference", "parity_candidate"} - {fixture}
    pytester.makepyprojecttoml(
        "[tool.quart-parity]\n" + "".join(f"{name[7:]} = 'parity_flask'\n" for name in other)
    )
    result = run("def test_it(parity):\n    parity.get('/')\n")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([text])
    result.stdout.no_fnmatch_line("*UsageError*")


@pytest.mark.parametrize(
    ("side", "value", "text"),
    [
        ("reference", "None", "parity_reference is None, and no Flask application"),
        ("candidate", "None", "parity_candidate returned None*"),
        ("candidate", "'parity_nowhere'", "*parity_nowhere*"),
        ("candidate", "'parity_flask:nothing'", "*nothing*"),
    ],
)
def test_what_is_no_application_is_told(run: Run, side: str, value: str, text: str) -> None:
    """A fixture that returns nothing of use fails the test by one sentence."""
    result = run(
        f"""
        @pytest.fixture
        def parity_{side}():
            return {value}

        def test_it(parity):
            parity.get("/")
        """
    )

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([text])
    result.stdout.no_fnmatch_line("*def open(*")
