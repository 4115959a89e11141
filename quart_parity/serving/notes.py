"""What a served application tells of each exchange, and what that says about the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
from msgspec import Struct

from ..drivers.answers import BODILESS
from ..exchange import Exchange, Raised, Response


class Note(Struct, frozen=True, omit_defaults=True):
    """One thing that happened; written before whoever asked can see what comes of it."""

    exchange: int
    """A number of its own."""
    raised: tuple[str, str | None, str | None] | None = None
    """The fields of a `Raised`: an exception reached the framework."""
    fields: list[str] | None = None
    """Names of the fields of the answer that it gives, in lower case."""
    escaped: bool = False
    """That exception, or nothing at all, is what the server was given at last."""
    status: int | None = None
    """What the answer that it escaped from had been started with."""
    begun: bool = False
    """Whether any of that answer had been given to the server for good."""
    trial: int = 0
    """The experiment that the exchange is of."""
    pieces: list[str] = []
    """Those of compat that it asked for."""
    error: str | None = None
    """Why that experiment cannot be made."""
    ended: bool = False
    """The application is done with the exchange; the last note of it."""
    body: int | None = None
    """Bytes of body that it has given in all, unless the server took them from a file."""


def read_notes(path: Path, start: int) -> tuple[list[Note], int]:
    """The whole notes from byte *start* on, and where the next one will be."""
    with path.open("rb") as file:
        file.seek(start)
        data = file.read()
    data = data[: data.rfind(b"\n") + 1]
    return [msgspec.json.decode(line, type=Note) for line in data.splitlines()], start + len(data)


def told(exchange: Exchange, notes: Sequence[Note]) -> Exchange:
    """The exchange with what the application raised, without what the server put in its place."""
    for note in notes:
        if note.raised is not None:
            exchange = replace(exchange, raised=Raised(*note.raised))
    response = exchange.response
    if response is None:
        return exchange
    if not notes:
        return replace(exchange, is_servers=True)
    if exchange.broken and exchange.broken.endswith(BODILESS) and notes[-1].body == 0:
        # waitress ends a body in chunks where there is none, as after HEAD.
        exchange = replace(exchange, broken=None)
    end = next((note for note in notes if note.escaped), None)
    if end is None or end.begun or response.status == end.status:
        return replace(exchange, response=_without_servers(response, notes))
    # The server's own page: its status is what the client gets, its words are nobody's doing.
    broken = None if end.raised else "the application returned without a response"
    own = replace(response, headers=(), body=b"")
    return replace(exchange, response=own, broken=exchange.broken or broken)


def _without_servers(response: Response, notes: Sequence[Note]) -> Response:
    """What the server added is not the application's: a length among others, or a date."""
    given = [note.fields for note in notes if note.fields is not None]
    if not given:
        return response
    headers = tuple(field for field in response.headers if field[0].lower() in given[-1])
    return replace(response, headers=headers)
