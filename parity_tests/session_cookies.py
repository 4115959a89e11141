"""What a user without the key can do with a session cookie: read it, and spoil it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from zlib import decompress

PARTS = ("payload", "timestamp", "signature")


def split(cookie: str) -> dict[str, str]:
    """The parts of a signed cookie, by name; a compressed payload begins with a dot."""
    return dict(zip(PARTS, cookie.rsplit(".", 2), strict=True))


def join(parts: dict[str, str]) -> str:
    return ".".join(parts[name] for name in PARTS)


def read(cookie: str) -> Any:
    """The session as its tagged JSON, without any key."""
    payload = split(cookie)["payload"]
    packed = decode(payload.removeprefix("."))
    return json.loads(decompress(packed) if payload.startswith(".") else packed)


def decode(text: str) -> bytes:
    """URL-safe base64 without its padding."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def spoil(cookie: str, part: str, position: int) -> str:
    """The cookie with one character of a part changed to another one of its alphabet."""
    parts = split(cookie)
    text = parts[part]
    other = "B" if text[position] == "A" else "A"
    return join(parts | {part: text[:position] + other + text[position + 1 :]})
