"""Cookies: ``set_cookie`` sets one, ``request.cookies.get`` reads it, ``delete_cookie`` ends it."""

from typing import Any

import pytest

from parity_tests.applications import Applications
from parity_tests.clients import AsyncClient, set_by
from quart_parity.clock import StandingClock
from quart_parity.mirror.pair import ParityClient

EPOCH = "Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0"


async def test_a_cookie_is_set_on_a_made_response(parity: ParityClient) -> None:
    """What make_response makes takes a cookie, and is returned with it."""
    answer = await parity.get("/setcookies")

    assert answer.status_code == 200
    assert answer.text == "The cookie is set."
    assert answer.headers.getlist("Set-Cookie") == ["name=tom; Path=/"]


async def test_a_cookie_comes_back(parity: ParityClient) -> None:
    """The cookie that one answer sets is what request.cookies.get finds in the next request."""
    await parity.get("/setcookies")
    answer = await parity.get("/getcookies")

    assert (answer.status_code, answer.text) == (200, "tom")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


async def test_a_missing_cookie_is_a_404_that_says_so(parity: ParityClient) -> None:
    """A cookie that the request lacks is answered with 404 and its name."""
    answer = await parity.get("/getcookies")

    assert (answer.status_code, answer.text) == (404, "The cookie 'name' is missing.")


async def test_a_cookie_is_deleted(parity: ParityClient) -> None:
    """Deleting sends the cookie empty and expired, and then it is missing."""
    await parity.get("/setcookies")
    answer = await parity.get("/deletecookies")
    after = await parity.get("/getcookies")

    assert answer.text == "The cookie is deleted."
    assert answer.headers.getlist("Set-Cookie") == [f"name=; {EPOCH}; Path=/"]
    assert after.status_code == 404


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"key": "theme", "value": "dark"}, "theme=dark; Path=/"),
        ({"value": ""}, "name=; Path=/"),
        ({"value": "at once"}, 'name="at once"; Path=/'),
        ({"value": "a;b"}, r'name="a\073b"; Path=/'),
        ({"value": "naïve"}, r'name="na\303\257ve"; Path=/'),
        ({"max_age": 60}, "name=tom; Expires=Fri, 15 Jan 2027 08:01:00 GMT; Max-Age=60; Path=/"),
        ({"max_age": 0}, "name=tom; Expires=Fri, 15 Jan 2027 08:00:00 GMT; Max-Age=0; Path=/"),
        ({"expires": 0, "max_age": 60}, f"name=tom; {EPOCH[:-1]}60; Path=/"),
        ({"expires": 1_000_000_000}, "name=tom; Expires=Sun, 09 Sep 2001 01:46:40 GMT; Path=/"),
        (
            {"expires": "Tue, 01 Jan 2999 00:00:00 GMT"},
            "name=tom; Expires=Tue, 01 Jan 2999 00:00:00 GMT; Path=/",
        ),
        ({"path": "/shop"}, "name=tom; Path=/shop"),
        ({"path": "/söme päth"}, "name=tom; Path=/s%C3%B6me%20p%C3%A4th"),
        ({"path": ""}, "name=tom"),
        ({"domain": ".shop.example"}, "name=tom; Domain=shop.example; Path=/"),
        ({"domain": "bücher.example"}, "name=tom; Domain=xn--bcher-kva.example; Path=/"),
        ({"secure": "true"}, "name=tom; Secure; Path=/"),
        ({"secure": "0"}, "name=tom; Path=/"),
        ({"httponly": "1"}, "name=tom; HttpOnly; Path=/"),
        ({"httponly": "false"}, "name=tom; Path=/"),
        ({"samesite": "Strict"}, "name=tom; Path=/; SameSite=Strict"),
        ({"samesite": "lax"}, "name=tom; Path=/; SameSite=Lax"),
        ({"samesite": "None"}, "name=tom; Path=/; SameSite=None"),
        ({"partitioned": "true"}, "name=tom; Secure; Path=/; Partitioned"),
        (
            {
                "key": "all",
                "value": "v",
                "max_age": 60,
                "expires": 0,
                "path": "/shop",
                "domain": "shop.example",
                "secure": 1,
                "httponly": 1,
                "samesite": "Strict",
                "partitioned": 1,
            },
            f"all=v; Domain=shop.example; {EPOCH[:-1]}60; Secure; HttpOnly; Path=/shop;"
            " SameSite=Strict; Partitioned",
        ),
    ],
)
@pytest.mark.usefixtures("clock")
async def test_every_argument_reaches_the_cookie(
    parity: ParityClient, query: dict[str, Any], field: str
) -> None:
    """Each argument of set_cookie is the attribute that it stands for."""
    answer = await parity.get("/setcookies", query_string=query)

    assert answer.status_code == 200
    assert answer.headers.getlist("Set-Cookie") == [field]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "a=b=c",
        "naïve \N{SNOWMAN} \N{PILE OF POO}",
        'with "quotes", comma; semicolon and \\ backslash',
        "line\r\nbreak and \0",
    ],
)
async def test_any_value_comes_back_as_it_was_set(client: AsyncClient, value: str) -> None:
    """Quoting lets every text through, and reading undoes it."""
    await client.get("/setcookies", query={"value": value})
    answer = await client.get("/getcookies")

    assert (answer.status, answer.text) == (200, value)


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("key", ""),
        ("key", "with space"),
        ("key", "a;b"),
        ("max_age", "soon"),
        ("max_age", "1.5"),
        ("max_age", "9" * 20),
        ("expires", "tomorrow"),
        ("expires", "Mon, 01 Jan 2999 00:00:00 GMT"),
        ("path", "relative"),
        ("path", "/a;b"),
        ("path", "/a\r\nb"),
        ("domain", ""),
        ("domain", "shop..example"),
        ("domain", "localhost:8000"),
        ("secure", "yes"),
        ("httponly", ""),
        ("samesite", "Loose"),
        ("partitioned", "TRUE"),
        ("colour", "red"),
    ],
)
async def test_a_bad_argument_is_a_400_that_names_it(
    parity: ParityClient, argument: str, value: str
) -> None:
    """What set_cookie cannot use is refused by its name, and no cookie is set."""
    answer = await parity.get("/setcookies", query_string={argument: value})

    assert answer.status_code == 400
    assert answer.json["argument"] == argument
    assert answer.json["error"]
    assert set_by(answer) == {}


