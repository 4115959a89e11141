"""Masks for one output."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from markupsafe import Markup

from ..paths import Label, Part, Path, format_path
from ..values import LONGEST, Missing, Moment
from . import bodies, targets, texts
from .keys import Keys
from .numbers import Numbers, written
from .secret_names import Names

_COOKIE_VALUES = ("value", "field")
_CREDENTIALS = ("authorization", "proxy-authorization")
_BARE = (type(None), bool, int, float, Missing, Moment)
"""Types without anything in them."""
_SINGLE = (UUID, Decimal, complex, datetime, date, time, timedelta)
"""Types that keep theirs, for what is shown of them is what Python writes."""


class Masker:
    """Masks for one output; the mask's number tells equal values from unequal ones."""

    def __init__(
        self,
        show_secrets: bool = False,
        keys: Iterable[str] = (),
        mask: Iterable[str] = (),
        unmask: Iterable[str] = (),
    ) -> None:
        """*keys* are masked always, wherever they stand, unless they are too short to be any.

        *mask* and *unmask* are names of which the values are, or are not, to be masked, whatever
        they look like; in either case, with ``*`` for any number of characters. Where both name
        one, it is masked.
        """
        self._show = show_secrets
        self._names = Names(mask, unmask)
        self._numbers = Numbers()
        self._keys = Keys()
        self.add_keys(keys)

    def add_keys(self, keys: Iterable[str]) -> None:
        """Mask these from now on as well."""
        self._keys.add(keys)

    def value(self, path: Path, value: Any) -> Any:
        """The value at *path*, masked whole or in those of its parts whose name is secret."""
        names = [part for part in path if isinstance(part, str)]
        if names[0] == "cookie":
            return self._cookie(names[1], names[2:], value)
        if names[0] in ("header", "trailer") and len(names) == 2 and type(value) is str:
            return self.field(names[1], value)
        if any(map(self._names.is_secret, names[1:])):
            return self._secret(value)
        return self._open(names[-1], value) if names[1:] else self._inner(value)

    def text(self, text: str) -> str:
        """A target, a page or other text, with what has a secret name in it masked."""
        text = self._keys.masked(text)
        return text if self._show else texts.masked(text, self._names, self.hide)

    def target(self, target: str, route: str) -> str:
        """A request's target, with the variables of secret names masked that its rule has in its
        path as well; *route* may be no rule."""
        return self.text(targets.masked(target, route, self))

    def path(self, parts: Path) -> str:
        """Spelled, with each part masked by itself: what looks like a secret ends with it."""
        return format_path(tuple(map(self._part, parts)))

    def field(self, name: str, value: str) -> str:
        """The value of a header field, of a request or an answer; raw cookies pair by pair."""
        lower = name.lower()
        if self._show:
            return self.text(value)
        if lower == "cookie" and not self._names.is_asked(name):
            return ";".join(map(self._pair, value.split(";")))
        if lower == "set-cookie" and not self._names.is_asked(name):
            pair, semicolon, attributes = value.partition(";")
            return self._pair(pair) + semicolon + self.text(attributes)
        if self._names.is_secret(name):
            return self._credentials(value) if lower in _CREDENTIALS else str(self._secret(value))
        return str(self._open(name, value))

    def body(self, body: bytes, content_type: str) -> bytes:
        """The body of a request or an answer, masked by the names that its media type has: of a
        form, in JSON, of the parts of a multipart one; else as text."""
        return bodies.masked(body, content_type, self)

    def is_secret(self, name: str) -> bool:
        """Whether values of this name are masked."""
        return not self._show and self._names.is_secret(name)

    def hide(self, value: object) -> str:
        """The mask of a secret."""
        return self._numbers.mask(value)

    def _pair(self, pair: str) -> str:
        masked = texts.cookie_pair(pair, self._names, self.hide)
        return masked if masked is not None else str(self._open(pair.partition("=")[0], pair))

    def _credentials(self, value: str) -> str:
        """With the scheme, which tells two ways of authentication apart (RFC 9110, 11.4)."""
        scheme, space, rest = value.strip(" ").partition(" ")
        return f"{scheme} {self.hide(rest.strip())}" if space else str(self._secret(value))

    def _cookie(self, name: str, attribute: list[str], value: Any) -> Any:
        """Of a secret cookie the value; its attributes are what one wants to see."""
        raw = value.get("value") if isinstance(value, dict) else value
        if not self._names.is_secret_cookie(name, raw):
            return self._open(name, value)
        if isinstance(value, dict):
            return {
                k: self._secret(v) if k in _COOKIE_VALUES else self._inner(v)
                for k, v in value.items()
            }
        is_value = attribute and attribute[-1] in _COOKIE_VALUES
        return self._secret(value) if is_value else self._inner(value)

    def _open(self, name: str, value: Any) -> Any:
        """A value whose name is no secret, and where that was asked for, not looked into."""
        if isinstance(value, str) and self._names.is_shown(name):
            return self._keys.masked(value)
        return self._inner(value)

    def _inner(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._inner(k): self._item(k, v) for k, v in value.items()}
        if type(value) in (list, tuple):
            return type(value)(map(self._inner, value))
        if type(value) in (bytes, bytearray):
            return type(value)(self.body(bytes(value), ""))
        if isinstance(value, str):
            return self.text(value if type(value) in (str, Markup) else str.__str__(value))
        return value if type(value) in _BARE else self._written(value)

    def _written(self, value: object) -> Any:
        """Of a set, or an object of the application's own class, the text that Python shows."""
        text = written(value)
        shown = self.text(text)
        if type(value) in _SINGLE and shown == text:
            return value
        more = f" [{len(shown) - LONGEST} more]" if len(shown) > LONGEST else ""
        return shown[:LONGEST] + more

    def _part(self, part: Part) -> Part:
        if isinstance(part, Label):
            return Label(self.text(part.text))
        return part if isinstance(part, int) else self.text(part)

    def _item(self, name: object, value: Any) -> Any:
        secret = self._names.is_secret(str(name))
        return self._secret(value) if secret else self._open(str(name), value)

    def _secret(self, value: Any) -> Any:
        if self._show:
            return self._inner(value)
        # Objects of an application's class are not asked whether they are equal to anything.
        is_empty = isinstance(value, str) and not value
        if value is None or is_empty or isinstance(value, bool | Missing):
            return value
        return self.hide(value)
