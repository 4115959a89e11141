"""The example store's suite, written for Flask alone, is what its port is held to."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.example import SHOP, PortingError, copy_shop, porting_errors
from tests.mirroring import MIRRORED, ROOT, Run, run_suite

LISTED = {error.name: error for error in porting_errors()}
SHOWN = {
    "cookies_samesite": ["site.py::test_preferences"],
    "cookies_path": ["catalogue.py::test_view_is_kept"],
    "cookies_logout": ["auth.py::test_logout_forgets", "sessions.py::test_two_browsers"],
    "sessions_kept": ["auth.py::test_login_begins_a_new_session"],
    "sessions_permanent": ["auth.py::test_login", "auth.py::test_change_password"],
    "sessions_nested": ["catalogue.py::test_seen_products"],
    "headers_link": ["api.py::test_pages_are_linked"],
    "headers_blueprint": ["api.py::test_head", "catalogue.py::test_index"],
    "headers_private": ["api.py::test_me", "account.py::test_profile"],
    "redirects_next": ["auth.py::test_login_leads_back", "reviews.py::test_visitors_do_not_review"],
    "redirects_status": ["site.py::test_contact"],
    "redirects_fragment": ["reviews.py::test_review"],
    "errors_json": ["errors.py::test_not_found_below_the_api"],
    "errors_headers": ["errors.py::test_method_not_allowed"],
    "errors_status": ["cart.py::TestCoupons::test_unknown", "catalogue.py::test_compare"],
    "bodies_number": ["cart.py::test_add_more"],
    "bodies_format": ["cart.py::test_cart_page"],
    "uploads_save": ["uploads.py::test_avatar"],
    "uploads_read": ["uploads.py::test_avatar", "uploads.py::test_avatar_is_replaced"],
    "streams_context": ["orders.py::test_export"],
    "streams_csv": ["orders.py::test_export", "admin.py::test_export_orders"],
    "streams_page": ["downloads.py::test_pricelist_is_streamed"],
    "routes_method": [
        "api_reviews.py::test_change",
        "api_reviews.py::test_reviews_of_others[PATCH]",
    ],
    "routes_default": ["catalogue.py::test_first_page_has_one_address"],
    "routes_missing": ["site.py::test_robots"],
    "awaits_flash": ["site.py::test_preferences"],
    "awaits_mail": ["auth.py::test_register"],
    "awaits_json": ["api.py::test_quote"],
    "awaits_page": ["account.py::test_profile", "catalogue.py::test_index"],
    "awaits_form": ["auth.py::test_change_password"],
}
"""Of each seeded error some tests that fail by it; the suite touches all thirty."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something else that whoever ports does, in one place of the port."""

    name: str
    file: str
    text: str
    instead: str
    path: str
    """Where it shows."""
    test: str
    """Fails by it."""
    cause: str = "the port itself"

    def made(self, shop: Path) -> Path:
        """Make it in a copy of the store."""
        file = shop / "shop_quart" / self.file
        before = file.read_text("utf-8")
        assert before.count(self.text) == 1
        file.write_text(before.replace(self.text, self.instead), "utf-8")
        return shop


OWN = [
    Mistake(
        *("compat_left_out", "app.py", "class App(FlaskCompat, Quart):", "class App(Quart):"),
        *("header.vary", "api.py::test_products", "QP021"),
    ),
    Mistake(
        *("vary_left_out", "__init__.py", "    app.before_request(protect)\n"),
        '    app.before_request(protect)\n    app.config["FLASK_COMPAT"] = {"QP021": False}\n',
        *("header.vary", "cart.py::test_carts_are_apart", "QP021"),
    ),
    Mistake(
        *("template_options", "__init__.py", "    app.jinja_env.globals"),
        "    app.jinja_env.trim_blocks = True\n    app.jinja_env.globals",
        *("body", "catalogue.py::test_index"),
    ),
    Mistake(
        *("csrf_left_out", "__init__.py", "    app.before_request(protect)\n", ""),
        *("status", "api.py::test_scripts_send_the_token"),
    ),
    Mistake(
        *("commit_left_out", "database.py", "    connection().commit()\n"),
        '    if not sql.startswith("DELETE"):\n        connection().commit()\n',
        *("status", "api_reviews.py::test_delete"),
    ),
    Mistake(
        *("host_left_out", "api.py", ", _external=True", ""),
        *("header.link", "api.py::test_pages_are_linked"),
    ),
]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The whole suite, mirrored."""
    return run_suite(copy_shop(tmp_path_factory.mktemp("sound")), *MIRRORED)


def ids(names: list[str]) -> list[str]:
    """As pytest has them."""
    return [f"tests/test_{name}" for name in names]


def is_told(path: str, run: Run) -> bool:
    """Whether a difference lies there, or within."""
    return any(re.fullmatch(rf"{re.escape(path)}([.\[].*)?", one) for one in run.paths)


def quoted(name: str) -> str:
    """The output that the documentation quotes under this name."""
    text = (ROOT / "docs" / "pytest.md").read_text("utf-8")
    found = re.search(rf"<!-- {re.escape(name)} -->\n\n?```\n(.*?)```\n", text, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_suite_knows_flask_alone() -> None:
    """Nothing in the store's suite has to do with a port, or with comparing one."""
    files = sorted((SHOP / "tests").glob("*.py"))
    texts = [file.read_text("utf-8") for file in files]

    assert len(files) > 10
    assert [file.name for file, text in zip(files, texts, strict=True) if "parity" in text] == []
    assert [file.name for file, text in zip(files, texts, strict=True) if "quart" in text] == []


