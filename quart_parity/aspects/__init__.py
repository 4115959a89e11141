"""What is compared: each aspect reads plain values off one exchange of one side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..exchange import Exchange
from ..sessions import Keyring
from .bodies import read_body
from .cookies import read_cookies
from .exceptions import read_broken, read_raised
from .headers import read_headers
from .sessions import read_session
from .status import read_status
from .unawaited import read_unawaited
from .wire import read_interim, read_trailers

Aspect = Callable[[Exchange, Keyring], Any]
"""Returns plain values, or `MISSING` where the exchange has nothing of the kind."""

ASPECTS: dict[str, Aspect] = {
    "broken": read_broken,
    "status": read_status,
    "raised": read_raised,
    "unawaited": read_unawaited,
    "header": read_headers,
    "cookie": read_cookies,
    "session": read_session,
    "body": read_body,
    "interim": read_interim,
    "trailer": read_trailers,
}
"""By the first part of the paths of their differences."""

WITHOUT_RESPONSE = ("broken", "status", "raised", "unawaited")
"""The aspects that say all there is to say where one side did not answer."""
IN_PROCESS = frozenset({"raised"})
"""Those that only an application of our own tells."""
ON_THE_WIRE = frozenset({"interim", "trailer"})
"""Those that only a wire carries."""
