"""Captured values in later requests."""

import pytest

from quart_parity import Capture, File, Request
from quart_parity.encoding import fill


def test_captured_values_are_filled_in_everywhere() -> None:
    """A placeholder is replaced in every field, names and nested values included."""
    request = Request(
        path="/{{t}}",
        query={"{{ t }}": ["{{t}}{{t}}", 1]},
        headers=[("X", "{{t}}")],
        cookies={"c": "{{t}}"},
        json={"{{t}}": [{"a": "{{t}}"}, None, 1.5]},
        capture={"t": Capture(regex="{{t}}(x)")},
    )
    filled = fill(request, {"t": "v"})

    assert filled == Request(
        path="/v",
        query={"v": ["vv", 1]},
        headers=[("X", "v")],
        cookies={"c": "v"},
        json={"v": [{"a": "v"}, None, 1.5]},
        capture=request.capture,
    )


def test_captured_values_are_filled_into_files_and_forms() -> None:
    """Uploads take captured values in their contents and names."""
    request = Request(
        path="/", form={"csrf": "{{t}}"}, files=[File("{{t}}", "f", content="<{{t}}>")]
    )
    filled = fill(request, {"t": "v"})

    assert filled.form == {"csrf": "v"}
    assert filled.files == [File("v", "f", content="<v>")]


def test_a_captured_value_is_text_and_not_a_pattern() -> None:
    """Backslashes and braces in a captured value are sent as they came."""
    assert fill(Request(path="/", body="{{t}}"), {"t": r"\1{{u}}"}).body == r"\1{{u}}"


def test_a_captured_line_break_never_reaches_a_header() -> None:
    """What would split the request is refused when it is filled in."""
    with pytest.raises(ValueError, match="line break"):
        fill(Request(path="/", headers={"X": "{{t}}"}), {"t": "a\r\nY: b"})
