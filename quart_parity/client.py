"""A driver that remembers cookies: the same client for both sides."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from time import time

from .cookies import Jar
from .drivers import Driver
from .exchange import Exchange, RawRequest


@dataclass(slots=True)
class Client:
    """Sends requests through *driver* and keeps the cookies that come back."""

    driver: Driver
    jar: Jar = field(default_factory=Jar)

    def send(self, request: RawRequest) -> Exchange:
        """Add the jar's cookies, unless the request brings its own, and take in the answer's."""
        # As it is sent: RFC 6265bis, 5.1.4 compares paths without decoding them.
        path = request.target.partition("?")[0]
        cookies = self.jar.header(request.base, path, time())
        if cookies and not any(name.lower() == "cookie" for name, _ in request.headers):
            headers = (*request.headers, ("Cookie", cookies))
            request = replace(request, headers=headers)
        exchange = self.driver.send(request)
        if exchange.response is not None:
            for name, value in exchange.response.headers:
                if name.lower() == "set-cookie":
                    self.jar.store(request.base, path, value, time())
        return exchange
