"""Sending files by Werkzeug's rules, under Flask's names and arguments."""

import os
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial, wraps
from typing import IO, Any, ParamSpec

import quart.helpers
import werkzeug.utils
from quart import Blueprint, Quart, Response, current_app, request
from quart.utils import run_sync
from werkzeug.wrappers import Response as WerkzeugResponse
from werkzeug.wsgi import FileWrapper

from .responses import coerce
from .switches import mends
from .wsgi import conditional_environ

CHUNK_SIZE = 64 * 1024
"""Bytes read at a time. Werkzeug's 8 KiB would be a change of threads for each."""

Path = str | os.PathLike[str]
P = ParamSpec("P")
Sender = Callable[P, Awaitable[Response]]

_MAX_AGE = "SEND_FILE_MAX_AGE_DEFAULT"
_QUARTS_DEFAULT = Quart.default_config[_MAX_AGE]
_QUARTS_NAMES = {
    "add_etags": "etag",
    "attachment_filename": "download_name",
    "cache_timeout": "max_age",
    "file_name": "path",
    "filename_or_io": "path_or_file",
}


def _or_quarts(theirs: Callable[..., Awaitable[Response]]) -> Callable[[Sender[P]], Sender[P]]:
    """Call Quart's function instead while QP026 is off; understand its arguments while it is on."""

    def decorate(ours: Sender[P]) -> Sender[P]:
        @wraps(ours)
        async def either(*args: P.args, **kwargs: P.kwargs) -> Response:
            if not mends("QP026"):
                return await theirs(*args, **kwargs)
            named: Any = {_QUARTS_NAMES.get(name, name): kwargs[name] for name in kwargs}
            return await ours(*args, **named)

        return either

    return decorate


@_or_quarts(quart.helpers.send_file)
async def send_file(
    path_or_file: Path | IO[bytes],
    mimetype: str | None = None,
    as_attachment: bool = False,
    download_name: str | None = None,
    conditional: bool = True,
    etag: bool | str = True,
    last_modified: datetime | int | float | None = None,
    max_age: int | Callable[[str | None], int | None] | None = None,
) -> Response:
    """Send a file, with Flask's arguments and its headers.

    A relative path starts at the application's root path. The file is opened and read in worker
    threads, and closed when the response has been sent. Quart's function of this name takes
    other arguments, and is neither conditional nor kept from shared caches by default; its names
    of arguments are understood.

    Raises:
        FileNotFoundError: There is no such file; see `send_from_directory`.
        RequestedRangeNotSatisfiable: The request asks for a range that the file has not got.
        TypeError: Neither the arguments nor a file name tell the mimetype.
        ValueError: The file is open in text mode.
    """
    return await _send(
        werkzeug.utils.send_file,
        path_or_file,
        mimetype=mimetype,
        as_attachment=as_attachment,
        download_name=download_name,
        conditional=conditional,
        etag=etag,
        last_modified=last_modified,
        max_age=max_age,
    )


@_or_quarts(quart.helpers.send_from_directory)
async def send_from_directory(directory: Path, path: Path, **kwargs: Any) -> Response:
    """Send a file of a directory, both relative to the application's root path.

    Takes the arguments of `send_file`, and has its errors.

    Raises:
        NotFound: There is no such file, or `path` leads out of the directory.
    """
    return await _send(werkzeug.utils.send_from_directory, directory, path, **kwargs)


async def _send(function: Callable[..., WerkzeugResponse], *args: Any, **kwargs: Any) -> Response:
    if kwargs.get("max_age") is None:
        kwargs["max_age"] = current_app.get_send_file_max_age
    kwargs |= {
        "environ": {**conditional_environ(request), "wsgi.file_wrapper": _wrap_file},
        "use_x_sendfile": current_app.config["USE_X_SENDFILE"],
        "_root_path": current_app.root_path,
    }
    return _respond(await run_sync(function)(*args, **kwargs))


def _wrap_file(file: IO[bytes], buffer_size: int) -> FileWrapper:
    return FileWrapper(file, CHUNK_SIZE)


def _respond(sent: WerkzeugResponse) -> Response:
    """Build the application's response, constructor included, as Werkzeug does for Flask."""
    body = coerce(sent, Response).response
    status: Any = sent.status
    response = current_app.response_class(body, status=status, headers=sent.headers)
    vars(response)["direct_passthrough"] = True
    return response


async def _send_blueprint_file(blueprint: Blueprint, filename: str) -> Response:
    if not mends("QP026"):
        return await blueprint.send_static_file(filename)
    folder = _static_folder(blueprint)
    max_age = _without_default(blueprint.get_send_file_max_age(filename), current_app)
    return await send_from_directory(folder, filename, max_age=max_age)


def _without_default(max_age: int | None, app: Any) -> int | None:
    """None, as in Flask, for the 12 hours that Quart's configuration has unless it is set."""
    if app.config[_MAX_AGE] is not _QUARTS_DEFAULT or max_age != _seconds(_QUARTS_DEFAULT):
        return max_age
    return None if mends("QP026", app) else max_age


def _seconds(lifetime: timedelta | int | None) -> int | None:
    return int(lifetime.total_seconds()) if isinstance(lifetime, timedelta) else lifetime


def _static_folder(scaffold: Any) -> str:
    if not scaffold.has_static_folder:
        raise RuntimeError("'static_folder' must be set to serve static files.")
    return str(scaffold.static_folder)


def static_view(view: Any) -> Any:
    """The view in place of one of Quart's own for static files; any other as it is."""
    function = getattr(view, "__func__", None)
    if function is Blueprint.send_static_file:
        return partial(_send_blueprint_file, view.__self__)
    if function is Quart.send_static_file:
        return partial(Files.send_static_file, view.__self__)
    return view


class Files(Quart):
    """Serves static files as Flask does."""

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        """The seconds that a file may be kept: those configured, or none as in Flask."""
        return _without_default(super().get_send_file_max_age(filename), self)

    async def send_static_file(self, filename: str) -> Response:
        """Serve a file of the static folder.

        Raises:
            NotFound: There is no such file.
            RuntimeError: The application has no static folder.
        """
        if not mends("QP026", self):
            return await super().send_static_file(filename)
        folder = _static_folder(self)
        max_age = self.get_send_file_max_age(filename)
        return await send_from_directory(folder, filename, max_age=max_age)

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Any = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        """Register a rule; a blueprint's own static view is exchanged for one as Flask's."""
        view_func = static_view(view_func)
        super().add_url_rule(rule, endpoint, view_func, provide_automatic_options, **options)
