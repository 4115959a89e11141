"""A visit to the example store in Chromium, recorded there and replayed on both versions."""

import asyncio
import sys
from pathlib import Path

import pytest

from quart_parity import Report
from quart_parity.sources import read_noted
from tests.example import PortingError, compare, copy_shop, porting_errors
from tests.running import wsgi_server
from tests.visits import record

pytestmark = pytest.mark.browser

TOUCHED = {
    "awaits_flash",
    "awaits_mail",
    "awaits_page",
    "bodies_format",
    "bodies_number",
    "cookies_logout",
    "cookies_samesite",
    "headers_blueprint",
    "headers_private",
    "sessions_kept",
}
"""The porting errors that the visit passes by, closely enough to show them."""


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("visit")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(copy_shop(folder)))
        from shop_flask import create_app

        with wsgi_server(create_app()) as url:
            path = asyncio.run(record(url, folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop_flask"]:
        del sys.modules[name]
    return path


def replayed(recording: Path, folder: Path, error: PortingError | None = None) -> Report:
    return compare(copy_shop(folder, error), read_noted([recording])[0])


def test_the_visit_replays_without_a_difference(recording: Path, tmp_path: Path) -> None:
    """Tokens and numbers that were issued then are issued anew, and all requests are answered."""
    report = replayed(recording, tmp_path)

    assert (report.count, report.failures) == (0, [])
    assert report.exchanges > 50


def test_what_is_not_replayed_is_told(recording: Path) -> None:
    """Chromium's recording has no bodies of uploads."""
    (note,) = read_noted([recording])[1]

    assert "1 whose body the browser did not record, such as an uploaded file" in note


@pytest.mark.parametrize("error", porting_errors(), ids=lambda error: error.name)
def test_the_visit_shows_the_errors_that_it_touches(
    error: PortingError, recording: Path, tmp_path: Path
) -> None:
    """An error on the way is a difference, and one elsewhere is none."""
    report = replayed(recording, tmp_path, error)

    assert bool(report.count) == (error.name in TOUCHED)
    assert report.failures == []
