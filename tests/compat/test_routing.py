"""Hosts and URLs: compat takes a request for the host that Flask takes it for."""

import asyncio
import warnings
from typing import Any

import flask
import pytest
import quart

from tests.compat.sides import COMPAT, FLASK, STOCK, Answer, CompatQuart, Side, cases

LISTED = ["example.com", ".example.org"]
TRUST: dict[str, dict[str, Any]] = {
    "listed": {"TRUSTED_HOSTS": LISTED},
    "listed-with-name": {"TRUSTED_HOSTS": LISTED, "SERVER_NAME": "example.com"},
    "nothing-listed": {"TRUSTED_HOSTS": []},
    "unset": {},
}
HOSTS = [
    "example.com",
    "example.com:80",
    "EXAMPLE.com:8080",
    "a.example.org",
    "evil.example",
    "a b",
]
BAD_HOSTS = ["a..b", f"{'a' * 64}.example"]


def link(side: Side) -> str:
    """A view that tells the URL of itself, and the host."""
    return f"{side.url_for('root', _external=True)} {side.request.host}"


def asked(side: Side, app: Any, host: str, **kwargs: Any) -> Answer:
    """The answer to a request for this host."""
    with warnings.catch_warnings():
        # Both frameworks warn of hosts that are not SERVER_NAME, where that matters.
        warnings.filterwarnings("ignore", "Current server name")
        return side.call(app, headers=[("Host", host)], **kwargs)


def handled(app: Any) -> Any:
    """The application with a handler for refused hosts, which also tells what hooks were run."""
    app.before_request(lambda: None)
    app.register_error_handler(400, lambda error: (f"no: {error.description}", 400))
    return app


@pytest.mark.parametrize("config", cases(TRUST))
@pytest.mark.parametrize("host", [*HOSTS, *BAD_HOSTS])
def test_hosts_are_trusted_as_by_flask(config: dict[str, Any], host: str) -> None:
    """A host that is not trusted or no host is a 400 by the application's own handler."""
    answers = [asked(side, handled(side.app(link, **config)), host) for side in (FLASK, COMPAT)]

    assert answers[0].status in {200, 400}
    assert answers[1] == answers[0]


@pytest.mark.parametrize("host", ["evil.example", *BAD_HOSTS])
def test_stock_quart_lets_hosts_pass_or_escapes(host: str) -> None:
    """Without compat an untrusted host is served, and what is no host leaves the application."""
    config = TRUST["listed"]

    assert asked(STOCK, handled(STOCK.app(link, **config)), host) != asked(
        FLASK, handled(FLASK.app(link, **config)), host
    )


async def test_websockets_of_untrusted_hosts_are_refused() -> None:
    """TRUSTED_HOSTS holds for websockets, which Flask has none of, too."""
    app = CompatQuart(__name__)
    app.config["TRUSTED_HOSTS"] = ["example.com"]

    @app.websocket("/socket")
    async def socket() -> None:
        await quart.websocket.send("served")

    client = app.test_client()
    async with client.websocket("/socket", headers={"Host": "example.com"}) as connection:
        received = await connection.receive()

    assert received == "served"
    with pytest.raises(Exception, match="not trusted"):
        async with client.websocket("/socket", headers={"Host": "evil.example"}):
            pass


def tenant(side: Side) -> str:
    """A view that tells whose it is."""
    return f"{side.request.endpoint} {side.url_for('a', _external=True)}"


def tenants(side: Side, subdomains: bool, **config: Any) -> Any:
    """An application with rules for hosts or for subdomains, and one for all that are left."""
    how: dict[str, Any] = {"subdomain_matching": True} if subdomains else {"host_matching": True}
    app = side.app_class(__name__, static_folder=None, **how)
    app.config.from_mapping(config)
    for name in ("a", "b"):
        where = {"subdomain": name} if subdomains else {"host": f"{name}.example"}
        app.add_url_rule("/", name, side.function(tenant), **where)
    return app


NAMES: dict[str, dict[str, Any]] = {
    "unset": {},
    "a": {"SERVER_NAME": "a.example"},
    "bare": {"SERVER_NAME": "example"},
    "port": {"SERVER_NAME": "a.example:8080"},
    "standard-port": {"SERVER_NAME": "A.example:80"},
}
REQUESTED = ["a.example", "b.example", "b.example:8080", "A.EXAMPLE:80", "unknown.example", "b"]


