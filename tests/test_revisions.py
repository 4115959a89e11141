"""The files of a commit, taken from git's objects."""

import os
from pathlib import Path

import pytest

from quart_parity import UsageError
from quart_parity.isolated.revisions import checked_out
from tests.repositories import commit, contents, git, repository


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository whose main has been changed since it was tagged as `first`."""
    folder = repository(tmp_path / "project")
    (folder / "shop").mkdir()
    (folder / "shop" / "app.py").write_text("old")
    commit(folder)
    git(folder, "tag", "first")
    (folder / "shop" / "app.py").write_text("new")
    (folder / "later").mkdir()
    (folder / "later" / "app.py").write_text("later")
    commit(folder)
    return folder


def test_the_files_are_those_of_the_revision(project: Path) -> None:
    """Neither later commits nor what is not committed is there, and afterwards nothing is."""
    (project / "shop" / "app.py").write_text("not committed")
    with checked_out(project, "first") as folder:
        found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        text = (folder / "shop" / "app.py").read_text()

    assert (found, text) == ({"shop/app.py"}, "old")
    assert not folder.exists()


def test_a_folder_below_the_top_is_found_in_the_revision(project: Path) -> None:
    """The folder is the same one as in the working tree, with all of the repository around it."""
    with checked_out(project / "shop", "first") as folder:
        text = (folder / "app.py").read_text()
        name = folder.name

    assert (name, text) == ("shop", "old")


def test_what_has_not_changed_is_as_old(project: Path) -> None:
    """A file's time is the working tree's where its bytes are, for answers tell of both."""
    (project / "same").write_text("same")
    commit(project)
    (project / "shop" / "app.py").write_text("newer")
    for name in ("same", "shop/app.py"):
        os.utime(project / name, (1_700_000_000, 1_700_000_000))
    with checked_out(project, "main") as folder:
        times = [(folder / name).stat().st_mtime for name in ("same", "shop/app.py")]

    assert times[0] == 1_700_000_000
    assert times[1] != 1_700_000_000


def test_the_repository_is_as_before(project: Path) -> None:
    """No index, worktree, reference or lock is written, and no hook runs."""
    for name in ("post-checkout", "post-index-change", "reference-transaction"):
        hook = project / ".git" / "hooks" / name
        hook.write_text(f"#!/bin/sh\ntouch '{project}/{name}-ran'\n")
        hook.chmod(0o755)
    # Files that look changed are what makes git write its index anew.
    os.utime(project / "shop" / "app.py", (1, 1))
    before = contents(project)
    with checked_out(project, "first"):
        pass

    assert contents(project) == before


def test_files_are_as_they_are_stored(project: Path) -> None:
    """Links, executables, odd names and line ends come out as committed, through no filter."""
    (project / ".gitattributes").write_text("*.txt text eol=crlf\n*.bin export-ignore\n")
    (project / "ends.txt").write_text("a\nb\n")
    (project / "kept.bin").write_bytes(bytes(range(256)))
    (project / "run").write_text("#!/bin/sh\n")
    (project / "run").chmod(0o755)
    (project / "link").symlink_to("shop/app.py")
    odd = os.fsdecode(b"a\n\xff b")
    (project / odd).write_text("odd")
    commit(project)
    with checked_out(project, "main") as folder:
        assert (folder / "ends.txt").read_bytes() == b"a\nb\n"
        assert (folder / "kept.bin").read_bytes() == bytes(range(256))
        assert os.access(folder / "run", os.X_OK)
        assert os.readlink(folder / "link") == "shop/app.py"
        assert (folder / odd).read_text() == "odd"


@pytest.mark.parametrize("revision", ["nothing", "", "--all", "HEAD:shop", "HEAD~9"])
def test_what_is_no_commit_is_refused(project: Path, revision: str) -> None:
    """The error names the revision and says what to give."""
    with pytest.raises(UsageError, match="give a branch, a tag or a commit") as raised:
        checked_out(project, revision).__enter__()

    assert repr(revision) in str(raised.value)


def test_a_folder_that_the_revision_lacks_is_refused(project: Path) -> None:
    """Nothing stays of the files that were written by then."""
    with pytest.raises(UsageError, match="revision 'first' has no folder 'later'"):
        checked_out(project / "later", "first").__enter__()


def test_a_folder_in_no_repository_is_refused(tmp_path: Path) -> None:
    """The error gives git's own reason."""
    with pytest.raises(UsageError, match="not a git repository"):
        checked_out(tmp_path, "main").__enter__()


def test_lost_contents_are_told(project: Path) -> None:
    """A repository without some of its objects is not taken for one without some of its files."""
    blob = git(project, "rev-parse", "first:shop/app.py")
    (project / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(UsageError, match=r"lacks the contents of 'shop/app\.py'"):
        checked_out(project, "first").__enter__()


def test_what_a_hook_says_of_its_repository_is_not_heard(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run from a hook, git's variables name another repository than the folder's."""
    monkeypatch.setenv("GIT_DIR", str(project / "nowhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", "nowhere")
    with checked_out(project, "first") as folder:
        assert (folder / "shop" / "app.py").read_text() == "old"
