"""Make the pictures of the documentation anew: ``python -m screenshots``."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from screenshots import page, terminal

IMAGES = page.CHECKOUT / "docs" / "images"


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as work:
        asyncio.run(page.shots(IMAGES, Path(work)))
    terminal.shots(IMAGES)


if __name__ == "__main__":
    main()
