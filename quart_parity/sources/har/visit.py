"""What of a recording is the visit to the application."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from ...cookies import parse_set_cookie
from ...scenario import Request
from .entries import Entry
from .sending import request_of

_PORTS = {"http": 80, "https": 443}
_LEFT_OUT = {
    "elsewhere": "to other addresses than {origin}",
    "websocket": "that opened a WebSocket",
    "cached": "that the browser answered from its cache",
    "unanswered": "that were blocked, or got no answer",
    "bodiless": "whose body the browser did not record, such as an uploaded file",
    "tunnel": "that opened a tunnel through the proxy",
}


@dataclass(slots=True)
class Sent:
    """A request of the recording, to be sent again."""

    position: int
    """Of its entry in the file."""
    request: Request
    status: int
    location: str
    """Where the answer sent the browser, as the field says it; empty where it did not."""
    started: str
    origin: str
    is_page: bool
    cookies: set[str]
    sets: set[str]


@dataclass(slots=True)
class Visit:
    """Takes in every entry; then knows the application's address and what was sent to it."""

    sent: list[Sent] = field(default_factory=list)
    origin: str = ""
    _left_out: Counter[str] = field(default_factory=Counter)

    def add(self, position: int, entry: Entry) -> None:
        if reason := _why_not(entry):
            self._left_out[reason] += 1
            return
        request, response = entry.request, entry.response
        fields = [(f.name.lower(), f.value or "") for f in (response.headers if response else [])]
        set_cookies = "\n".join(value for name, value in fields if name == "set-cookie")
        # Firefox writes the fields of one name as one, with a line for each.
        parsed = map(parse_set_cookie, set_cookies.split("\n"))
        self.sent.append(
            Sent(
                position=position,
                request=request_of(request),
                status=(response.status or 0) if response else 0,
                location=next((value for name, value in fields if name == "location"), ""),
                started=entry.started,
                origin=_origin(request.url),
                is_page=_is_page(entry),
                cookies=set(re.findall(r"(?:^|;\s*)([^=;\s]+)=", request.header("cookie"))),
                sets={cookie.name for cookie in parsed if cookie},
            )
        )

    def finish(self) -> bool:
        """Settle the order and the address; False where nothing is left."""
        self.sent = _in_order(self.sent)
        pages = [one.origin for one in self.sent if one.is_page]
        usual = Counter(one.origin for one in self.sent).most_common(1)
        self.origin = pages[0] if pages else usual[0][0] if usual else ""
        own = [one for one in self.sent if one.origin == self.origin]
        self._left_out["elsewhere"] += len(self.sent) - len(own)
        self.sent = own
        return bool(own)

    def counts(self) -> str:
        """What was left out, in words."""
        return "; ".join(
            f"{count} {_LEFT_OUT[reason].format(origin=self.origin)}"
            for reason, count in self._left_out.items()
            if count
        )

    def notes(self) -> list[str]:
        """What is not replayed, and what the recording lacks."""
        notes = [f"requests left out: {counts}."] if (counts := self.counts()) else []
        if brought := self._brought():
            names = ", ".join(map(repr, sorted(brought)))
            notes.append(
                f"the browser began with cookies that no recorded answer set ({names}), and the"
                " replay begins with none: to replay what needs them, record from the login on."
            )
        return notes

    def _brought(self) -> set[str]:
        """Cookies that the browser had from elsewhere."""
        known: set[str] = set()
        brought: set[str] = set()
        for one in self.sent:
            brought |= one.cookies - known
            known |= one.sets
        return brought


def _why_not(entry: Entry) -> str | None:
    """Why an entry cannot be sent again, if so."""
    request, response = entry.request, entry.response
    scheme = request.url.partition(":")[0].lower()
    upgrade = request.header("upgrade").lower()
    if scheme in ("ws", "wss") or entry.kind == "websocket" or upgrade == "websocket":
        return "websocket"
    if request.method == "CONNECT":
        return "tunnel"
    if scheme not in _PORTS:
        return "elsewhere"
    if entry.cached:
        return "cached"
    if response is None or (response.status or 0) <= 0:
        return "unanswered"
    length, body = request.header("content-length"), request.body
    recorded = body is not None and (body.text or body.params)
    # A multipart body has its boundaries at least.
    expected = length.strip("0") or request.header("content-type").startswith("multipart/")
    return "bodiless" if expected and not recorded else None


def _origin(url: str) -> str:
    """Scheme and authority, without the scheme's own port and without credentials."""
    parts = urlsplit(url)
    host = (parts.hostname or "").encode("idna").decode() if parts.hostname else ""
    host = f"[{host}]" if ":" in host else host
    try:
        port = parts.port
    except ValueError:
        port = None
    return f"{parts.scheme}://{host}" + (
        f":{port}" if port not in (None, _PORTS[parts.scheme]) else ""
    )


def _is_page(entry: Entry) -> bool:
    """Whether a page came, and no redirect to where it is."""
    response = entry.response
    if response is None or not 200 <= (response.status or 0) < 300:
        return False
    mimetype = response.content.mimetype or response.header("content-type")
    return entry.kind in (None, "document") and mimetype.startswith("text/html")


def _in_order(sent: list[Sent]) -> list[Sent]:
    """As they were sent (HAR 1.2, entries), where every one tells when that was."""
    try:
        return sorted(sent, key=lambda one: datetime.fromisoformat(one.started))
    except (ValueError, TypeError):
        return sent
