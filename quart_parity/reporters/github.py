"""The report as annotations of GitHub Actions, which stand beside the lines of the views."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from ..masks import Masker
from ..report import Difference, Report, Result
from .commands import command
from .groups import Group, groups, route_of
from .listing import broken, line, listed, located
from .markdown import markdown
from .reporter import Manner
from .text import summary

MOST = 10
"""Errors of one step that GitHub shows."""
_BROKEN = 5
"""Of them those of scenarios that could not be played, where there are differences as well."""
_LINES = 12
"""Lines told of one difference."""
_SHOWN = 3
"""Paths of one route that are told, each with a difference."""
_TITLE = 200
NAME = "Quart-Parity"


@dataclass(frozen=True, slots=True)
class GitHubReporter:
    """One error for each cause in each route; nothing of what is accepted.

    The page of the job gets the report for pull requests, where ``GITHUB_STEP_SUMMARY`` names it.
    """

    file: Callable[[], TextIO]
    masker: Masker
    manner: Manner

    def add(self, result: Result) -> None:
        """The report keeps what it needs."""

    def end(self, report: Report) -> None:
        file = self.file()
        file.writelines(f"{one}\n" for one in self._commands(report))
        if page := os.environ.get("GITHUB_STEP_SUMMARY"):
            try:
                with Path(page).open("a", encoding="utf-8") as summary_file:
                    summary_file.write(markdown(report, self.masker))
            except OSError as error:
                # The annotations are there all the same.
                told = f"the page of the job cannot be written: {error.strerror}"
                file.write(command("warning", told, title=NAME) + "\n")

    def _commands(self, report: Report) -> Iterator[str]:
        unplayed = ["\n".join(broken(one, self.masker)) for one in report.failures]
        places = list(self._places(report))
        shown = unplayed[: max(MOST - len(places), _BROKEN)]
        for message in shown:
            yield command("error", message, title=f"{NAME}: not compared")
        for group, differences in places[: MOST - len(shown)]:
            yield self._annotation(group, differences)
        left_out = len(unplayed) + len(places) - MOST
        for lacking in report.unmet[:_BROKEN]:
            yield command("error", line(lacking, self.masker), title=NAME)
        more = f"; not annotated: {left_out} more" if left_out > 0 else ""
        more += f"; counted and not listed: {report.unlisted} more" if report.unlisted else ""
        yield command("notice", f"{summary(report)}{more}", title=NAME)

    def _places(self, report: Report) -> Iterator[tuple[Group, list[Difference]]]:
        """Differences of one cause in one route, in the order of the causes."""
        for group in groups(report.differences):
            routes: dict[str, list[Difference]] = {}
            for one in group.differences:
                routes.setdefault(route_of(one), []).append(one)
            yield from ((group, differences) for differences in routes.values())

    def _annotation(self, group: Group, differences: list[Difference]) -> str:
        paths: dict[str, Difference] = {}
        for one in differences:
            paths.setdefault(one.path, one)
        shown = list(paths.values())[:_SHOWN]
        what = group.code if group.severity else ", ".join(one.path for one in shown)
        title = line(f"{what} in {route_of(shown[0])}", self.masker, _TITLE)
        told = listed(shown, self.masker, _LINES)
        if group.severity:
            told.insert(0, f"{group.severity}: {group.title}")
            told.append(f"What to do about it: quart-parity explain {group.code}")
        if len(differences) > len(shown):
            told.append(f"and {len(differences) - len(shown)} more in this route")
        return command("error", "\n".join(told), **self._view(differences), title=title)

    def _view(self, differences: list[Difference]) -> dict[str, str | int]:
        """File and line of the port's, as GitHub looks for it in the repository."""
        root = Path(os.environ.get("GITHUB_WORKSPACE") or self.manner.folder)
        found = (located(one.views[1], root) for one in differences)
        place = next((one for one in found if one), None)
        return {"file": place[0], "line": place[1]} if place else {}
