"""What Flask's responses have and Quart's lack."""

import io
from collections.abc import AsyncGenerator, Mapping
from typing import TYPE_CHECKING, Any, Self, cast

from quart import Response as QuartResponse
from quart.wrappers.response import DataBody

from .bodies import Chunk, encoded
from .switches import mends, switched
from .wsgi import call_wsgi

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


_attribute: Any = switched("QP010")


class Names(QuartResponse):
    """Flask's names for what there is to know of a body. What has to read one is awaited."""

    is_sequence: bool = _attribute(property(lambda self: isinstance(self.response, DataBody)))
    """Whether the body is in memory, with a length known."""

    is_streamed: bool = _attribute(property(lambda self: not isinstance(self.response, DataBody)))
    """Whether the body has to be read to know its length."""

    direct_passthrough: bool = _attribute(property(lambda self: False))
    """Set on files: `calculate_content_length` and `make_conditional` must not read them."""

    stream: "ResponseStream" = _attribute(
        property(lambda self: vars(self).setdefault("_stream", ResponseStream(self)))
    )
    """The body as a file to write to; it must be in memory."""

    @switched("QP010")
    def iter_encoded(self) -> AsyncGenerator[bytes, None]:
        """The body in chunks of bytes; iterate with `async for`."""
        return self.iter_encode()

    @switched("QP010")
    async def calculate_content_length(self) -> int | None:
        """The length in bytes; reads a stream into memory, as in Flask, but never a file."""
        return await self._length()

    async def _length(self) -> int | None:
        if not isinstance(self.response, DataBody) and (
            vars(self).get("direct_passthrough") or not self.implicit_sequence_conversion
        ):
            return None
        return len(await self.get_data(as_text=False))

    @classmethod
    async def from_app(
        cls, app: "WSGIApplication", environ: Mapping[str, Any], buffered: bool = False
    ) -> Self:
        """The answer of a WSGI application, which is called in a worker thread."""
        if not mends("QP010"):
            raise AttributeError(f"type object {cls.__name__!r} has no attribute 'from_app'")
        body, status, headers = await call_wsgi(app, environ, buffered)
        return cls(body, cast(Any, status), headers)


class ResponseStream(io.IOBase):
    """A file that appends to the body of a response."""

    mode = "wb+"
    encoding = "utf-8"

    def __init__(self, response: QuartResponse) -> None:
        self._response = response

    def write(self, value: Chunk) -> int:
        """Append; whoever set a length has it taken away.

        Raises:
            RuntimeError: The body is streamed.
            ValueError: This file is closed.
        """
        if self.closed:
            raise ValueError("the stream of the response is closed")
        self._body.append(encoded(value))
        self._response.headers.pop("Content-Length", None)
        return len(value)

    def tell(self) -> int:
        """How many bytes there are."""
        return self._body.end

    @property
    def _body(self) -> "GrowingBody":
        body = self._response.response
        if not isinstance(body, DataBody):
            raise RuntimeError("the body is streamed: await make_sequence() before writing to it")
        if not isinstance(body, GrowingBody):
            body = self._response.response = GrowingBody(body.data[body.begin : body.end])
        return body


class GrowingBody(DataBody):
    """Bytes in memory that are joined when they are read, not for each that is appended."""

    def __init__(self, data: bytes) -> None:
        self._chunks = [data]
        self.begin = 0
        self.end = len(data)

    @property
    def data(self) -> bytes:  # type: ignore[override]  # Quart never sets it
        if len(self._chunks) > 1:
            self._chunks = [b"".join(self._chunks)]
        return self._chunks[0]

    def append(self, chunk: bytes) -> None:
        self._chunks.append(chunk)
        self.end += len(chunk)
