"""The report as it stands on a terminal, wide and narrow."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import termios
from importlib import import_module
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from tests.example import copy_shop, porting_errors

CHECKOUT = Path(__file__).resolve().parents[1]
WIDTHS = {"terminal.png": 100, "terminal-narrow.png": 48}
"""Files, with the columns of the terminal in each."""
ERROR = "cookies_samesite"
ENVIRONMENT = {"SHOP_FLASK_COMPAT": '{"QP021": false}', "TERM": "xterm-256color"}
"""Beside the error, one known divergence: a piece of compat is switched off."""
COMMAND = ["check", "--scenarios", "scenarios/visiting.toml", "-k", "choose preferences"]
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox"]
_ROWS = 50
_LEFT_OUT = ("NO_COLOR", "COLUMNS", "LINES", "FORCE_COLOR", "COLORTERM")
_MOVES = re.compile(r"(\r|\x1b\[2K|\x1b\[1A)")
"""To the beginning of the line, erasing it, and one line up."""
_BACKGROUND, _FOREGROUND = (22, 24, 29), (214, 217, 224)
_NORMAL = [(60, 64, 72), (240, 113, 120), (152, 201, 121), (229, 192, 123)]
_NORMAL += [(97, 175, 239), (198, 146, 233), (86, 194, 214), (214, 217, 224)]
THEME = TerminalTheme(_BACKGROUND, _FOREGROUND, _NORMAL)
PAGE = """<!doctype html>
<meta charset="utf-8">
<style>
  body {{ margin: 0; background: {background}; color: {foreground}; }}
  pre {{
    box-sizing: content-box; width: COLUMNSch; margin: 0; padding: 18px;
    font: 14px/1.4 monospace; white-space: break-spaces; word-break: break-all;
  }}
  {stylesheet}
</style>
<pre>{code}</pre>
"""


def shots(folder: Path) -> None:
    """Run the command on the example store with an error in its port, and write the pictures."""
    with (
        TemporaryDirectory() as temporary,
        import_module("playwright.sync_api").sync_playwright() as playwright,
    ):
        error = next(one for one in porting_errors() if one.name == ERROR)
        shop = copy_shop(Path(temporary), error)
        chromium = playwright.chromium
        with chromium.launch(executable_path=CHROMIUM, args=FLAGS) as browser:
            for name, columns in WIDTHS.items():
                _take(browser, page(run(shop, columns), columns), folder / name)


def run(shop: Path, columns: int) -> str:
    """What the command writes on a terminal of so many columns, from the prompt on."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT}
    environment |= ENVIRONMENT | {"PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, "-m", "quart_parity", *COMMAND]
    with subprocess.Popen(  # noqa: S603  The command is our own.
        command, cwd=shop, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        written = _left(_read(ours))
    os.close(ours)
    if process.returncode != 1:
        raise RuntimeError(f"the command found no difference: {written}")
    return f"$ {shlex.join(['quart-parity', *COMMAND])}\n{written}"


def _read(terminal: int) -> str:
    """Everything, until the other end is closed."""
    pieces = []
    try:
        while piece := os.read(terminal, 65_536):
            pieces.append(piece)
    except OSError:
        pass  # How Linux says that nobody writes there any more.
    return b"".join(pieces).decode().replace("\r\n", "\n")


def _left(written: str) -> str:
    """What stands there in the end, where the line with the progress was rewritten and erased."""
    kept = ""
    for piece in _MOVES.split(written):
        if piece == "\x1b[1A":
            kept = kept[:-1]
        elif _MOVES.fullmatch(piece):
            kept = kept[: kept.rfind("\n") + 1]
        else:
            kept += piece
    return kept


def page(written: str, columns: int) -> str:
    console = Console(file=StringIO(), record=True, width=columns, force_terminal=True)
    console.print(Text.from_ansi(written), soft_wrap=True)
    return console.export_html(
        theme=THEME, code_format=PAGE.replace("COLUMNS", str(columns)), inline_styles=True
    )


def _take(browser: Any, html: str, file: Path) -> None:
    shown = browser.new_page(device_scale_factor=1.25)
    shown.set_content(html)
    shown.locator("pre").screenshot(path=file)
    shown.close()
