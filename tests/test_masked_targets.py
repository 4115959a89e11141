"""Targets are masked by the rule that matched, and paths part by part."""

import pytest

from quart_parity.masks import Masker

KEY = "a key of the shop"


def test_each_part_of_a_path_is_masked_by_itself() -> None:
    """What follows a secret in a path can still be read."""
    masker = Masker(keys=[KEY])

    assert masker.path(("body", "password=x", 3, "y")) == 'body."password=<masked 1>"[3].y'
    assert masker.path(("body", KEY, "a b")) == 'body."<application key>"."a b"'
    assert masker.path(("header", "x-api-key")) == "header.x-api-key"


ONE, TWO = "<masked 1>", "<masked 2>"
TARGETS: dict[str, tuple[str, str, str]] = {
    "a variable": ("/reset/<token>", "/reset/x%20y", f"/reset/{ONE}"),
    "before others": ("/reset/<token>/<int:id>", "/reset/x/7?a=1", f"/reset/{ONE}/7?a=1"),
    "a query": ("/reset/<token>", "/reset/x?token=y#z", f"/reset/{ONE}?token={TWO}#z"),
    "a mounted rule": ("/reset/<token>", "/shop/reset/x", f"/shop/reset/{ONE}"),
    "an absolute form": ("/<token>", "http://a/x", f"http://a/{ONE}"),
    "slashes": ("/reset/<token>/", "//reset//x", f"//reset//{ONE}"),
    "a converter": ('/r/<regex("[a/]{2}", a=1):token>/e', "/r/x/e", f"/r/{ONE}/e"),
    "within a segment": ("/r/v<token>.html", "/r/vx.html", f"/r/v{ONE}.html"),
    "with others in a segment": ("/r/<a>-<token>", "/r/1-x", f"/r/{ONE}"),
    "two": ("/<pin>/<a>/<sid>", "/x/y/z", f"/{TWO}/y/{ONE}"),
    "after a path": ("/<path:a>/r/<token>", "/a/b/r/x", f"/a/b/r/{ONE}"),
    "before a path": ("/<token>/<path:a>", "/x/a/b", "/x/a/b"),
    "an open name": ("/items/<int:id>", "/items/7", "/items/7"),
    "too short": ("/reset/<token>", "/reset", "/reset"),
    "nothing": ("", "/a?token=x", f"/a?token={ONE}"),
    "no rule": ("/reset/…", "/reset/7", "/reset/7"),
}


@pytest.mark.parametrize(("rule", "target", "shown"), TARGETS.values(), ids=TARGETS)
def test_a_target_is_masked_by_its_rule(rule: str, target: str, shown: str) -> None:
    """The rule names what stands in the path, and the rest of a target names itself."""
    assert Masker().target(target, rule) == shown
    assert Masker(show_secrets=True).target(target, rule) == target
