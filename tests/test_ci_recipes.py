"""What docs/ci.md tells people to put into their repository does what it says."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from quart_parity.reporters import REPORTERS
from quart_parity.reporters.markdown import MARKER
from tests.project import CHECKOUT, scenario, write_scenarios

APPLICATION = """
from {kind} import {name}

app = {name}("shop")

@app.get("/")
def index():
    return "{page}"
"""
PORTS = {
    "parity": APPLICATION.format(kind="quart", name="Quart", page="page"),
    "a difference": APPLICATION.format(kind="quart", name="Quart", page="other page"),
    "no start": "raise RuntimeError('no database')\n",
}
STATUSES = {"parity": 0, "a difference": 1, "no start": 3}
EXPRESSIONS = {"github.token": "t0ken", "github.event.pull_request.number": "7"}
SHIM = """#!/bin/sh
printf '%s' "$(basename "$0")" >> "$CALLS"
printf ' %s' "$@" >> "$CALLS"
printf '\\n' >> "$CALLS"
case "$*" in *--paginate*) printf "$COMMENTS";; esac
"""
TOOL = f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m quart_parity "$@"\n'
Job = dict[str, Any]


def recipe(name: str) -> Any:
    """The file of this name, as the page has it."""
    text = (CHECKOUT / "docs" / "ci.md").read_text("utf-8")
    found = re.search(rf"<!-- {re.escape(name)} -->\n```yaml\n(.*?)```\n", text, re.DOTALL)
    assert found is not None
    # By its name, since it has no types to be checked by.
    return import_module("yaml").safe_load(found[1])


def workflow() -> Any:
    return recipe(".github/workflows/parity.yml")


def steps() -> list[Job]:
    listed: list[Job] = workflow()["jobs"]["parity"]["steps"]
    return listed


def gitlab() -> Job:
    job: Job = recipe(".gitlab-ci.yml")["parity"]
    return job


@dataclass
class Project:
    """A folder with both applications, on a machine with `pip` and `gh` that only take notes."""

    folder: Path
    environment: dict[str, str]

    def bash(self, script: str, *options: str, **variables: str) -> int:
        completed = subprocess.run(
            ["bash", *options, "-c", script],  # noqa: S607 - the services look for it as well
            cwd=self.folder,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.said = completed.stdout
        return completed.returncode

    @property
    def calls(self) -> list[str]:
        return (self.folder.parent / "calls").read_text().splitlines()


Make = Callable[[str], Project]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes the project with one of the ports."""

    def project(port: str) -> Project:
        folder, programs = tmp_path / "shop", tmp_path / "bin"
        folder.mkdir()
        programs.mkdir()
        original = APPLICATION.format(kind="flask", name="Flask", page="page")
        (folder / "shop_flask.py").write_text(original)
        (folder / "shop_quart.py").write_text(PORTS[port])
        (folder / "requirements.txt").write_text("quart-parity\n")
        (folder / "pyproject.toml").write_text("[tool.quart-parity]\nscenarios = ['visit.json']\n")
        write_scenarios(folder, "visit.json", scenario("visit", "/"))
        for name, text in {"pip": SHIM, "gh": SHIM, "quart-parity": TOOL}.items():
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)
        environment = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PYTHONPATH": str(CHECKOUT),
            "CALLS": str(tmp_path / "calls"),
            "COMMENTS": "",
            "CI": "true",
        }
        return Project(folder, environment)

    return project


def on_github(project: Project, **variables: str) -> list[tuple[str, int]]:
    """The status of each command, one after the other; after a failure of those only that ask for
    it."""
    given = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_WORKSPACE": str(project.folder),
        "GITHUB_STEP_SUMMARY": str(project.folder.parent / "summary.md"),
        "GITHUB_REPOSITORY": "owner/shop",
    } | variables
    statuses: list[tuple[str, int]] = []
    said = ""
    for step in steps():
        failed = any(status for _, status in statuses)
        if "run" in step and not (failed and not step.get("if", "").startswith("always()")):
            own = {name: evaluated(value) for name, value in step.get("env", {}).items()}
            statuses.append((step["name"], project.bash(step["run"], "-e", **given, **own)))
            said += project.said
    project.said = said
    return statuses


def evaluated(text: str) -> str:
    return re.sub(r"\$\{\{ *(.*?) *\}\}", lambda match: EXPRESSIONS[match[1]], text)


def uploaded() -> list[str]:
    (step,) = (one for one in steps() if "upload-artifact" in one.get("uses", ""))
    paths: list[str] = step["with"]["path"].split()
    return paths


