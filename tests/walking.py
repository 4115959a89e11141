"""A walk over an application's URL map, played on that one side."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from quart_parity import Scenario
from quart_parity.captures import captured
from quart_parity.client import Client
from quart_parity.drivers.wsgi import WSGIDriver
from quart_parity.encoding import encode, fill
from quart_parity.exchange import Exchange, parse_base
from quart_parity.routes import routes_of
from quart_parity.sources.url_map import URLMap

Form = dict[str, str]


@dataclass
class Walked:
    """What a walk made, and what it was answered."""

    scenarios: list[Scenario] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    """Of all scenarios, one after the other."""

    def named(self, name: str) -> Scenario:
        return next(scenario for scenario in self.scenarios if scenario.name == name)

    def sent(self, method: str = "GET", **kept: Any) -> list[str]:
        """Targets of the requests with the method, in the order in which they were sent."""
        return [e.request.target for e in self.exchanges if e.request.method == method]

    def bodies(self, method: str, target: str) -> list[str]:
        return [
            b"".join(exchange.request.chunks).decode("utf-8", "replace")
            for exchange in self.exchanges
            if (exchange.request.method, exchange.request.target) == (method, target)
        ]

    def statuses(self, method: str, target: str) -> set[int]:
        return {
            exchange.response.status if exchange.response else 0
            for exchange in self.exchanges
            if (exchange.request.method, exchange.request.target) == (method, target)
        }

    def headers(self, target: str, name: str) -> list[str]:
        """Values of a field in requests to the target."""
        return [
            value
            for exchange in self.exchanges
            for key, value in exchange.request.headers
            if exchange.request.target == target and key.lower() == name
        ]


def walk(app: Flask, source: URLMap | None = None) -> Walked:
    source = source or URLMap()
    walked = Walked()
    for scenario in source.begin(routes_of(app) or []):
        exchanges = list(play(app, scenario))
        walked.scenarios.append(scenario)
        walked.exchanges += exchanges
        source.learn(scenario, exchanges)
    return walked


def play(app: Flask, scenario: Scenario) -> Iterator[Exchange]:
    """By a new client; what is captured and not there is empty."""
    base = parse_base(scenario.base)
    client = Client(WSGIDriver(app.wsgi_app))
    values: dict[str, str] = {}
    for request in scenario.requests:
        exchange = client.send(encode(fill(request, values), base))
        for name, how in request.capture.items():
            values[name] = captured(how, exchange.response) or ""
        yield exchange


def make_app(**pages: str) -> Flask:
    """An application with a page for each name; ``index`` is the root."""
    app = Flask("walked", static_folder=None)
    app.secret_key = "walked"
    for name, text in pages.items():
        rule = "/" if name == "index" else f"/{name}"
        app.add_url_rule(rule, name, lambda text=text: text)
    return app
