"""What pytest calls where a suite is mirrored, or uses the `parity` fixture."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from flask import Flask
from werkzeug.test import Client

from ..choices import find_limit
from ..errors import UsageError
from ..exchange import Exchange
from ..report import Report
from ..showing import find_masker
from ..targets import Target, protocol_of
from .asked import failing, found_settings, given_accept, told_as_usage
from .clients import heard
from .course import Course
from .logs import nothing_logged
from .marks import check_marks, is_mirrored, read_marks
from .mirror import Mirror
from .origins import State
from .pair import ParityClient, client_of
from .patches import Patched, patches_noted
from .ports import find_port, has_own_port, port_of
from .reached import Reached
from .summary import Summary
from .verdicts import Judge, Verdict

_KEY = "quart_parity"
_STOPS = KeyboardInterrupt, pytest.exit.Exception
"""What ends the run, and is no test's outcome."""
Item = pytest.Item


class MirrorPlugin:
    """Everything of one run; on each process of several."""

    def __init__(self, config: pytest.Config, mirrors: bool) -> None:
        self._config = config
        self._mirrors = mirrors
        self._settings, self._folder = found_settings(config)
        option = config.option
        self._invoked = Path(config.invocation_params.dir)
        self._target: Target | None = None
        self._summary = Summary()
        self._own = Summary()
        self._reached = Reached()
        self._stack = ExitStack()
        self._mirror: Mirror | None = None
        self._copies = option.parity_state != "share"
        self._accept = accept = self._settings.accept | given_accept(option.parity_accept)
        self._judge_of = partial(
            Judge,
            accept=accept,
            causes=self._settings.causes,
            make_masker=partial(find_masker, self._settings),
            report=Report("", ""),
        )
        self._judge: Judge | None = None
        self._patched = Patched()
        self._course = Course()
        self._fixtures: WeakKeyDictionary[Item, Any] = WeakKeyDictionary()

    # The run.

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """A port that is not there is a wrong call, and no test's fault."""
        if self._mirrors and self._names_candidate:
            told_as_usage(self._checked)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Where nothing names the port, fixtures must."""
        if not self._mirrors or self._names_candidate or hasattr(self._config, "workerinput"):
            return
        mirrored = filter(is_mirrored, session.items)
        if any(not has_own_port(item) for item in mirrored):
            told_as_usage(self.candidate)

    @property
    def _names_candidate(self) -> bool:
        given = self._config.option.parity_candidate
        return given is not None or self._settings.candidate is not None

    def _checked(self) -> None:
        """An application that is there already can be seen to be none."""
        target = self.candidate()
        if not target.is_factory:
            protocol_of(target.make({}), target)

    @property
    def mirror(self) -> Mirror:
        if self._mirror is None:
            limit = find_limit(self._settings)
            self._mirror = mirror = Mirror(limit, self._settings.correspond)
            mirror.on_candidate = self._reached.meet
            self._judge = self._judge_of(mirror)
            self._stack.enter_context(heard(mirror))
            self._stack.callback(mirror.close)
        return self._mirror

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self._stack.close()
        self._own.reached = self._reached.counts
        if self._judge is not None:
            report = self._judge.report
            self._own.exchanges, self._own.count = report.exchanges, report.count
            self._own.accepted, self._own.causes = report.accepted, report.causes
            self._own.used, self._own.given = list(self._judge.used), list(self._judge.given)
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[_KEY] = self._own.sent()
        else:
            self._summary.add(self._own)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Of pytest-xdist: a process has ended."""
        output = getattr(node, "workeroutput", {})
        if _KEY in output:
            self._summary.add(Summary.received(output[_KEY]))

    def pytest_terminal_summary(self, terminalreporter: Any, exitstatus: int) -> None:
        ran = exitstatus != pytest.ExitCode.USAGE_ERROR and not self._config.option.collectonly
        if self._mirrors and ran:
            terminalreporter.write_sep("=", "parity")
            for line in self._summary.lines():
                terminalreporter.write_line(line)

    # A test.

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: Item) -> Iterator[None]:
        self._course = course = Course()
        if not self._mirrors or not is_mirrored(item):
            return (yield)
        try:
            with self._watched(item):
                return (yield)
        finally:
            self._own.count_test(course)

    @contextmanager
    def _watched(self, item: Item, only: Flask | None = None) -> Iterator[None]:
        self._begin(item, only)
        try:
            with patches_noted() as patched:
                self._patched = patched
                yield
        finally:
            self.mirror.end()

    def _begin(self, item: Item, only: Flask | None) -> None:
        hook = item.ihook
        base = self._config.option.basetemp
        temporary = (Path(base).absolute(),) if base else ()
        state = State(self._copies, partial(_snapshot, hook), partial(_restore, hook), temporary)
        self.mirror.begin(item.nodeid, item.path, partial(self._find, item), state, only)
        self.mirror.worker.fixtures = partial(getattr, item, "funcargs", {})

    def _find(self, item: Any, app: Flask) -> Any:
        with failing():
            return port_of(self._standing_in(item), app, self._folder)

    def _standing_in(self, item: Any) -> Any:
        """What `parity_candidate` returns; in a teardown pytest makes no fixture any more, and
        where none is the suite's own, none is needed."""
        if not has_own_port(item):
            return self.candidate()
        if item not in self._fixtures:
            self._fixtures[item] = item._request.getfixturevalue("parity_candidate")
        return self._fixtures[item]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: Item) -> Iterator[None]:
        """Requests of fixtures are judged with the test's own, unless it will not run."""
        if self._mirrors:
            check_marks(item)
        try:
            return (yield)
        except _STOPS:
            raise
        except BaseException:
            self._course.tell(self._judged(item))
            raise

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: Item) -> Iterator[None]:
        """Fail a test that passes by itself where the port has answered otherwise."""
        # A unittest.TestCase keeps what it raised, and fails by that.
        return (yield from self._phase(item, lambda: bool(getattr(item, "_excinfo", None))))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: Item) -> Iterator[None]:
        return (yield from self._phase(item, lambda: False))

    def _phase(self, item: Item, has_failed: Callable[[], bool]) -> Iterator[None]:
        try:
            outcome = yield
        except _STOPS:
            raise
        except BaseException:
            self._course.tell(self._judged(item))
            raise
        verdict = self._judged(item)
        if has_failed():
            self._course.tell(verdict)
        elif verdict is not None and not verdict.ok:
            self._course.fail(verdict)
        else:
            self._course.fail_again()
        return outcome

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        self._course.report(report, call.excinfo.value if call.excinfo else None)
        return report

    def _judged(self, item: Item) -> Verdict | None:
        """What the requests since the last time came to; None where there were none."""
        mirror, judge = self._mirror, self._judge
        journal = mirror.take() if mirror is not None else None
        if journal is None or judge is None or journal.is_empty:
            return None
        journal.notes |= dict.fromkeys(self._patched.notes(mirror))
        with nothing_logged(self._config):
            verdict = judge.verdict(journal, read_marks(item).accept)
        self._course.sent |= bool(journal.exchanges)
        self._course.unasked |= bool(journal.failures)
        for visit in journal.visits.values():
            self._reached.add(visit)
        return verdict

    # What the fixtures return.

    def side(self, name: str) -> Any:
        """The ``reference`` or ``candidate`` where no fixture of the suite's own overrides it."""
        with failing():
            return self.candidate() if name == "candidate" else self.reference()

    def candidate(self) -> Target:
        """The port that the option or the setting names; raises `UsageError` where none does."""
        if self._target is None:
            given = self._config.option.parity_candidate
            self._target = self._found("candidate", given, self._settings.candidate)
        return self._target

    def reference(self) -> Any:
        """A new one of the original; raises as above."""
        given = self._config.option.parity_reference
        return self._found("reference", given, self._settings.reference).make({})

    def _found(self, side: str, given: str | None, setting: str | None) -> Target:
        if "://" in (given or setting or ""):
            raise UsageError(
                f"{side} {given or setting!r}: what a test sends is answered in the test's own"
                " process; servers are compared by quart-parity check"
            )
        if given is not None:
            return find_port(given, self._invoked)
        if setting is None:
            raise UsageError(
                f"parity needs a {side}: give --parity-{side}='module:create_app()', or {side} in"
                " [tool.quart-parity] of pyproject.toml"
            )
        return find_port(setting, self._folder)

    def client(self, item: Item, reference: Any, candidate: Any) -> Iterator[ParityClient]:
        """A client that judges each of its requests at once."""
        if not isinstance(reference, Flask):
            pytest.fail(f"parity_reference is {reference!r}, and no Flask application", False)
        begins = self.mirror.journal is None
        with self._watched(item, reference) if begins else nullcontext():
            # A fixture with parameters; functions, and so their ports, are others in each test.
            self.mirror.port = candidate if isinstance(candidate, str) else None
            yield client_of(reference, partial(self._check, item))

    def _check(self, item: Item, client: Client) -> tuple[Exchange, Exchange] | None:
        if self.mirror.is_unequal(self._accept | read_marks(item).accept):
            verdict = self._judged(item)
            if verdict is not None and not verdict.ok:
                self._course.fail(verdict)
        return self.mirror.last(client)


def _snapshot(hook: Any, app: Flask) -> Any:
    return hook.pytest_parity_snapshot(reference=app)


def _restore(hook: Any, candidate: Any, snapshot: Any) -> Any:
    return hook.pytest_parity_restore(candidate=candidate, snapshot=snapshot)
