"""One application in a process of its own, which is started again where it has ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from ..clock import standing_time
from ..drivers.protocol import no_answer
from ..errors import HookError, QuartParityError, ScenarioError, StartError, UnplayableError
from ..exchange import Exchange, RawRequest, Unawaited
from ..routes import Route
from ..serving.keys import Keys, sessions_with
from ..serving.processes import GRACE
from ..sessions import Sessions
from ..worker import GRACE as STAGE_GRACE
from .messages import Fields, error_of, exchange_of, keys_of, request_fields
from .process import LostError, WorkerProcess
from .worker import pack

LEAST = 20.0
"""Seconds that an application has to start, unless an answer may take even longer."""
WORDS = 40
"""Lines of a log that are shown of an application that does not start; a stack is that long."""


class IsolatedApplication:
    """A driver for it, and what else can be asked of it.

    Once it has started, whatever becomes of its process is told by exchanges.
    """

    def __init__(
        self,
        target: str,
        where: str,
        config: dict[str, Any],
        timeout: float,
        start: Callable[[], WorkerProcess],
        revised: tuple[str, str] | None = None,
    ) -> None:
        """Start it, and do not wait. Raises `StartError`, `ScenarioError`.

        *revised* is the top of a working tree with the folder of a revision's files: no module
        may come from the former.
        """
        self._target = target
        self._timeout = timeout
        self._start = start
        try:
            packed = pack(config)
        except TypeError as error:
            raise ScenarioError(f"target {target!r}: of its config, {error}") from None
        self._first = {
            "do": "start",
            "target": target,
            "where": where,
            "config": packed,
            "timeout": timeout,
            "revised": revised,
        }
        self._keys: Keys | None = None
        self._loss: str | None = None
        self._is_up = False
        self._ended = False
        self._travels = False
        self._ahead = 0.0
        self.protocol: str | None = None
        """What it speaks, once it is known."""
        self.trial: list[Any] | None = None
        """The number of the experiment with compat, and the pieces that it leaves out."""
        self.trial_told: Fields = {}
        """What became of the experiment in the last exchange."""
        self._process: WorkerProcess | None = self._spawned()

    def _spawned(self) -> WorkerProcess:
        process = self._start()
        process.tell({**self._first, "clock": self._clock()})
        if self._ended:
            # By another thread, which has not seen this one.
            process.end(0)
            raise StartError(f"target {self._target!r}: its process was ended")
        return process

    def wait(self) -> None:
        """Wait until it is there; raises what keeps it from that, the first time only."""
        if self._is_up and self._loss is None:
            self._revive()
        elif not self._is_up:
            self._come_up()

    def _revive(self) -> str | None:
        """Start it again where it has ended; returns why it does not."""
        if self._process is not None:
            return None
        if self._ended:
            return "the process was ended"
        try:
            self._process = self._spawned()
            self._come_up()
        except QuartParityError as error:
            return f"the process could not be started again: {error}"
        return None

    def _come_up(self) -> None:
        process = self._process
        if process is None:
            raise StartError(f"target {self._target!r}: its process was ended")
        try:
            reply, _ = process.answer(max(self._timeout, LEAST))
        except LostError as lost:
            self._process = None
            raise self._start_error(process, str(lost)) from None
        if "error" in reply:
            self._lose()
            raise error_of(*reply["error"])
        self._is_up = True
        self.protocol, self._travels = reply["protocol"], reply["travels"]
        self._take_keys(reply)

    def _start_error(self, process: WorkerProcess, why: str) -> StartError:
        said = process.last_words(WORDS)
        process.end(0)
        if said.endswith(("annotations is not defined", "SyntaxError: invalid syntax")):
            why += "; it takes Python 3.8 or later"
        return StartError(f"target {self._target!r}: {why}" + (f":\n{said}" if said else ""))

    def _take_keys(self, reply: Fields) -> None:
        if "keys" in reply:
            self._keys = keys_of(reply["keys"])

    def send(self, request: RawRequest) -> Exchange:
        """Play one exchange; one whose process is lost is followed by one with another."""
        loss, self._loss = self._loss or self._revive(), None
        process = self._process
        if loss is not None or process is None:
            return Exchange(request, broken=loss)
        self.trial_told = {}
        process.make_room()
        start = process.logged()
        try:
            reply, body = process.ask(self._head(request), b"".join(request.chunks), *self._limit())
        except LostError as lost:
            log = process.log_since(start) or None
            self._lose()
            return Exchange(request, broken=str(lost), log=log)
        self._take_keys(reply)
        self.trial_told = reply.get("trial", {})
        return exchange_of(request, reply, body, process.traceback_since(start))

    def _head(self, request: RawRequest) -> Fields:
        head = {**request_fields(request), "clock": self._clock()}
        return head if self.trial is None else {**head, "trial": self.trial}

    def _clock(self) -> tuple[bool, float]:
        """Whether it passes, and by how many seconds it is ahead, or else where it stands."""
        now = standing_time()
        return now is None, self._ahead if now is None else now

    def _limit(self) -> tuple[float, float]:
        # Whoever blocks its loop cannot tell so; that is told before the stage gives up.
        return self._timeout, STAGE_GRACE / 2

    def _lose(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.end(0)

    def _ask(self, what: str, **fields: Any) -> Fields | None:
        """Between exchanges; None where there is nobody to ask, which the next exchange tells."""
        process = self._process
        if process is None or self._loss is not None:
            return None
        try:
            reply, _ = process.ask(
                {"do": what, "clock": self._clock(), **fields}, b"", self._timeout
            )
        except LostError as lost:
            self._loss = str(lost)
            self._lose()
            return None
        if "error" in reply:
            raise error_of(*reply["error"])
        return reply

    def move(self, ahead: float) -> None:
        """Have its clock ahead from the next request on; raises `UnplayableError`."""
        if ahead and not self._travels:
            raise UnplayableError(
                f"the clock of {self._target!r} cannot be moved: install time-machine for its"
                " interpreter"
            )
        self._ahead = ahead

    def sessions(self) -> Sessions:
        """How its session cookies are read, or were when it ended."""
        return sessions_with(self._keys)

    def routes(self) -> list[Route] | None:
        reply = self._ask("routes")
        return msgspec.convert(reply["routes"], list[Route] | None) if reply else None

    def settle(self) -> tuple[Unawaited, ...]:
        """What the application dropped since its last exchange."""
        reply = self._ask("settle")
        return tuple(Unawaited(*one) for one in reply["unawaited"]) if reply else ()

    def hook(self, module: str, function: str, side: str) -> None:
        """Call ``function(side, app)`` of a module there; raises `HookError`."""
        loss = self._loss or self._revive()
        names = {"module": module, "function": function, "side": side}
        if loss is None and self._ask("hook", **names) is None:
            loss, self._loss = self._loss, None
        if loss is not None:
            raise HookError(f"{function} of {module!r} failed: {loss}")

    def _stop(self, process: WorkerProcess) -> bool:
        """Have it shut down; returns whether it is about to end."""
        try:
            reply, _ = process.ask({"do": "stop"}, b"", *self._limit())
        except LostError as lost:
            if str(lost) != no_answer(self._timeout):
                return False
            raise StartError(f"target {self._target!r}: its end gave {lost}") from None
        if "error" in reply:
            raise error_of(*reply["error"])
        return True

    def end(self, grace: float = GRACE) -> None:
        """End the process and start none any more; from any thread."""
        self._ended = True
        process = self._process
        if process is not None:
            process.end(grace)

    def close(self) -> None:
        """Shut it down, then end it; raises `StartError` where it does not shut down in time."""
        process, stops = self._process, False
        try:
            stops = self._is_up and process is not None and self._stop(process)
        finally:
            self.end(GRACE if stops else 0)
