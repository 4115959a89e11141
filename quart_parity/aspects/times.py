"""Points in time, read relative to the exchange that they came with."""

from __future__ import annotations

import re

from werkzeug.http import parse_date

from ..exchange import Exchange, header_values
from ..values import Moment, moment

Window = tuple[float, float]

# RFC 9110, 5.6.7: the one form in which a date may be sent.
_DATE = re.compile(r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT")


def read_time(exchange: Exchange, text: str, seconds: int | None) -> Moment | None:
    """The moment that *text* writes, or None where it is none or the clock stands still."""
    if exchange.window is None or seconds is None:
        return None
    return moment(text, seconds, *_windows(exchange, exchange.window))


def _windows(exchange: Exchange, window: Window) -> list[Window]:
    """When the answer was made: by the client's clock and, where another one dates it, by that.

    The other one counts beside it and not alone: a server may give out the date of a second ago,
    and need not date its answers by the clock that its application looks at.
    """
    began, ended = window
    headers = exchange.response.headers if exchange.response else ()
    date = next(map(date_seconds, header_values(headers, "date")), None)
    if date is None or (date <= ended and began < date + 1):
        return [window]
    return [window, (date - (ended - began), date + 1)]


def date_seconds(text: str) -> int | None:
    """Seconds since the epoch of a field that is one HTTP date, else None."""
    date = parse_date(text) if _DATE.fullmatch(text) else None
    return None if date is None else int(date.timestamp())
