"""Clients that are let in: by a login that was given, by an account that was made, by a key."""

from __future__ import annotations

from ...scenario import Scenario, pairs, placeholders
from .clients import Client
from .filling import signs_in, signs_up
from .memory import Seen
from .submitting import Submitting


def guest(login: Scenario, visitor: Client) -> Client:
    """Who is logged in as *login* does it."""
    return Client(
        "logged in",
        Seen(visitor.seen.shared),
        visitor.routes,
        lambda: tuple(login.requests),
        like=login,
        account=_account(login),
        before=visitor,
    )


def _account(login: Scenario) -> dict[str, str]:
    """What a login sends, by name: who it is for, and the password."""
    for request in reversed(login.requests):
        if request.form:
            return {name: text for name, text in pairs(request.form) if not placeholders(text)}
        if isinstance(request.json, dict) and request.json:
            texts = {name: text for name, text in request.json.items() if isinstance(text, str)}
            return {name: text for name, text in texts.items() if not placeholders(text)}
    return {}


def entering(visitor: Client, submitting: Submitting) -> Client | None:
    """Who is logged in with the account that a visitor made; None where none was made.

    Where pages have no form to log in with, each of its scenarios makes an account.
    """
    if not visitor.account:
        return None
    forms = list(submitting.worked.values())
    doors = [sent for fits in (signs_in, signs_up) for sent in forms if fits(sent.form)]
    if not doors:
        return None
    return Client(
        "logged in",
        Seen(visitor.seen.shared),
        visitor.routes,
        lambda: submitting.submission(doors[0])[1],
        account=dict(visitor.account),
        before=visitor,
    )


def key_holder(client: Client, known: list[Client]) -> Client:
    """Who shows the key that *client* got, wherever anybody was asked for one."""
    name, visit = client.key or ("", ())
    wanted = {rule for one in known for rule in one.seen.wants_key}
    enter = client.enter
    return Client(
        "with a key",
        Seen(client.seen.shared),
        [route for route in client.routes if route.rule in wanted],
        lambda: (*enter(), *visit),
        {"Authorization": f"Bearer {{{{{name}}}}}"},
        like=client.like,
        account=client.account,
    )
