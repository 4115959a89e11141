"""Secrets in text of any kind: URLs, forms, pages, logs, messages, and JSON in any of them.

Everything here takes time in proportion to the text, whatever an application writes into it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from json import JSONDecoder, loads
from urllib.parse import quote, unquote, unquote_plus

from .numbers import MASK
from .secret_names import Names

Hide = Callable[[object], str]
"""From a secret to what is shown in its place."""

_QUOTE = r"""\\*+["']|&(?:quot|\#34|\#39);"""
_NAMED = re.compile(
    rf"(?<![\w.%\[\]-])(?P<name>[\w.%\[\]-]++)(?P<quote>{_QUOTE})?"
    r"[ \t]{0,8}[:=]{1,3}>?[ \t]{0,8}"
)
_OPENING = re.compile(rf"[bru]?({_QUOTE})")
_WITHIN = {
    '"': re.compile(r'(?>(?:[^"\\\r\n]+|\\.)*)'),
    "'": re.compile(r"(?>(?:[^'\\\r\n]+|\\.)*)"),
}
_SCHEME = r"(?:(?:apikey|basic|bearer|digest|negotiate|token)[ \t]+)?"
_DIGEST = r"digest[ \t]++\w++=[^\r\n<]*+"
"""Credentials with several fields (RFC 7616, 3.4)."""
_BARE = re.compile(rf"""{_DIGEST}|{_SCHEME}[^&;\#\s"'<>]++""", re.IGNORECASE)
_LINE = re.compile(r"[^\r\n]*+")
_USER = re.compile(r"(?<=://)([^/\s:@]*+:)([^/\s@]++)(?=@)")
_COOKIE = re.compile(
    rf"(?<![\w-])(?P<head>(?:[\w-]*[_-])?cookie(?:{_QUOTE})?[ \t]*[:=][ \t]*(?:{_QUOTE})?)"
    r"""(?P<pairs>[^\r\n<>]*+)""",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"(?<![\w.-])(?:eyJ|\.eJ)[\w-]*+\.[\w-]++\.[\w-]{20,}+(?![\w.-])")
"""A session as Flask signs it, or a JSON web token."""
_ENCODED = re.compile(r"""[^\s"'<>&;\#=?]++""")
_SEPARATOR = re.compile("%(?:25){0,2}3[AaDd]")
_TAG = re.compile(
    r"""<[a-zA-Z][^\s<>/]*+(?>(?:[\s/]++(?:[^\s<>=/"']++(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s<>]*+)"""
    r""")?)?)*)"""
)
_ATTRIBUTE = re.compile(
    # From its beginning only: a long name is not tried anew at each of its characters.
    r"""(?<![^\s<>=/"'])([^\s<>=/"']++)\s*+=\s*+(?:"([^"]*+)"?|'([^']*+)'?|([^\s<>"']++))"""
)
_ELEMENT = re.compile(
    # What is in it ends at the next tag, so that nothing is read twice.
    r"<(?P<name>[\w.:-]++)(?:\s[^<>]*+)?>"
    r"(?P<content>[^<]++|\s*+<!\[CDATA\[(?>(?:[^\]<]+|\](?!\]>)|<(?!!\[CDATA\[))*)\]\]>\s*+)"
    r"(?=</(?P=name)\s*+>)"
)
_CDATA = re.compile(r"\s*<!\[CDATA\[(.*)\]\]>\s*", re.DOTALL)
_DEPTH = 3
"""Times that something is decoded: a URL in a URL in a URL."""
_TRIES = 20
"""Objects of JSON that are read in one text, and turn out to be none."""
_DECODER = JSONDecoder()


def masked(text: str, names: Names, hide: Hide, depth: int = 0) -> str:
    """The text without what has a secret name in it, or what signs somebody in."""
    text = _USER.sub(lambda match: match[1] + hide(unquote(match[2])), text)
    lower = text.lower()
    if "cookie" in lower:
        text = _COOKIE.sub(
            lambda match: match["head"] + _cookies(match["pairs"], names, hide), text
        )
    if names.may_be_in(text):
        if "<" in text:
            text = _TAG.sub(lambda match: _tag(match[0], names, hide), text)
            text = _ELEMENT.sub(lambda match: _element(match, names, hide), text)
        text = "".join(_named(text, names, hide))
    if depth < _DEPTH and _SEPARATOR.search(text):
        text = _ENCODED.sub(lambda match: _encoded(match[0], names, hide, depth), text)
    return (
        _TOKEN.sub(lambda match: hide(match[0]), text) if "eyJ" in text or ".eJ" in text else text
    )


def cookie_pair(pair: str, names: Names, hide: Hide) -> str | None:
    """``name=value`` with its value masked; None where it is none to be masked."""
    name, equals, value = pair.partition("=")
    if not equals:
        name, value = "", pair
    bare = value.strip(" \t")
    if not bare or not names.is_secret_cookie(name.strip(" \t"), bare):
        return None
    begin = value.index(bare)
    return f"{name}{equals}{value[:begin]}{hide(bare)}{value[begin + len(bare) :]}"


def _cookies(pairs: str, names: Names, hide: Hide) -> str:
    """Of those in a text; what has no name there is no cookie."""
    found = (cookie_pair(pair, names, hide) if "=" in pair else None for pair in pairs.split(";"))
    return ";".join(
        pair if one is None else one for pair, one in zip(pairs.split(";"), found, strict=True)
    )


def _named(text: str, names: Names, hide: Hide) -> Iterator[str]:
    """Pieces of the text, with the value behind each secret name masked."""
    shown = at = 0
    reader = _Values(text)
    while found := _NAMED.search(text, at):
        at = found.end()
        name = found["name"]
        if names.is_secret(unquote(name) if "%" in name else name):
            begin, end, value = reader.read(found)
            yield text[shown:begin]
            kept = value in (None, "") or isinstance(value, bool) or MASK.fullmatch(str(value))
            yield text[begin:end] if kept else hide(value)
            shown = at = end
    yield text[shown:]


class _Values:
    """Reads the values behind names in one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tries = _TRIES

    def read(self, name: re.Match[str]) -> tuple[int, int, object]:
        """Where the value begins and ends, and what it stands for."""
        at = name.end()
        opening = _OPENING.match(self._text, at)
        if opening:
            return self._quoted(opening)
        if self._text[at : at + 1] in ("{", "["):
            return self._structure(at)
        bare = _BARE.match(self._text, at)
        if bare is None:
            return at, at, None
        is_query = self._text[: name.start()][-1:] in ("?", "&") if name.start() else True
        return self._bare(bare, bool(name["quote"]), is_query)

    def _quoted(self, opening: re.Match[str]) -> tuple[int, int, object]:
        mark, begin = opening[1], opening.end()
        pattern = _WITHIN.get(mark) or re.compile(rf"(?>(?:(?!(?<!\\){re.escape(mark)})[^\r\n])*)")
        found = pattern.match(self._text, begin)
        content = found[0] if found else ""
        # A quote that is escaped once stands in a text that is quoted itself, and so on.
        return begin, begin + len(content), _decoded(content, (mark.count("\\") + 1).bit_length())

    def _structure(self, at: int) -> tuple[int, int, object]:
        if self._tries:
            try:
                value, end = _DECODER.raw_decode(self._text, at)
            except (ValueError, RecursionError):
                self._tries -= 1
            else:
                return at, end, value
        rest = _LINE.match(self._text, at)
        return at, rest.end() if rest else at, rest and rest[0]

    @staticmethod
    def _bare(found: re.Match[str], in_json: bool, is_query: bool) -> tuple[int, int, object]:
        value = found[0]
        if is_query and not in_json:
            return *found.span(), unquote_plus(value)
        value = value.rstrip(",)}]") or value
        begin, end = found.start(), found.start() + len(value)
        if in_json:
            try:
                return begin, end, loads(value)
            except (ValueError, RecursionError):
                pass
        return begin, end, unquote(value)


def _decoded(content: str, times: int) -> str:
    """What stands between quotes in JSON, in Python or in a page."""
    for _ in range(min(times, _DEPTH)):
        if "\\" in content:
            try:
                content = str(loads(f'"{content}"'))
            except ValueError:
                return content
    return unescape(content) if "&" in content else content


def _encoded(text: str, names: Names, hide: Hide, depth: int) -> str:
    """Percent-encoded text with names in it: the target of a redirect, JSON in a query."""
    if not _SEPARATOR.search(text):
        return text
    decoded = unquote(text)
    shown = masked(decoded, names, hide, depth + 1)
    if shown == decoded:
        return text
    # What stood there as it is still does, and so do masks.
    safe = "<> " + "".join(set(text) - {"%"})
    return quote(shown, safe=safe.encode("ascii", "ignore").decode())


def _tag(tag: str, names: Names, hide: Hide) -> str:
    """A field of a form, or a meta tag, with its value masked where its name is secret."""
    attributes = list(_ATTRIBUTE.finditer(tag))
    given = [next(filter(None, one.groups()[1:]), "") for one in attributes]
    by_name = {
        one[1].lower(): unescape(v) for one, v in reversed([*zip(attributes, given, strict=True)])
    }
    name = by_name.get("name", "")
    is_typed = by_name.get("type", "").lower() == "password" and names.is_secret("password")
    if not names.is_secret(name) and (names.is_shown(name) or not is_typed):
        return tag
    pieces, shown = [], 0
    for one, value in zip(attributes, given, strict=True):
        if one[1].lower() in ("value", "content") and value and not MASK.fullmatch(value):
            begin = one.start(one.lastindex or 0)
            pieces += [tag[shown:begin], hide(unescape(value))]
            shown = begin + len(value)
    return "".join([*pieces, tag[shown:]])


def _element(found: re.Match[str], names: Names, hide: Hide) -> str:
    """An element of XML with its text masked where its name is secret, in a namespace or not."""
    name, content = found["name"], found["content"]
    if not content.strip() or not any(map(names.is_secret, (name, name.rpartition(":")[2]))):
        return found[0]
    data = _CDATA.fullmatch(content)
    value = data[1] if data else unescape(content.strip())
    return found[0][: -len(content)] + hide(value)
