"""What a request brings: query, body, form, JSON and files."""

import json
from io import BytesIO
from typing import Any

import pytest

from parity_tests.clients import AsyncClient
from quart_parity.mirror.pair import ParityClient


@pytest.mark.parametrize(
    ("query", "pairs"),
    [
        ([("a", "1"), ("b", "2"), ("a", "3")], [["a", "1"], ["a", "3"], ["b", "2"]]),
        ({"naïve": "\N{SNOWMAN} & ="}, [["naïve", "\N{SNOWMAN} & ="]]),
        ("a&b=&f=+%2B", [["a", ""], ["b", ""], ["f", " +"]]),
        ("", []),
    ],
    ids=["repeated", "unicode", "raw", "empty"],
)
async def test_the_query_is_read(parity: ParityClient, query: Any, pairs: list[Any]) -> None:
    """The query is pairs of text, repeats beside each other."""
    answer = await parity.get("/responses/echo/query", query_string=query)

    assert answer.json == pairs


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_the_body_is_read(parity: ParityClient, method: str) -> None:
    """The body is the bytes that were sent, whatever the method."""
    answer = await parity.open("/responses/echo/data", method=method, data=b"\x00\xff")

    assert answer.data == b"\x00\xff"
    assert answer.headers["X-Method"] == method


async def test_a_body_in_pieces_is_one(client: AsyncClient) -> None:
    """A body of unknown length is read to its end."""
    answer = await client.post("/responses/echo/data", chunks=["one, ", "two, ", "thrée"])

    assert answer.text == "one, two, thrée"


async def test_a_form_is_read(parity: ParityClient) -> None:
    """The fields of a form are pairs of text, repeats beside each other."""
    form = [("a", "1"), ("b", ""), ("a", "ä \N{SNOWMAN}")]
    answer = await parity.post("/responses/echo/form", form=form)

    assert answer.json == [["a", "1"], ["a", "ä \N{SNOWMAN}"], ["b", ""]]


@pytest.mark.parametrize("value", [[], None, "text", {"naïve": [1, 2.5, {"three": None}]}])
async def test_json_is_read(parity: ParityClient, value: Any) -> None:
    """JSON comes back as the value that it was."""
    answer = await parity.post(
        "/responses/echo/json", data=json.dumps(value), content_type="application/json"
    )

    assert answer.status_code == 200
    assert answer.json == value


@pytest.mark.parametrize("body", ["{not json", "", "[1,]"])
async def test_broken_json_is_a_400(
    parity: ParityClient, raised: list[BaseException], body: str
) -> None:
    """What is no JSON is the client's fault."""
    headers = {"Content-Type": "application/json"}
    answer = await parity.post("/responses/echo/json", data=body, headers=headers)

    assert (answer.status_code, raised) == (400, [])


async def test_files_are_read(parity: ParityClient) -> None:
    """Each uploaded file has its field, name, type and size."""
    files = {
        "one": (BytesIO(b"text"), "notes.txt", "text/plain"),
        "two": (BytesIO(b"\x00\xff"), "naïve.bin", "application/octet-stream"),
    }
    answer = await parity.post("/responses/echo/files", files=files, form={"text": "beside"})

    assert answer.json == [
        ["one", "notes.txt", "text/plain", 4],
        ["two", "naïve.bin", "application/octet-stream", 2],
    ]
