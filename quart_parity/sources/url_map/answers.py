"""One answer with the way to it, and where its links lead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ...exchange import Exchange, Response, header_values
from ...routes import Route
from ...scenario import Capture, Request, pairs
from .pages import LONGEST
from .signs import looks_generated
from .targets import Names, Place, Visit, capturing, host_of, split_target


@dataclass(frozen=True)
class Answer:
    """What came of the last request of a visit."""

    visit: Visit
    exchange: Exchange
    response: Response
    place: Place
    names: Names

    @property
    def target(self) -> str:
        return self.exchange.request.target

    @property
    def status(self) -> int:
        return self.response.status

    @property
    def is_plain(self) -> bool:
        """Whether it is what anybody gets who just looks."""
        names = {name for name, _ in pairs(self.visit[-1].headers)}
        return self.visit[-1].method == "GET" and names <= {"Host"}

    @property
    def did_something(self) -> bool:
        """Whether anything but looking was done on the way."""
        return any(request.method != "GET" for request in self.visit)

    @cached_property
    def kind(self) -> str:
        """Its content type, in small letters."""
        return next(iter(header_values(self.response.headers, "content-type")), "").lower()

    @cached_property
    def text(self) -> str:
        """The body as far as it is read."""
        return self.response.body[: 4 * LONGEST].decode("utf-8", "replace")[:LONGEST]

    @cached_property
    def route(self) -> tuple[Route, dict[str, str]] | None:
        """The rule with the values of its variables."""
        host = host_of(self.visit[-1])
        return self.place.find(self.exchange.request.method, self.target, host)

    @cached_property
    def _issued(self) -> Mapping[str, str]:
        """What the target had instead of names in braces, with those."""
        template, sent = split_target(self.visit[-1].target or ""), split_target(self.target)
        if len(template) != len(sent):
            return {}
        return {b: a for a, b in zip(template, sent, strict=True) if a != b and "{{" in a}

    def fields(self, name: str) -> list[str]:
        return header_values(self.response.headers, name)

    def addresses(self) -> Iterator[str]:
        """Links in fields, and in texts that are no pages, such as feeds and site maps."""
        for value in self.fields("link"):
            yield from re.findall(r"<([^>]{1,500})>", value)[:50]
        texts = ("text/", "application/xml")
        if "html" not in self.kind and (self.kind.startswith(texts) or "+xml" in self.kind):
            origin = re.escape(f"{self.place.base.scheme}://{self.place.base.authority}")
            yield from re.findall(rf"""{origin}(/[^\s"'<>]{{0,500}})""", self.text)[:50]

    def issued(self, address: str, target: str) -> tuple[str, dict[str, Capture]] | None:
        """The target with what looks generated in it to be captured from this answer.

        *address* is the link as the body has it. None where such a part is not the first of its
        kind there: it could not be told from the others on the other side.
        """
        parts = split_target(target)
        captures: dict[str, Capture] = {}
        for at, part in enumerate(parts):
            if not looks_generated(part):
                continue
            if part in self._issued:
                parts[at] = self._issued[part]
                continue
            capture = Capture(regex=_regex_for(address, part), optional=True)
            match = re.search(capture.regex or "", self.text)
            if part not in address or match is None or match[1] != part:
                return None
            name = self.names.name("id", capture)
            captures[name], parts[at] = capture, f"{{{{{name}}}}}"
        return "".join(parts), captures

    def onwards(self, issued: str, captures: Mapping[str, Capture]) -> Visit:
        """From this answer to a target that it links to."""
        return (*capturing(self.visit, captures), Request(target=issued))

    def straight(self, issued: str, captures: Mapping[str, Capture]) -> Visit:
        """To the target by itself, where nothing in it was issued here or before."""
        return self.onwards(issued, captures) if "{{" in issued else (Request(target=issued),)


def _regex_for(address: str, part: str) -> str:
    """Finds *part* in an attribute or text that holds the like of *address*."""
    shape = "".join(
        r"[\w.~%+=-]+" if looks_generated(piece) else re.escape(piece).replace("&", "&(?:amp;)?")
        for piece in split_target(address.partition(part)[0])
    )
    return rf"""["'>]{shape}([\w.~%+=-]+)"""
