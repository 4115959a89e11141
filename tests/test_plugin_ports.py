"""What may stand for the port, and calls and settings that name none."""

import pytest

from tests.plugged import CANDIDATE, KEY, PARITY, TWO_TESTS, Suite


@pytest.fixture
def suite(pytester: pytest.Pytester) -> Suite:
    return Suite(pytester)


@pytest.mark.example
def test_a_port_that_hangs_is_not_asked_again(suite: Suite) -> None:
    """Once its event loop is blocked, the tests after it fail at once, and say why."""
    suite.settings("timeout = 0.2")
    suite.tests(TWO_TESTS.format("/block"))
    result = suite.start(CANDIDATE)

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            "_* test_after _*",
            "parity: the port hangs: *",
            "1 exchange of 2 tests mirrored, 2 differences",
            "the port could not be asked in 1 test",
        ]
    )
    assert not result.stderr.lines


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--parity-candidate=gone:app"], "target 'gone:app': there is no module 'gone'"),
        (["--parity-candidate=shop_quart:x()"], "*'shop_quart' has no 'x()'"),
        (["--parity-candidate=broken:app"], "*cannot be imported: KeyError: 'HOME' at broken.py:1"),
        (["--parity-candidate=other:number"], "*'other:number' is neither a WSGI nor an ASGI*"),
        (["--parity-candidate="], "*target '' is misspelled: write module, *"),
        (["--parity-candidate=http://127.0.0.1:1"], "*servers are compared by quart-parity check"),
        (["--parity=check"], "parity needs a candidate: give --parity-candidate=*"),
        (["--parity=yes"], "*invalid choice: 'yes'*"),
        ([CANDIDATE, "--parity-state=keep"], "*invalid choice: 'keep'*"),
        ([CANDIDATE, "--parity-accept=body"], "--parity-accept 'body': write PATTERN=REASON"),
        ([CANDIDATE, "--parity-accept=body= "], "--parity-accept: accept 'body' needs a reason"),
        ([CANDIDATE, "--parity-accept=bo[dy=x"], "--parity-accept: 'bo[[]dy' is no path*"),
        (["--parity-accept=body=x"], "--parity-accept and --parity-state go with *"),
        (["--parity-state=share"], "--parity-accept and --parity-state go with *"),
    ],
)
def test_a_wrong_call_is_told(suite: Suite, args: list[str], message: str) -> None:
    """No test runs, the status is 4, and one line says what is wrong."""
    suite.pytester.makepyfile(broken="raise KeyError('HOME')", other="number = 5")
    suite.asks("/")
    result = suite.run(*args)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {message}"] if "choice" not in message else [message])
    result.stdout.no_fnmatch_line("*test_shop.py*")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("candidat = 'shop_quart'", "*pyproject.toml: ?tool.quart-parity?: *`candidat`*"),
        ("candidate = 5", "*pyproject.toml: ?tool.quart-parity?: Expected `str*"),
        ("candidate = ''", "*pyproject.toml: ?tool.quart-parity?: candidate is empty*"),
        ("candidate = 'gone'", "ERROR: target 'gone': there is no module 'gone'"),
        ("accept.body = ''", "*pyproject.toml: ?tool.quart-parity?: accept 'body' needs a reason*"),
    ],
)
def test_wrong_settings_are_told(suite: Suite, settings: str, message: str) -> None:
    """They concern a suite only that asks for the mirror."""
    suite.settings(settings)
    suite.asks("/")
    asking, silent = suite.run("--parity=check"), suite.run()

    assert asking.ret == pytest.ExitCode.USAGE_ERROR
    asking.stderr.fnmatch_lines([message])
    silent.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def create_app(): raise OSError('no disk')", "*: OSError: no disk at late.py:1"),
        ("def create_app(): return lambda environ, start: []", "*given config*no app.config"),
    ],
)
def test_a_port_that_cannot_be_made_fails_each_test(
    suite: Suite, source: str, message: str
) -> None:
    """A factory is called for an application only; what it raises is told once, without any
    difference that follows from it."""
    suite.pytester.makepyfile(late=source)
    suite.asks("/", "/name")
    result = suite.run("--parity-candidate=late:create_app()")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "_* test_it _*",
            f"parity: the port could not be made: {message}",
            PARITY,
            "0 exchanges of 1 test mirrored, 0 differences",
            "1 test failed by a difference alone",
            "the port could not be asked in 1 test",
        ]
    )
    result.stdout.no_fnmatch_line("*candidate  *")


def test_a_port_that_cannot_be_made_keeps_the_key(suite: Suite) -> None:
    """An error's text that holds the application's key is shown without it."""
    suite.pytester.makepyfile(late=f"def create_app(): raise ValueError('{KEY}, say')")
    suite.asks("/")
    result = suite.run("--parity-candidate=late:create_app()")

    result.stdout.fnmatch_lines(["*ValueError: <application key>, say*"])
    result.stdout.no_fnmatch_line(f"*{KEY}*")


def test_flask_may_be_compared_with_itself(suite: Suite) -> None:
    """The original in the port's place has no difference, so the suite can be mirrored."""
    suite.asks("/", "/name", "/created", "/login", "/boom", "/nothing")
    result = suite.run("--parity-candidate=shop_flask:create_app()")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["6 exchanges of 1 test mirrored, 0 differences"])


def test_a_bare_wsgi_application_is_asked(suite: Suite) -> None:
    """What has no config at all is compared as it is."""
    suite.pytester.makepyfile(
        bare="""
        def app(environ, start):
            start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "4")])
            return [b"same"]
        """
    )
    suite.asks("/")
    result = suite.run("--parity-candidate=bare:app")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["parity: GET /: header.content-type"])


def test_a_fixture_is_enough(suite: Suite) -> None:
    """Where the suite says itself what stands for the port, no option and no setting must."""
    suite.also(
        """
        @pytest.fixture
        def parity_candidate():
            return "shop_quart:create_app()"
        """
    )
    suite.asks("/name")
    result = suite.run("--parity=check")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["1 exchange of 1 test mirrored, 1 difference"])
