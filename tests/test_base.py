"""Where both sides believe to be served: scheme, host and mount point."""

import pytest

from quart_parity import Request, ScenarioError
from quart_parity.drivers.asgi import scope
from quart_parity.drivers.wsgi import environ
from quart_parity.encoding import encode
from quart_parity.exchange import parse_base

BASES: dict[str, tuple[str, str, str, str, str]] = {
    "the default": ("http://localhost", "localhost", "http", "", "/x"),
    "the scheme's port": ("https://shop.example:443/", "shop.example", "https", "", "/x"),
    "another port": ("http://shop.example:8080", "shop.example:8080", "http", "", "/x"),
    "a mount point": ("https://shop.example/app", "shop.example", "https", "/app", "/app/x"),
    "a mount point with a slash": ("http://a/b/c/", "a", "http", "/b/c", "/b/c/x"),
    "an encoded mount point": ("http://a/%C3%A9", "a", "http", "/é", "/%C3%A9/x"),
    "an IPv6 address": ("http://[::1]:81", "[::1]:81", "http", "", "/x"),
}


@pytest.mark.parametrize(("base", "host", "scheme", "root", "target"), BASES.values(), ids=BASES)
def test_the_base_sets_scheme_host_and_mount_point(
    base: str, host: str, scheme: str, root: str, target: str
) -> None:
    """Both sides believe to be served where the base says, and see the path below it."""
    raw = encode(Request(path="/x"), parse_base(base))
    ours, theirs = environ(raw), scope(raw)

    assert (raw.target, dict(raw.headers)["Host"]) == (target, host)
    assert (ours["wsgi.url_scheme"], theirs["scheme"]) == (scheme, scheme)
    assert ours["SCRIPT_NAME"].encode("latin-1").decode() == theirs["root_path"] == root
    assert ours["PATH_INFO"] == "/x"
    assert theirs["path"] == f"{root}/x"


@pytest.mark.parametrize(
    "base",
    [
        *("ftp://a", "a", "//a", "http://", "http://a:b", "http://a:99999", "http://a?b"),
        *("http://a#b", "http://u:p@a", "http://é", "http://a b", "http://[::1"),
    ],
)
def test_a_base_that_is_none_is_refused(base: str) -> None:
    """What cannot be served at is an error that shows it."""
    with pytest.raises(ScenarioError) as refused:
        parse_base(base)

    assert repr(base) in str(refused.value)


@pytest.mark.parametrize("base", ["http://local\nhost", "http://a/\tb", "http://local\\host"])
def test_a_base_with_what_no_url_holds_is_refused(base: str) -> None:
    """Line breaks, tabs and backslashes are not quietly dropped."""
    with pytest.raises(ScenarioError):
        parse_base(base)
