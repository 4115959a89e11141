"""An automated check of the HTML report's accessibility: axe-core, with the WCAG rules at AA."""

from importlib import import_module
from typing import Any

import pytest

from tests.browser.conftest import Read
from tests.browser.test_page_exchange import CART, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

VIEWS: dict[str, tuple[str, dict[str, Any]]] = {
    "list": ("", {}),
    "list in the dark": ("", {"color_scheme": "dark"}),
    "list on a phone": ("", PHONE),
    "exchange": (CART, {}),
    "exchange in the dark": (CART, {"color_scheme": "dark"}),
    "exchange on a phone": (CART, PHONE),
    "exchange on a phone in the dark": (CART, PHONE | {"color_scheme": "dark"}),
    "no such exchange": ("#x=none/0", {}),
    "nothing found": ("#q=nothing%20at%20all", {}),
}


async def findings(page: Any) -> list[str]:
    """What axe-core finds that is worse than moderate."""
    axe = import_module("axe_playwright_python.async_playwright").Axe()
    found = await axe.run(page, options={"resultTypes": ["violations"]})
    return [
        f"{one['id']}: {node['html']}"
        for one in found.response["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


# Without its policy the page takes the checker's script, which is put into it as an inline one.
@pytest.mark.parametrize(("address", "options"), VIEWS.values(), ids=VIEWS)
async def test_nothing_serious_is_found(read: Read, address: str, options: dict[str, Any]) -> None:
    """List and exchange have no serious or critical finding, light or dark, wide or narrow."""
    reader = await read(address=address, bypass_csp=True, **options)
    if "x=" in address:
        await reader.heading()

    assert await findings(reader.page) == []


async def test_the_keys_are_accessible(read: Read) -> None:
    """Nor has the list of keys."""
    reader = await read(bypass_csp=True)
    await reader.page.keyboard.press("?")

    assert await findings(reader.page) == []


async def test_a_finding_is_found(read: Read) -> None:
    """A button without a name, and grey on grey, are serious: the check would say so."""
    reader = await read(bypass_csp=True)
    await reader.page.evaluate(
        "document.querySelector('main').innerHTML ="
        " '<button></button><p style=\"color: #777; background: #888\">grey</p>'"
    )

    assert {one.split(":")[0] for one in await findings(reader.page)} == {
        "button-name",
        "color-contrast",
    }
