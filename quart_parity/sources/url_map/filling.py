"""What to write into a form's fields, as somebody would who means it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ...scenario import File
from .pages import Field, Form
from .values import sample

PASSWORD = "Parity-Pass-1"  # noqa: S105 - of accounts that nobody else has
# The smallest picture there is: one transparent dot.
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAA"
    "AABJRU5ErkJggg=="
)
_TYPED = {
    "date": "2024-06-15",
    "time": "12:30",
    "datetime-local": "2024-06-15T12:30",
    "month": "2024-06",
    "week": "2024-W24",
    "url": "https://example.com/",
    "tel": "+15550100123",
    "color": "#336699",
}
_NAMED = (
    ("mail", "parity{n}@example.com"),
    ("user|login|nick|handle|account", "parity{n}"),
    ("first|given", "Example"),
    ("last|family|surname", "Customer"),
    ("zip|post.?(?:al|code)|plz", "12345"),
    ("phone|mobile|fax", "+15550100123"),
    ("country", "DE"),
    ("city|town", "Exampleton"),
    ("street|address", "1 Example Street"),
    ("card|iban", "4111111111111111"),
    ("cvc|cvv", "123"),
    ("url|website|homepage", "https://example.com/"),
    ("slug", "example-{n}"),
    ("date|birth", "2024-06-15"),
    ("year", "2024"),
    ("quantity|amount|count|number|qty|stock|stars|rating|score|age|price|cost", "2"),
    ("title|subject|label", "Example {n}"),
    ("name", "example{n}"),
)
_TEXT = "An example of a text, number {n}."


def value_for(one: Field, number: int, account: Mapping[str, str], signs_up: bool) -> str:
    """A value that the field should take.

    *number* makes what has to be unique. *account* are the fields with which an account was made,
    and which let somebody in; a form that makes one gets new values.
    """
    if not signs_up and (known := _known(one, account)) is not None:
        return known
    if one.kind == "password":
        return _fitting(one, PASSWORD)
    if one.value and not signs_up:
        return one.value
    if one.kind in ("number", "range"):
        return _number(one)
    text = _TYPED.get(one.kind) or _by_name(one, number)
    return _fitting(one, text)


def _known(one: Field, account: Mapping[str, str]) -> str | None:
    """What an account was made with, for a field of that name, or of that kind."""
    if not account or one.value:
        return None
    if one.kind == "password":
        values = [value for name, value in account.items() if "pass" in name.lower()]
        return values[0] if values else None
    if one.name in account:
        return account[one.name]
    return None


def login_value(one: Field, account: Mapping[str, str]) -> str | None:
    """Who somebody is, for the one field beside the password."""
    mails = [value for value in account.values() if "@" in value]
    others = [
        value for name, value in account.items() if "@" not in value and "pass" not in name.lower()
    ]
    wants_mail = one.kind == "email" or "mail" in one.name.lower()
    wanted = [*mails, *others] if wants_mail else [*others, *mails]
    return account.get(one.name) or next(iter(wanted), None)


def _number(one: Field) -> str:
    low, high = one.number("min"), one.number("max")
    value = 1.0 if low is None else low
    if high is not None:
        value = min(max(value, 1.0 if low is None else low), high)
    return f"{value:g}" if value != int(value) else str(int(value))


def _by_name(one: Field, number: int) -> str:
    name = f"{one.name} {one.attributes.get('autocomplete', '')}".lower()
    name = f"mail {name}" if one.kind == "email" else name
    for pattern, value in _NAMED:
        if re.search(pattern, name):
            return value.format(n=number)
    return _TEXT.format(n=number) if one.kind == "textarea" else f"example {number}"


def _fitting(one: Field, text: str) -> str:
    """The text as long as the field wants it, and of its pattern."""
    pattern = one.attributes.get("pattern", "")
    if pattern and not _matches(pattern, text):
        stripped = re.sub(r"\W", "", text)
        text = stripped if _matches(pattern, stripped) else sample(pattern) or text
    low, high = one.number("minlength"), one.number("maxlength")
    if low is not None and low < 10_000:
        text = text.ljust(int(low), "x")
    return text[: int(high)] if high is not None and high > 0 else text


def _matches(pattern: str, text: str) -> bool:
    """The page's own patterns are JavaScript's, and may be anything."""
    # What repeats a group can take for ever to fail.
    if len(pattern) > 100 or re.search(r"[+*})][+*{]", pattern):
        return True
    try:
        return re.fullmatch(pattern, text) is not None
    except (re.error, RecursionError, OverflowError):
        return True


def text_file(name: str) -> File:
    return File(name, "example.txt", content="an example\nof a file\n", content_type="text/plain")


def picture(name: str) -> File:
    return File(name, "example.png", content_base64=PNG, content_type="image/png")


def file_for(one: Field) -> File:
    """A small file of the kind that the field accepts."""
    accepts = one.attributes.get("accept", "").lower()
    if "csv" in accepts:
        return File(one.name, "example.csv", content="a,b\n1,2\n", content_type="text/csv")
    if "json" in accepts:
        return File(one.name, "example.json", content="{}", content_type="application/json")
    pictured = re.search("image|png|jpg|jpeg|gif", accepts)
    named = re.search("avatar|image|img|photo|picture|logo|icon", one.name.lower())
    return picture(one.name) if pictured or (named and not accepts) else text_file(one.name)


def signs_up(form: Form) -> bool:
    """Whether the form makes an account."""
    passwords = form.kinds("password")
    words = f"{form.action} {form.words}".lower()
    says = re.search(r"regist|sign.?up|join|create.*account|new.?account", words) is not None
    mails = any("mail" in one.name.lower() or one.kind == "email" for one in form.fields)
    several = len(passwords) > 1 or (mails and len(form.kinds("text", "email")) > 1)
    changes = bool(current_passwords(form))
    return (
        bool(passwords) and not changes and (says or several) and bool(form.kinds("text", "email"))
    )


def current_passwords(form: Form) -> list[str]:
    """Fields for the password as it is, in a form that changes it; none in any other."""
    names = [one.name for one in form.kinds("password")]
    if old := [name for name in names if re.search("old|current|existing", name, re.IGNORECASE)]:
        return old
    new = [name for name in names if re.search("new", name, re.IGNORECASE)]
    again = [
        name for name in names if re.search("again|confirm|repeat|verif|2", name, re.IGNORECASE)
    ]
    return [name for name in names if name not in new + again] if new else []


def signs_in(form: Form) -> bool:
    """Whether the form lets somebody in."""
    fits = len(form.kinds("password")) == 1 and bool(form.kinds("text", "email"))
    return fits and not signs_up(form)
