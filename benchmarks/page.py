"""What a page of 10,000 exchanges costs: its size, and the time until somebody can read in it.

Prints a line for each promise; exit status 1 where one is not kept. Needs Chromium, and playwright
to drive it.
"""

from __future__ import annotations

import os
import shutil
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from quart_parity import Difference, Report, Request, Result, Scenario
from quart_parity.exchange import Exchange, Headers, RawRequest, Response, parse_base
from quart_parity.masks import Masker
from quart_parity.report import Compared
from quart_parity.reporters import REPORTERS, Manner

EXCHANGES = 10_000
DIFFERING = 1_000
LARGEST = 15
"""Megabytes of the file."""
OPENED = 2.0
"""Seconds until the list is there, all of it."""
WORDS = [
    "tea",
    "kettle",
    "cup",
    "order",
    "cart",
    "price",
    "stock",
    "review",
    "account",
    "address",
    "parcel",
    "postage",
    "invoice",
    "total",
    "discount",
    "voucher",
    "leaf",
    "black",
    "green",
    "white",
    "oolong",
    "herbal",
    "tin",
    "spoon",
    "strainer",
    "pot",
    "saucer",
    "milk",
    "sugar",
    "lemon",
    "honey",
    "ginger",
    "mint",
    "fennel",
    "rooibos",
    "assam",
    "darjeeling",
    "ceylon",
    "keemun",
    "lapsang",
    "sencha",
    "matcha",
]
BASE = parse_base("http://localhost")