def test_every_seeded_error_is_expected() -> None:
    """Each of the thirty errors has tests of the suite that must fail by it."""
    assert sorted(SHOWN) == sorted(LISTED)
    assert len(SHOWN) == 30
    assert all(SHOWN.values())


@pytest.mark.example
def test_the_suite_passes(sound: Run) -> None:
    """All of the suite passes mirrored, and nothing differs."""
    counted = re.search(r"^\d+ exchanges of (\d+) tests mirrored, 0 differences$", sound.text, re.M)

    assert (sound.status, sound.failed) == (0, set())
    assert counted is not None
    assert sound.passed >= int(counted[1]) >= 60


@pytest.mark.example
def test_several_processes_count_alike(sound: Run, tmp_path: Path) -> None:
    """Two processes mirror the suite as one does, and their counts are added up."""
    run = run_suite(copy_shop(tmp_path), *MIRRORED, "-n", "2")

    assert (run.status, run.passed) == (0, sound.passed)
    assert quoted("the suite, mirrored") in run.text
    assert quoted("the suite, mirrored") in sound.text


@pytest.mark.example
@pytest.mark.parametrize("error", LISTED.values(), ids=lambda error: error.name)
def test_the_suite_fails_by_the_error(error: PortingError, tmp_path: Path) -> None:
    """Tests that know nothing of the error fail, at the paths that it touches, by the port."""
    expected = ids(SHOWN[error.name])
    run = run_suite(copy_shop(tmp_path, error), *MIRRORED, *expected)

    assert (run.status, run.failed) == (1, set(expected))
    assert [path for path in error.paths if not is_told(path, run)] == [], run.text
    assert "cause  the port itself" in run.text
    assert (
        f"{len(expected)} test{'s'[: len(expected) > 1]} failed by a difference alone" in run.text
    )


@pytest.mark.example
@pytest.mark.parametrize("mistake", OWN, ids=lambda mistake: mistake.name)
def test_the_suite_fails_by_the_mistake(mistake: Mistake, tmp_path: Path) -> None:
    """What else people do wrong is found as well, and its cause is told."""
    expected = ids([mistake.test])
    run = run_suite(mistake.made(copy_shop(tmp_path)), *MIRRORED, *expected)

    assert run.failed == set(expected)
    assert is_told(mistake.path, run), run.text
    assert f"cause  {mistake.cause}" in run.text


@pytest.mark.example
def test_the_page_quotes_what_is_printed(tmp_path: Path) -> None:
    """The accounts in the documentation are those that somebody gets."""
    seeded = copy_shop(tmp_path, LISTED["cookies_samesite"])
    left_out = OWN[0].made(copy_shop(tmp_path))
    error = run_suite(seeded, *MIRRORED, *ids(SHOWN["cookies_samesite"]))
    mistake = run_suite(left_out, *MIRRORED, *ids([OWN[0].test]))

    assert quoted("cookies_samesite") in error.text
    assert quoted(OWN[0].name) in mistake.text


@pytest.mark.example
def test_several_processes_tell_the_same(tmp_path: Path) -> None:
    """A test that fails in one of two processes is told as it is in one."""
    error = LISTED["cookies_samesite"]
    run = run_suite(copy_shop(tmp_path, error), *MIRRORED, "-n", "2", "tests/test_site.py")

    assert run.failed == {"tests/test_site.py::test_preferences"}
    assert run.paths == ["cookie.theme.samesite"]
    assert "1 test failed by a difference alone" in run.text
