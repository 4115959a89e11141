"""Walks through the pages that set, read and delete cookies, and what a browser keeps of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from time import time
from typing import Any

from parity_tests.browser.stores import lasting, until
from parity_tests.browser.walks import deleting, page, setting
from parity_tests.servers import HOST

TOMORROW = int(time()) + 86_400
CAP = 400 * 86_400
"""Seconds that a browser keeps a cookie at most (RFC 6265bis, 5.5)."""
SHOP = "www.shop.example"
SECURE_SHOP = "www.shop.localhost"
"""Loopback, which browsers trust without TLS, with room for a Domain above."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Pages visited in order, and what the browser keeps at their end."""

    targets: list[str]
    kept: Mapping[str, Mapping[str, Any]]
    """Attributes by name; of those that are not given nothing is said here."""
    host: str = HOST
    visible: str | None = None
    """``document.cookie``; None stands for the kept cookies with their values."""


TOM = {"value": "tom", "path": "/", "domain": HOST, "httpOnly": False, "secure": False}
PARTITION = {"topLevelSite": f"http://{HOST}", "hasCrossSiteAncestor": False}
UNICODE = "naïve \N{SNOWMAN} \N{PILE OF POO}"
QUOTED = 'with "quotes", comma; semicolon and \\ backslash'

