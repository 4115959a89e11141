"""What views read off a request: compat's is what Flask's is."""

from operator import attrgetter
from typing import Any

import pytest
import quart

from quart_parity import compat
from tests.compat.sides import COMPAT, FLASK, METHODS, STOCK, Side, cases
from tests.compat.uploading import END, JSON, MULTIPART, URLENCODED, get_data, part, post, reading

FORM = part(b"a", b"1") + part(b'f; filename="n"', b"x") + END


FIELDS, UPLOADS, DATA = attrgetter("form"), attrgetter("files"), attrgetter("data")
BODIES: dict[str, Any] = {
    "multipart": ([FORM[:9], FORM[9:]], MULTIPART),
    "urlencoded": ([b"a=1", b"&b=2"], URLENCODED),
    "json": ([b'{"a"', b": 1}"], JSON),
    "text": ([b"caf\xe9"], [("Content-Type", "text/plain")]),
    "untyped": ([b"{}"], []),
    "empty": ([], []),
}
READINGS = {
    "read-parse-read": (get_data(), FIELDS, UPLOADS, get_data()),
    "read-data-read": (get_data(), DATA, get_data()),
    "kept": (get_data(), get_data(cache=False), get_data(), get_data(cache=False)),
    "kept-and-parsed": (get_data(), get_data(cache=False), FIELDS, get_data()),
    "not-kept": (get_data(cache=False), get_data()),
    "parse-twice": (FIELDS, FIELDS, UPLOADS),
    "text": (get_data(as_text=True), get_data()),
    "text-not-kept": (get_data(False, True), get_data(True, True)),
    "parsed-first": (get_data(), get_data(parse_form_data=True), FIELDS),
}


@pytest.mark.parametrize("calls", cases(READINGS))
@pytest.mark.parametrize("body", cases(BODIES))
def test_body_can_be_read_as_often_as_in_flask(body: Any, calls: Any) -> None:
    """What is read, parsed and read again is what Flask gives, in whatever order."""
    chunks, headers = body

    assert post(COMPAT, reading(*calls), chunks, headers) == post(
        FLASK, reading(*calls), chunks, headers
    )


async def test_body_that_was_read_can_be_iterated() -> None:
    """Iterating what `get_data` has read gives it again, and leaves it there."""

    async def view(side: Side) -> Any:
        read = await side.request.get_data()
        iterated = [chunk async for chunk in side.request.body]
        return [(read, *iterated, await side.request.get_data()) == (b"ab",) * 3]

    app = COMPAT.app(view)

    assert await (await app.test_client().post("/", data="ab")).get_json() == [True]


NAMES = [
    "environ",
    "input_stream",
    "is_multiprocess",
    "is_multithread",
    "is_run_once",
    "remote_user",
    "want_form_data_parsed",
]


def test_requests_have_the_names_of_flasks() -> None:
    """What Flask's class has and compat's lacks serves WSGI only."""
    lacking = {name for name in dir(FLASK.module.Request) if not hasattr(compat.Request, name)}

    assert {name for name in lacking if not name.startswith("_")} == {"application", "from_values"}


@pytest.mark.parametrize("headers", [[], URLENCODED])
def test_names_say_what_flasks_say(headers: Any) -> None:
    """What they say of a request is what they say in Flask."""

    def view(side: Side) -> Any:
        plain = [getattr(side.request, name) for name in NAMES[2:]]
        environ = side.request.environ
        keys = [key for key in environ if key.isupper() and key not in ("RAW_URI", "REQUEST_URI")]
        return [plain, environ["wsgi.url_scheme"], {key: environ[key] for key in sorted(keys)}]

    fields = [*headers, ("X-Tag", "a"), ("X-Tag", "b"), ("Cookie", "c=1")]
    target = "/caf%C3%A9?q=%C3%A9"

    assert post(COMPAT, view, [b"a=1"], fields, target=target) == post(
        FLASK, view, [b"a=1"], fields, target=target
    )


def test_environ_is_only_read() -> None:
    """Writing to it fails, for it would reach nobody; reading it twice gives the same."""

    def view(side: Side) -> Any:
        with pytest.raises(TypeError):
            side.request.environ["REMOTE_USER"] = "somebody"
        return [side.request.environ is side.request.environ]

    assert post(COMPAT, view, []) == (200, b"[true]\n")


@pytest.mark.parametrize("name", NAMES)
def test_names_can_be_switched_off(name: str) -> None:
    """Without the piece they are not there, as in Quart."""

    def view(side: Side) -> Any:
        return [hasattr(side.request, name)]

    config = {"FLASK_COMPAT": {"QP034": False}}

    assert post(COMPAT, view, [], config=config) == post(STOCK, view, []) == (200, b"[false]\n")


async def test_request_outside_a_server_works() -> None:
    """`test_request_context` gives a request of compat's, forms and JSON included."""
    app = COMPAT.app_class(__name__)
    async with app.test_request_context("/", method=METHODS[1], form={"a": "1"}):
        form = await quart.request.form
    async with app.test_request_context("/", method=METHODS[1], json=[1]):
        value = await quart.request.get_json()

    assert (dict(form), value) == ({"a": "1"}, [1])
