"""Which port stands beside an application: of the option, the settings, or a fixture."""

import os
from pathlib import Path

import pytest

from tests.ported import Suite

VIEWS = """
app.config.setdefault("GREETING", "hello")

@app.get("/greeting")
def greeting():
    return app.config["GREETING"] + str(app.config["TESTING"])
"""
TESTS = """
from original import create_app

def test_greeting():
    app = create_app({"TESTING": True, "GREETING": "good day"})
    assert app.test_client().get("/greeting").text == "good dayTrue"
"""
WITHOUT = "import pytest\nimport port\nfrom quart import Quart\n\n"
FIXTURE = "@pytest.fixture\ndef parity_candidate():\n    return {}\n"
OTHERWISE = 'lambda app, config: port.create_app(config | {"GREETING": "otherwise"})'


@pytest.mark.parametrize(
    "returned",
    [
        '"port:create_app()"',
        '"port.py"',
        '"asgi+port:create_app()"',
        "port.create_app()",
        "port.create_app",
        "lambda: port.create_app()",
        "lambda app: port.create_app()",
        "lambda app, config: port.create_app(config)",
        "lambda app, config=None: port.create_app(dict(app.config))",
    ],
)
def test_what_the_fixture_may_return(returned: str, pytester: pytest.Pytester) -> None:
    """A target, an application, or a function of nothing, of the Flask application, of that and
    the config, or of a config: each is given the reference's config."""
    conftest = WITHOUT + FIXTURE.format(returned)
    suite = Suite(pytester, VIEWS, TESTS, conftest)

    suite.is_equal()
    suite.finds('app.config["GREETING"] +', '"otherwise" +', "body", "otherwise")


@pytest.mark.parametrize("returned", ["None", "7", "Quart", "lambda a, b, c, d: None", "[]"])
def test_what_the_fixture_may_not_return(returned: str, pytester: pytest.Pytester) -> None:
    """Anything else fails the test with what was returned and what is needed."""
    told = "a target, an application, or a function that makes one for a Flask application is"
    suite = Suite(pytester, VIEWS, TESTS, WITHOUT + FIXTURE.format(returned))

    suite.finds("", "", "parity_candidate returned ", told)


@pytest.mark.parametrize(
    ("returned", "told"),
    [
        ('"nowhere:app"', "there is no module 'nowhere'"),
        ('"port:missing"', "missing"),
        ("lambda app: 1 / 0", "ZeroDivisionError: division by zero at conftest.py"),
        ("lambda app: None", "the port could not be made: target"),
    ],
)
def test_a_port_that_cannot_be_made_is_told(
    returned: str, told: str, pytester: pytest.Pytester
) -> None:
    """A target that is not there, and a function that fails, are in what the test says."""
    Suite(pytester, VIEWS, TESTS, WITHOUT + FIXTURE.format(returned)).finds("", "", told)


def test_the_nearest_fixture_counts(pytester: pytest.Pytester) -> None:
    """The fixture can be overridden for a folder, a file, and a class; where it is not, the option
    counts."""
    tests = f"""
import port
import pytest
from original import create_app

def ask():
    create_app({{"TESTING": True}}).test_client().get("/greeting")

def test_by_option():
    ask()

class TestOtherwise:
    @pytest.fixture
    def parity_candidate(self):
        return {OTHERWISE}

    def test_by_class(self):
        ask()
"""
    suite = Suite(pytester, VIEWS, tests, "")
    (pytester.path / "test_file.py").write_text(
        WITHOUT + tests.partition("class")[0] + FIXTURE.format(OTHERWISE)
    )
    text = suite.finds("", "", "TestOtherwise.test_by_class", passed=1, failed=2)

    assert "FAILED test_file.py::test_by_option" in text
    assert "FAILED test_it.py::test_by_option" not in text


def test_a_fixture_may_live_as_long_as_the_module(pytester: pytest.Pytester) -> None:
    """A fixture of a wider scope gives several tests one application to stand for the port."""
    wide = FIXTURE.replace("@pytest.fixture", '@pytest.fixture(scope="module")')
    conftest = WITHOUT + wide.format("port.create_app()")
    tests = TESTS + TESTS.partition("\n\n")[2].replace("test_greeting", "test_again")

    Suite(pytester, VIEWS, tests, conftest).is_equal(2)


def test_the_config_of_one_test_is_not_the_next_ones(pytester: pytest.Pytester) -> None:
    """An application that its module makes once has, in each test, its own config and what that
    test's reference has; also where two references take turns."""
    views = VIEWS + '\n@app.get("/end")\ndef end():\n    return app.config.get("END", "none")\n'
    tests = """
    from original import create_app

    def test_first():
        app = create_app({"TESTING": True, "END": "!", "GREETING": "good day"})
        assert app.test_client().get("/end").text == "!"

    def test_second():
        one, other = create_app({"TESTING": True}), create_app({"GREETING": "good night"})
        ours, theirs = one.test_client(), other.test_client()
        for turn in range(2):
            assert ours.get("/greeting").text == "helloTrue"
            assert theirs.get("/greeting").text == "good nightFalse"
            assert ours.get("/end").text == "none"
        other.config["GREETING"] = "good morning"
        assert theirs.get("/greeting").text == "good morningFalse"
        assert ours.get("/greeting").text == "helloTrue"
    """
    single = "from port import create_app\n\napp = create_app()\n"
    (pytester.path / "single.py").write_text(single)

    Suite(pytester, views, tests, "", candidate="single:app").is_equal(2)


