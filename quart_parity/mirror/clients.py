"""Hearing what tests do through Flask's test clients; what they get is what they would have got."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import partial, wraps
from typing import Any, Protocol

import flask
from flask.testing import FlaskClient
from werkzeug.test import Client

from .answering import now_answering
from .transactions import Changes


class Hearer(Protocol):
    """Whoever is told of what test clients do."""

    def run(self, client: Client, environ: dict[str, Any], call: Callable[[], Any]) -> Any:
        """A client sends a request; returns what *call* does, the client's own way to do it."""

    def meet(self, client: Client) -> None:
        """A test is about to change a client's cookies or session."""

    def change_session(self, client: FlaskClient, args: Any, kwargs: Any, changes: Changes) -> None:
        """A block of `session_transaction` has ended."""

    def change_jar(self, client: Client, method: str, args: Any, kwargs: Any) -> None:
        """A test has set or deleted a cookie."""


@contextmanager
def heard(hearer: Hearer) -> Iterator[None]:
    """Tell *hearer* of every client of a Flask application, until the end."""
    before = [
        (owner, name, vars(owner)[name])
        for owner, name in (
            (Client, "run_wsgi_app"),
            (Client, "set_cookie"),
            (Client, "delete_cookie"),
            (FlaskClient, "session_transaction"),
        )
    ]
    run, set_cookie, delete_cookie, transaction = (method for *_, method in before)
    vars_of_client: dict[str, Any] = {
        "run_wsgi_app": _running(run, hearer),
        "set_cookie": _changing(set_cookie, hearer),
        "delete_cookie": _changing(delete_cookie, hearer),
    }
    for name, method in vars_of_client.items():
        setattr(Client, name, method)
    FlaskClient.session_transaction = _transacting(transaction, hearer)  # type: ignore[method-assign]
    try:
        yield
    finally:
        for owner, name, method in before:
            setattr(owner, name, method)


def _is_heard(client: Client) -> bool:
    """Whether it is a Flask application's, and not one of an application's own that answers."""
    return isinstance(client.application, flask.Flask) and now_answering() is None


def _running(run: Callable[..., Any], hearer: Hearer) -> Callable[..., Any]:
    @wraps(run)
    def run_wsgi_app(self: Client, environ: dict[str, Any], buffered: bool = False) -> Any:
        __tracebackhide__ = True
        if not _is_heard(self):
            return run(self, environ, buffered)
        return hearer.run(self, environ, partial(run, self, environ, buffered))

    return run_wsgi_app


def _changing(change: Callable[..., None], hearer: Hearer) -> Callable[..., None]:
    @wraps(change)
    def changed(self: Client, *args: Any, **kwargs: Any) -> None:
        is_heard = _is_heard(self)
        if is_heard:
            hearer.meet(self)
        change(self, *args, **kwargs)
        if is_heard:
            hearer.change_jar(self, change.__name__, args, kwargs)

    return changed


def _transacting(transaction: Callable[..., Any], hearer: Hearer) -> Callable[..., Any]:
    @wraps(transaction)
    @contextmanager
    def session_transaction(self: FlaskClient, *args: Any, **kwargs: Any) -> Iterator[Any]:
        if not _is_heard(self):
            with transaction(self, *args, **kwargs) as session:
                yield session
            return
        hearer.meet(self)
        with transaction(self, *args, **kwargs) as session:
            before = deepcopy(dict(session))
            yield session
            is_kept = _is_kept(self.application, session)
            changes = Changes.between(before, dict(session))
        if is_kept:
            hearer.change_session(self, args, kwargs, changes)

    return session_transaction


def _is_kept(app: flask.Flask, session: Any) -> bool:
    """Whether Flask saves it: not where only a value inside of another has changed."""
    modified = getattr(session, "modified", True)
    return bool(modified if not session else app.session_interface.should_set_cookie(app, session))