def test_the_workflow_is_built_as_github_asks() -> None:
    """Triggers, a runner, and steps that either use an action of a version or run a command."""
    file = workflow()
    jobs = file["jobs"]

    # YAML 1.1 reads the key as a truth value, as GitHub's own reader does not.
    assert set(file) == {"name", True, "permissions", "jobs"}
    assert set(file[True]) == {"push", "pull_request"}
    assert file["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert jobs["parity"]["runs-on"] == "ubuntu-latest"
    for step in steps():
        assert ("uses" in step) != ("run" in step)
        assert step.keys() <= {"name", "if", "uses", "with", "run", "env"}
        assert re.fullmatch(r"actions/[a-z-]+@v\d+", step.get("uses", "actions/none@v1"))
        # What somebody named a branch or a title must not become a command.
        assert "${{" not in step.get("run", "")


def test_reports_are_kept_and_told_also_after_a_failure() -> None:
    """Whatever comes after the comparison asks to run in any case."""
    names = [step.get("name") for step in steps()]
    after = steps()[names.index("Compare") + 1 :]

    assert len(after) == 2
    assert all(step["if"].startswith("always()") for step in after)


def test_the_job_is_built_as_gitlab_asks() -> None:
    """Reports are kept also after a failure; the page is linked by a name that GitLab takes."""
    job = gitlab()
    artifacts = job["artifacts"]

    assert job.keys() <= {
        *("image", "timeout", "variables", "cache", "rules", "script", "artifacts"),
    }
    assert artifacts["when"] == "always"
    assert re.fullmatch(r"[A-Za-z0-9_ -]+", artifacts["expose_as"])
    assert artifacts["paths"] == ["parity.html"]
    assert artifacts["reports"] == {"junit": "parity.xml"}
    assert job["cache"]["paths"] == [".cache/pip"]
    assert job["variables"]["PIP_CACHE_DIR"] == "$CI_PROJECT_DIR/.cache/pip"


@pytest.mark.parametrize("port", PORTS)
def test_the_workflow_runs(make: Make, port: str) -> None:
    """It fails where the comparison does, and all that is to be kept is there."""
    project = make(port)
    statuses = on_github(project)

    assert statuses == [
        ("Install", 0),
        ("Compare", STATUSES[port]),
        ("Comment on the pull request", 0),
    ]
    assert project.calls[0] == "pip install -r requirements.txt"
    assert len(uploaded()) == 3
    for path in uploaded():
        assert (project.folder / path).stat().st_size > 0


def test_the_workflow_annotates_the_view(make: Make) -> None:
    """The log has the text report and an annotation, and the page of the job the table."""
    project = make("a difference")
    on_github(project)
    page = (project.folder.parent / "summary.md").read_text("utf-8")

    assert 'candidate  "other page"' in project.said
    assert re.search(
        "^::error file=shop_quart.py,line=6,title=.*body in GET /::", project.said, re.MULTILINE
    )
    assert page == (project.folder / "parity.md").read_text("utf-8")


def test_the_comment_is_written_once(make: Make) -> None:
    """The first run writes a comment, the next one finds it by its marker and replaces it."""
    project = make("a difference")
    on_github(project)
    on_github(project, COMMENTS="11\\n12\\n")
    calls = [one for one in project.calls if not one.startswith("pip ")]

    assert [one.partition(" --jq ")[0] for one in calls] == [
        "gh api --paginate repos/owner/shop/issues/7/comments",
        "gh pr comment 7 --body-file parity.md",
        "gh api --paginate repos/owner/shop/issues/7/comments",
        "gh api --method PATCH repos/owner/shop/issues/comments/12 --field body=@parity.md",
    ]
    assert f'startswith("{MARKER}")' in calls[0]


@pytest.mark.parametrize("port", PORTS)
def test_the_job_runs(make: Make, port: str) -> None:
    """It fails where the comparison does; the page and the list of tests are there."""
    project, job = make(port), gitlab()
    status = project.bash("\n".join(job["script"]), "-eo", "pipefail")
    artifacts = job["artifacts"]
    tests = project.folder / artifacts["reports"]["junit"]

    assert status == STATUSES[port]
    assert all((project.folder / path).stat().st_size for path in artifacts["paths"])
    root = ElementTree.parse(tests).getroot()  # noqa: S314 - our own, without a DTD
    assert (root.get("failures"), root.get("errors")) == {
        "parity": ("0", "0"),
        "a difference": ("1", "0"),
        "no start": ("0", "1"),
    }[port]


def options_of_the_page() -> Iterator[str]:
    text = (CHECKOUT / "docs" / "ci.md").read_text("utf-8")
    yield from re.findall(r"^\| `(--[^`]*)` \|", text, re.MULTILINE)


def test_the_page_names_the_formats() -> None:
    """Each format for a service or a program has its row."""
    named = {name for row in options_of_the_page() for name in re.findall(r"[a-z]+", row)}

    assert named >= REPORTERS.keys() - {"text"}
