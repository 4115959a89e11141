"""What a reader is told of one test's differences."""

import xml.etree.ElementTree as ET

import pytest

from tests.plugged import CANDIDATE, NAME, Suite


@pytest.fixture
def suite(pytester: pytest.Pytester) -> Suite:
    return Suite(pytester)


def test_a_difference_is_told_in_full(suite: Suite) -> None:
    """Path, both values, cause and mend, and the line of the test with that of its helper; what
    follows from another status is one line each."""
    suite.pytester.makepyfile(
        asking="""
        def ask(client, path):
            return client.get(path)
        """
    )
    suite.tests(
        """
        from asking import ask

        def test_it(client):
            client.get("/")
            ask(client, "/created")
            ask(client, "/name?token=hunter22")
        """
    )
    result = suite.run(CANDIDATE)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "parity: GET /created: status and 4 others",
            "the port answers otherwise: 5 differences in 2 of 3 requests",
            "",
            'test_shop.py:5: ask(client, "/created")',
            "  sent at asking.py:2",
            "  GET /created",
            "    status",
            "      reference  201",
            "      candidate  500",
            "    raised",
            "      reference  (missing)",
            '      candidate  {"type": "ValueError"}',
            "    cause  QP001: A status with its reason phrase is a 500",
            "    mend   quart_parity.compat, or by hand: quart-parity explain QP001",
            "    and with that:",
            '      header.content-length  "4" → "265"',
            '      body  "made" → "<!doctype html>\\n<html lang=en>\\n<title>500 Internal Server…',
            "",
            'test_shop.py:6: ask(client, "/name?token=hunter22")',
            "  sent at asking.py:2",
            "  GET /name?token=<masked 1>",
            "    body",
            '      reference  "flask"',
            '      candidate  "quart"',
            "    cause  the port itself",
        ],
        consecutive=True,
    )


def test_a_page_is_told_where_it_differs(suite: Suite) -> None:
    """Of two long texts a reader sees both sides, and not all of either."""
    for name in ("flask", "quart"):
        framework = name.capitalize()
        suite.pytester.makepyfile(
            **{
                f"pages_{name}": f"""
                from {name} import {framework}
                def create_app():
                    app = {framework}("pages")
                    page = "\\n".join(f"line {{n}} of {name}" for n in range(300))
                    app.add_url_rule("/", "page", lambda: page)
                    return app
                """
            }
        )
    suite.tests(
        """
        from pages_flask import create_app
        def test_it(): create_app().test_client().get("/")
        """
    )
    result = suite.run("--parity-candidate=pages_quart:create_app()")

    shown = [line.strip() for line in result.outlines if " of flask" in line or " of quart" in line]
    assert shown[0] == "-line 0 of flask"
    assert "+line 0 of quart" in shown
    assert len(shown) == 20
    result.stdout.fnmatch_lines(["*of 300 and 300 lines"])


def test_many_differences_are_cut(suite: Suite) -> None:
    """Twenty are told of one test, all are counted, and the mend of a cause is told once."""
    suite.asks(*["/name"] * 15, *["/created"] * 4)
    result = suite.run(CANDIDATE)

    result.stdout.fnmatch_lines(
        [
            "the port answers otherwise: 31 differences in 19 of 19 requests",
            "… and 11 more differences",
        ]
    )
    assert sum("mend " in line for line in result.outlines) == 1


@pytest.mark.parametrize("ci", ["true", ""], ids=["build server", "terminal"])
def test_an_account_is_told_once(suite: Suite, monkeypatch: pytest.MonkeyPatch, ci: str) -> None:
    """The summary has its first line, also where pytest cuts no message for want of a terminal."""
    monkeypatch.setenv("CI", ci)
    monkeypatch.delenv("BUILD_NUMBER", raising=False)
    suite.asks("/name")
    result = suite.run(CANDIDATE)

    assert f"FAILED test_shop.py::test_it - Failed: {NAME}" in result.outlines
    assert result.outlines.count("  GET /name") == 1


def test_differences_are_told_in_the_order_of_the_requests(suite: Suite) -> None:
    """Whichever of a test's clients and applications sent them."""
    suite.tests(
        """
        from shop_flask import create_app

        def test_it():
            one, two = create_app().test_client(), create_app().test_client()
            one.get("/name")
            one.get("/login")
            two.get("/name")
            one.get("/key")
        """
    )
    result = suite.run(CANDIDATE)

    asked = [line.strip() for line in result.outlines if line.startswith("  GET ")]
    assert asked == ["GET /name", "GET /login", "GET /name", "GET /key"]


def test_a_line_of_the_suite_is_no_secret_but_its_key_is(suite: Suite) -> None:
    """The source of a test is shown as it is written, without the application's own key."""
    suite.tests(
        """
        def test_it(client):
            client.get("/login?password=hunter22")
            client.get("/name?x=the-key-of-the-shop")
        """
    )
    result = suite.run(CANDIDATE)

    result.stdout.fnmatch_lines(
        [
            'test_shop.py:2: client.get("/login?password=hunter22")',
            "  GET /login?password=<masked 1>",
            'test_shop.py:3: client.get("/name?x=<application key>")',
            "  GET /name?x=<application key>",
        ]
    )


def test_a_test_reads_its_own_log(suite: Suite) -> None:
    """What the port logs is not in ``caplog``; the report has it, and not what was logged while
    causes were looked for."""
    suite.tests(
        """
        def test_it(client, caplog):
            client.get("/boom")
            assert len(caplog.records) == 1

        def test_port(client, caplog):
            client.get("/created")
            assert not caplog.records
        """
    )
    result = suite.run(CANDIDATE)

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["parity: GET /created: *", "*Captured log call*"])
    assert result.stdout.str().count("Exception on request GET /created") == 1


def test_junit_xml_holds_the_account(suite: Suite) -> None:
    """A failure by difference is a failure with its first line as the message."""
    suite.tests(
        "def test_same(client): client.get('/')\ndef test_name(client): client.get('/name')"
    )
    path = suite.pytester.path / "report.xml"
    suite.run(CANDIDATE, f"--junit-xml={path}")
    # Written by pytest a moment ago.
    cases = {case.get("name"): case for case in ET.parse(path).iter("testcase")}  # noqa: S314
    failure = cases["test_name"].find("failure")

    assert list(cases["test_same"]) == []
    assert failure is not None
    assert failure.get("message") == f"Failed: {NAME}"
    assert "test_shop.py:2: " in str(failure.text)
    assert 'candidate  "quart"' in str(failure.text)
