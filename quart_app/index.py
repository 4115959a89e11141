"""The start page: every route, with a link and what it shows."""

from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from quart import Blueprint, current_app, render_template, url_for
from werkzeug.routing import Rule

blueprint = Blueprint("index", __name__)

# What the links put into the variable parts of a rule.
EXAMPLES: dict[str, Any] = {"filename": "notes.txt"}


class Route(NamedTuple):
    """One line of the start page."""

    topic: str
    """The name of the blueprint."""
    rule: str
    """As written in the source, with its variable parts in angle brackets."""
    url: str
    """An address that the rule matches, mount point included."""
    methods: str
    """Without HEAD and OPTIONS, which every route has."""
    shows: str
    """The first line of the view's docstring."""


def describe(rule: Rule) -> Route:
    """Read off one rule of the URL map what the start page says about it."""
    documentation = current_app.view_functions[rule.endpoint].__doc__ or ""
    return Route(
        topic=rule.endpoint.partition(".")[0],
        rule=rule.rule,
        url=url_for(rule.endpoint, **{name: EXAMPLES[name] for name in sorted(rule.arguments)}),
        methods=", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})),
        shows=documentation.partition("\n")[0],
    )


def topics() -> dict[str, list[Route]]:
    """Describe every route, by topic, in the order of the sources."""
    routes = map(describe, current_app.url_map.iter_rules())
    return {topic: list(members) for topic, members in groupby(routes, attrgetter("topic"))}


@blueprint.get("/")
async def index() -> str:
    """This page: every route, with a link and what it shows."""
    return await render_template("index.html", topics=topics())
