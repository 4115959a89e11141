"""SERVER_NAME, and the host that a request was made to."""

from __future__ import annotations

from typing import Any

from flask import Flask
from quart import Quart

from ..scenario import Request
from .divergence import Divergence


def original() -> Flask:
    app = Flask("original", host_matching=True, static_folder=None)
    app.config["SERVER_NAME"] = "a.example"

    @app.get("/", host="a.example")
    def tenant_a() -> Any:
        return "tenant A"

    @app.get("/", host="b.example")
    def tenant_b() -> Any:
        return "tenant B"

    return app


def port() -> Quart:
    app = Quart("port", host_matching=True, static_folder=None)
    app.config["SERVER_NAME"] = "a.example"

    @app.get("/", host="a.example")
    async def tenant_a() -> Any:
        return "tenant A"

    @app.get("/", host="b.example")
    async def tenant_b() -> Any:
        return "tenant B"

    return app


DIVERGENCE = Divergence(
    code="QP042",
    title="`SERVER_NAME` decides which host a request is for",
    area="routing",
    severity="security",
    flask="""`SERVER_NAME` is what URLs are built with, and restricts nothing: with \
`host_matching` the rules are matched with the request's own host, and without it, unless \
`subdomain_matching` is on, every host is served.""",
    quart="""With `host_matching` every request gets what belongs to `SERVER_NAME`: tenant B sees \
tenant A, and so do hosts that nobody has. Without it every other host is a 404 with a \
`UserWarning`: an address, a subdomain, the probe of a load balancer.""",
    cause="""`quart.app.Quart.create_url_adapter` passes `SERVER_NAME` on in both cases, and None \
for an empty default subdomain; `quart.routing.QuartMap.bind_to_request` takes the former for the \
host and computes a subdomain from the latter.""",
    affects={"quart": ">=0.19", "flask": ">=3.1"},
    by_hand="""Leave `SERVER_NAME` unset where requests are served. Elsewhere build URLs with \
an adapter of your own: `app.url_map.bind("a.example", url_scheme="https")`.""",
    by_compat="`create_url_adapter` binds the rules to the request's host, as Flask's does.",
    original=original,
    port=port,
    requests=(
        Request(path="/", headers={"Host": "a.example"}),
        Request(path="/", headers={"Host": "b.example"}),
        Request(path="/", headers={"Host": "unknown.example"}),
    ),
    shows=("status", "body.**", "header.*", "raised.**"),
)
