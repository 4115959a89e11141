"""Templates that can be used without `await`, and streams of templates that keep `g`."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import Any, cast

import jinja2
from quart import (
    Quart,
    before_render_template,
    current_app,
    has_request_context,
    template_rendered,
)
from quart import (
    stream_template as quart_stream_template,
)
from quart import (
    stream_template_string as quart_stream_template_string,
)
from quart.globals import _cv_app

from .streams import stream_with_context
from .switches import mends

TemplateName = str | jinja2.Template | list[str | jinja2.Template]

_TWIN = "_flask_compat_twin"
"""The attribute of an environment that holds its synchronous twin."""


class Templates(Quart):
    """Makes environments whose templates render, and give macros, synchronously as well."""

    def create_jinja_environment(self) -> Any:
        environment: Any = super().create_jinja_environment()
        if environment.template_class is jinja2.Template:
            environment.template_class = Template
        return environment


class Template(jinja2.Template):
    """A template of an asynchronous environment with the synchronous methods of others."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        """Render also while an event loop runs, where Jinja's own method would start another.

        Raises:
            RuntimeError: The template really has to wait: await `render_async` instead.
        """
        if not self.environment.is_async or not _has_loop() or not _mends():
            return super().render(*args, **kwargs)
        return _driven(self.render_async(*args, **kwargs))

    @property
    def module(self) -> Any:
        """What the template exports, its macros as plain functions."""
        if not self.environment.is_async or self.name is None or not _mends():
            return super().module
        return _twin(self.environment).get_template(self.name).module


def _has_loop() -> bool:
    return asyncio._get_running_loop() is not None


def _mends() -> bool:
    context = _cv_app.get(None)
    app: Any = None if context is None else context.app
    return isinstance(app, Templates) and mends("QP051", app)


def _driven(coroutine: Coroutine[Any, Any, str]) -> str:
    try:
        coroutine.send(None)
    except StopIteration as end:
        return str(end.value)
    coroutine.close()
    raise RuntimeError(
        "This template waits for something asynchronous: `await template.render_async(...)`."
    )


def _twin(environment: jinja2.Environment) -> jinja2.Environment:
    """An environment that shares all but the asynchrony; made once."""
    twin: jinja2.Environment | None = vars(environment).get(_TWIN)
    if twin is None:
        twin = environment.overlay()
        twin.is_async = False
        setattr(environment, _TWIN, twin)
    return twin


async def stream_template(
    template_name_or_list: TemplateName, **context: Any
) -> AsyncIterator[str]:
    """Render a template as a stream, in the very contexts of the request; as Flask's.

    Quart's function of this name streams with a new, empty `g`.
    """
    if not mends("QP052"):
        return await quart_stream_template(template_name_or_list, **context)
    template = current_app.jinja_env.get_or_select_template(template_name_or_list)
    return await _stream(template, context)


async def stream_template_string(source: str, **context: Any) -> AsyncIterator[str]:
    """The same of a template's source."""
    if not mends("QP052"):
        return await quart_stream_template_string(source, **context)
    return await _stream(current_app.jinja_env.from_string(source), context)


async def _stream(template: jinja2.Template, context: dict[str, Any]) -> AsyncIterator[str]:
    app: Any = _cv_app.get().app
    await app.update_template_context(context)
    told = {"_sync_wrapper": app.ensure_async, "template": template, "context": context}
    await before_render_template.send_async(app, **told)

    async def generate() -> AsyncIterator[str]:
        async for chunk in template.generate_async(context):
            yield chunk
        await template_rendered.send_async(app, **told)

    if not has_request_context():
        return generate()
    return cast(AsyncIterator[str], stream_with_context(generate)())
