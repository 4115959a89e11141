"""Errors that people make when they port: the comparison finds each of them."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from quart_parity import Difference, Report
from quart_parity.paths import matches, parse_pattern
from quart_parity.sources.url_map import URLMap
from tests.example import (
    ERRORS,
    SHOP,
    PatchError,
    PortingError,
    apply,
    compare,
    copy_shop,
    first_shown,
    login,
    porting_errors,
    scenarios,
)

LISTED = porting_errors()
ASPECTS = {
    "awaits",
    "bodies",
    "cookies",
    "errors",
    "headers",
    "redirects",
    "routes",
    "sessions",
    "streams",
    "uploads",
}


UNSEEN: dict[bool, frozenset[str]] = {False: frozenset(), True: frozenset()}
"""Errors that scenarios made with nothing given, and made with the login, do not show."""


def covers(pattern: str, differences: Iterable[Difference]) -> bool:
    return any(matches(parse_pattern(pattern), one.parts) for one in differences)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """What the errors' scenarios give without any error."""
    played = scenarios()
    names = dict.fromkeys(error.scenario for error in LISTED)
    shop = copy_shop(tmp_path_factory.mktemp("sound"))
    return compare(shop, [played[name] for name in names])


def test_there_are_thirty() -> None:
    """Thirty errors of ten kinds are listed, of each kind two or more, and all have a patch."""
    patches = sorted(path.stem for path in ERRORS.glob("*.patch"))
    kinds = Counter(error.aspect for error in LISTED)

    assert sorted(error.name for error in LISTED) == patches
    assert len(patches) == 30
    assert set(kinds) == ASPECTS
    assert min(kinds.values()) >= 2
    assert kinds["awaits"] >= 4


def test_nothing_differs_without_an_error(sound: Report) -> None:
    """The scenarios that show the errors show nothing where there is none."""
    assert [(d.scenario, d.request, d.path) for d in sound.differences] == []
    assert sound.ok


@pytest.mark.parametrize("error", LISTED, ids=lambda error: error.name)
def test_its_scenario_shows_the_error(error: PortingError, tmp_path: Path) -> None:
    """One scenario shows the error at each of the places where it is expected."""
    report = compare(copy_shop(tmp_path, error), [scenarios()[error.scenario]])
    shown = sorted({one.path for one in report.differences})

    assert report.failures == []
    assert [path for path in error.paths if not covers(path, report.differences)] == [], shown


@pytest.mark.example
@pytest.mark.parametrize("entered", [False, True], ids=["nothing given", "login"])
def test_made_scenarios_show_nothing_without_an_error(entered: bool, tmp_path: Path) -> None:
    """Scenarios made from the store's URL map find no difference where there is none."""
    report = compare(copy_shop(tmp_path), URLMap(login=login() if entered else None))

    assert [(d.scenario, d.request, d.path) for d in report.differences] == []
    assert report.failures == []
    assert report.exchanges > 2000


@pytest.mark.example
@pytest.mark.parametrize("entered", [False, True], ids=["nothing given", "login"])
@pytest.mark.parametrize("error", LISTED, ids=lambda error: error.name)
def test_made_scenarios_show_the_error(error: PortingError, entered: bool, tmp_path: Path) -> None:
    """Scenarios made from the URL map show the error, unless it is known that they cannot."""
    walk = URLMap(login=login() if entered else None)
    shown = first_shown(copy_shop(tmp_path, error), walk, error.paths)

    assert (shown is None) == (error.name in UNSEEN[entered])


def test_a_patch_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    """A patch is applied exactly or not at all: the second time it does not fit any more."""
    shop = copy_shop(tmp_path, LISTED[0])
    before = (shop / "shop_quart" / "site.py").read_text("utf-8")

    with pytest.raises(PatchError, match=r"does not fit shop_quart/\w+\.py, line \d+"):
        apply(ERRORS / f"{LISTED[0].name}.patch", shop)
    assert (shop / "shop_quart" / "site.py").read_text("utf-8") == before
    assert (SHOP / "shop_quart" / "site.py").read_text("utf-8") != before
