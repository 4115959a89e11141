"""Which host and which rules a request is matched with."""

from typing import Any, cast

from quart import Quart
from quart.routing import QuartRule
from quart.wrappers.base import BaseRequestWebsocket
from werkzeug.routing import MapAdapter
from werkzeug.sansio.utils import get_host

from .base import mixed
from .switches import mends

_REFUSED = frozenset({"redirect_to", "alias", "build_only"})
"""Arguments of Werkzeug's `Rule` that Quart's lacks."""


class Rule(QuartRule):
    """Quart's rule, which may redirect, be an alias, or serve for building URLs alone."""

    def __init__(
        self,
        string: str,
        *args: Any,
        redirect_to: Any = None,
        alias: bool = False,
        build_only: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(string, *args, **kwargs)
        self.redirect_to, self.alias, self.build_only = redirect_to, alias, build_only


class Routing(Quart):
    """Registers rules and creates URL adapters as Flask does."""

    def add_url_rule(self, rule: str, *args: Any, **options: Any) -> None:
        """Register a rule; one with more than Quart's class takes is of a class that takes it."""
        if not _REFUSED.isdisjoint(options) and mends("QP056", self):
            self.url_rule_class = mixed(Rule, self.url_rule_class)
        super().add_url_rule(rule, *args, **options)

    def create_url_adapter(self, request: BaseRequestWebsocket | None) -> MapAdapter | None:
        """Bind the rules to a request, or else to the configuration.

        Raises:
            SecurityError: The request's host is none of TRUSTED_HOSTS.
            BadHost: The request's host cannot be encoded.
        """
        server_name = self.config["SERVER_NAME"]
        if request is None:
            if server_name is not None and self._differs_from_quarts() and mends("QP043", self):
                return self._bind(server_name)
            return super().create_url_adapter(None)
        trusted_hosts = self.config.get("TRUSTED_HOSTS")
        if trusted_hosts is not None and mends("QP041", self):
            _check_host(request, trusted_hosts)
        if server_name is not None and self._is_other_host(server_name, request):
            return self._bind_to_request(request, server_name)
        try:
            return super().create_url_adapter(request)
        except UnicodeDecodeError:
            return self._bind_undecodable(request)

    def _bind_undecodable(self, request: BaseRequestWebsocket) -> MapAdapter | None:
        """Bind a query that is no UTF-8 as WSGI does, with U+FFFD in what redirects append.

        Quart's `QuartMap.bind_to_request` decodes it strictly, for every request.
        """
        query = request.query_string
        if mends("QP024", self):
            request.query_string = query.decode(errors="replace").encode()
        try:
            return super().create_url_adapter(request)
        finally:
            request.query_string = query

    def _differs_from_quarts(self) -> bool:
        config = self.config
        return (config["APPLICATION_ROOT"], config["PREFERRED_URL_SCHEME"]) != ("/", "http")

    def _bind(self, server_name: str) -> MapAdapter:
        """The rules outside requests; Quart's name for the scheme goes on being understood."""
        config = self.config
        scheme = "https" if config["PREFER_SECURE_URLS"] else config["PREFERRED_URL_SCHEME"]
        root = config["APPLICATION_ROOT"]
        return self.url_map.bind(server_name, script_name=root, url_scheme=scheme)

    def _is_other_host(self, server_name: str, request: BaseRequestWebsocket) -> bool:
        """Whether SERVER_NAME is another than the request's host and says nothing about it."""
        if not self.url_map.host_matching and (
            self.subdomain_matching or self.url_map.default_subdomain
        ):
            return False
        differs: bool = server_name.lower() != request.host.lower()
        return differs and mends("QP042", self)

    def _bind_to_request(self, request: BaseRequestWebsocket, server_name: str) -> MapAdapter:
        """The rules for whatever host was asked: SERVER_NAME is only what URLs are built with."""
        url_map: Any = self.url_map
        adapter = (
            url_map.bind_to_request(request, None, None)
            if url_map.host_matching
            else url_map.bind_to_request(request, "", server_name)
        )
        return cast(MapAdapter, adapter)


def _check_host(request: BaseRequestWebsocket, trusted_hosts: Any) -> None:
    request.trusted_hosts = trusted_hosts
    host = request.headers.get("host")
    request.host = get_host(request.scheme, host, request.server, trusted_hosts)
