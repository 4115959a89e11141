"""A server of the tests' own, which sets the cookies that it is told to set, to the byte."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from parity_tests.browser.chromium import BLANK
from parity_tests.servers import HOST

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n"


@dataclass(slots=True)
class Answering:
    """What the server sets, and what it was sent."""

    port: int = 0
    fields: list[str] = field(default_factory=list)
    """Values of ``Set-Cookie``, one character a byte; in every answer but that at `BLANK`."""
    sent: str = ""
    """The ``Cookie`` field of the latest request, one character a byte."""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request, if one comes: browsers open connections before they need them."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            lines = [line.partition(": ") for line in head.split("\r\n")]
            self.sent = "".join(value for name, _, value in lines if name.lower() == "cookie")
            fields = [] if head.startswith(f"GET {BLANK} ") else self.fields
            cookies = [f"Set-Cookie: {field}\r\n".encode("latin-1") for field in fields]
            writer.write(HEAD + b"".join(cookies) + b"\r\nok")
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def answering() -> AsyncIterator[Answering]:
    """Serve on a free port until the block ends."""
    told = Answering()
    async with await asyncio.start_server(told.answer, HOST, 0) as server:
        told.port = server.sockets[0].getsockname()[1]
        yield told
