"""What GitHub's runner takes for commands in the output of a step."""

from __future__ import annotations

import re

# Two colons at the beginning of a line, whatever space is before them; the older spelling anywhere.
_COMMAND = re.compile(r"^(\s*:)(?=:)|(##)(?=\[)")


def command(name: str, message: str, **properties: str | int) -> str:
    """One line, of which the message is the end: whatever stands in it begins no other command."""
    given = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {given}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def harmless(line: str) -> str:
    """The line with a space in what would be a command, for what is said beside the commands."""
    return _COMMAND.sub(lambda match: f"{match[0]} ", line)
