"""The mirror: what a test's Flask clients send goes to the port as well, in the same order."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import RLock, get_ident
from time import time
from typing import Any
from weakref import WeakKeyDictionary, ref

from flask import Flask, got_request_exception
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.test import Client

from ..drivers.raised import read_raised
from ..exchange import Exchange, RawRequest
from ..pairing import Known
from ..windows import Windows
from ..worker import Worker
from .candidates import Candidate, State, read_origin, side_of
from .environs import read_exchange, read_request, uncarried
from .jars import Jar
from .places import Place, find_place
from .reading import Reading
from .transactions import Changes, change_session
from .visits import Act, Journal, Twin, translated

FindCandidate = Callable[[Flask], tuple[Callable[[Any], Any], bool]]
"""For an application: what makes the port of a config, and whether it makes a new one each time."""
_KEPT = 32
"""Ports from which on those are ended whose application nobody has any more."""


class Mirror:
    """Sends, keeps and judges; one for a run of a suite. `begin` and `end` enclose each test."""

    def __init__(self, timeout: float, correspond: bool = True) -> None:
        self.timeout = timeout
        self.worker = Worker(timeout)
        self.known = Known() if correspond else None
        self.windows = Windows()
        self.journal: Journal | None = None
        """Of the test that runs; None where nothing is mirrored."""
        self.on_candidate: Callable[[Flask], None] | None = None
        self._find: FindCandidate = _find_none
        self._only: Flask | None = None
        self._state = State()
        self._test = Path()
        self._candidates: WeakKeyDictionary[Flask, Candidate] = WeakKeyDictionary()
        self._twins: WeakKeyDictionary[Client, Twin] = WeakKeyDictionary()
        self._open: list[tuple[ref[Flask], Candidate]] = []
        self._reading: list[Callable[[], None]] = []
        self._lock = RLock()
        self._error: BaseException | None = None
        self._thread: int | None = None
        got_request_exception.connect(self._record)

    def _record(self, sender: object, exception: BaseException, **extra: object) -> None:
        if get_ident() == self._thread:
            self._error = exception

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
            self.journal = self._only = None

    def is_unequal(self, accept: dict[str, str]) -> bool:
        """Whether anything that was sent since the last `take` differs, or could not be sent."""
        with self._lock:
            self.finish_reading()
            journal = self.journal
            if journal is None:
                return False
            return bool(journal.failures) or any(
                one.accepted is None
                for visit in journal.visits.values()
                if visit.differs
                for one in visit.judged(journal.name, accept, self.known, self.windows).differences
            )

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
        with self._lock:
            journal, twin = self.journal, self._twin(client)
        if journal is None or twin is None:
            return call()
        self.finish_reading()
        app: Any = client.application
        place = find_place(self._test)
        self._look_behind(journal, twin.candidate, environ)
        request = read_request(environ)
        sent = time()
        self._error, self._thread = None, get_ident()
        finish = partial(self._finish, journal, twin, app, request, place)
        try:
            pieces, status, headers = call()
        except Exception as error:
            finish(Exchange(request, raised=read_raised(error), window=(sent, time())), None)
            raise
        finally:
            self._thread = None
        heard = self._error

        def answer(body: bytes, error: BaseException | None) -> Exchange:
            error = heard if error is None else error
            raised = None if error is None else read_raised(error)
            return read_exchange(request, status, tuple(headers), body, raised, (sent, time()))

        if isinstance(pieces, list):
            finish(answer(b"".join(pieces), None), None)
            return pieces, status, headers
        reading = Reading(pieces)
        if _has_an_end(request, status, headers):
            reading.read_ahead()

        def read() -> None:
            enough = None if reading.is_whole or reading.error else len(reading.body)
            finish(answer(bytes(reading.body), reading.error), enough)

        if reading.is_over:
            read()
        else:
            self._wait_for(reading, read)
        return reading, status, headers

    def _wait_for(self, reading: Reading, read: Callable[[], None]) -> None:
        """Ask the port once the test has read what it wants, or sends something else."""

        def once() -> None:
            if once in self._reading:
                self._reading.remove(once)
                read()

        self._reading.append(once)
        reading.when_over = once

    def finish_reading(self) -> None:
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
            candidate = twin.candidate
            candidate.watched.remember()
            request = replace(request, enough=enough)
            asked = translated(request, journal.forward, self.known.forward if self.known else {})
            sent = time()
            theirs = _send(twin.jar, candidate, asked)
            theirs = replace(theirs, window=(sent, time()))
            journal.did(candidate, _sending(twin, asked))
            visit = journal.visit(twin, app)
            visit.keep(ours, theirs, place, journal.sent(candidate))
            if self.known is not None and visit.differs:
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
            act = _transacting(twin, request, changes)
            act(twin.candidate, {twin: twin.jar})
            journal.did(twin.candidate, act)

    def change_jar(self, client: Client, method: str, args: Any, kwargs: Any) -> None:
        """Set or delete the cookie in the port's jar, too."""
        with self._lock:
            journal, twin = self.journal, self._twin(client)
            if journal is None or twin is None:
                return

            def act(candidate: Candidate, jars: dict[Twin, Jar]) -> None:
                getattr(jars[twin], method)(*args, **kwargs)

            act(twin.candidate, {twin: twin.jar})
            journal.did(twin.candidate, act)

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
        twin.candidate.follow(client.application.config)  # type: ignore[attr-defined]
        if twin.candidate.failure is not None:
            self.journal.failures[twin.candidate.failure] = None
        return twin

    def _candidate(self, journal: Journal, app: Flask) -> Candidate:
        if app not in self._candidates:
            self._end_forgotten()
            candidate = self._made(app)
            self._candidates[app] = candidate
            self._open.append((ref(app), candidate))
            journal.born.add(id(candidate))
            if self.on_candidate is not None:
                self.on_candidate(app)
        return self._candidates[app]

    def _made(self, app: Flask) -> Candidate:
        make, is_factory = self._find(app)
        side = side_of(make, is_factory, app.name, self.timeout)
        origin = read_origin(app, self._state)
        side.is_elsewhere = origin.copies is not None and bool(origin.copies.paths)
        candidate = Candidate(side, self.worker, origin, self._state.restore)
        candidate.start()
        return candidate

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
        for path in candidate.watched.changed():
            journal.notes[
                f"the test changed {path.name} itself before a request, and not the port's copy"
            ] = None
        for name in uncarried(environ):
            journal.notes[f"the test set {name} in the environ, which no ASGI server has"] = None


def _find_none(app: Flask) -> tuple[Callable[[Any], Any], bool]:
    raise LookupError(f"no test has begun that could say what stands for {app.name!r}")


def _has_an_end(request: RawRequest, status: str, headers: Headers) -> bool:
    """Whether the body's end is known before it is read (RFC 9112, 6.3)."""
    return request.method == "HEAD" or status[:3] in ("204", "304") or "Content-Length" in headers


def _send(jar: Jar, candidate: Candidate, request: RawRequest) -> Exchange:
    exchange = candidate.send(jar.added(request))
    jar.take_in(exchange)
    return exchange


def _sending(twin: Twin, request: RawRequest) -> Act:
    def act(candidate: Candidate, jars: dict[Twin, Jar]) -> Exchange:
        return _send(jars[twin], candidate, request)

    return act


def _transacting(twin: Twin, request: RawRequest, changes: Changes) -> Act:
    def act(candidate: Candidate, jars: dict[Twin, Jar]) -> None:
        asked = jars[twin].added(request)
        cookies = candidate.run(lambda served: change_session(served, asked, changes))
        jars[twin].store(asked, cookies or [])

    return act
