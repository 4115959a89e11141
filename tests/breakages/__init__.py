"""Proof that the comparison can fail: `quart_app` and `quart_parity.compat`, broken on purpose.

Every view of the port and every piece of the mixin is broken in turn, and each time the
scenarios have to report a difference. From the checkout, for all or for every twelfth::

    python -m tests.breakages
    python -m tests.breakages --every 12

Exit status: 0 every breakage is caught, 1 one survives, 2 one is out of date or does not run.
"""
