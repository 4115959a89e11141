"""How it is spelled where a server listens."""

import pytest

from quart_parity.addresses import Address, parse_address
from quart_parity.errors import TargetError

SPELLED = {
    "http://127.0.0.1:5000": Address("http", "127.0.0.1", 5000),
    "http://localhost": Address("http", "localhost", 80),
    "http://localhost:": Address("http", "localhost", 80),
    "https://shop.example": Address("https", "shop.example", 443),
    "https://shop.example:8443/": Address("https", "shop.example", 8443),
    "HTTP://Shop_1.example:80": Address("http", "Shop_1.example", 80),
    "https://[::1]:8443": Address("https", "::1", 8443),
    "http://[::1]": Address("http", "::1", 80),
    "h2+http://127.0.0.1:5000": Address("http", "127.0.0.1", 5000, http2=True),
    "h2+https://127.0.0.1": Address("https", "127.0.0.1", 443, http2=True),
    "http+unix://%2Frun%2Fapp.sock": Address("http", "", 0, "/run/app.sock"),
    "http+unix:///run/app.sock": Address("http", "", 0, "/run/app.sock"),
    "https+unix:///run/an%20app.sock": Address("https", "", 0, "/run/an app.sock"),
    "h2+http+unix:///run/app.sock": Address("http", "", 0, "/run/app.sock", http2=True),
}


@pytest.mark.parametrize("target", SPELLED)
def test_a_url_spells_an_address(target: str) -> None:
    """Scheme, host and port, or a socket's path, are read off a target."""
    assert parse_address(target) == SPELLED[target]


@pytest.mark.parametrize("address", SPELLED.values(), ids=str)
def test_an_address_is_shown_as_a_target(address: Address) -> None:
    """What an error shows can be written on the command line."""
    assert parse_address(str(address)) == address


@pytest.mark.parametrize(
    "target",
    ["shop", "shop:app", "shop.http:create_app()", "path/to/app.py", "C:\\shop.py:app", "ftp://a"],
)
def test_anything_else_is_no_address(target: str) -> None:
    """A target that is no URL of HTTP names a module or a file."""
    assert parse_address(target) is None


WRONG = {
    "http://": "has no host; write it as http://127.0.0.1:5000",
    "http://:5000": "has no host; write it as http://127.0.0.1:5000",
    "http:///shop": "has a path; a mount point is written into the base of a scenario",
    "http://a.example/shop": "has a path; a mount point is written into the base of a scenario",
    "http://a.example?x": "has a query; write it into the requests of a scenario",
    "http://a.example/#x": "has a fragment, which no server sees; leave it out",
    "http://a.example:0": "has port '0'; a port is from 1 to 65535",
    "http://a.example:65536": "has port '65536'; a port is from 1 to 65535",
    "http://a.example:http": "has port 'http'; a port is from 1 to 65535",
    "http://::1": "has host '::1'; write it as http://127.0.0.1:5000",
    "http://[a.example]": "has host '[a.example]'; write it as http://127.0.0.1:5000",
    "http://a b": "has a space or a character that is not ASCII; write it percent-encoded",
    "http://bücher.example": "has a space or a character that is not ASCII",
    "http+unix://": "must name a Unix socket by its whole path, as http+unix:///run/app.sock",
    "http+unix://app.sock": "must name a Unix socket by its whole path",
    "http+unix:///run/": "must name a Unix socket by its whole path",
    "http+unix:///run/app.sock?x": "has a query; write it into the requests of a scenario",
}


@pytest.mark.parametrize("target", WRONG)
def test_a_url_that_is_no_address_is_an_error(target: str) -> None:
    """The error shows the target, and says what is wrong and where that belongs."""
    with pytest.raises(TargetError) as error:
        parse_address(target)

    assert f"target {target!r} {WRONG[target]}" in str(error.value)


def test_credentials_are_an_error_that_does_not_show_them() -> None:
    """A password belongs into a scenario, and into no log."""
    with pytest.raises(TargetError) as error:
        parse_address("https://me:secret@a.example")

    reason = "has credentials; write them into a scenario as the header Authorization"
    assert str(error.value) == f"target 'https://***@a.example' {reason}"
