"""Which servers there are, and what keeps one from being chosen."""

import importlib.util
from typing import Any

import pytest

from quart_parity import UsageError
from quart_parity.serving.servers import SERVERS, find_server


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_is_found_by_its_name(name: str) -> None:
    """Every server of the list can be chosen, and is then the one that was asked for."""
    assert find_server(name).name == name


def test_an_unknown_server_is_refused() -> None:
    """The error lists those that there are."""
    with pytest.raises(UsageError) as refused:
        find_server("daphne")

    assert str(refused.value) == (
        "there is no server 'daphne': choose among"
        " flask, gunicorn, waitress, hypercorn, uvicorn, granian"
    )


def test_a_missing_server_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says which extra brings it."""
    find_spec: Any = importlib.util.find_spec
    monkeypatch.setattr(
        "quart_parity.serving.servers.find_spec",
        lambda name: None if name == "gunicorn" else find_spec(name),
    )

    with pytest.raises(UsageError) as refused:
        find_server("gunicorn")

    assert str(refused.value) == ("gunicorn is not installed: pip install 'quart-parity[gunicorn]'")
    assert find_server("waitress").name == "waitress"


@pytest.mark.parametrize("name", ["flask", "gunicorn", "waitress", "uvicorn"])
def test_a_server_without_http2_is_refused_for_it(name: str) -> None:
    """The error names those that speak it."""
    with pytest.raises(UsageError) as refused:
        find_server(name, http2=True)

    assert str(refused.value) == f"{name} speaks no HTTP/2: choose hypercorn or granian"


@pytest.mark.parametrize("name", ["hypercorn", "granian"])
def test_a_server_with_http2_is_found_for_it(name: str) -> None:
    """Two of them speak HTTP/2."""
    assert find_server(name, http2=True).http2


@pytest.mark.parametrize("server", SERVERS.values(), ids=SERVERS)
def test_a_command_line_names_address_and_application(server: Any) -> None:
    """For each protocol that it speaks, a server is told where to listen and what to serve."""
    for protocol in server.protocols:
        line = " ".join(server.command(protocol, "127.0.0.9", 4321, False))

        assert "127.0.0.9" in line
        assert "4321" in line
        assert "quart_parity.serving.served:app" in line
