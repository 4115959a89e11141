"""The list of exchanges in the HTML report: search, filters, and the address that keeps them."""

import pytest

from tests.browser.conftest import Read, Reader
from tests.browser.pages import Shown
from tests.browser.visits import CRASH, EXCHANGES, shown

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SEARCHES = {
    "target": ("sort=NAME", ["/cart?sort=name"]),
    "method and scenario": ("post pay", ["/order"]),
    "route": ("<int:id> /8", ["/products/8"]),
    "code": ("qp032", ["/api/quote"]),
    "path": ("header.vary", ["/cart?sort=name"]),
    "value": ("malformed", ["/api/quote"]),
    "nothing": ("post malformed cart", []),
    "a pattern": (".*", []),
}
FILTERS = {
    "route": ("GET /cart", ["/cart?sort=name"]),
    "method": ("POST", ["/order", "/api/quote"]),
    "kind": ("status", ["/order"]),
    "cause": ("QP021", ["/cart?sort=name"]),
    "severity": ("visible", ["/api/quote"]),
    "accepted": ("accepted", ["/cart?sort=name", "/about"]),
}


async def status(reader: Reader) -> str:
    return str(await reader.page.inner_text(".tools [role=status]"))


async def choose(reader: Reader, name: str, value: str) -> None:
    await reader.page.select_option(f"select[name={name}]", value)


async def test_every_exchange_is_in_the_list(read: Read) -> None:
    """The list has a row for each exchange, in the order of the data, and says how many."""
    reader = await read()

    assert await reader.shown() == [one.target for one in EXCHANGES]
    assert await status(reader) == "12 exchanges"


async def test_a_row_says_what_differs(read: Read) -> None:
    """A row names request, statuses, scenario and causes, and says without colour whether they
    differ."""
    reader = await read()
    rows = await reader.page.eval_on_selector_all(".row", "rows => rows.map(r => r.textContent)")

    for word in ("differs", "GET", "200", "fill a cart, request 2", "header, body", "QP021port"):
        assert word in rows[0]
    assert "200 →against 500" in rows[1]
    assert rows[3].startswith("≈accepted")
    assert rows[4].startswith("=same")


@pytest.mark.parametrize(("words", "found"), SEARCHES.values(), ids=SEARCHES)
async def test_all_words_must_occur(read: Read, words: str, found: list[str]) -> None:
    """The search finds what has all words somewhere, whatever their case."""
    reader = await read()
    await reader.page.fill("input[type=search]", words)

    assert await reader.shown() == found
    assert await status(reader) == f"{len(found)} of 12 exchanges"


@pytest.mark.parametrize(
    ("name", "value", "found"), [(name, *rest) for name, rest in FILTERS.items()], ids=FILTERS
)
async def test_a_filter_leaves_what_is_like_that(
    read: Read, name: str, value: str, found: list[str]
) -> None:
    """Each filter leaves those exchanges, and the address gives them to whoever opens it anew."""
    reader = await read()
    await choose(reader, name, value)
    first, address = await reader.shown(), reader.page.url.split("#")[1]
    await reader.open(f"#{address}")

    assert first == found
    assert await reader.shown() == found
    assert await reader.page.input_value(f"select[name={name}]") == value


@pytest.mark.parametrize(
    ("state", "count"), [("open", 3), ("accepted", 2), ("same", 8), ("all", 12)]
)
async def test_outcomes(read: Read, state: str, count: int) -> None:
    """An exchange with open and accepted differences is among both."""
    reader = await read(address=f"#accepted={state}")

    assert len(await reader.shown()) == count


async def test_filters_and_search_together(read: Read) -> None:
    """What is shown passes every filter and the search; clearing shows all of it again."""
    reader = await read(address="#accepted=open&method=POST")
    both = await reader.shown()
    await reader.page.fill("input[type=search]", "pay")
    three = await reader.shown()
    await reader.page.click("text=Clear")

    assert (both, three) == (["/order", "/api/quote"], ["/order"])
    assert len(await reader.shown()) == 12
    assert await reader.page.input_value("input[type=search]") == ""


async def test_choices_say_how_many_there_are(read: Read) -> None:
    """The number at a choice is what choosing it would leave, given the other filters."""
    reader = await read(address="#method=GET")
    methods = await reader.page.inner_text("select[name=method]")
    outcomes = await reader.page.inner_text("select[name=accepted]")

    assert methods.split("\n") == ["all (12)", "GET (9)", "HEAD (1)", "POST (2)"]
    assert outcomes.split("\n") == ["all (9)", "differs (1)", "accepted (2)", "same (7)"]


async def test_back_and_forward(read: Read) -> None:
    """Filters and the open exchange are gone through backwards and forwards."""
    reader = await read()
    await choose(reader, "method", "POST")
    await reader.page.click("a.row:has-text('/order')")
    assert await reader.heading() == "POST /order"
    await reader.page.go_back()
    await reader.page.wait_for_selector(".pane", state="hidden")
    filtered = await reader.shown()
    await reader.page.go_back()
    await reader.page.wait_for_function("!location.hash")
    whole = await reader.shown()
    await reader.page.go_forward()
    await reader.page.go_forward()

    assert await reader.heading() == "POST /order"
    assert filtered == ["/order", "/api/quote"]
    assert len(whole) == 12


async def test_an_unknown_choice_in_the_address(read: Read) -> None:
    """A filter that nothing has leaves nothing, and is there to be taken away."""
    reader = await read(address="#cause=%3Cb%3EQP999&q=%E0%A4%A")

    assert await reader.shown() == []
    assert await reader.page.input_value("select[name=cause]") == "<b>QP999"
    assert await reader.page.input_value("input[type=search]") == "%E0%A4%A"
    assert await reader.page.is_visible("text=No exchange is like that.")


async def test_long_lists_are_whole_and_scroll_as_far(read: Read) -> None:
    """All of 2,000 rows are in the document, and the list is as high before they are laid out as
    when all of them are."""
    many = [Shown("many", n, target=f"/products/{n}") for n in range(2_000)]
    reader = await read(many)
    before = await reader.page.evaluate("document.documentElement.scrollHeight")
    await reader.page.evaluate(
        "for (const list of document.querySelectorAll('.list ol'))"
        " list.style.setProperty('content-visibility', 'visible')"
    )
    after = await reader.page.evaluate("document.documentElement.scrollHeight")

    assert await reader.page.locator(".row").count() == 2_000
    assert before == after
    assert before > 2_000 * 40


async def test_a_report_without_exchanges(read: Read) -> None:
    """Where nothing differs and nothing else is kept, the list says so."""
    reader = await read([])

    assert await reader.page.is_visible("text=No exchange differs.")


async def test_exchanges_that_share_their_place_are_opened_each(read: Read) -> None:
    """Rules of a URL map are all of request 0; each has an address, and the keys go through
    them."""
    rules = [shown("URL map", 0, "", f"/r{n}", differences=[CRASH]) for n in range(3)]
    reader = await read(rules)
    rows = reader.page.locator(".row")
    await rows.nth(1).click()
    headings = [await reader.heading()]
    address = "".join(reader.page.url.partition("#")[1:])
    for key in ("j", "k", "k"):
        await reader.page.keyboard.press(key)
        headings.append(await reader.heading())
    again = await read(rules, address)

    assert headings == ["/r1", "/r2", "/r1", "/r0"]
    assert await again.heading() == "/r1"
    assert await status(again) == "3 rows"
    assert "request 0" not in await again.page.inner_text("main")
