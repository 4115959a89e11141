"""Templates: rendering and macros without `await`, and streams that keep `g`."""

import asyncio
from typing import Any

import jinja2
import pytest
import quart

from quart_parity.compat import FlaskCompat, stream_template, stream_template_string
from tests.compat.plain import fetch
from tests.compat.sides import COMPAT, FLASK, CompatQuart, Side

TEMPLATES = {
    "macros.html": "{% macro greet(name) %}<{{ shout(name) }}{{ url_for('view') }}{% endmacro %}"
    "{% set answer = 42 %}",
    "page.html": "{% import 'macros.html' as macros with context %}{{ macros.greet(name) }}"
    "{% for n in range(3) %}{{ n }}{{ loop.last }}{% endfor %}{{ g.user }}",
}


def app_of(side: Side, view: Any) -> Any:
    """An application with these templates and one view."""
    app = side.app_class(__name__)
    app.jinja_options = {"loader": jinja2.DictLoader(TEMPLATES)}
    app.add_template_global(lambda text: f"{text}!", "shout")
    app.add_url_rule("/", "view", view(side, app))
    return app


def rendering(side: Side, app: Any) -> Any:
    def view() -> Any:
        side.g.user = "ada"
        return app.jinja_env.get_template("page.html").render(name="<you>")

    return side.function(lambda side: view())


def calling_macros(side: Side, app: Any) -> Any:
    def view() -> Any:
        greet = side.get_template_attribute("macros.html", "greet")
        return f"{greet('<you>')} {side.get_template_attribute('macros.html', 'answer')}"

    return side.function(lambda side: view())


@pytest.mark.parametrize("view", [rendering, calling_macros])
def test_templates_work_without_await(view: Any) -> None:
    """In asynchronous views templates render and give macros as they do in Flask."""
    assert COMPAT.call(app_of(COMPAT, view)).body == FLASK.call(app_of(FLASK, view)).body


def test_plain_views_render_as_before() -> None:
    """On a thread of its own a plain view can render and call macros too."""
    app = app_of(COMPAT, lambda side, app: lambda: rendered(app))

    def rendered(app: Any) -> str:
        text = app.jinja_env.from_string("{{ shout('a') }}").render()
        return f"{text} {quart.get_template_attribute('macros.html', 'answer')}"

    assert fetch(app, "/") == ["a! 42"]


def test_templates_that_wait_say_what_to_do() -> None:
    """A template that really waits cannot be rendered without `await`, and says so."""
    app = CompatQuart(__name__)
    template = app.jinja_env.from_string("{{ slow() }}")

    async def render() -> None:
        async with app.app_context():
            with pytest.raises(RuntimeError, match="render_async"):
                template.render(slow=lambda: asyncio.sleep(0))

    asyncio.run(render())


def test_errors_of_templates_are_raised() -> None:
    """What a template raises is raised where it is rendered."""
    app = CompatQuart(__name__)

    async def render() -> None:
        async with app.app_context():
            with pytest.raises(ZeroDivisionError):
                app.jinja_env.from_string("{{ 1 // 0 }}").render()

    asyncio.run(render())


def test_existing_environments_are_mended() -> None:
    """`apply` reaches an environment that was made before."""
    app = quart.Quart(__name__)
    app.jinja_options = {"loader": jinja2.DictLoader(TEMPLATES)}
    app.jinja_env.globals["shout"] = str.upper
    FlaskCompat.apply(app)

    @app.get("/")
    async def view() -> str:
        return str(quart.get_template_attribute("macros.html", "greet")("you"))

    assert fetch(app, "/") == ["<YOU/"]


def test_streams_have_the_contexts_of_the_request() -> None:
    """What a streamed template calls reads the `g`, session and request of its request."""
    app = CompatQuart(__name__)
    app.secret_key = "key"
    app.jinja_options = {"loader": jinja2.DictLoader({"t": "{{ seen() }}{{ extra }}"})}
    app.add_template_global(lambda: f"{quart.g.user} {quart.request.path} ", "seen")
    app.context_processor(lambda: {"extra": "extra", "path": "/by/processor"})

    @app.before_request
    async def load_user() -> None:
        quart.g.user = "ada"

    @app.get("/name")
    async def by_name() -> Any:
        return await stream_template(["missing", "t"])

    @app.get("/source")
    async def by_source() -> Any:
        return await stream_template_string("{{ seen() }}{{ path }}", path="own")

    assert fetch(app, "/name", "/source") == ["ada /name extra", "ada /source own"]


def test_streams_tell_signals_and_need_no_request() -> None:
    """Both signals are sent, the second at the end; an application context is enough."""
    app, told = CompatQuart(__name__), []
    before = quart.before_render_template.connected_to(
        lambda sender, **values: told.append("before"), app
    )
    after = quart.template_rendered.connected_to(
        lambda sender, **values: told.append("rendered"), app
    )

    async def render() -> None:
        async with app.app_context():
            stream = await stream_template_string("{{ 1 }}")
            async for chunk in stream:
                told.append(chunk)

    with before, after:
        asyncio.run(render())

    assert told == ["before", "1", "rendered"]
