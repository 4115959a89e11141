"""The mirror: what a test's Flask clients send goes to the port as well, in the same order."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import RLock
from time import time
from typing import Any
from weakref import WeakKeyDictionary, ref

from flask import Flask, got_request_exception
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.test import Client

from ..clock import standing_time
from ..drivers.raised import read_raised
from ..exchange import Exchange, RawRequest
from ..pairing import Known
from ..targets import Target
from ..windows import Windows
from .acts import beginning, changing_jar, sending, transacting
from .answering import PortsWorker, answering, now_answering
from .candidates import Candidate, Change, candidate_of
from .environs import departures, read_exchange, read_request
from .instances import Instances
from .jars import Jar
from .origins import State
from .places import Place, find_place
from .reading import Reading
from .transactions import Changes
from .translating import may_translate
from .visits import Act, Journal, Twin

FindCandidate = Callable[[Flask], Target]
"""What stands for the port of an application."""
_KEPT = 32
"""Ports from which on those are ended whose application nobody has any more."""


class Mirror:
    """Sends, keeps and judges; one for a run of a suite. `begin` and `end` enclose each test."""

    def __init__(self, timeout: float, correspond: bool = True) -> None:
        self.timeout = timeout
        self.worker = PortsWorker(timeout)
        self.known = Known() if correspond else None
        self.windows = Windows()
        self.journal: Journal | None = None
        """Of the test that runs; None where nothing is mirrored."""
        self.on_candidate: Callable[[Flask], None] | None = None
        self._find: FindCandidate = _find_none
        self._only: Flask | None = None
        self._state = State()
        self._test = Path()
        self._instances = Instances()
        self.port: str | None = None
        """Which one is asked, of several that stand for an application in different tests."""
        self._candidates: WeakKeyDictionary[Flask, dict[str | None, Candidate]]
        self._candidates = WeakKeyDictionary()
        self._twins: WeakKeyDictionary[Client, Twin] = WeakKeyDictionary()
        self._open: list[tuple[ref[Flask], Candidate]] = []
        self._reading: list[Callable[[], None]] = []
        self._lock = RLock()
        got_request_exception.connect(self._record)

    def _record(self, sender: object, exception: BaseException, **extra: object) -> None:
        if (own := now_answering()) is not None:
            own.error = exception

    def begin(
        self, name: str, test: Path, find: FindCandidate, state: State, only: Flask | None = None
    ) -> None:
        """A test begins: its requests are the *journal*'s from now on, or *only* those of one
        application's clients."""
        self.journal = Journal(name)
        self._test, self._find, self._state, self._only = test, find, state, only

    def take(self) -> Journal | None:
        """What was done since the test began, or since this was last asked for."""
        with self._lock:
            self.finish_reading()
            journal = self.journal
            if journal is None:
                return None
            self.journal = Journal(journal.name)
            for visit in journal.visits.values():
                visit.theirs.add_unawaited(visit.twin.candidate.settle())
            return journal

    def end(self) -> None:
        """The test is over, and so is all that it was reading."""
        with self._lock:
            self.finish_reading()
            self.journal = self._only = self.port = None
            for _, candidate in self._open:
                candidate.pause()

    def is_unequal(self, accept: dict[str, str]) -> bool:
        """Whether anything that was sent since the last `take` differs, or could not be sent."""
        with self._lock:
            self.finish_reading()
            journal = self.journal
            if journal is None:
                return False
            windows = journal.windows(self.windows)
            return bool(journal.failures) or any(
                one.accepted is None
                for visit in journal.visits.values()
                if not visit.is_same
                for one in visit.judged(journal.name, accept, self.known, windows).differences
            )

    def last(self, client: Client) -> tuple[Exchange, Exchange] | None:
        """What came of a client's last request since the last `take`, on either side."""
        with self._lock:
            twin = self._twins.get(client)
            visit = self.journal.visits.get(twin) if self.journal and twin else None
            return (visit.ours.exchanges[-1], visit.theirs.exchanges[-1]) if visit else None

    def reference_packages(self) -> set[str]:
        """The packages that the applications that were met are from."""
        return {app.import_name.partition(".")[0] for app in self._candidates}

    def close(self) -> None:
        got_request_exception.disconnect(self._record)
        for _, candidate in self._open:
            candidate.close()
        self._open.clear()
        self.worker.close()

    # What clients do.

    def run(self, client: Client, environ: dict[str, Any], call: Callable[[], Any]) -> Any:
        """Have the reference answer, and then the port."""
        # A test's own report is as long as it is without all this.
        __tracebackhide__ = True
        with self._lock:
            journal, twin = self.journal, self._twin(client)
            if journal is not None and twin is not None:
                self.finish_reading()
        if journal is None or twin is None:
            return call()
        app: Any = client.application
        place = find_place(self._test)
        self._look_behind(journal, twin.candidate, environ)
        request = read_request(environ, with_cookies=not twin.jar.keeps)
        sent = time()
        finish = partial(self._finish, journal, twin, app, request, place)
        with answering() as own:
            try:
                pieces, status, headers = call()
            except (Exception, SystemExit) as error:
                finish(Exchange(request, raised=read_raised(error), window=_until_now(sent)), None)
                raise

        def answer(body: bytes, error: BaseException | None) -> Exchange:
            error = own.error if error is None else error
            raised = None if error is None else read_raised(error)
            return read_exchange(request, status, tuple(headers), body, raised, _until_now(sent))

        if isinstance(pieces, list):
            finish(answer(b"".join(pieces), None), None)
            return pieces, status, headers
        reading = Reading(pieces)
        if _has_an_end(request, status, headers):
            reading.read_ahead()

        def read() -> None:
            body, is_cut = bytes(reading.body), not (reading.is_whole or reading.error)
            finish(answer(body, reading.error), len(body) if is_cut else None)

        if reading.is_over:
            read()
        else:
            self._wait_for(reading, read)
        return reading, status, headers

    def _wait_for(self, reading: Reading, read: Callable[[], None]) -> None:
        """Ask the port once the test has read what it wants, or sends something else."""

        def once() -> None:
            with self._lock:
                if once in self._reading:
                    self._reading.remove(once)
                    read()

        self._reading.append(once)
        reading.when_over = once

    def finish_reading(self) -> None:
        with self._lock:
            while self._reading:
                self._reading[0]()

    def _finish(
        self,
        journal: Journal,
        twin: Twin,
        app: Flask,
        request: RawRequest,
        place: Place | None,
        ours: Exchange,
        enough: int | None,
    ) -> None:
        """Send the request to the port, and keep both answers."""
        with self._lock:
            if self.journal is not None and self.journal.name == journal.name:
                # A thread may have its answer in the test's next phase.
                journal = self.journal
            candidate = twin.candidate
            candidate.watched.remember()
            request = replace(request, enough=enough)
            if may_translate(request):
                self._learn(journal)
            act = sending(twin, request, self._earlier)
            sent = time()
            theirs = act(candidate, {twin: twin.jar}, journal.forward)
            theirs = replace(theirs, window=_until_now(sent))
            journal.did(candidate, act)
            visit = journal.visit(twin, app)
            visit.keep(ours, theirs, place, journal.sent(candidate))

    def _learn(self, journal: Journal) -> None:
        """What the port made up in the place of the reference's, as far as it is seen by now."""
        if self.known is None:
            return
        for visit in journal.visits.values():
            if visit.is_news():
                result = visit.judged(journal.name, {}, self.known, self.windows)
                journal.forward |= {pair.reference: pair.candidate for pair in result.pairs}

    def change_session(self, client: FlaskClient, args: Any, kwargs: Any, changes: Changes) -> None:
        """Do to the port's session what a block has done."""
        with self._lock:
            journal, twin = self.journal, self._twin(client)
            if journal is None or twin is None:
                return
            environ = client.application.test_request_context(*args, **kwargs).request.environ
            request = read_request(environ)
            try:
                self._act(journal, twin, transacting(twin, request, changes, self._earlier))
            except Exception as error:
                failure = f"the port's session is not changed: {type(error).__name__}: {error}"
                journal.failures[failure] = None

    def change_jar(self, client: Client, method: str, args: Any, kwargs: Any) -> None:
        """Set or delete the cookie in the port's jar, too."""
        with self._lock:
            journal, twin = self.journal, self._twin(client)
            if journal is None or twin is None:
                return
            self._act(journal, twin, changing_jar(twin, method, args, kwargs, self._earlier))

    def meet(self, client: Client) -> None:
        """A test is about to do something with a client."""
        with self._lock:
            self._twin(client)

    def _act(self, journal: Journal, twin: Twin, act: Act) -> None:
        self._learn(journal)
        act(twin.candidate, {twin: twin.jar}, journal.forward)
        journal.did(twin.candidate, act)

    @property
    def _earlier(self) -> dict[str, str]:
        return self.known.forward if self.known else {}

    # The port.

    def _twin(self, client: Client) -> Twin | None:
        """The port's part of a client, where it can have one."""
        if self.journal is None or self._only not in (None, client.application):
            return None
        twin = self._twins.get(client)
        if twin is None:
            app = client.application
            candidate = self._candidate(self.journal, app)  # type: ignore[arg-type]
            twin = Twin(candidate, Jar(client._cookies is not None))
            self._twins[client] = twin
            if client._cookies:
                self._act(self.journal, twin, beginning(twin, client._cookies.copy()))
        change = twin.candidate.follow(client.application.config)  # type: ignore[attr-defined]
        if change is not None:
            self.journal.did(twin.candidate, _carrying(change))
        if twin.candidate.failure is not None:
            self.journal.failures[twin.candidate.failure] = None
        return twin

    def _candidate(self, journal: Journal, app: Flask) -> Candidate:
        ports = self._candidates.setdefault(app, {})
        if self.port not in ports:
            self._end_forgotten()
            ports[self.port] = candidate = self._made(app)
            self._open.append((ref(app), candidate))
            journal.born.add(id(candidate))
            if self.on_candidate is not None:
                self.on_candidate(app)
        return ports[self.port]

    def _made(self, app: Flask) -> Candidate:
        target, state = self._find(app), self._state
        return candidate_of(app, state, target, self.timeout, self.worker, self._instances)

    def _end_forgotten(self) -> None:
        """End the ports whose applications are gone; they are in cycles, as a rule."""
        if len(self._open) < _KEPT:
            return
        gc.collect()
        for app, candidate in self._open:
            if app() is None:
                candidate.close()
        self._open = [one for one in self._open if one[0]() is not None]

    def _look_behind(self, journal: Journal, candidate: Candidate, environ: dict[str, Any]) -> None:
        """Note what does not reach the port."""
        journal.notes |= candidate.look_behind(is_first=candidate not in journal.acts)
        journal.notes |= dict.fromkeys(departures(environ))


def _find_none(app: Flask) -> Target:
    raise LookupError(f"no test has begun that could say what stands for {app.name!r}")


def _until_now(sent: float) -> tuple[float, float] | None:
    """When an exchange took place; None where both sides see the same moment, to the byte."""
    return (sent, time()) if standing_time() is None else None


def _has_an_end(request: RawRequest, status: str, headers: Headers) -> bool:
    """Whether the body's end is known before it is read (RFC 9112, 6.3)."""
    return request.method == "HEAD" or status[:3] in ("204", "304") or "Content-Length" in headers


def _carrying(change: Change) -> Act:
    def act(candidate: Candidate, jars: dict[Twin, Jar], forward: dict[str, str]) -> None:
        candidate.carry(change)

    return act
