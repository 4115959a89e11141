"""The request class: bodies, forms and JSON read by Werkzeug's rules."""

from codecs import BOM_UTF8
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from quart import Request as QuartRequest
from quart.formparser import FormDataParser as QuartFormDataParser
from werkzeug.wrappers import Request as WerkzeugRequest

from .base import mixed
from .forms import FormDataParser
from .request_bodies import DEFAULT_LIMIT, Body
from .switches import mends, switched
from .wsgi import make_environ

_attribute: Any = switched("QP034")
_FORMS = {"multipart/form-data": "boundary", "application/x-www-form-urlencoded": ""}
"""By the types of forms: the parameter without which Werkzeug leaves them unread."""


class Names(QuartRequest):
    """Flask's names for what is known of a request."""

    environ: Mapping[str, Any] = _attribute(
        property(lambda self: vars(self).setdefault("_environ", _view_environ(self)))
    )
    """The scope as WSGI would put it, to be read only; without `wsgi.input`."""

    input_stream: Any = _attribute(property(lambda self: self.body))
    """The body, to be awaited or iterated with `async for`."""

    remote_user: str | None = _attribute(property(lambda self: self.environ.get("REMOTE_USER")))
    """None: no ASGI server tells of one."""

    is_multithread: bool = _attribute(property(lambda self: self.environ["wsgi.multithread"]))
    is_multiprocess: bool = _attribute(property(lambda self: self.environ["wsgi.multiprocess"]))
    is_run_once: bool = _attribute(property(lambda self: self.environ["wsgi.run_once"]))

    want_form_data_parsed: bool = _attribute(property(lambda self: bool(self.content_type)))
    """Whether the client says of which type its body is."""


def _view_environ(request: QuartRequest) -> Mapping[str, Any]:
    environ = make_environ(request, b"")
    del environ["wsgi.input"]
    return MappingProxyType(environ)


class Request(Names):
    """Quart's request with what Flask's has and Quart's lacks.

    A `body_class` or `form_data_parser_class` of a subclass is kept as a base of the one used.
    """

    body_class = Body
    form_data_parser_class = FormDataParser
    _is_json_valid = False
    """Whether what is cached was parsed, and does not stand for an error."""
    _is_taken = False
    """Whether the form was parsed from a body that had not been read as a whole."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.body_class = mixed(Body, cls.body_class)
        cls.form_data_parser_class = mixed(FormDataParser, cls.form_data_parser_class)

    @property
    def max_content_length(self) -> int | None:
        """The most bytes that a body may have; may be set until it is read."""
        limit = super().max_content_length
        return None if limit is DEFAULT_LIMIT and mends("QP035") else limit

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        self._max_content_length = value
        if isinstance(self.body, Body) and mends("QP027"):
            self.body.set_limit(self.max_content_length, self.content_length)

    def make_form_data_parser(self) -> QuartFormDataParser:
        """Make the parser; its limits are those of Quart's, the first read from the body."""
        return self.form_data_parser_class(
            max_content_length=self.body._max_content_length,
            max_form_memory_size=self.max_form_memory_size,
            max_form_parts=self.max_form_parts,
            cls=self.parameter_storage_class,
        )

    async def get_data(
        self, cache: bool = True, as_text: bool = False, parse_form_data: bool = False
    ) -> Any:
        """Read the body; what was read once stays, whatever `cache` says the next time.

        With `parse_form_data` there is nothing left of a form, unless it was read before. Bytes
        that are no UTF-8 become U+FFFD in text; Quart raises.
        """
        data = await self._read(cache, parse_form_data)
        if parse_form_data and self._is_taken and mends("QP055"):
            data = b""
        if not as_text:
            return data
        try:
            return data.decode()
        except UnicodeDecodeError:
            if not mends("QP033"):
                raise
            return data.decode(errors="replace")

    async def _read(self, cache: bool, parse_form_data: bool) -> bytes:
        body = self.body
        if not cache and isinstance(body, Body) and body.is_held and mends("QP030"):
            cache = True
        # Quart makes a task of each read, also where there is nothing to wait for.
        if type(body) is Body and cache and not parse_form_data:
            data = body.whole()
            if data is not None:
                return data
        return await super().get_data(cache, False, parse_form_data)

    async def _load_form_data(self) -> None:
        if self._form is None and self._is_unread_form():
            self._is_taken = True
        await super()._load_form_data()

    def _is_unread_form(self) -> bool:
        """Whether parsing it takes the body, of which nobody has asked for the whole."""
        if isinstance(self.body, Body) and self.body.is_held:
            return False
        # Without a boundary Werkzeug does not begin to read.
        needed = _FORMS.get(self.mimetype)
        return needed is not None and (not needed or bool(self.mimetype_params.get(needed)))

    async def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """Parse the body as JSON.

        Raises what `on_json_loading_failed` raises, unless `silent`: for another media type (it
        is called with None; Quart returns None) and for what is no JSON. The encodings of RFC
        4627 are understood, and a byte order mark.
        """
        if cache and (known := self._known_json(silent)) is not Ellipsis:
            return known
        if not (force or self.is_json):
            return None if silent or not mends("QP032") else self.on_json_loading_failed(None)
        data = _readable(await self.get_data(cache))
        try:
            result, valid = self.json_module.loads(data), True
        except ValueError as error:
            result, valid = None if silent else self.on_json_loading_failed(error), False
        if cache:
            self._cached_json[silent], self._is_json_valid = result, valid
        return result

    def _known_json(self, silent: bool) -> Any:
        known = self._cached_json[silent]
        if known is Ellipsis and self._is_json_valid and mends("QP032"):
            return self._cached_json[not silent]
        return known

    def on_json_loading_failed(self, error: Exception | None) -> Any:
        """Raise 400 or, if the type of the body is not JSON and `error` is None, 415."""
        if error is None:
            return WerkzeugRequest.on_json_loading_failed(cast(Any, self), None)
        return super().on_json_loading_failed(error)


def _readable(data: bytes) -> str | bytes:
    """JSON as text, or as bytes where the parser is to find out how they are encoded."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        if not mends("QP032"):
            raise
        return data
    encoded_otherwise = data.startswith(BOM_UTF8) or b"\0" in data[:4]
    return data if encoded_otherwise and mends("QP032") else text
