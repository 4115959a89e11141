"""A test's `session_transaction`, done to the port's session as well."""

from __future__ import annotations

import inspect
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import quart
from werkzeug.datastructures import Headers

from ..drivers.wsgi import environ
from ..exchange import RawRequest
from ..sides import Served


@dataclass(frozen=True, slots=True)
class Changes:
    """What a block did to a session."""

    set: dict[str, Any]
    removed: frozenset[str]

    @classmethod
    def between(cls, before: dict[str, Any], after: dict[str, Any]) -> Changes:
        changed = {
            name: deepcopy(value)
            for name, value in after.items()
            if name not in before or before[name] != value
        }
        return cls(changed, frozenset(before.keys() - after.keys()))

    def __bool__(self) -> bool:
        return bool(self.set or self.removed)

    def apply(self, session: Any) -> None:
        for name in self.removed:
            session.pop(name, None)
        # The session may keep what it is given, and change it.
        session.update(deepcopy(self.set))


def change_session(served: Served, request: RawRequest, changes: Changes) -> list[str]:
    """The ``Set-Cookie`` values of the changed session; *request* has the one that there was."""
    app = served.app
    if isinstance(app, quart.Quart):
        cookies: list[str] = served.run(_of_quart(app, request, changes))
        return cookies
    context = app.request_context(environ(request))
    with context:
        session = app.session_interface.open_session(app, context.request)
        response = app.response_class()
        changes.apply(session)
        app.session_interface.save_session(app, session, response)
    return list(response.headers.getlist("Set-Cookie"))


async def _of_quart(app: quart.Quart, request: RawRequest, changes: Changes) -> list[str]:
    context = app.test_request_context(
        request.target.removeprefix(request.base.root),
        method=request.method,
        headers=Headers(request.headers),
        scheme=request.base.scheme,
        root_path=request.base.root,
    )
    async with context:
        session = await _outcome(app.session_interface.open_session(app, context.request))
        if session is None:
            raise LookupError("its session interface opens none; does it have a SECRET_KEY?")
        response = await app.make_response("")
        changes.apply(session)
        await _outcome(app.session_interface.save_session(app, session, response))
    return list(response.headers.getlist("Set-Cookie"))


async def _outcome(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value
