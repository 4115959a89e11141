"""Forms, sent as they are meant, and in every other way."""

from __future__ import annotations

from collections.abc import Iterator

from ...exchange import Exchange, header_values
from ...scenario import Request
from .clients import Client, Trip
from .filling import current_passwords, signs_in, signs_up
from .pages import read_page
from .sending import Filled, Sent, fill, request_for
from .signs import looks_generated
from .targets import Visit, capturing, split_target
from .variations import variations

LONGEST_WAY = 14
"""Requests before a form, at most."""


class Submitting:
    """One client's forms; knows which were sent, and what came of it."""

    def __init__(self, client: Client, number: Iterator[int]) -> None:
        self.client = client
        self._number = number
        self._done: set[str] = set()
        self._followed: set[str] = set()
        self.worked: dict[str, Sent] = {}
        """Forms whose sending was answered below 400."""

    def forms(self, removing: bool = False) -> Iterator[Trip]:
        """Every form that is known and was not sent yet: those that let somebody in first.

        Those that take something away are left out, unless *removing*.
        """
        while pending := [
            one
            for key, one in self._forms()
            if key not in self._done and (removing or not one.is_removal)
        ]:
            sent = min(pending, key=_rank)
            self._done.add(sent.key)
            yield from self._usually(sent)

    def _forms(self) -> list[tuple[str, Sent]]:
        return [
            (key, one)
            for key, one in self.client.seen.sent.items()
            if not one.is_farewell and len(one.visit) <= LONGEST_WAY
        ]

    def _usually(self, sent: Sent) -> Iterator[Trip]:
        name = f"{sent.form.method} {sent.rule} as the form at {sent.page}"
        if not sent.is_post:
            filled = fill(sent, next(self._number), self.client.account)
            yield Trip(name, [(*sent.visit, request_for(sent, filled, self._origin))])
            return
        filled, visit = self.submission(sent)
        yield Trip(name, [(*visit, sent.visit[-1])])
        answer = self._answer(len(visit) - 1)
        if answer is None or answer.response is None or answer.response.status >= 400:
            return
        self._note(sent, filled, answer)
        leads = next(iter(header_values(answer.response.headers, "location")), None)
        around = list(self._around(sent))
        _, again = self.submission(sent)
        to = self._follow(leads, again)
        yield Trip(f"{name}, and where it leads", [(*to, sent.visit[-1], *around)])

    def submission(self, sent: Sent) -> tuple[Filled, Visit]:
        """The form filled in with new values, and the visit that ends with sending it."""
        filled = fill(sent, next(self._number), self.client.account)
        page = capturing(sent.visit, sent.captures)
        return filled, (*page, request_for(sent, filled, self._origin))

    @property
    def _origin(self) -> str:
        base = self.client.seen.shared.place.base
        return f"{base.scheme}://{base.authority}"

    def _answer(self, position: int) -> Exchange | None:
        last = self.client.last
        return last[position] if position < len(last) else None

    def _note(self, sent: Sent, filled: Filled, answer: Exchange) -> None:
        """Remember what worked, and the account that was made, if one was."""
        response = answer.response
        if response is None or self._shows_password(answer):
            return
        self.worked[sent.key] = sent
        if signs_up(sent.form) and not self.client.account:
            fields = {one.name for one in sent.form.fields if one.kind != "hidden"}
            self.client.account |= {n: v for n, v in filled.pairs if n in fields and v}

    def _shows_password(self, answer: Exchange) -> bool:
        """Whether the same question is asked again."""
        body = answer.response.body.decode("utf-8", "replace") if answer.response else ""
        return any(form.kinds("password") for form in read_page(body).forms)

    def _follow(self, leads: str | None, visit: Visit) -> Visit:
        """The visit with the page behind its redirect, which may have a name of its own."""
        seen = self.client.seen
        target = seen.shared.place.resolve(leads or "", visit[-1].target or "/") if leads else None
        if target is None:
            return visit
        for issued, onwards in seen.after.items():
            if "{{" in issued and len(onwards) == len(visit) + 1 and _is_shape(issued, target):
                return (*capturing(visit, onwards[-2].capture), onwards[-1])
        generated = any(map(looks_generated, split_target(target)))
        return visit if generated else (*visit, Request(target=target))

    def _around(self, sent: Sent) -> Iterator[Request]:
        """Pages that may show what was done: those beside the form's own address."""
        segment = _segment(sent.rule)
        near = [route for route in self.client.reading() if _segment(route.rule) == segment]
        for route in near[:6]:
            visit = self.client.usual(route)
            if len(visit) == 1:
                yield visit[-1]

    def after(self) -> Iterator[Trip]:
        """Pages that were linked once something was done, and that nobody was let to before."""
        for target, visit in list(self.client.seen.after.items()):
            if target not in self._followed and len(visit) <= LONGEST_WAY:
                self._followed.add(target)
                route = self.client.seen.shared.place.find("GET", target)
                if route is None or not self.client.seen.succeeded(route[0], "GET"):
                    what = next(r.target for r in reversed(visit) if r.method != "GET")
                    yield Trip(f"GET {target} after {what}", [visit])

    def otherwise(self, removing: bool = False) -> Iterator[Trip]:
        """Every form in every unusual way, but for those that change a password.

        Of those that take something away only where *removing*.
        """
        for _, sent in self._forms():
            is_wanted = sent.is_post and sent.is_removal == removing
            if is_wanted and (sent.is_door or not sent.form.kinds("password")):
                yield from self._varied(sent)

    def passwords(self) -> Iterator[Trip]:
        """What `otherwise` leaves: each is changed back, or a client would be shut out."""
        for _, sent in self._forms():
            if sent.is_post and sent.form.kinds("password") and not sent.is_door:
                yield from self._varied(sent)

    def _varied(self, sent: Sent) -> Iterator[Trip]:
        page = capturing(sent.visit, sent.captures)
        name = f"POST {sent.rule} as nobody should at {sent.page}"
        found = self._variations(sent)
        if sent.form.kinds("password"):
            # Each in a client of its own, and with values of its own: what succeeds lets it in.
            for at, (what, _) in enumerate(found):
                filled = self._variations(sent)[at][1]
                requests = [request_for(sent, filled, self._origin)]
                if not sent.is_door:
                    back = changed_back(sent, self.submission(sent)[0], filled)
                    requests += [page[-1], request_for(sent, back, self._origin)]
                yield Trip(f"{name}: {what}", [(*page, *requests)])
            return
        steps = [
            request
            for _, filled in found
            for request in (request_for(sent, filled, self._origin), page[-1])
        ]
        if steps:
            yield Trip(name, [(*page, *steps)])

    def _variations(self, sent: Sent) -> list[tuple[str, Filled]]:
        return variations(sent, fill(sent, next(self._number), self.client.account))


def changed_back(sent: Sent, usual: Filled, odd: Filled) -> Filled:
    """What makes a password again what it was, where the odd way of changing it was taken."""
    names = [one.name for one in sent.form.kinds("password")]
    old = current_passwords(sent.form)
    new = [value for name, value in odd.pairs if name in names and name not in old]
    for name in old if new else ():
        usual = usual.having(name, new[0])
    return usual


def _rank(sent: Sent) -> tuple[bool, bool, int, str]:
    return (not signs_up(sent.form), not signs_in(sent.form), len(sent.visit), sent.key)


def _segment(rule: str) -> str:
    return rule.split("/")[1] if "/" in rule else ""


def _is_shape(issued: str, target: str) -> bool:
    """Whether the one with names in it may be the other."""
    ours, theirs = issued.split("/"), target.split("/")
    return len(ours) == len(theirs) and all(
        a == b or ("{{" in a and "}}" in a) for a, b in zip(ours, theirs, strict=True)
    )
