"""``python -m tests.breakages``."""

from __future__ import annotations

import argparse
import sys
from time import perf_counter

from .catching import outcomes
from .listed import every


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.breakages")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each N-th")
    parser.add_argument("-k", default="", metavar="TEXT", help="only where this is in the line")
    options = parser.parse_args()
    chosen = [one for one in every() if options.k in str(one)][:: max(1, options.every)]
    if not chosen:
        parser.error(f"no breakage's line contains {options.k!r}")
    began = perf_counter()
    found = []
    for outcome in outcomes(chosen):
        print(outcome, flush=True)
        found.append(outcome)
    caught = sum(outcome.caught is not None for outcome in found)
    print(f"{len(found)} breakages, {caught} caught in {perf_counter() - began:.0f} s")
    return 2 if any(outcome.error for outcome in found) else int(caught < len(found))


if __name__ == "__main__":
    sys.exit(main())
