"""The start page: every route, with a link and what it shows."""

import re
from collections.abc import Iterator

import pytest

from parity_tests.applications import Applications, Sides
from quart_parity.mirror.pair import ParityClient

LINE = re.compile(r'<dt><a href="([^"]+)">([^<]+)</a>(.*)</dt>\n<dd>([^<]+)</dd>')


def lines(page: str) -> Iterator[tuple[str, ...]]:
    """Link, rule, methods and what it shows, of each line of the page."""
    return (match.groups() for match in LINE.finditer(page))


async def test_the_page_lists_every_rule(apps: Applications) -> None:
    """Each rule of the URL map is on the page once, in its order, with a sentence."""
    answer = await apps.client().get("/")
    rules = [rule.rule for rule in apps.create().url_map.iter_rules()]
    escaped = [rule.replace("<", "&lt;").replace(">", "&gt;") for rule in rules]

    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert [rule for _, rule, _, _ in lines(answer.text)] == escaped
    assert all(shows.endswith(".") for *_, shows in lines(answer.text))


@pytest.mark.parametrize("base", ["http://localhost", "https://shop.example/app"])
async def test_every_link_leads_to_its_route(apps: Applications, base: str) -> None:
    """No link of the page is a dead one, also below a mount point."""
    client = apps.client(base=base)
    page = await client.get("/")
    root = client.base.root
    links = [link.removeprefix(root) for link, *_ in lines(page.text)]
    answers = {link: await client.get(link) for link in links}

    assert all(link.startswith(root + "/") for link, *_ in lines(page.text))
    assert [
        link
        for link, answer in answers.items()
        if answer.status == 404 and "The requested URL was not found" in answer.text
    ] == []


async def test_the_page_names_other_methods(parity: ParityClient) -> None:
    """A route that takes more than GET says which methods."""
    page = await parity.get("/")
    methods = {rule: methods for _, rule, methods, _ in lines(page.text)}

    assert methods["/setcookies"] == ""
    assert methods["/responses/wsgi"] == " <small>GET, POST</small>"


async def test_both_pages_are_the_same(sides: Sides) -> None:
    """The page of one side is that of the other, to the byte."""
    pages = [(await apps.client().get("/")).body for apps in sides.values()]

    assert pages[0] == pages[1]
    assert pages[0].startswith(b"<!doctype html>")
