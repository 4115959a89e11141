"""An application's URL map as plain values, which scenarios are made from, and matching with it."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from msgspec import Struct
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, Map, Rule

_METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
_FRAMEWORKS = ("flask", "quart", "quart_parity")


class Converter(Struct, frozen=True):
    """What one variable part of a rule takes."""

    name: str
    """As the rule spells it: ``default``, ``int``, ``path``, or the application's own."""
    regex: str
    arguments: list[Any] = []
    """Those in the rule's parentheses, by position."""
    options: dict[str, Any] = {}
    """Those by name."""
    weight: int = 100
    """The lower, the earlier it is tried."""
    part_isolating: bool | None = None
    """Whether it stays between two slashes; None where it is to be read off the regex."""


class Route(Struct, frozen=True):
    """One rule of the map."""

    rule: str
    endpoint: str
    methods: list[str]
    """Sorted; those that the framework adds are among them. Empty where the rule takes any."""
    defaults: dict[str, Any] = {}
    converters: dict[str, Converter] = {}
    """By the name of the variable, those of the host or subdomain first."""
    host: str = ""
    """Where the map matches hosts."""
    subdomain: str = ""
    """Where it does not."""
    strict_slashes: bool = True
    merge_slashes: bool = True
    build_only: bool = False
    redirect_to: str | None = None
    """The name of a function in parentheses, where one decides."""
    view: str | None = None
    """``file:line`` of the function that it calls, where that can be told; to be shown only."""


class _Reading(Rule):
    """A rule that notes what its converters are spelled with."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule.rule, host=rule.host, subdomain=rule.subdomain)
        self.read: dict[str, Converter] = {}

    def get_converter(
        self,
        variable_name: str,
        converter_name: str,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
    ) -> BaseConverter:
        converter = super().get_converter(variable_name, converter_name, args, kwargs)
        self.read[variable_name] = Converter(
            converter_name,
            converter.regex,
            list(args),
            dict(kwargs),
            converter.weight,
            converter.part_isolating,
        )
        return converter


def routes_of(app: Any) -> list[Route] | None:
    """The URL map of a Flask or Quart application, in its own order; None where it has none.

    Rules for WebSockets are left out.
    """
    url_map = getattr(app, "url_map", None)
    if not isinstance(url_map, Map):
        return None
    views = getattr(app, "view_functions", {})
    rules = [rule for rule in url_map.iter_rules() if not rule.websocket]
    return [_route(rule, url_map, views.get(rule.endpoint)) for rule in rules]


def _route(rule: Rule, url_map: Map, view: Any) -> Route:
    reading = _Reading(rule)
    reading.bind(url_map)
    by_host = url_map.host_matching
    redirect = rule.redirect_to
    return Route(
        rule=rule.rule,
        endpoint=str(rule.endpoint),
        methods=sorted(rule.methods or ()),
        defaults={name: _plain(value) for name, value in (rule.defaults or {}).items()},
        converters=reading.read,
        host=rule.host or "" if by_host else "",
        subdomain="" if by_host else rule.subdomain or "",
        strict_slashes=bool(rule.strict_slashes),
        merge_slashes=bool(rule.merge_slashes),
        build_only=rule.build_only,
        redirect_to=f"({redirect.__qualname__})" if callable(redirect) else redirect,
        view=_place(view),
    )


def _place(view: Any) -> str | None:
    """Where a view is written, be it a class's; None where a framework has it of its own."""
    made_of = getattr(view, "view_class", None)
    functions = [view] if made_of is None else _answering(made_of)
    return next(filter(None, map(_written, functions)), None)


def _answering(view_class: type) -> Iterator[Any]:
    """What of a class answers requests, the nearest first."""
    for own in map(vars, view_class.__mro__):
        yield from (own[name] for name in ("dispatch_request", *_METHODS) if name in own)


def _written(view: Any) -> str | None:
    while isinstance(view, partial):
        view = view.func
    function = inspect.unwrap(view) if callable(view) else view
    code = getattr(function, "__code__", None)
    module = getattr(function, "__module__", None) or ""
    if code is None or module.partition(".")[0] in _FRAMEWORKS:
        return None
    return f"{code.co_filename}:{code.co_firstlineno}"


def _plain(value: Any) -> Any:
    """The value where JSON has it, else as Python writes it."""
    return value if value is None or type(value) in (str, int, float, bool) else repr(value)


class _Own(BaseConverter):
    """What is known of an application's own converter."""

    def __init__(self, url_map: Map, known: Converter) -> None:
        super().__init__(url_map)
        self.regex = known.regex
        self.weight = known.weight
        isolating = known.part_isolating
        # [^/] is the one common way to write a slash into a regex that matches none.
        may_cross = "/" in known.regex.replace("[^/]", "")
        self.part_isolating = not may_cross if isolating is None else isolating


class _Matching(Rule):
    """A rule made again from plain values."""

    def __init__(self, route: Route) -> None:
        super().__init__(
            route.rule,
            endpoint=route.endpoint,
            methods=route.methods or None,
            defaults=route.defaults or None,
            host=route.host,
            subdomain=route.subdomain,
            strict_slashes=route.strict_slashes,
            merge_slashes=route.merge_slashes,
        )
        self.route = route

    def get_converter(
        self,
        variable_name: str,
        converter_name: str,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
    ) -> BaseConverter:
        known = self.route.converters[variable_name]
        if known.name in self.map.default_converters:
            usual = self.map.default_converters[known.name](self.map, *args, **kwargs)
            if usual.regex == known.regex:
                return usual
        return _Own(self.map, known)


class Matcher:
    """Finds the rule that a request is dispatched by, as the application does."""

    def __init__(self, routes: Iterable[Route]) -> None:
        routes = [route for route in routes if not route.build_only]
        self._subdomains = any(route.subdomain for route in routes)
        self._map = Map(
            host_matching=any(route.host for route in routes),
            merge_slashes=any(route.merge_slashes for route in routes),
        )
        for route in routes:
            self._map.add(_Matching(route))

    def find(self, method: str, path: str, host: str = "localhost", root: str = "") -> Route | None:
        """The rule; None where routing itself answers, be it with a redirect to another URL.

        *path* has one character a byte, and the mount point *root* before it. A function that
        converts a value may still refuse what its regex takes.
        """
        found = self.match(method, path, host, root)
        return found[0] if found else None

    def match(
        self, method: str, path: str, host: str = "localhost", root: str = ""
    ) -> tuple[Route, dict[str, Any]] | None:
        """As `find`, with the values of the rule's variables, and its defaults."""
        if root and path != root and not path.startswith(f"{root}/"):
            return None
        text = path[len(root) :].encode("latin-1", "replace").decode("utf-8", "replace") or "/"
        for subdomain in self._candidates(host):
            try:
                adapter = self._map.bind(host, subdomain=subdomain)
                rule, values = adapter.match(text, method, return_rule=True)
            except HTTPException:
                continue
            assert isinstance(rule, _Matching)  # noqa: S101 - tells the type checker
            return rule.route, dict(values)
        return None

    def _candidates(self, host: str) -> list[str | None]:
        """Where the server's own name begins is not known: every subdomain that *host* may have."""
        if self._map.host_matching or not self._subdomains:
            return [None]
        labels = host.partition(":")[0].split(".")
        return [*(".".join(labels[:count]) for count in range(1, len(labels))), ""]
