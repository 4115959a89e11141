"""The port's cookies, kept by Werkzeug's test client as it keeps the reference's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from werkzeug.test import Client
from werkzeug.wsgi import get_current_url

from ..drivers.wsgi import environ
from ..exchange import Exchange, RawRequest, header_values


class Jar:
    """One for each client of the reference; a jar of ours would differ where theirs is lax."""

    def __init__(self, keeps: bool = True) -> None:
        self._client = Client(_nothing, use_cookies=keeps)
        self.keeps = keeps

    def added(self, request: RawRequest) -> RawRequest:
        """The request with its cookies, in the place of whatever it brings."""
        if not self.keeps:
            return request
        variables = environ(request)
        self._client._add_cookies_to_wsgi(variables)
        headers = [field for field in request.headers if field[0] != "Cookie"]
        if cookies := variables.get("HTTP_COOKIE"):
            headers.append(("Cookie", cookies))
        return replace(request, headers=tuple(headers))

    def begin(self, cookies: Mapping[Any, Any]) -> None:
        """Hold what the reference's client has."""
        self._client._cookies = dict(cookies)

    def store(self, request: RawRequest, cookies: list[str]) -> None:
        """Take in the values of ``Set-Cookie`` fields."""
        if cookies:
            url = urlsplit(get_current_url(environ(request)))
            host = url.hostname or "localhost"
            self._client._update_cookies_from_response(host, url.path, cookies)

    def take_in(self, exchange: Exchange) -> None:
        if exchange.response is not None:
            self.store(exchange.request, header_values(exchange.response.headers, "set-cookie"))

    def set_cookie(self, *args: Any, **kwargs: Any) -> None:
        self._client.set_cookie(*args, **kwargs)

    def delete_cookie(self, *args: Any, **kwargs: Any) -> None:
        self._client.delete_cookie(*args, **kwargs)


def _nothing(environ: Any, start_response: Any) -> list[bytes]:
    """The application of a client that sends nothing."""
    raise NotImplementedError
