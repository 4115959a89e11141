"""The fields of a request, without the one that Quart adds."""

from collections.abc import Iterator
from typing import Any, cast

from werkzeug.datastructures import Headers

from .switches import mends

_ADDRESS = "remote-addr"


class RequestHeaders(Headers):
    """Fields the first of which is the client's address, that Quart puts there.

    Once somebody could see it, it is taken out, and these are Werkzeug's `Headers` again: so it is
    asked only then whether to take it out. `request.remote_addr` has been read from it by now.
    """

    _address: tuple[str, str] | None = None

    @classmethod
    def adopt(cls, headers: Any) -> None:
        """Make these of what Quart has put together."""
        headers._address = headers[0]
        headers.__class__ = cls

    def _settled(self) -> Headers:
        headers: Any = self
        headers.__class__ = Headers
        address = vars(headers).pop("_address", None)
        # Somebody may have removed or replaced it.
        if address is not None and headers and headers[0] is address and mends("QP054"):
            headers.pop(0)
        return cast(Headers, headers)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._settled())

    def __len__(self) -> int:
        return len(self._settled())

    def __getitem__(self, key: Any) -> Any:
        return self._get_key(key) if isinstance(key, str) else self._settled()[key]

    def _get_key(self, key: str) -> str:
        if key.lower() == _ADDRESS:
            return self._settled()[key]
        return super()._get_key(key)

    def getlist(self, key: str, type: Any = None) -> list[Any]:
        """The values of a field, without a look at others: cookies are read so."""
        if type is not None or key.lower() == _ADDRESS:
            return self._settled().getlist(key, type)
        return [value for name, value in self._list if name.lower() == key.lower()]

    def copy(self) -> Any:
        """Werkzeug's headers with the same fields."""
        return self._settled().copy()
