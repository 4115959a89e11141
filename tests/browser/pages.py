"""Pages with the front end of the HTML report and data made by hand."""

import base64
import hashlib
import html
import json
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quart_parity.reporters.page import front

CHUNK = 64
CAUSES: list[dict[str, str]] = [
    {
        "code": "QP021",
        "title": "`Vary: Cookie` where the session was read",
        "severity": "security",
        "mend": "Mixing in `FlaskParity` adds the field.",
    },
    {
        "code": "QP032",
        "title": "JSON bodies are checked later",
        "severity": "visible",
        "mend": "Ask for `await request.get_json()`.",
    },
    {"code": "port", "title": "", "severity": "", "mend": ""},
    {"code": "unknown", "title": "", "severity": "", "mend": ""},
]
NOTHING: dict[str, Any] = {"accepted": None, "codes": [], "reference": None, "candidate": None}


def difference(path: str, reference: str | None, candidate: str | None, **more: Any) -> Any:
    given = {"path": path, "kind": path.split(".")[0], "diff": [], "places": [None, None]}
    return NOTHING | given | {"reference": reference, "candidate": candidate} | more


@dataclass(frozen=True, slots=True)
class Shown:
    """One exchange of a page."""

    scenario: str
    position: int = 0
    method: str = "GET"
    target: str = "/"
    route: str = "GET /"
    statuses: tuple[int | None, int | None] = (200, 200)
    differences: Sequence[Any] = ()
    sheets: Sequence[Any] = ()
    sent: Sequence[Any] = ()
    more: dict[str, Any] = field(default_factory=dict)
    """Of the detail: views, logs, the curl line and so on."""

    @property
    def open(self) -> list[Any]:
        return [one for one in self.differences if one["accepted"] is None]

    @property
    def codes(self) -> list[str]:
        found: list[str] = []
        for one in self.open:
            found += ["unknown"] if one["codes"] is None else one["codes"] or ["port"]
        return list(dict.fromkeys(found))

    @property
    def kinds(self) -> list[str]:
        return list(dict.fromkeys(one["kind"] for one in self.differences))

    @property
    def text(self) -> str:
        """What the search finds."""
        values = [(one["path"], one["reference"], one["candidate"]) for one in self.differences]
        return " ".join(word or "" for three in values for word in three).lower()[:600]

    @property
    def detail(self) -> dict[str, Any]:
        return {
            "views": [None, None],
            "curl": f'curl "$SIDE{self.target}"',
            "again": "quart-parity check shop_flask shop_quart --scenarios scenario.json",
            "scenario": json.dumps({"name": self.scenario}),
            "logs": [None, None],
            "differences": list(self.differences),
            "sent": list(self.sent),
            "sheets": list(self.sheets),
        } | self.more


def index_of(shown: Sequence[Shown]) -> dict[str, Any]:
    scenarios = list(dict.fromkeys(one.scenario for one in shown))
    routes = list(dict.fromkeys(one.route for one in shown))
    kinds = list(dict.fromkeys(kind for one in shown for kind in one.kinds))
    codes = [cause["code"] for cause in CAUSES]
    return {
        "version": 1,
        "reference": "shop_flask",
        "candidate": "shop_quart",
        "chunk": CHUNK,
        "scenarios": scenarios,
        "routes": routes,
        "kinds": kinds,
        "causes": CAUSES,
        "exchanges": [
            [
                scenarios.index(one.scenario),
                one.position,
                one.method,
                one.target,
                routes.index(one.route),
                *one.statuses,
                [kinds.index(kind) for kind in one.kinds],
                [codes.index(code) for code in one.codes],
                len(one.open),
                len(one.differences) - len(one.open),
                one.text,
            ]
            for one in shown
        ],
    }


def same(held: Any) -> Any:
    return held


def write_page(file: Path, shown: Sequence[Shown], alter: Callable[[Any], Any] = same) -> None:
    """Write the page, with the data that *alter* makes of its own."""
    chunks = [shown[at : at + CHUNK] for at in range(0, len(shown), CHUNK)]
    data = {"index": index_of(shown)} | {
        f"chunk-{n}": [one.detail for one in chunk] for n, chunk in enumerate(chunks)
    }
    file.write_text(_page(_element(name, alter(held)) for name, held in data.items()), "utf-8")


def _element(name: str, held: Any) -> str:
    packed = zlib.compress(json.dumps(held).encode(), 9, wbits=-15)
    text = base64.b64encode(packed).decode()
    kind = "application/vnd.quart-parity"
    return f'<script type="{kind}" id="{html.escape(name)}">{text}</script>'


def _page(data: Iterable[str]) -> str:
    style, script = front.style(), front.script()
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head>',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta charset="utf-8"><title>Parity</title>',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<link rel="icon" href="data:,">',
            f"<style>{style}</style></head>",
            "<body><header><h1>Parity</h1></header>",
            '<main id="exchanges"></main>',
            *data,
            f"<script>{script}</script></body></html>",
        ]
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
