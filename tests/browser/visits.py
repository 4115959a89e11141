"""What a small report holds: twelve exchanges, of which some differ."""

import re
from typing import Any

from tests.browser.pages import Shown, difference

HEADERS = {
    "title": "headers",
    "kind": "fields",
    "left_out": 0,
    "rows": [
        ["content-type", 0, 0, ["text/html; charset=utf-8"], 0],
        ["vary", 0, 1, ["", "Cookie"], None],
        ["content-length", 0, 1, ["12", "34"], ["12", "56"]],
        ["x-frame-options", 0, 0, ["DENY"], 0],
    ],
}
SESSION = {
    "title": "session",
    "kind": "tree",
    "left_out": 0,
    "rows": [
        ["cart", 0, 0, [""], 0],
        ["lamp", 1, 1, ["", "1"], ["", "2"]],
        ["vase", 1, 0, ["1"], 0],
    ],
}
BODY = {
    "title": "body",
    "kind": "lines",
    "left_out": 812,
    "rows": [
        ["1", 0, 0, ["<!doctype html>"], 0],
        ["2", 0, 1, ["<p>Your total is ", "12.50", "</p>"], ["<p>Your total is ", "12.5", "</p>"]],
        ["3", 0, 0, ["<p>Thank you</p>"], 0],
    ],
}
HEX = {
    "title": "body",
    "kind": "hex",
    "left_out": 0,
    "rows": [
        ["00000000", 0, 0, ["89 50 4e 47 0d 0a 1a 0a  .PNG...."], 0],
        ["00000008", 0, 1, ["00 00 ", "00", " 0d  ...."], ["00 00 ", "01", " 0d  ...."]],
    ],
}
SENT = {
    "title": "headers",
    "kind": "fields",
    "left_out": 0,
    "rows": [["host", 0, 0, ["localhost"], 0], ["cookie", 0, 0, ["session=<masked 1>"], 0]],
}
LOG = "Traceback (most recent call last):\n  File \"shop.py\", line 3, in cart\nKeyError: 'lamp'"

VARY = difference("header.vary", "Cookie", None, codes=["QP021"])
TOTAL = difference(
    "body",
    "total 12.50",
    "total 12.5",
    diff=["@@ -1,2 +1,2 @@", " Your total", "-12.50", "+12.5"],
)
ACCEPTED = difference("header.server", "Werkzeug", "hypercorn", accepted="It names itself.")
CRASH = difference("status", "200", "500", codes=None)
JSON = difference("body.error", "invalid", "malformed", codes=["QP032"])


def shown(scenario: str, position: int, method: str, target: str, **more: Any) -> Shown:
    path = re.sub(r"\d+", "<int:id>", target.split("?")[0])
    return Shown(scenario, position, method, target, route=f"{method} {path}", **more)


EXCHANGES = [
    shown(
        "fill a cart",
        2,
        "GET",
        "/cart?sort=name",
        differences=[VARY, TOTAL, ACCEPTED],
        sheets=[HEADERS, SESSION, BODY, HEX],
        sent=[SENT],
        more={"views": ["shop_flask/cart.py:12", "shop_quart/cart.py:13"], "logs": [None, LOG]},
    ),
    shown("order / pay", 3, "POST", "/order", statuses=(200, 500), differences=[CRASH]),
    shown("ask the API", 0, "POST", "/api/quote", statuses=(400, 400), differences=[JSON]),
    shown("look around", 1, "GET", "/about", differences=[ACCEPTED]),
    *(shown("look around", n, "GET", f"/products/{n}", sheets=[HEADERS]) for n in range(2, 9)),
    shown("look around", 9, "HEAD", "/cart"),
]
"""Sorted as a report sorts them."""
