"""Each option and setting of the pytest plugin, through a real run."""

import pytest

from tests.plugged import CANDIDATE, KEY, PARITY, TWO_TESTS, Suite


@pytest.fixture
def suite(pytester: pytest.Pytester) -> Suite:
    return Suite(pytester)


@pytest.mark.parametrize("args", [(), ("--parity=off",), ("--parity=off", CANDIDATE)])
def test_a_suite_that_does_not_ask_is_not_mirrored(suite: Suite, args: tuple[str, ...]) -> None:
    """Without an option, or with ``off`` whatever else is given, the port is not even looked for,
    and the end of the run says nothing."""
    suite.settings()
    suite.pytester.makepyfile(shop_quart="raise RuntimeError('was imported')")
    suite.asks("/name")
    result = suite.run(*args)

    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line(PARITY)


@pytest.mark.parametrize("args", [("--parity=check",), (CANDIDATE,), (CANDIDATE, "--parity=check")])
def test_a_suite_that_asks_is_mirrored(suite: Suite, args: tuple[str, ...]) -> None:
    """A candidate on the command line, or ``check`` with one in the settings, is enough."""
    suite.settings()
    suite.asks("/", "/name")
    result = suite.run(*args)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([PARITY, "2 exchanges of 1 test mirrored, 1 difference"])


def test_the_option_goes_before_the_setting(suite: Suite) -> None:
    """A port that is named on the command line is taken, and the setting's not imported."""
    suite.settings("candidate = 'gone:app'")
    suite.asks("/")
    result = suite.run(CANDIDATE)

    result.assert_outcomes(passed=1)


def test_options_and_settings_start_from_their_own_folders(suite: Suite) -> None:
    """A target of the command line is looked for where one stands, one of the settings beside the
    ``pyproject.toml``, wherever one stands."""
    suite.settings()
    suite.asks("/name")
    below = suite.pytester.mkdir("below")
    (below / "other_quart.py").write_text("from shop_quart import create_app")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(below)
        of_settings = suite.run("--parity=check", "..")
        of_option = suite.run("--parity-candidate=other_quart:create_app()", "..")

    of_settings.assert_outcomes(failed=1)
    of_option.assert_outcomes(failed=1)


def test_a_reference_is_for_the_fixture(suite: Suite) -> None:
    """The `parity` fixture asks the original that the option names, without any mirror."""
    suite.settings("candidate = 'shop_quart:create_app()'\nreference = 'gone:app'")
    suite.tests("def test_it(parity):\n    assert parity.get('/').text == 'same'")
    good = suite.run("--parity-reference=shop_flask:create_app()")
    bad = suite.run()

    good.assert_outcomes(passed=1)
    good.stdout.no_fnmatch_line(PARITY)
    bad.assert_outcomes(errors=1)
    bad.stdout.fnmatch_lines(["target 'gone:app': there is no module 'gone'"])


def test_several_differences_are_accepted(suite: Suite) -> None:
    """Each has an option of its own, adds to the settings', and is counted."""
    suite.settings("candidate = 'shop_quart:create_app()'\naccept.body = 'its name'")
    suite.asks("/name", "/login")
    result = suite.run(
        "--parity=check", "--parity-accept=session.token=a=b", "--parity-accept=header.x=gone"
    )

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        [
            "2 exchanges of 1 test mirrored, 0 differences (2 accepted)",
            "note: accept 'header.x' covered nothing in this run",
        ]
    )
    result.stdout.no_fnmatch_line("note: accept 'body'*")


def test_state_is_copied_or_shared(suite: Suite) -> None:
    """A file that the config names is the port's own, unless it is to be shared."""
    suite.settings()
    suite.asks("/count")
    copied = suite.run("--parity=check", "--parity-state=copy")
    by_default = suite.run("--parity=check")
    shared = suite.run("--parity=check", "--parity-state=share")

    copied.assert_outcomes(passed=1)
    by_default.assert_outcomes(passed=1)
    shared.assert_outcomes(failed=1)
    shared.stdout.fnmatch_lines(["*body*", "*reference  ?1*", "*candidate  ?2*"])


def test_correspond_is_a_setting(suite: Suite) -> None:
    """Values that each side makes up are no difference, unless they are to be equal."""
    suite.asks("/ticket")
    with_it = suite.run(CANDIDATE)
    suite.settings("correspond = false")
    without = suite.run(CANDIDATE)

    with_it.assert_outcomes(passed=1)
    without.assert_outcomes(failed=1)
    without.stdout.fnmatch_lines(["parity: GET /ticket: body.ticket"])


def test_causes_is_a_setting(suite: Suite) -> None:
    """The causes of a difference and their mends are told, unless they are not to be looked for."""
    suite.asks("/created")
    with_it = suite.run(CANDIDATE)
    suite.settings("causes = false")
    without = suite.run(CANDIDATE)

    with_it.stdout.fnmatch_lines(["*cause  QP001: *", "*mend   *quart-parity explain QP001"])
    without.assert_outcomes(failed=1)
    without.stdout.no_fnmatch_line("*cause *")


def test_timeout_is_a_setting(suite: Suite) -> None:
    """A port that does not answer within so many seconds fails the test, and is asked again."""
    suite.settings("timeout = 0.2")
    suite.tests(TWO_TESTS.format("/hang"))
    result = suite.run(CANDIDATE)

    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["parity: GET /hang: broken and 1 other", '*candidate * 0.2 s*"'])


def test_show_secrets_is_a_setting(suite: Suite) -> None:
    """What has a secret's name is masked unless asked for, and an application's key always."""
    suite.asks("/login", "/key")
    masked = suite.run(CANDIDATE)
    suite.settings("show-secrets = true")
    shown = suite.run(CANDIDATE)

    masked.stdout.fnmatch_lines(["*session.token", "*<masked 1>*", "*<application key>*"])
    masked.stdout.no_fnmatch_line("*-one*")
    shown.stdout.fnmatch_lines(["*flask-one*", "*quart-one*", "*<application key>*"])
    masked.stdout.no_fnmatch_line(f"*{KEY}*")
    shown.stdout.no_fnmatch_line(f"*{KEY}*")


def test_names_to_mask_and_to_show_are_settings(suite: Suite) -> None:
    """What is to be shown is, whatever it is called, and what is to be masked comes before it."""
    suite.asks("/login")
    suite.settings("unmask = ['token']")
    shown = suite.run(CANDIDATE)
    suite.settings("unmask = ['token']\nmask = ['tok*']")
    masked = suite.run(CANDIDATE)

    shown.stdout.fnmatch_lines(["*session.token", "*flask-one*", "*quart-one*"])
    masked.stdout.fnmatch_lines(["*session.token", "*<masked 1>*", "*<masked 2>*"])
    masked.stdout.no_fnmatch_line("*-one*")
