"""The path that an application is mounted at, of which a request's path is a part or is not."""

from typing import Any, NoReturn

from hypercorn.typing import ASGISendCallable
from quart import Quart
from quart import Request as QuartRequest
from quart.asgi import ASGIHTTPConnection
from quart.wrappers.base import BaseRequestWebsocket
from werkzeug.exceptions import NotFound
from werkzeug.routing import MapAdapter

from .switches import mends

_AT_MOUNT = "_flask_compat_at_mount"
"""Set on requests that are not for a path below the mount point: whether they are for it."""


class MountedConnection(ASGIHTTPConnection):
    """Takes ASGI's `root_path` for whole segments of the path, as WSGI's SCRIPT_NAME stands for.

    Quart takes it for a mere prefix: `/appadmin` would be the `/admin` of what is mounted at
    `/app`, past the rules of a proxy that guards `/app/admin`.
    """

    def _create_request_from_scope(self, send: ASGISendCallable) -> QuartRequest:
        root, path = self.scope.get("root_path", "").rstrip("/"), self.scope["path"]
        if not root or path.startswith(f"{root}/") or not mends("QP053", self.app):
            return super()._create_request_from_scope(send)
        self.scope = {**self.scope, "path": f"{root}/"}
        request = super()._create_request_from_scope(send)
        setattr(request, _AT_MOUNT, path == root)
        return request


class Mounts(Quart):
    """Redirects from the mount point itself to the slash behind it, as Werkzeug does."""

    def create_url_adapter(self, request: BaseRequestWebsocket | None) -> MapAdapter | None:
        """Bind the rules as Quart does; to what is not below the mount point, no rule matches."""
        adapter = super().create_url_adapter(request)
        at_mount = getattr(request, _AT_MOUNT, None)
        if at_mount is not None and adapter is not None:
            adapter.path_info = ""
            if not at_mount:
                vars(adapter)["match"] = _match_nothing
        return adapter


def _match_nothing(*args: Any, **kwargs: Any) -> NoReturn:
    raise NotFound
