"""``python -m quart_parity``."""

from .cli import main

main(prog_name="quart-parity")
