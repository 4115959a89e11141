"""What starting and ending the browser promises, and what is said where it cannot be started."""

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from parity_tests.browser.chromium import (
    SECONDS,
    MissingBrowserError,
    find_chromium,
    find_playwright,
    running_chromium,
)
from parity_tests.servers import ROOT


async def fail(running: list[int]) -> None:
    """Start the browser, open a handle on each of its processes, and fail."""
    async with running_chromium() as chromium, chromium.visitor() as visitor:
        await visitor.ask("1 + 1")
        running += [os.pidfd_open(process) for process in await chromium.processes()]
        raise LookupError


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
async def test_no_process_is_left_when_the_block_fails() -> None:
    """Whatever happens while the browser runs, all of its processes have ended soon after it."""
    running: list[int] = []
    with pytest.raises(LookupError):
        await fail(running)

    try:
        assert len(running) > 1
        for process in running:
            assert select.select([process], [], [], SECONDS)[0], process
    finally:
        for process in running:
            os.close(process)


def test_a_missing_chromium_is_an_error_that_says_what_brings_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without Chromium the tests fail, and are never skipped."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(MissingBrowserError, match="Debian's package"):
        find_chromium()


def test_a_missing_playwright_is_an_error_that_says_what_brings_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without Playwright the tests fail, and are never skipped."""
    monkeypatch.setitem(sys.modules, "playwright.async_api", None)

    with pytest.raises(MissingBrowserError, match="pip install playwright"):
        find_playwright()


def test_collecting_needs_no_playwright() -> None:
    """Whoever does not ask for the browser's tests needs nothing of theirs."""
    code = (
        "import sys, pytest\n"
        "status = pytest.main(['--collect-only', '-q', '-p', 'no:cacheprovider', sys.argv[1]])\n"
        "sys.exit(status or 'playwright' in sys.modules)"
    )
    folder = str(ROOT / "parity_tests/browser")
    done = subprocess.run(
        [sys.executable, "-c", code, folder], cwd=ROOT, check=False, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "deselected" in done.stdout
