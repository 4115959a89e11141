"""Prints a ratio for each promise of speed; exit status 1 where one is not kept.

Both sides of a ratio are measured in turn, so that a machine that changes its pace changes it for
both; the median counts. "A/A" is the same thing measured against itself: what a ratio is worth.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median, quantiles

from .compat import VIEWS, Applications
from .pairs import Pairs
from .start import import_frameworks, main_command
from .suite import Suite

Measure = Callable[[], float]
"""Runs once and returns seconds."""


def compare(title: str, ours: Measure, other: Measure, rounds: int, limit: float) -> bool:
    """Print the ratio ours ÷ other with its spread, and A/A; whether the median keeps *limit*."""
    ours(), other()
    ratios, same = [], []
    for _ in range(rounds):
        base = other()
        ratios.append(ours() / base)
        same.append(other() / base)
    low, _, high = quantiles(ratios, n=4)
    middle = median(ratios)
    print(
        f"{title:60} {middle:5.2f}  [{low:.2f} to {high:.2f}]  at most {limit:.2f}"
        f"   A/A {median(same):.2f}"
    )
    return middle <= limit


def compat_costs(applications: Applications, name: str, rounds: int) -> Iterator[bool]:
    """Compat with all of its pieces, against stock Quart and against none of them."""
    path, body = VIEWS[name]
    ours = partial(applications.measure, applications.all, path, body)
    others = {"stock Quart": applications.stock, "with none of its pieces": applications.none}
    for what, app in others.items():
        other = partial(applications.measure, app, path, body)
        yield compare(f"{name} with compat / {what}", ours, other, rounds, 1.15)


def main() -> int:
    parser = ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=25, help="default %(default)s")
    rounds = parser.parse_args().rounds
    if hasattr(os, "sched_setaffinity"):
        # On one processor, or a ratio tells on which of them each thread was put.
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print(f"{'ratio':60} median [quartiles]")
    with Pairs() as pairs:
        ours = "CPU of a compared pair"
        kept = [
            compare(f"{ours} / of both bare calls", pairs.compared, pairs.bare, rounds, 1.5),
            compare(
                f"{ours} / of both test clients' calls",
                pairs.compared,
                pairs.test_clients,
                rounds,
                0.75,
            ),
        ]
        print(pairs.figures())
    with Applications() as applications:
        kept += [one for name in VIEWS for one in compat_costs(applications, name, rounds)]
    start = compare(
        "time of the main command / of importing both frameworks",
        main_command,
        import_frameworks,
        max(rounds // 2, 3),
        4.0,
    )
    with Suite() as suite:
        mirrored = compare(
            "time of the store's suite mirrored / alone",
            suite.mirrored,
            suite.alone,
            max(rounds // 5, 3),
            2.5,
        )
    return 0 if all([*kept, start, mirrored]) else 1


if __name__ == "__main__":
    sys.exit(main())
