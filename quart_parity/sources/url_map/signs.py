"""What values and names tell: what an application made up, what proves, what ends."""

from __future__ import annotations

import re

_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_HEX = re.compile(r"[0-9a-f]{16,}|[0-9A-F]{16,}")
_TOKEN = re.compile(r"[\w.~+/=-]{16,}", re.ASCII)
_SECRET = re.compile(r"csrf|xsrf|token|nonce|authenticity", re.IGNORECASE)


def looks_generated(text: str) -> bool:
    """Whether *text* is a UUID, long hexadecimal digits or a random or signed token.

    Two applications that do the same make different ones. What is taken for one by mistake is
    sent back as each side gave it, which is right as well.
    """
    if _UUID.fullmatch(text) or (_HEX.fullmatch(text) and re.search("[0-9]", text)):
        return not re.fullmatch("[0-9]+", text)
    if not _TOKEN.fullmatch(text):
        return False
    # Words joined by hyphens or dots are names; random letters change their case within a word.
    return any(map(_is_random, re.split(r"[.=]", text)))


def _is_random(text: str) -> bool:
    if len(text) < 16:
        return False
    classes = [re.search(kind, text) for kind in ("[a-z]", "[A-Z]", "[0-9]")]
    changes = len(re.findall("[a-z][A-Z]|[A-Z][a-z]|[0-9][A-Za-z]|[A-Za-z][0-9]", text))
    return sum(map(bool, classes)) > 1 and changes >= len(text) // 6


def names_token(name: str) -> bool:
    """Whether a field of this name proves that its form was asked for."""
    return _SECRET.search(name) is not None


_FAREWELL = re.compile(
    r"log[\s_-]*out|sign[\s_-]*out|log[\s_-]*off|deactivate|unregister"
    r"|(?:delete|close|remove|cancel)[\s_./-]?(?:(?:my|your|the)[\s_-]?)?account\b"
    r"|account[\s_./-]?(?:delete|close|remove)\b",
    re.IGNORECASE,
)


def is_farewell(*names: str) -> bool:
    """Whether something called so ends a session or an account, and so comes last."""
    return any(_FAREWELL.search(name) for name in names)


_REMOVAL = re.compile(
    "delete|remove|cancel|revoke|destroy|clear|reset|purge|discard|empty|archive|withdraw",
    re.IGNORECASE,
)


def is_removal(*names: str) -> bool:
    """Whether something called so takes away what other pages show, and so comes late."""
    return any(_REMOVAL.search(name) for name in names)
