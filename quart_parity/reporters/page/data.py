"""Data in a page that is text: packed, and in letters that end no element."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from typing import Any

LONGEST = 2_000
"""Characters of a path, a label or a target in a page."""
_SURROGATE = re.compile("[\ud800-\udfff]")


def packed(value: Any) -> str:
    """Base64 of deflated JSON, as `DecompressionStream("deflate-raw")` reads it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # An escape of its own, within a string of JSON: half a character is none that a link can hold.
    plain = _SURROGATE.sub(lambda match: f"\\\\u{ord(match[0]):04x}", text).encode()
    return base64.b64encode(zlib.compress(plain, 9, wbits=-15)).decode()


def short(text: str) -> str:
    """A name as far as anybody reads it, masked before so that no half of a secret is left."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"


def encodable(text: str) -> str:
    """The text with escapes for halves of characters."""
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def digest(text: str) -> str:
    """How a content security policy names an inline style or script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
