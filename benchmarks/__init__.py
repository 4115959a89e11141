"""How fast the comparison is, as ratios within one run: ``python -m benchmarks``."""
