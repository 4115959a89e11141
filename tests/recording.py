"""HAR files made in one line, as browsers and proxies write them."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from quart_parity import Request, Scenario
from quart_parity.sources.har import read_recording
from quart_parity.sources.reading import Recording

ORIGIN = "http://shop.example:8080"


def entry(
    target: str = "/",
    method: str = "GET",
    headers: Iterable[tuple[str, str]] = (),
    status: int = 200,
    answered: Iterable[tuple[str, str]] = (),
    body: str = "",
    mimetype: str = "text/html; charset=utf-8",
    **fields: Any,
) -> dict[str, Any]:
    """An entry; *fields* are its own, but ``post`` and ``content``, which are what they say."""
    url = target if "://" in target else ORIGIN + target
    request: dict[str, Any] = {"method": method, "url": url, "headers": named(headers)}
    if "post" in fields:
        request["postData"] = fields.pop("post")
    content = {"mimeType": mimetype, "text": body, "size": len(body)} | fields.pop("content", {})
    response = {"status": status, "headers": named(answered), "content": content}
    return {"request": request, "response": response, "time": 1.5, "cache": {}, **fields}


def named(fields: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in fields]


def har(entries: Iterable[dict[str, Any]], **log: Any) -> bytes:
    return json.dumps({"log": {"version": "1.2", "entries": list(entries)} | log}).encode()


def recorded(folder: Path, *entries: dict[str, Any], **log: Any) -> Recording:
    path = folder / "visit.har"
    path.write_bytes(har(entries, **log))
    return read_recording(path)


def scenario(folder: Path, *entries: dict[str, Any]) -> Scenario:
    [made] = recorded(folder, *entries).scenarios
    return made


def request(folder: Path, **fields: Any) -> Request:
    """How a single recorded request is sent again."""
    [made] = scenario(folder, entry(**fields)).requests
    return made