async def test_an_argument_given_twice_is_refused(parity: ParityClient) -> None:
    """A repeated argument is no choice between its values."""
    answer = await parity.get("/setcookies", query_string=[("key", "a"), ("key", "b")])

    assert answer.status_code == 400
    assert answer.json == {"argument": "key", "error": "given 2 times"}


async def test_a_cookie_lives_for_its_max_age(client: AsyncClient, clock: StandingClock) -> None:
    """A cookie with a Max-Age is there until that many seconds have passed."""
    await client.get("/setcookies", query={"max_age": 60})
    clock.shift(59)
    before = await client.get("/getcookies")
    clock.shift(1)
    after = await client.get("/getcookies")

    assert (before.status, after.status) == (200, 404)


async def test_a_cookie_goes_below_its_path_only(client: AsyncClient) -> None:
    """A cookie with a path is sent to that path, and deleted only with it."""
    await client.get("/setcookies", query={"path": "/getcookies"})
    elsewhere = await client.get("/listcookies")
    await client.get("/deletecookies")
    kept = await client.get("/getcookies")
    await client.get("/deletecookies", query={"path": "/getcookies"})
    gone = await client.get("/getcookies")

    assert elsewhere.json == []
    assert (kept.status, gone.status) == (200, 404)


async def test_cookies_of_one_name_are_all_listed(client: AsyncClient) -> None:
    """Two cookies of one name arrive both, that of the longer path first."""
    await client.get("/setcookies", query={"value": "root"})
    await client.get("/setcookies", query={"value": "inner", "path": "/listcookies"})
    answer = await client.get("/listcookies")

    assert answer.json == [["name", "inner"], ["name", "root"]]


async def test_a_foreign_domain_is_not_kept(apps: Applications) -> None:
    """A cookie for its own domain comes back, one for another site is sent and dropped."""
    client = apps.client(base="http://www.shop.example")
    await client.get("/setcookies", query={"domain": "shop.example"})
    await client.get("/setcookies", query={"domain": "elsewhere.example", "key": "foreign"})
    answer = await client.get("/listcookies")

    assert answer.json == [["name", "tom"]]


@pytest.mark.parametrize(("scheme", "status"), [("http", 404), ("https", 200)])
async def test_a_secure_cookie_needs_https(apps: Applications, scheme: str, status: int) -> None:
    """A Secure cookie comes back over https and never over http."""
    client = apps.client(base=f"{scheme}://shop.example")
    await client.get("/setcookies", query={"secure": "true"})
    answer = await client.get("/getcookies")

    assert answer.status == status


async def test_deleting_repeats_the_attributes(parity: ParityClient) -> None:
    """Path, domain and flags of a deleted cookie are those that the query says."""
    query = {"key": "k", "path": "/shop", "domain": "shop.example", "httponly": 1, "secure": 1}
    flags = {"samesite": "Lax", "partitioned": 1}
    answer = await parity.get("/deletecookies", query_string=query | flags)

    assert answer.headers.getlist("Set-Cookie") == [
        f"k=; Domain=shop.example; {EPOCH}; Secure; HttpOnly; Path=/shop; SameSite=Lax; Partitioned"
    ]


async def test_cookies_are_read_as_the_client_sent_them(client: AsyncClient) -> None:
    """Repeats, quotes, empty and nameless pairs of a Cookie header are read one by one."""
    header = r'a=1; a=2; b; =c; d="quoted \303\251"; e=; f = spaced '
    answer = await client.get("/listcookies", headers={"Cookie": header})

    assert answer.json == [
        ["a", "1"],
        ["a", "2"],
        ["b", ""],
        ["d", "quoted é"],
        ["e", ""],
        ["f", "spaced"],
    ]


async def test_head_sets_the_cookie_too(client: AsyncClient) -> None:
    """HEAD has the headers of GET, its cookie among them, and no body."""
    answer = await client.head("/setcookies")

    assert answer.body == b""
    assert answer.headers["Content-Length"] == "18"
    assert answer.headers.getlist("Set-Cookie") == ["name=tom; Path=/"]
