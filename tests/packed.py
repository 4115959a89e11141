"""Pages as their script reads them: the data unpacked, the markup counted."""

import base64
import json
import zlib
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

DATA = "application/vnd.quart-parity"
Attributes = list[tuple[str, str | None]]


@dataclass
class Parsed:
    """What a browser makes of a page, as far as these tests ask."""

    elements: Counter[str] = field(default_factory=Counter)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    """Element, name, value."""
    text: str = ""
    """What is to be read, without scripts and styles."""
    inline: dict[str, list[str]] = field(default_factory=lambda: {"style": [], "script": []})
    """What stands in styles, and in scripts that are run."""
    packed: dict[str, str] = field(default_factory=dict)
    """Data by its id, in their order."""

    @property
    def policy(self) -> str:
        return next(value for _, name, value in self.attributes if name == "content")

    @property
    def data(self) -> dict[str, Any]:
        return {name: unpacked(text) for name, text in self.packed.items()}

    @property
    def index(self) -> Any:
        return unpacked(self.packed["index"])

    @property
    def details(self) -> list[Any]:
        """In the order of the index."""
        chunks = [name for name in self.packed if name != "index"]
        return [detail for name in chunks for detail in unpacked(self.packed[name])]


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parsed = Parsed()
        self._open: tuple[str, dict[str, str | None]] = ("", {})

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        self._open = tag, dict(attrs)
        self.parsed.elements[tag] += 1
        self.parsed.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        self._open = "", {}

    def handle_data(self, data: str) -> None:
        tag, attributes = self._open
        if attributes.get("type") == DATA:
            self.parsed.packed[attributes["id"] or ""] = data
        elif tag in self.parsed.inline:
            self.parsed.inline[tag].append(data)
        else:
            self.parsed.text += f" {data}"


def parse(page: str) -> Parsed:
    parser = _Parser()
    parser.feed(page)
    parser.close()
    return parser.parsed


def unpacked(text: str) -> Any:
    return json.loads(zlib.decompress(base64.b64decode(text), wbits=-15))