@pytest.mark.parametrize("subdomains", [False, True], ids=["hosts", "subdomains"])
@pytest.mark.parametrize("config", cases(NAMES))
@pytest.mark.parametrize("host", REQUESTED)
def test_tenants_are_told_apart_as_by_flask(
    host: str, config: dict[str, Any], subdomains: bool
) -> None:
    """With host or subdomain matching a request gets the rules that it gets from Flask."""
    answers = [asked(side, tenants(side, subdomains, **config), host) for side in (FLASK, COMPAT)]

    assert answers[1] == answers[0]


@pytest.mark.parametrize("config", cases(NAMES))
@pytest.mark.parametrize("host", REQUESTED)
def test_every_host_is_served_without_matching(host: str, config: dict[str, Any]) -> None:
    """Without host or subdomain matching SERVER_NAME refuses nobody, and URLs are made of it."""
    answers = [asked(side, side.app(link, **config), host) for side in (FLASK, COMPAT)]

    assert answers[0].status == 200
    assert answers[1] == answers[0]


def test_default_subdomain_is_served() -> None:
    """With a default subdomain and no matching of it every host has the rules of that."""

    def answer(side: Side) -> Answer:
        app = side.app_class(__name__, static_folder=None)
        app.url_map.default_subdomain = "www"
        app.config["SERVER_NAME"] = "a.example"
        app.add_url_rule("/", "root", side.function(link))
        return asked(side, app, "b.example")

    expected = answer(FLASK)

    assert expected.status == 200
    assert answer(COMPAT) == expected


@pytest.mark.parametrize("code", ["QP041", "QP042"])
def test_each_piece_can_be_off(code: str) -> None:
    """With the piece off hosts are taken as Quart takes them."""
    config = {"TRUSTED_HOSTS": ["a.example"]} if code == "QP041" else NAMES["a"]
    stock = asked(STOCK, STOCK.app(link, **config), "b.example")

    assert asked(COMPAT, COMPAT.app(link, **config, FLASK_COMPAT={code: False}), "b.example") == (
        stock
    )
    assert asked(COMPAT, COMPAT.app(link, **config), "b.example") != stock


OUTSIDE: dict[str, dict[str, Any]] = {
    "scheme": {"PREFERRED_URL_SCHEME": "https"},
    "root": {"APPLICATION_ROOT": "/shop"},
    "both": {"PREFERRED_URL_SCHEME": "https", "APPLICATION_ROOT": "/shop/"},
    "neither": {},
}


def outside(side: Side, **config: Any) -> str:
    """A URL that is built in an application context alone."""
    app = side.app(link, SERVER_NAME="example.com", **config)
    if side is FLASK:
        with app.app_context():
            return str(flask.url_for("view", path="a"))

    async def build() -> str:
        async with app.app_context():
            return quart.url_for("view", path="a")

    return asyncio.run(build())


@pytest.mark.parametrize("config", cases(OUTSIDE))
def test_urls_outside_requests_are_flasks(config: dict[str, Any]) -> None:
    """Outside requests URLs have the configured scheme and mount point."""

    assert outside(COMPAT, **config) == outside(FLASK, **config)


def test_urls_outside_requests_can_stay_quarts() -> None:
    """With QP043 off, or for Quart's own configuration value, they are Quart's."""
    own = {"PREFER_SECURE_URLS": True}
    off = {"FLASK_COMPAT": {"QP043": False}}

    assert outside(COMPAT, **OUTSIDE["both"], **off) == outside(STOCK, **OUTSIDE["both"])
    assert outside(COMPAT, **own) == outside(STOCK, **own) == "https://example.com/a"
    assert outside(COMPAT, **own, **OUTSIDE["root"]) == "https://example.com/shop/a"


def test_no_server_name_no_urls_outside_requests() -> None:
    """Without SERVER_NAME there is nothing to build URLs with, as in both frameworks."""

    async def build() -> None:
        async with CompatQuart(__name__).app_context():
            quart.url_for("static", filename="a")

    with pytest.raises(RuntimeError, match="SERVER_NAME"):
        asyncio.run(build())