WALKS: dict[str, Walk] = {
    "as documented": Walk(["/getcookies", "/setcookies", "/getcookies"], {"name": TOM}),
    "deleted": Walk(["/setcookies", "/deletecookies", "/getcookies", "/listcookies"], {}),
    "another key and value": Walk(
        [setting(key="theme", value="dark"), page("/getcookies", key="theme")],
        {"theme": {"value": "dark"}},
    ),
    "a key of every character": Walk(
        [setting(key="!#$%&'*+-.^_`|~09AZaz"), "/listcookies"],
        {"!#$%&'*+-.^_`|~09AZaz": {"value": "tom"}},
    ),
    "several": Walk(
        [setting(key="a"), setting(key="b"), "/responses/headers/list", setting(), "/listcookies"],
        {"a": {"value": "1"}, "b": {"value": "2"}, "name": TOM},
    ),
    "set by an application within": Walk(
        ["/responses/wsgi"],
        {"a": {"value": "1", "path": "/responses"}, "b": {"value": "2", "path": "/responses"}},
    ),
    "set, and led on": Walk(["/setcookies", "/responses/redirect/relative"], {"name": TOM}),
    "replaced": Walk(
        ["/setcookies", setting(value="ann", httponly=1), "/getcookies"],
        {"name": {"value": "ann", "httpOnly": True}},
        visible="",
    ),
    "an empty value": Walk([setting(value=""), "/getcookies"], {"name": {"value": ""}}),
    "equals signs": Walk([setting(value="a=b=c"), "/getcookies"], {"name": {"value": "a=b=c"}}),
    "spaces around": Walk([setting(value=" a b "), "/getcookies"], {"name": {"value": '" a b "'}}),
    "a quoted value": Walk(
        [setting(value=QUOTED), "/getcookies", "/listcookies"],
        {
            "name": {
                "value": r'"with \"quotes\"\054 comma\073 semicolon and \\ backslash"',
            }
        },
    ),
    "Unicode": Walk(
        [setting(value=UNICODE), "/getcookies"],
        {"name": {"value": r'"na\303\257ve \342\230\203 \360\237\222\251"'}},
    ),
    "control characters": Walk(
        [setting(value="line\r\nbreak and \0"), "/listcookies"],
        {"name": {"value": r'"line\015\012break and \000"'}},
    ),
    "the longest pair": Walk(
        [setting(value="v" * 4092), "/getcookies"], {"name": {"value": "v" * 4092}}
    ),
    "a pair that is too long": Walk([setting(value="v" * 4093), "/getcookies"], {}),
    "Max-Age": Walk(
        [setting(max_age=60), "/getcookies"], {"name": {**TOM, "expires": lasting(60)}}
    ),
    "Max-Age beyond the cap": Walk(
        [setting(max_age=CAP + 60)], {"name": {**TOM, "expires": lasting(CAP)}}
    ),
    "Max-Age 0": Walk(["/setcookies", setting(max_age=0), "/getcookies"], {}),
    "Max-Age below 0": Walk(["/setcookies", setting(max_age=-1), "/getcookies"], {}),
    "Expires": Walk(
        [setting(expires=TOMORROW), "/getcookies"], {"name": {**TOM, "expires": until(TOMORROW)}}
    ),
    "Expires beyond the cap": Walk(
        [setting(expires="Tue, 01 Jan 2999 00:00:00 GMT")],
        {"name": {**TOM, "expires": lasting(CAP)}},
    ),
    "Expires in the past": Walk(
        ["/setcookies", setting(expires="Sun, 09 Sep 2001 01:46:40 GMT"), "/getcookies"], {}
    ),
    "Max-Age before Expires": Walk(
        [setting(expires=0, max_age=60), "/getcookies"], {"name": {"expires": lasting(60)}}
    ),
    "a session cookie made to last": Walk(
        ["/setcookies", setting(max_age=60)], {"name": {"expires": lasting(60)}}
    ),
    "Path": Walk(
        [setting(path="/getcookies"), "/getcookies", "/listcookies"],
        {"name": {**TOM, "path": "/getcookies"}},
        visible="",
    ),
    "no Path": Walk([setting(path=""), "/getcookies"], {"name": TOM}),
    "a Path that is quoted": Walk(
        [setting(path='/söme päth, "quoted"')],
        {"name": {"path": "/s%C3%B6me%20p%C3%A4th,%20%22quoted%22"}},
        visible="",
    ),
    "not deleted with another Path": Walk(
        [setting(path="/getcookies"), "/deletecookies", "/getcookies"],
        {"name": {"path": "/getcookies"}},
    ),
    "deleted with its Path": Walk(
        [setting(path="/getcookies"), deleting(path="/getcookies"), "/getcookies"], {}
    ),
    "two Paths, one deleted": Walk(
        [
            setting(value="root"),
            setting(value="inner", path="/listcookies"),
            "/listcookies",
            deleting(path="/listcookies"),
            "/listcookies",
        ],
        {"name": {"value": "root", "path": "/"}},
    ),
    "Domain": Walk(
        [setting(domain="shop.example"), "/getcookies"],
        {"name": {"domain": ".shop.example"}},
        SHOP,
    ),
    "Domain with a dot": Walk(
        [setting(domain=".shop.example"), "/getcookies"],
        {"name": {"domain": ".shop.example"}},
        SHOP,
    ),
    "Domain of somebody else": Walk(
        [setting(domain="elsewhere.example"), setting(domain="bücher.example"), "/getcookies"],
        {},
        SHOP,
    ),
    "Domain that is the address": Walk([setting(domain=HOST), "/getcookies"], {"name": TOM}),
    "not deleted with another Domain": Walk(
        [setting(domain="shop.example"), "/deletecookies", "/getcookies"],
        {"name": {"domain": ".shop.example"}},
        SHOP,
    ),
    "deleted with its Domain": Walk(
        [setting(domain="shop.example"), deleting(domain="shop.example"), "/getcookies"], {}, SHOP
    ),
    "HttpOnly": Walk(
        [setting(key="seen"), setting(httponly=1), "/listcookies"],
        {"seen": {"httpOnly": False}, "name": {**TOM, "httpOnly": True}},
        visible="seen=tom",
    ),
    "Secure on loopback": Walk(
        [setting(secure=1), "/getcookies"], {"name": TOM | {"secure": True}}
    ),
    "Secure without a secure connection": Walk([setting(secure=1), "/getcookies"], {}, SHOP),
    "SameSite=Strict": Walk(
        [setting(samesite="Strict"), "/getcookies"], {"name": {**TOM, "sameSite": "Strict"}}
    ),
    "SameSite=Lax": Walk(
        [setting(samesite="lax"), "/getcookies"], {"name": {**TOM, "sameSite": "Lax"}}
    ),
    "SameSite=None and Secure": Walk(
        [setting(samesite="None", secure=1), "/getcookies"],
        {"name": {"sameSite": "None", "secure": True}},
    ),
    "SameSite=None alone": Walk([setting(samesite="None"), "/getcookies"], {}),
    "Partitioned": Walk(
        [setting(partitioned=1), "/getcookies"],
        {"name": {"secure": True, "partitionKey": PARTITION}},
    ),
    "partitioned and not": Walk(
        [setting(value="whole", secure=1), setting(value="part", partitioned=1), "/listcookies"],
        {"name": {}},
        visible="name=whole; name=part",
    ),
    "not deleted without Partitioned": Walk(
        [setting(partitioned=1), deleting(), "/getcookies"], {"name": {"partitionKey": PARTITION}}
    ),
    "deleted with Partitioned": Walk(
        [setting(partitioned=1), deleting(partitioned=1), "/getcookies"], {}
    ),
    "__Host-": Walk(
        [setting(key="__Host-id", secure=1), page("/getcookies", key="__Host-id")],
        {"__Host-id": {"path": "/", "secure": True}},
    ),
    "__Host- without what it promises": Walk(
        [
            setting(key="__Host-a"),
            setting(key="__Host-b", secure=1, path="/listcookies"),
            setting(key="__Host-c", secure=1, domain="shop.localhost"),
            "/listcookies",
        ],
        {},
        SECURE_SHOP,
    ),
    "__Secure-": Walk(
        [setting(key="__Secure-a"), setting(key="__Secure-b", secure=1), "/listcookies"],
        {"__Secure-b": {"secure": True}},
    ),
    "everything at once": Walk(
        [
            setting(
                key="all",
                value="at once",
                max_age=60,
                expires="Tue, 01 Jan 2999 00:00:00 GMT",
                path="/",
                domain="shop.localhost",
                secure=1,
                httponly=1,
                samesite="Strict",
                partitioned=1,
            ),
            page("/getcookies", key="all"),
        ],
        {
            "all": {
                "value": '"at once"',
                "expires": lasting(60),
                "path": "/",
                "domain": ".shop.localhost",
                "secure": True,
                "httpOnly": True,
                "sameSite": "Strict",
                "partitionKey": PARTITION | {"topLevelSite": "http://shop.localhost"},
            }
        },
        SECURE_SHOP,
        visible="",
    ),
}