def test_one_application_is_started_once(pytester: pytest.Pytester) -> None:
    """An application that stands for the ports of several tests is served once, by one loop."""
    (pytester.path / "single.py").write_text(
        "from port import create_app\n\napp = create_app()\nstarts = []\n"
        "\n@app.before_serving\nasync def begin():\n    starts.append(1)\n"
    )
    tests = TESTS + TESTS.partition("\n\n")[2].replace("test_greeting", "test_again")
    tests += "\ndef test_starts():\n    import single\n    assert single.starts == [1]\n"

    Suite(pytester, VIEWS, tests, "", candidate="single:app").is_equal(3)


APP = """
from FRAMEWORK import FRAMEWORK_CLASS

import names

def create_app(config=None):
    app = FRAMEWORK_CLASS(__name__)
    app.config.update(config or {})

    @app.get("/")
    def index():
        import later
        return f"{names.NAME}, {later.NAME}"

    return app
"""
SAME_NAMES = """
from app import create_app

def test_index():
    import names
    client = create_app({"TESTING": True}).test_client()
    assert client.get("/").text == "a name, a name"
    import later
    assert client.get("/").text == "a name, a name"
    assert "ported" not in names.__file__ + later.__file__
"""


@pytest.mark.parametrize("name", ["a name", "another name"])
@pytest.mark.parametrize("lazily", ["names", "later"])
@pytest.mark.parametrize("first", ["", "import app, names"])
def test_two_folders_with_modules_of_the_same_names(
    name: str, lazily: str, first: str, pytester: pytest.Pytester
) -> None:
    """Each side imports what lies beside it, at once or while it answers, whoever comes first."""
    ported = pytester.mkdir("ported")
    for folder, framework, own in ((pytester.path, "Flask", "a name"), (ported, "Quart", name)):
        source = APP.replace("FRAMEWORK_CLASS", framework).replace("FRAMEWORK", framework.lower())
        (folder / "app.py").write_text(source)
        for module in ("names", "later"):
            (folder / f"{module}.py").write_text(
                f"NAME = {own if module == lazily else 'a name'!r}"
            )
    pytester.makepyfile(test_it=SAME_NAMES, conftest=first)
    options = [
        "-p",
        "quart_parity.pytest_plugin",
        "-o",
        "asyncio_default_fixture_loop_scope=function",
    ]
    options += ["-p", "no:randomly"]
    result = pytester.runpytest_inprocess(*options, "--parity-candidate=ported/app.py:create_app()")

    result.assert_outcomes(passed=int(name == "a name"), failed=int(name != "a name"))
    if name != "a name":
        result.stdout.fnmatch_lines(["*another name*"])


@pytest.mark.parametrize("first", ["", "import app, names"])
def test_two_folders_on_the_path(first: str, pytester: pytest.Pytester) -> None:
    """A port whose folder the suite imports from, too, takes no module's name from the suite,
    whoever imports it first."""
    for folder, name in (
        (pytester.mkdir("original"), "Flask"),
        (pytester.mkdir("ported"), "Quart"),
    ):
        source = APP.replace("FRAMEWORK_CLASS", name).replace("FRAMEWORK", name.lower())
        (folder / "app.py").write_text(source)
        (folder / "names.py").write_text("NAME = 'a name'")
        (folder / "later.py").write_text("NAME = 'a name'")
    (pytester.path / "pytest.ini").write_text("[pytest]\npythonpath = original ported\n")
    pytester.makepyfile(test_it=SAME_NAMES, conftest=first)
    result = pytester.runpytest_inprocess(
        *("-p", "quart_parity.pytest_plugin", "-p", "no:randomly"),
        *("-o", "asyncio_default_fixture_loop_scope=function"),
        "--parity-candidate=ported/app.py:create_app()",
    )

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*2 exchanges of 1 test mirrored, 0 differences*"])


def test_where_targets_are_looked_for(pytester: pytest.Pytester) -> None:
    """An option is relative to the folder in which pytest is called, a setting to its file's."""
    suite = Suite(pytester, VIEWS, TESTS, "", candidate="../port.py")
    suite.run()
    (pytester.path / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\npythonpath = ["."]\n'
        '[tool.quart-parity]\ncandidate = "port.py"\n'
    )
    inner = pytester.mkdir("inner")
    options = ["-p", "quart_parity.pytest_plugin", "..", "--rootdir=.."]
    options += ["-o", "asyncio_default_fixture_loop_scope=function"]
    os.chdir(inner)
    by_setting = pytester.runpytest_inprocess(*options, "--parity=check")
    by_option = pytester.runpytest_inprocess(*options, "--parity-candidate=../port.py")
    wrong = pytester.runpytest_inprocess(*options, "--parity-candidate=port.py")

    by_setting.assert_outcomes(passed=1)
    by_option.assert_outcomes(passed=1)
    assert wrong.ret == pytest.ExitCode.USAGE_ERROR
    wrong.stderr.fnmatch_lines(["*there is no file*inner/port.py*"])
    assert Path.cwd() == inner
