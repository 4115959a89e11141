"""What pytest calls where a suite is mirrored, or uses the `parity` fixture."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from ..choices import find_limit
from ..errors import QuartParityError, UsageError
from ..report import Report
from ..routes import routes_of
from ..scenario import check_accept
from ..settings import Settings, find_settings
from ..targets import Target
from .candidates import State
from .clients import heard
from .mirror import Mirror
from .pair import ParityClient
from .patches import Patched, patches_noted
from .ports import find_port, make_of
from .reached import Reached
from .summary import Summary
from .verdicts import Judge, Verdict

_KEY = "quart_parity"
Item = pytest.Item


class MirrorPlugin:
    """Everything of one run; on each process of several."""

    def __init__(self, config: pytest.Config, mirrors: bool) -> None:
        self._config = config
        self._mirrors = mirrors
        self._settings, self._folder = _find_settings(config)
        option = config.option
        self._invoked = Path(config.invocation_params.dir)
        self._target: Target | None = None
        self._summary = Summary()
        self._own = Summary()
        self._reached = Reached()
        self._stack = ExitStack()
        self._mirror: Mirror | None = None
        self._copies = option.parity_state != "share"
        self._accept = accept = self._settings.accept | _accept(option.parity_accept)
        self._judge_of = partial(
            Judge,
            accept=accept,
            causes=self._settings.causes,
            show_secrets=self._settings.show_secrets,
            report=Report("", ""),
        )
        self._judge: Judge | None = None
        self._patched = Patched()

    # The run.

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """A port that is not there is a wrong call, and no test's fault."""
        if self._mirrors:
            _told(self.candidate)

    @property
    def mirror(self) -> Mirror:
        if self._mirror is None:
            limit = find_limit(self._settings)
            self._mirror = mirror = Mirror(limit, self._settings.correspond)
            mirror.on_candidate = self._meet
            self._judge = self._judge_of(mirror)
            self._stack.enter_context(heard(mirror))
            self._stack.callback(mirror.close)
        return self._mirror

    def _meet(self, app: Flask) -> None:
        self._reached.meet(routes_of(app) or [])

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

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self._mirrors:
            terminalreporter.write_sep("=", "parity")
            for line in self._summary.lines():
                terminalreporter.write_line(line)

    # A test.

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: Item) -> Iterator[None]:
        if not self._mirrors or not self._mode(item):
            return (yield)
        return (yield from self._watched(item))

    def _watched(self, item: Item) -> Iterator[None]:
        self._begin(item)
        try:
            with patches_noted() as patched:
                self._patched = patched
                return (yield)
        finally:
            if self._mirror is not None:
                self._mirror.end()

    def _begin(self, item: Item, only: Flask | None = None) -> None:
        hook = item.ihook
        state = State(self._copies, partial(_snapshot, hook), partial(_restore, hook))
        self.mirror.begin(item.nodeid, item.path, partial(self._find, item), state, only)

    def _find(self, item: Any, app: Flask) -> Any:
        fixture = item._request.getfixturevalue("parity_candidate")
        return make_of(fixture, app, self._folder)

    def _mode(self, item: Item) -> bool:
        marker = item.get_closest_marker("parity")
        mode = marker.args[0] if marker and marker.args else "check"
        if mode not in ("off", "check"):
            raise pytest.UsageError(f"{item.nodeid}: there is no parity mode {mode!r}: off, check")
        return bool(mode == "check")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: Item) -> Iterator[None]:
        """Fail a test that passes by itself where the port has answered otherwise."""
        try:
            outcome = yield
        except BaseException:
            self._tell(item, self._judged(item))
            raise
        verdict = self._judged(item)
        if verdict is None or verdict.ok:
            return outcome
        # A unittest.TestCase keeps what it raised, and fails by that.
        if getattr(item, "_excinfo", None):
            self._tell(item, verdict)
            return outcome
        self._own.alone += 1
        pytest.fail(verdict.text(), pytrace=False)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: Item) -> Iterator[None]:
        outcome = yield
        verdict = self._judged(item)
        if verdict is not None and not verdict.ok:
            pytest.fail(verdict.text(), pytrace=False)
        return outcome

    def _tell(self, item: Item, verdict: Verdict | None) -> None:
        if verdict is not None and not verdict.ok:
            item.add_report_section("call", "parity", verdict.text())

    def _judged(self, item: Item) -> Verdict | None:
        """What the requests since the last time came to; None where there were none."""
        mirror, judge = self._mirror, self._judge
        journal = mirror.take() if mirror is not None else None
        if journal is None or judge is None or journal.is_empty:
            return None
        journal.notes |= dict.fromkeys(self._patched.notes(mirror))
        verdict = judge.verdict(journal, _marked(item))
        self._own.tests += bool(journal.exchanges)
        for visit in journal.visits.values():
            self._reached.add(visit)
        return verdict

    # What the fixtures return.

    def candidate(self) -> Target:
        """The port that the option or the setting names; raises `UsageError` where none does."""
        if self._target is None:
            given = self._config.option.parity_candidate
            self._target = self._found("candidate", given, self._settings.candidate)
        return self._target

    def reference(self) -> Any:
        given = self._config.option.parity_reference
        return self._found("reference", given, self._settings.reference).make({})

    def _found(self, side: str, given: str | None, setting: str | None) -> Target:
        if given is not None:
            return find_port(given, self._invoked)
        if setting is None:
            raise UsageError(
                f"parity needs a {side}: give --parity-{side}='module:create_app()', or {side} in"
                " [tool.quart-parity] of pyproject.toml"
            )
        return find_port(setting, self._folder)

    def client(self, item: Item, reference: Flask) -> Iterator[ParityClient]:
        """A client that judges each of its requests at once."""
        begins = self.mirror.journal is None
        if begins:
            self._begin(item, reference)
        yield ParityClient(reference, partial(self._check, item))
        if begins:
            self.mirror.end()

    def _check(self, item: Item) -> None:
        if self.mirror.is_unequal(self._accept | _marked(item)):
            verdict = self._judged(item)
            if verdict is not None and not verdict.ok:
                pytest.fail(verdict.text(), pytrace=False)


