"""One exchange in the HTML report: its address, what it shows, and the keyboard."""

import json
from pathlib import Path

import pytest

from tests.browser.conftest import Read, Reader
from tests.browser.pages import Shown, difference
from tests.browser.visits import EXCHANGES

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CART, ORDER = "#x=fill%20a%20cart/2", "#x=order%20%2F%20pay/3"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
CLIPBOARD = ["clipboard-read", "clipboard-write"]
FOCUSED = "document.activeElement"


async def focused(reader: Reader) -> str:
    """The text of what has the focus."""
    return str(await reader.page.evaluate(f"{FOCUSED}.innerText"))


async def press(reader: Reader, *keys: str) -> None:
    for key in keys:
        await reader.page.keyboard.press(key)


async def test_opened_by_its_address(read: Read) -> None:
    """Whoever opens a permalink sees the exchange, with its row marked, whatever its scenario is
    called."""
    reader = await read(address=ORDER)

    assert await reader.heading() == "POST /order"
    assert "/order" in await reader.page.inner_text(".row[aria-current=true]")
    assert await reader.page.title() == "POST /order · Parity"


async def test_an_unknown_exchange(read: Read) -> None:
    """An address of an exchange that the report has not says so and names it, as text."""
    reader = await read(address="#x=%3Cimg%20src=x%20onerror=alert(1)%3E/7")

    assert await reader.heading() == "No such exchange"
    assert "<img src=x onerror=alert(1)>/7" in await reader.page.inner_text(".pane")
    assert await reader.page.locator(".pane img").count() == 0


async def test_what_an_exchange_shows(read: Read) -> None:
    """Cause, mend, differences, commands, both sides, the request and the logs are there."""
    reader = await read(address=CART)
    await reader.heading()
    text = await reader.page.inner_text(".pane")

    for words in (
        "Vary: Cookie where the session was read",
        "security",
        "Mend Mixing in FlaskParity adds the field.",
        "quart-parity explain QP021",
        "3 differences",
        "header.vary",
        "Accepted: It names itself.",
        'curl "$SIDE/cart?sort=name"',
        "quart-parity check shop_flask shop_quart --scenarios scenario.json",
        "2 rows differ",
        "812 more rows not shown.",
        "shop_flask/cart.py:12 → shop_quart/cart.py:13",
        "KeyError: 'lamp'",
    ):
        assert words in text


async def test_both_sides_of_a_row(read: Read) -> None:
    """A row says in words that it differs; what the sides do not share is marked on its own side;
    what one lacks is called nothing, and what is the same stands on both."""
    reader = await read(address=CART)
    await reader.heading()
    script = "rows => rows.map(row => [...row.cells].map(cell => cell.innerHTML))"
    rows = await reader.page.eval_on_selector_all(".sheet:nth-of-type(1) tbody tr", script)
    words = [" ".join(row) for row in rows]

    assert "differs: " in words[1]
    assert "differs: " not in words[0]
    assert rows[0][1] == rows[0][2] == "text/html; charset=utf-8"
    assert rows[1][1:] == ["<mark>Cookie</mark>", "nothing"]
    assert rows[2][1:] == ["12<mark>34</mark>", "12<mark>56</mark>"]


async def test_only_rows_that_differ(read: Read) -> None:
    """Rows that are the same can be hidden, and stay so at the next exchange."""
    reader = await read(address=CART)
    await reader.heading()
    await reader.page.check("text=only rows that differ")
    hidden = await reader.page.is_hidden("text=x-frame-options")
    await press(reader, "j", "k")
    await reader.page.wait_for_selector("text=3 differences")

    assert hidden
    assert await reader.page.is_hidden("text=x-frame-options")
    assert await reader.page.is_visible("th:has-text('vary')")


async def test_without_difference(read: Read) -> None:
    """An exchange that is the same says so, and shows what was compared."""
    reader = await read(address="#x=look%20around/2")

    assert await reader.heading() == "GET /products/2"
    assert await reader.page.is_visible("text=Both sides answered the same.")


async def test_keys_in_the_list(read: Read) -> None:
    """The list is gone through, an exchange opened and closed with the keyboard alone, and the
    focus is where the reader is."""
    reader = await read()
    await press(reader, "j", "j", "k", "ArrowDown")
    walked = await focused(reader)
    await press(reader, "Enter")
    opened = await reader.heading()
    await press(reader, "j")
    await reader.page.wait_for_selector("h2:has-text('/api/quote'):focus")
    await press(reader, "Escape")

    assert "/order" in walked
    assert opened == "POST /order"
    assert "/api/quote" in await focused(reader)
    assert await reader.page.is_hidden(".pane")
    assert "#" not in reader.page.url.rstrip("#")


async def test_keys_stay_within_what_is_shown(read: Read) -> None:
    """The next exchange is the next of those that the filters leave."""
    reader = await read(address="#accepted=accepted&x=fill%20a%20cart/2")
    await reader.heading()
    await press(reader, "j")
    await reader.page.wait_for_selector("h2:has-text('/about'):focus")
    await press(reader, "j")

    assert await reader.heading() == "GET /about"
    assert await reader.page.inner_text(".place") == "2 of 2"


