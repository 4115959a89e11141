"""What a value looks like that an application made up, and that nobody could foretell.

Ids, tokens and signatures, as opposed to dates, numbers and words. How one is written is part of
it: a port that writes ``uuid.hex`` where the original writes ``str(uuid)`` is no parity.
"""

from __future__ import annotations

import re
import zlib
from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from json import loads

SHORTEST = 16
"""Characters; anything shorter can be a number or a word."""
_LONGEST = 4096
_CONTENT = 12
"""Bytes from which on what reads as text once decoded is text: 12 random ones do so once in a
hundred thousand times."""
_DISTINCT = 6

_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_NAMED = "35"
"""Versions of UUIDs that are digests of a name (RFC 9562, 5.3 and 5.5)."""
_BASE64 = re.compile("[A-Za-z0-9_-]+={0,2}|[A-Za-z0-9+/]+={0,2}")
_SIGNED = re.compile(r"\.?[A-Za-z0-9_-]+={0,2}\.(?:[A-Za-z0-9_-]+\.)?[A-Za-z0-9_-]{20,}")
_TEXT = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*")

_WORD = re.compile("[A-Z]?[a-z]{2,}[aeiou][a-z]*|[A-Z]?[a-z]*[aeiou][a-z]{2,}")
"""Of names and titles these are most; of random text a few."""

_ALPHABETS = {
    "hex": re.compile("[0-9a-f]+"),
    "HEX": re.compile("[0-9A-F]+"),
    "lower": re.compile("[0-9a-z]+"),
    "upper": re.compile("[0-9A-Z]+"),
    "base64": re.compile("[A-Za-z0-9]+={0,2}"),
    "base64url": re.compile("[A-Za-z0-9_-]+={0,2}"),
    "base64std": re.compile("[A-Za-z0-9+/]+={0,2}"),
}


_BASE64S = {"base64url", "base64std"}


@dataclass(frozen=True, slots=True)
class Form:
    """How a generated value is written."""

    kind: str
    """Its alphabet, or ``uuid`` with the version."""
    length: int

    def of_both(self, one: str, other: str) -> Form | None:
        """The form of two more of these, though they alone would not look it."""
        if self.kind not in _ALPHABETS:
            return self if form(one) == form(other) == self else None
        # Without a character that tells, it can be either base64.
        kinds = (self.kind, *sorted(_BASE64S)) if self.kind == "base64" else (self.kind,)
        fits = (k for k in kinds if all(_ALPHABETS[k].fullmatch(text) for text in (one, other)))
        kind = next(fits, None)
        return Form(kind, self.length) if kind and len(one) == len(other) == self.length else None

    def joined(self, other: Form) -> Form | None:
        """The form of both, or None where they are two: base64 need not show which one it is."""
        if self == other:
            return self
        kinds = {self.kind, other.kind} - {"base64"}
        if self.length != other.length or len(kinds) != 1 or not kinds <= _BASE64S:
            return None
        return Form(kinds.pop(), self.length) if "base64" in (self.kind, other.kind) else None


def form_of_both(one: str, other: str) -> Form | None:
    """The form that two values share, where both look generated, one of them beyond doubt."""
    forms = form(one, False), form(other, False)
    if forms[0] is None or forms[1] is None or not (form(one) or form(other)):
        return None
    return forms[0].joined(forms[1]) if are_apart(one, other) else None


def are_apart(one: str, other: str) -> bool:
    """Whether two values differ as much as two random ones do.

    Ids that are counted, or begin with their time, are written in hexadecimal or one case.
    """
    found = form(one, False) or form(other, False)
    if found is None or not found.kind.startswith("base64"):
        return True
    return 2 * sum(a != b for a, b in zip(one, other, strict=False)) >= len(one)


@lru_cache(maxsize=4096)
def form(text: str, strict: bool = True) -> Form | None:
    """How *text* is written where it looks generated, else None.

    Strictly seen, one random value in a few dozen looks like a word or a number.
    """
    if not SHORTEST <= len(text) <= _LONGEST or len(set(text)) < _DISTINCT:
        return None
    if _UUID.fullmatch(text.lower()):
        kind = _uuid(text)
    else:
        kind = next((k for k, one in _ALPHABETS.items() if one.fullmatch(text)), None)
        kind = kind if kind and _looks_random(kind, text, strict) else None
    return Form(kind, len(text)) if kind else None


def _uuid(text: str) -> str | None:
    """Its version is part of how it is made: the first tells the machine, the fourth nothing."""
    lower = text.lower()
    if text not in (lower, lower.upper()) or (version := lower[14]) in _NAMED:
        return None
    return f"{'uuid' if text == lower else 'UUID'}{version}"


def _looks_random(kind: str, text: str, strict: bool) -> bool:
    """Whether no word, number, date or counter is written so."""
    letters = re.sub("[^A-Za-z]", "", text)
    if kind.startswith("base64"):
        mixed = letters.upper() != letters != letters.lower()
        if not mixed or not strict:
            return mixed
        return 2 * sum(map(len, _WORD.findall(text))) < len(text) and bool(
            re.search("[0-9]|[A-Z][a-z][A-Z]", text)
        )
    changes = sum(a.isdigit() != b.isdigit() for a, b in pairwise(text))
    if kind in ("hex", "HEX"):
        return changes >= (3 if strict else 1)
    return changes >= (4 if strict else 2) and (not strict or len(set(letters)) > 3)


def parts_of_signed(text: str) -> list[str] | None:
    """The dotted parts of what itsdangerous signed, or of a JWT, else None.

    What is signed comes first and is JSON; the signature is the last.
    """
    if len(text) > _LONGEST or not _SIGNED.fullmatch(text):
        return None
    lead = "." if text.startswith(".") else ""
    parts = text.removeprefix(".").split(".")
    return [lead + parts[0], *parts[1:]] if payload(lead + parts[0]) is not None else None


def payload(text: str) -> str | None:
    """The JSON that is encoded in the first part of what was signed, else None."""
    decoded = _decoded(text)
    try:
        loads(decoded)
        return decoded.decode()
    except (ValueError, RecursionError):
        return None


@lru_cache(maxsize=1024)
def content(text: str) -> str | None:
    """The text that is encoded in *text* (base64, hexadecimal, compressed or not), else None.

    What somebody encoded is not generated: it says something, and says it on both sides.
    """
    if not _BASE64.fullmatch(text.removeprefix(".")):
        return None
    decoded = _decoded(text)
    try:
        plain = decoded.decode()
    except UnicodeDecodeError:
        return None
    return plain if _TEXT.fullmatch(plain) and len(decoded) >= _CONTENT else None


def _decoded(text: str) -> bytes:
    if len(text) % 2 == 0 and _ALPHABETS["hex"].fullmatch(text.lower()):
        return bytes.fromhex(text)
    padded = text.strip(".=").replace("-", "+").replace("_", "/")
    try:
        decoded = b64decode(padded + "=" * (-len(padded) % 4))
    except (Base64Error, ValueError):
        return b""
    return _unpacked(decoded) if text.startswith(".") else decoded


def _unpacked(data: bytes) -> bytes:
    """Not more of it than a cookie's worth: what a few bytes unpack to may have no end."""
    try:
        return zlib.decompressobj().decompress(data, 16 * _LONGEST)
    except zlib.error:
        return data