def _find_settings(config: pytest.Config) -> tuple[Settings, Path]:
    def find() -> tuple[Settings, Path]:
        return find_settings(config.rootpath)

    found: tuple[Settings, Path] = _told(find)
    return found


def _told(work: Any) -> Any:
    """What *work* returns; what is wrong with the call, pytest tells as such."""
    try:
        return work()
    except QuartParityError as error:
        raise pytest.UsageError(str(error)) from error


def _accept(given: list[str]) -> dict[str, str]:
    entries = dict[str, str]()
    for text in given:
        pattern, equals, reason = text.partition("=")
        if not (pattern and equals and reason):
            raise pytest.UsageError(f"--parity-accept {text!r}: write PATTERN=REASON")
        entries[pattern] = reason
    try:
        check_accept(entries)
    except ValueError as error:
        raise pytest.UsageError(f"--parity-accept: {error}") from error
    return entries


def _marked(item: Item) -> dict[str, str]:
    accept: dict[str, str] = {}
    for marker in item.iter_markers("parity"):
        accept = marker.kwargs.get("accept", {}) | accept
    try:
        check_accept(accept)
    except (AttributeError, TypeError, ValueError) as error:
        raise pytest.UsageError(f"{item.nodeid}: the parity marker's accept: {error}") from error
    return accept


def _snapshot(hook: Any, app: Flask) -> Any:
    return hook.pytest_parity_snapshot(reference=app)


def _restore(hook: Any, candidate: Any, snapshot: Any) -> Any:
    return hook.pytest_parity_restore(candidate=candidate, snapshot=snapshot)