async def test_keys_within_an_exchange(read: Read) -> None:
    """From one difference to the next and back, the rows that differ among them."""
    reader = await read(address=CART)
    await reader.heading()
    seen = []
    for key in ("n", "n", "p", "n", "n", "n"):
        await press(reader, key)
        seen.append((await focused(reader)).split()[1])

    assert seen == ["header.vary", "body", "header.vary", "body", "header.server", "differs:"]


async def test_search_and_help_keys(read: Read) -> None:
    """A slash goes to the search, where letters are letters; a question mark shows the keys."""
    reader = await read()
    await press(reader, "/", "j", "?")
    typed = await reader.page.input_value("input[type=search]")
    await press(reader, "Tab", "?")
    shown = await reader.page.is_visible("dialog")
    await press(reader, "Escape")

    assert typed == "j?"
    assert shown
    assert await reader.page.is_hidden("dialog")


async def test_keys_can_be_switched_off(read: Read) -> None:
    """Whoever speaks to the computer, and says a letter by accident, can do without them."""
    reader = await read(address=CART)
    await reader.heading()
    await press(reader, "?")
    await reader.page.uncheck("dialog input")
    await press(reader, "Escape", "j", "n")

    assert await reader.heading() == "GET /cart?sort=name"


async def test_copying(read: Read) -> None:
    """The button copies the command as it is run, and says so aloud."""
    reader = await read(address=CART, permissions=CLIPBOARD)
    await reader.heading()
    await reader.page.click("[aria-label='Copy: Send the request']")
    await reader.page.wait_for_selector("text=Copied")
    said = await reader.page.inner_text("main > [role=status]")

    assert said == "Copied"
    assert await reader.page.evaluate("navigator.clipboard.readText()") == (
        'curl "$SIDE/cart?sort=name"'
    )


async def test_copying_where_it_is_forbidden(read: Read) -> None:
    """Without the right to write to the clipboard the text is selected, and the key is named."""
    reader = await read(address=CART)
    await reader.page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject())")
    await reader.heading()
    await reader.page.click("text=Copy link")
    await reader.page.wait_for_selector("text=Press Ctrl+C")

    assert await reader.page.evaluate("String(getSelection())") == reader.url + CART


async def test_saving_the_scenario(read: Read, tmp_path: Path) -> None:
    """The scenario is saved as a file that holds it as it is."""
    reader = await read(address=CART)
    await reader.heading()
    await reader.page.click("text=The scenario up to this request")
    async with reader.page.expect_download() as download:
        await reader.page.click("text=Save")
    saved = await download.value
    await saved.save_as(tmp_path / "saved.json")

    assert saved.suggested_filename == "fill-a-cart.json"
    assert json.loads((tmp_path / "saved.json").read_text()) == {"name": "fill a cart"}


async def test_on_a_phone(read: Read) -> None:
    """The exchange is over the list, both sides stand one over the other, and nothing is wider
    than the screen."""
    reader = await read(**PHONE)
    listed = await reader.page.evaluate("document.documentElement.scrollWidth")
    await reader.page.tap("a.row:has-text('/cart?sort')")
    await reader.heading()
    cells = await reader.page.eval_on_selector_all(
        "tr.differs:nth-of-type(3) td", "cells => cells.map(cell => cell.getBoundingClientRect().y)"
    )

    assert await reader.page.is_hidden(".list")
    assert cells[0] < cells[1]
    assert listed == await reader.page.evaluate("document.documentElement.scrollWidth") == 390
    await reader.page.tap("text=Close")
    assert await reader.page.is_visible(".list")


async def test_schemes(read: Read) -> None:
    """The page is dark where the reader's system is, and the button turns it round."""
    reader = await read(color_scheme="dark")
    back = "getComputedStyle(document.body).backgroundColor"
    dark = await reader.page.evaluate(back)
    await reader.page.click("text=Light or dark")
    light = await reader.page.evaluate(back)
    await reader.page.click("text=Light or dark")

    assert (dark, light) == ("rgb(19, 23, 29)", "rgb(255, 255, 255)")
    assert await reader.page.evaluate(back) == dark


async def test_each_exchange_opens(read: Read) -> None:
    """From the first to the last, each is what its row says."""
    reader = await read(address=CART)
    headings = [await reader.heading()]
    for one in EXCHANGES[1:]:
        await press(reader, "j")
        await reader.page.wait_for_selector(f"h2:has-text('{one.target}'):focus")
        headings.append(await reader.heading())

    assert headings == [f"{one.method} {one.target}" for one in EXCHANGES]


async def test_differences_that_are_not_told_are_counted(read: Read) -> None:
    """The pane's heading counts all, and its last line those that the page does not hold."""
    many = [Shown("walk", differences=[difference("status", "1", "2")], more={"more": 1_300})]
    reader = await read(many, "#x=walk/0")
    pane = await reader.page.inner_text(".pane")

    assert "1,301 differences" in pane
    assert "1,300 more differences not shown." in pane
