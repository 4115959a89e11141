"""What applications send is shown by the HTML report and never obeyed, in whatever field."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.browser.conftest import Read
from tests.browser.visits import EXCHANGES

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PAYLOADS = {
    "script": "<script>window.planted = 1; alert(1)</script>",
    "end of script": "</script><script>window.planted = 1</script><!--<script>",
    "handler": '"><img src=x onerror="window.planted = 1; alert(1)">',
    "handler of focus": "x' onfocus='window.planted = 1' autofocus='",
    "svg": "<svg/onload=window.planted=1><animate onbegin=window.planted=1>",
    "address": "javascript:window.planted=1//",
    "page in a page": "<iframe srcdoc='<script>parent.planted = 1</script>'></iframe>",
    "style": "</style><style>* { display: none; background: url(http://192.0.2.1/x) }</style>",
    "property": "x; background: url(http://192.0.2.1/x); --row: 9999px; } * { display: none }",
    "refresh": "<meta http-equiv=refresh content='0; url=http://192.0.2.1/'><base href=//x>",
    "jinja": "{{ 7 * 7 }}{% raw %}{{ self }}{% endraw %}{#",
    "javascript": "${window.planted = 1}`${alert(1)}\\u003cimg src=x onerror=alert(1)\\u003e",
    "python": "%s %(x)s {0.__class__} \\x3cscript\\x3e",
    "entities": "&lt;script&gt;&#60;img src=x onerror=alert(1)&#62;&amp;",
    "prototype": "__proto__",
    "constructor": "constructor",
    "link": "<a id=exchanges href='javascript:planted=1'>x</a><form id=index></form>",
    "address of ours": "#x=a/0&q=<b>&amp;theme=%00",
}
INVISIBLE = {
    "direction": ("a\u202egnp.exe\u2066b\u2069", "a\\u202egnp.exe\\u2066b\\u2069"),
    "nothing": ("a\x00b\x1b[31m\x7f", "a\\x00b\\x1b[31m\\x7f"),
    "zero width": ("a\u200bb\ufeff\u00ad", "a\\u200bb\\ufeff\\xad"),
    "tags": ("a\U000e0041", "a\\U000e0041"),
}

SHOWING = [
    ".row .raw",
    ".pane h2 .raw",
    ".difference code",
    ".sides pre",
    ".diff > *",
    ".command pre",
    ".again details pre",
    ".sheet summary .raw",
    ".sheet tbody th",
]
HANDLERS = """[...document.querySelectorAll('main *')].flatMap(node => [...node.attributes])
    .filter(one => one.name.startsWith('on') || /^\\s*javascript:/i.test(one.value)
        && !['class', 'aria-label', 'data-severity', 'value'].includes(one.name))
    .map(one => one.name)"""


def everywhere(held: Any, payload: str) -> Any:
    """The same data with each text replaced."""
    if isinstance(held, dict):
        return {key: everywhere(value, payload) for key, value in held.items()}
    if isinstance(held, list):
        return [everywhere(value, payload) for value in held]
    return payload if isinstance(held, str) else held


async def opened(read: Read, payload: str) -> Any:
    """An exchange full of it, gone through as somebody would who looks at everything."""
    reader = await read(
        EXCHANGES,
        f"#x={quote(payload, safe='')}/2&q={quote(payload[:20], safe='')}",
        lambda held: everywhere(held, payload),
    )
    await reader.heading()
    await reader.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for key in ("n", "n", "p", "j", "k"):
        await reader.page.keyboard.press(key)
    await reader.page.hover(".row >> nth=0")
    return reader


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
async def test_nothing_of_it_runs(read: Read, payload: str) -> None:
    """With an attack in every field nothing is planted, added, asked for or hidden, and each field
    shows it to the letter."""
    reader = await opened(read, payload)
    script = "nodes => nodes.map(node => node.textContent)"
    nodes = "img, svg, iframe, script, style, meta, base, object, embed, form[id], a:not(.row), b b"
    texts = await reader.page.eval_on_selector_all(", ".join(SHOWING), script)

    assert await reader.page.evaluate("window.planted") is None
    assert await reader.page.locator(f"main :is({nodes})").count() == 0
    assert await reader.page.evaluate(HANDLERS) == []
    assert len(texts) > 40
    assert {text.removeprefix("≠differs: ").rstrip("\n") for text in texts} == {payload}
    assert await reader.page.is_visible(".pane h2")


@pytest.mark.parametrize(("payload", "shown"), INVISIBLE.values(), ids=INVISIBLE)
async def test_what_is_invisible_is_escaped(read: Read, payload: str, shown: str) -> None:
    """What has no shape, or turns the direction of its line, is shown as an escape; a saved or
    copied text has it as it was."""
    reader = await opened(read, payload)

    assert shown in await reader.page.inner_text(".pane h2")
    assert shown in await reader.page.inner_text(".command pre")
    assert payload not in await reader.page.inner_text("main")


async def test_an_attack_is_noticed(read: Read) -> None:
    """What the other tests look at does change where something runs: these notice it."""
    reader = await read()
    await reader.page.evaluate(
        "document.querySelector('main').innerHTML = '<img src=x onerror=\"window.planted = 1\">'"
    )
    await reader.page.wait_for_function("violations.length > 0")
    violations = await reader.page.evaluate("violations.splice(0)")

    assert await reader.page.locator("main img").count() == 1
    assert await reader.page.evaluate(HANDLERS) == ["onerror"]
    assert any("img-src" in one for one in violations) or any("script" in one for one in violations)
    reader.requests.clear()
