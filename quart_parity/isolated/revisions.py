"""The files of a commit, in a folder for a while."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen, TimeoutExpired, run
from tempfile import TemporaryDirectory
from typing import IO

from ..errors import UsageError

PATIENCE = 60.0
"""Seconds that git has to look something up."""
_LINK, _SUBMODULE = "120000", "160000"
_EXECUTABLE = "100755"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file of a commit."""

    mode: str
    blob: str
    path: str


@contextmanager
def checked_out(folder: Path, revision: str) -> Iterator[Path]:
    """*folder* as it was at *revision* of the repository that it is in, until this is left.

    The whole repository's files come from its objects, as they are stored: no filter and no hook
    runs, no index and no worktree is written, and submodules stay empty. A file that the working
    tree has as well is as old as that one. Raises `UsageError`
    where git does not know the revision, or that has no such folder.
    """
    top, prefix = _location(folder)
    commit = _commit(top, revision)
    entries = _entries(top, commit)
    with TemporaryDirectory(prefix="quart-parity-", ignore_cleanup_errors=True) as name:
        root = Path(name).resolve()
        _write(top, entries, root)
        if not (root / prefix).is_dir():
            raise UsageError(f"revision {revision!r} has no folder {prefix!r}")
        yield root / prefix


def _location(folder: Path) -> tuple[Path, str]:
    """The repository's top, and the folder's path below it."""
    shown = _git(folder, "rev-parse", "--show-toplevel", "--show-prefix").decode(
        errors="surrogateescape"
    )
    top, prefix = shown.split("\n")[:2]
    return Path(top), prefix.rstrip("/")


def _commit(top: Path, revision: str) -> str:
    if revision.startswith("-") or not revision:
        raise UsageError(f"{revision!r} is no revision: give a branch, a tag or a commit")
    try:
        found = _git(top, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    except UsageError:
        raise UsageError(
            f"{str(top)!r} has no revision {revision!r}: give a branch, a tag or a commit"
        ) from None
    return found.decode().strip()


def _entries(top: Path, commit: str) -> list[_Entry]:
    listed = _git(top, "ls-tree", "-r", "-z", "--full-tree", commit)
    entries = []
    for line in listed.decode(errors="surrogateescape").split("\0")[:-1]:
        told, _, path = line.partition("\t")
        mode, _, blob = told.split(" ")
        entries.append(_Entry(mode, blob, path))
    # Links come last, so that nothing is written through one.
    return sorted(entries, key=lambda entry: entry.mode == _LINK)


def _write(top: Path, entries: list[_Entry], root: Path) -> None:
    with _started(top, "cat-file", "--batch") as process:
        try:
            for entry in entries:
                path = root / entry.path
                if entry.mode == _SUBMODULE:
                    path.mkdir(parents=True)
                    continue
                path.parent.mkdir(parents=True, exist_ok=True)
                content = _content(process, entry, top)
                _put(path, entry.mode, content)
                _date(path, content, top / entry.path)
        finally:
            process.kill()


def _put(path: Path, mode: str, content: bytes) -> None:
    if mode == _LINK:
        path.symlink_to(os.fsdecode(content))
        return
    path.write_bytes(content)
    if mode == _EXECUTABLE:
        path.chmod(0o755)


def _date(path: Path, content: bytes, current: Path) -> None:
    """Give a file the time of the working tree's, where that is the same.

    What is served of it, ``Last-Modified`` and often an ``ETag``, is then the same as well.
    """
    try:
        if current.is_symlink() or path.is_symlink() or current.read_bytes() != content:
            return
        status = current.stat()
    except OSError:
        return
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _content(process: Popen[bytes], entry: _Entry, top: Path) -> bytes:
    """One object, as ``git cat-file --batch`` gives it: name, type and size in a line before it."""
    asked, given = _pipes(process)
    asked.write(f"{entry.blob}\n".encode())
    asked.flush()
    told = given.readline().split()
    if len(told) != 3:
        raise UsageError(f"{str(top)!r} lacks the contents of {entry.path!r}: fetch them first")
    content = given.read(int(told[2]))
    given.read(1)
    return content


def _pipes(process: Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise TypeError("git was started without pipes")
    return process.stdin, process.stdout


def _git(folder: Path, *arguments: str) -> bytes:
    """What git prints; raises `UsageError` where it fails."""
    try:
        done = run(  # noqa: S603 - git itself, with arguments that are no options
            _command(folder, *arguments),
            capture_output=True,
            env=_environment(),
            timeout=PATIENCE,
            check=False,
        )
    except FileNotFoundError:
        raise UsageError("a revision is taken from git, which is not installed") from None
    except TimeoutExpired:
        raise UsageError(f"git {arguments[0]} did not end within {PATIENCE:g} s") from None
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise UsageError(f"a revision is taken from git, which says of {str(folder)!r}: {told}")
    return done.stdout


def _started(folder: Path, *arguments: str) -> Popen[bytes]:
    command = _command(folder, *arguments)
    return Popen(command, stdin=PIPE, stdout=PIPE, env=_environment())  # noqa: S603 - as above


def _command(folder: Path, *arguments: str) -> list[str]:
    return ["git", "-C", str(folder), "-c", "core.fsmonitor=false", *arguments]


def _environment() -> dict[str, str]:
    """Without what a hook's process says of the repository; nothing may be written or fetched."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