def results(exchanges: int, differing: int) -> Iterator[Result]:
    """Visits of ten requests each; one request in so many is answered otherwise."""
    random = Random(1)  # noqa: S311 - it guards nothing
    every = exchanges // differing
    for number in range(exchanges // 10):
        name = f"visit {number}: {' '.join(random.choices(WORDS, k=3))}"
        pairs = [_pair(random, name, at, (number * 10 + at) % every == 0) for at in range(10)]
        yield Result(
            name,
            len(pairs),
            tuple(one for _, found in pairs for one in found),
            compared=tuple(one for one, _ in pairs),
            played=Scenario(name, [Request(path=one.reference.request.path) for one, _ in pairs]),
        )


def _pair(random: Random, name: str, at: int, differs: bool) -> tuple[Compared, list[Difference]]:
    """A page of some two kilobytes, twelve fields, two cookies, a session; or two of them that
    differ in one line of the page, in a field and in a cookie's attribute."""
    target = f"/{random.choice(WORDS)}/{random.randrange(1000)}?page={random.randrange(9)}"
    request = RawRequest("GET", target, (("Host", "localhost"),), (), BASE)
    lines = [" ".join(random.choices(WORDS, k=10)) for _ in range(30)]
    ours = Response(200, "OK", _fields(random, "Lax"), _html(lines))
    session = {"user": random.randrange(1000), "cart": random.choices(WORDS, k=3)}
    theirs, found = ours, list[Difference]()
    if differs:
        lines[random.randrange(30)] += " twice"
        theirs = Response(200, "OK", (*ours.headers[1:-1], _theme("Strict")), _html(lines))
        cause = random.choice([("QP021",), ("QP001",), ()])
        both = {
            ("header", "vary"): ("cookie", "accept"),
            ("cookie", "theme", "samesite"): ("Lax", "Strict"),
            ("body",): (ours.body.decode(), theirs.body.decode()),
        }
        found = [
            Difference(name, at, "GET", target, path, *values, cause, route=_route(target))
            for path, values in both.items()
        ]
    compared = Compared(
        at,
        Exchange(request, ours),
        Exchange(request, theirs),
        ({"path=/": session}, {"path=/": session}),
        _route(target),
    )
    return compared, found


def _route(target: str) -> str:
    return f"/{target.split('/')[1]}/<int:id>"


def _html(lines: list[str]) -> bytes:
    items = "\n".join(f"<li>{line}</li>" for line in lines)
    return f"<!doctype html>\n<title>tea</title>\n<ul>\n{items}\n</ul>\n".encode()


def _theme(samesite: str) -> tuple[str, str]:
    return "Set-Cookie", f"theme=dark; Path=/; HttpOnly; SameSite={samesite}"


def _fields(random: Random, samesite: str) -> Headers:
    others = [(f"X-{word.title()}", str(random.randrange(10**6))) for word in WORDS[:8]]
    return (
        ("Vary", "cookie"),
        ("Content-Type", "text/html; charset=utf-8"),
        *others,
        ("Set-Cookie", f"session={random.randbytes(90).hex()}; Path=/; HttpOnly"),
        _theme(samesite),
    )


def write(path: Path, exchanges: int, differing: int) -> float:
    """Write the page of a made-up run; the seconds that this takes."""
    report = Report("shop_flask", "shop_quart")
    began = perf_counter()
    with path.open("w", encoding="utf-8") as file:
        reporter = REPORTERS["html"](lambda: file, Masker(), Manner(every=True))
        for result in results(exchanges, differing):
            report.add(result)
            reporter.add(result)
        reporter.end(report)
    return perf_counter() - began


WATCH = """
const isThere = () => document.querySelectorAll("#exchanges li").length >= COUNT;
const told = () => { window.there = performance.now(); };
const look = () => (isThere() ? setTimeout(told) : requestAnimationFrame(look));
requestAnimationFrame(look);
window.timesOfFrames = [];
window.watchFrames = () => requestAnimationFrame((now) => {
  timesOfFrames.push(now);
  watchFrames();
});
window.searched = (text) => new Promise((done) => {
  const input = document.querySelector("#exchanges input[type=search]");
  const before = performance.now();
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - before)));
});
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """What somebody waits for who reads, in seconds."""

    opened: float
    """Until all of the list is there."""
    frames: list[float]
    """Between two frames while the list is scrolled through."""
    searched: float
    """From a letter to the frame with what is found."""


def read(path: Path, exchanges: int) -> Reading:
    """Open the page as a file, scroll through its list and search in it."""
    with import_module("playwright.sync_api").sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.getuid() == 0 else []
        with playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=arguments
        ) as browser:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.add_init_script(WATCH.replace("COUNT", str(exchanges)))
            page.goto(path.as_uri())
            page.locator("#exchanges li").nth(exchanges - 1).wait_for(state="attached")
            opened = page.evaluate("new Promise((done) => setTimeout(() => done(there), 100))")
            frames = _scroll(page)
            words = ["tea", "kettle cup", "visit 99", "theme"]
            searched = [page.evaluate("text => searched(text)", one) / 1000 for one in words]
            return Reading(opened / 1000, frames, max(searched))


def _scroll(page: Any) -> list[float]:
    """Three seconds of turning a wheel over the list."""
    page.locator("#exchanges li").first.scroll_into_view_if_needed()
    page.locator("#exchanges li").nth(3).hover()
    page.evaluate("watchFrames()")
    for _ in range(90):
        page.mouse.wheel(0, 900)
        page.wait_for_timeout(33)
    times = page.evaluate("timesOfFrames")
    return [(after - before) / 1000 for before, after in pairwise(times)]


def _kept(what: str, figure: float, limit: float, unit: str) -> bool:
    print(f"{what:60} {figure:10,.2f} {unit:3}  at most {limit:,.2f}")
    return figure <= limit


def main() -> int:
    parser = ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("--exchanges", type=int, default=10_000, help="default %(default)s")
    parser.add_argument("--differing", type=int, default=1_000, help="default %(default)s")
    given = parser.parse_args()
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / "report.html"
        seconds = write(path, given.exchanges, given.differing)
        reading = read(path, given.exchanges)
        slow = quantiles(reading.frames, n=20)[-1]
        print(f"{given.exchanges:,} exchanges, of which {given.differing:,} differ")
        print(f"{'written in':60} {seconds:10.2f} s")
        kept = [
            _kept("size", path.stat().st_size / 1e6, LARGEST, "MB"),
            _kept("opened, with all of the list", reading.opened, OPENED, "s"),
            _kept("frame while scrolling, the median", median(reading.frames) * 1000, 20, "ms"),
            _kept("frame while scrolling, 19 of 20 within", slow * 1000, 34, "ms"),
            _kept("search, the longest of four", reading.searched * 1000, 200, "ms"),
        ]
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main())
