"""Parsing forms: Werkzeug's decoder fed as Werkzeug feeds it, and uploads saved as there."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from shutil import copyfileobj
from typing import Any
from urllib.parse import parse_qsl

from quart.datastructures import FileStorage as QuartFileStorage
from quart.formparser import FormDataParser as QuartFormDataParser
from quart.formparser import ParserFunc
from quart.utils import run_sync
from quart.wrappers.request import Body
from werkzeug.datastructures import MultiDict, iter_multi_items

from .base import mixed
from .switches import mends

BLOCK = 64 * 1024
"""Bytes that Werkzeug hands to its decoder at once."""
_LAST = 1024
"""Bytes that the last block has at least, if it is not the only one."""
Parsed = tuple[MultiDict[str, Any], MultiDict[str, Any]]
"""Fields and files."""


class FileStorage(QuartFileStorage):
    """Quart's uploaded file, which can be saved into an open file, too."""

    async def save(  # type: ignore[override]  # Werkzeug's is synchronous; Quart's is not
        self, destination: Any, buffer_size: int = 16384
    ) -> None:
        """Write the upload to a path, or from a worker thread into a file open for bytes."""
        if hasattr(destination, "write") and mends("QP046"):
            await run_sync(copyfileobj)(self.stream, destination, buffer_size)
        else:
            await super().save(destination, buffer_size)


class FormDataParser(QuartFormDataParser):
    """Quart's parser, with other functions in place of Quart's own for the two kinds of form."""

    file_storage_class = FileStorage

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.file_storage_class = mixed(FileStorage, cls.file_storage_class)

    def get_parse_func(self, mimetype: str, options: dict[str, str]) -> ParserFunc | None:
        """The function for a type; one that the application has put there is left alone."""
        function = super().get_parse_func(mimetype, options)
        return None if function is None else _IN_PLACE_OF.get(function, function)


async def _parse_multipart(
    parser: QuartFormDataParser,
    body: Body,
    mimetype: str,
    content_length: int | None,
    options: dict[str, str],
) -> Parsed:
    """Parse in blocks of a size that does not depend on the network, and tell of the end.

    Quart's function hands on what is received as it is received. A boundary split at the wrong
    place then adds to a field or file, and a body that ends too early is taken for whole.
    """
    parse = QuartFormDataParser._parse_multipart
    if not mends("QP029"):
        return await parse(parser, body, mimetype, content_length, options)
    limit = parser.max_form_memory_size
    if limit is not None and not _is_within(content_length, limit) and mends("QP045"):
        # Quart hands it to the decoder, which takes it for the limit of what it holds in memory.
        parser.max_content_length = limit
    async with aclosing(_blocks(body)) as blocks:
        pieces: Any = blocks
        return await parse(parser, pieces, mimetype, content_length, options)


def _is_within(content_length: int | None, limit: int) -> bool:
    return content_length is not None and content_length <= limit


async def _blocks(body: Body) -> AsyncGenerator[bytes | None, None]:
    """The body in blocks of 64 KiB, as Werkzeug reads it, then None.

    But the last one is not so short that a closing boundary could be split: where a block ends
    between its last two dashes, Werkzeug's `MultipartDecoder` takes part of it for content.
    """
    held = bytearray()
    async for data in body:
        held += data
        while len(held) >= BLOCK + _LAST:
            yield bytes(held[:BLOCK])
            del held[:BLOCK]
    if len(held) > BLOCK:
        yield bytes(held[:-_LAST])
        del held[:-_LAST]
    yield bytes(held)
    yield None


async def _parse_urlencoded(
    parser: QuartFormDataParser,
    body: Body,
    mimetype: str,
    content_length: int | None,
    options: dict[str, str],
) -> Parsed:
    """Parse, and leave bytes that are no UTF-8 percent-encoded."""
    parse = QuartFormDataParser._parse_urlencoded
    form, files = await parse(parser, body, mimetype, content_length, options)
    if _has_replacements(form) and mends("QP031"):
        text = (await body).decode()
        pairs = parse_qsl(text, keep_blank_values=True, errors="werkzeug.url_quote")
        form = type(form)(pairs)
    return form, files


def _has_replacements(form: Any) -> bool:
    return any("\ufffd" in name or "\ufffd" in value for name, value in iter_multi_items(form))


_IN_PLACE_OF: dict[ParserFunc, ParserFunc] = {
    QuartFormDataParser._parse_multipart: _parse_multipart,
    QuartFormDataParser._parse_urlencoded: _parse_urlencoded,
}
