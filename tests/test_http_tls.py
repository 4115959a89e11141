"""HTTP over TLS, and over Unix sockets."""

import socket
import ssl
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from quart_parity.addresses import Address
from quart_parity.drivers.http import HTTPDriver
from quart_parity.errors import StartError, UsageError
from tests.hostile import CERTIFICATES, PATIENCE, Peer, answer_to, answering, asking, serving

HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def test_a_server_with_a_certificate_of_the_authority_is_spoken_to() -> None:
    """Two requests go over one connection in TLS."""
    with serving(answering(HELLO, HELLO), tls="server") as (driver, server):
        driver.reach()
        exchanges = [driver.send(asking()) for _ in range(2)]

    assert [exchange.broken for exchange in exchanges] == [None, None]
    assert exchanges[0].response is not None
    assert exchanges[0].response.body == b"hello"
    assert server.connections == 1


def test_a_large_body_comes_through_tls() -> None:
    """What TLS holds decrypted already is read without waiting for the socket."""
    size = 10_000_000

    def script(peer: Peer) -> None:
        peer.head()
        body = peer.body(size)
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + body)

    body = b"0123456789" * (size // 10)
    request = asking("POST", headers=(("Content-Length", str(size)),), chunks=(body,))
    with serving(script, tls="server") as (driver, _):
        exchange = driver.send(request)

    assert exchange.broken is None
    assert exchange.response is not None
    assert exchange.response.body == body


IP = "IP address mismatch, certificate is not valid for '127.0.0.1'"


@pytest.mark.parametrize(
    ("certificate", "reason"), [("expired", "certificate has expired"), ("elsewhere", IP)]
)
def test_a_certificate_that_does_not_fit_is_not_accepted(certificate: str, reason: str) -> None:
    """What is wrong with it is told, by each exchange and by reaching."""
    with serving(answering(HELLO), tls=certificate) as (driver, _):
        exchange = driver.send(asking())
        with pytest.raises(StartError, match=reason):
            driver.reach()

    assert exchange.broken == f"its certificate is not accepted: {reason}"
    assert exchange.response is None


@pytest.mark.parametrize("authority", ["stranger.pem", None])
def test_an_unknown_authority_is_not_accepted(authority: str | None) -> None:
    """A certificate that another authority signed, or none of the system's, is refused."""
    ca_file = CERTIFICATES / authority if authority else None
    with serving(answering(HELLO), tls="server") as (_, server):
        driver = HTTPDriver(server.address, PATIENCE, ca_file)
        exchange = driver.send(asking())

    expected = "its certificate is not accepted: unable to get local issuer certificate"
    assert exchange.broken == expected


def test_a_server_without_tls_is_told() -> None:
    """An https target that speaks plain HTTP is said to do so."""

    def script(peer: Peer) -> None:
        peer.socket.recv(65536)
        peer.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    with serving(script) as (_, server):
        driver = HTTPDriver(replace(server.address, scheme="https"), PATIENCE)
        exchange = driver.send(asking())

    assert exchange.broken == "it does not speak TLS"


def test_a_server_with_tls_is_told() -> None:
    """An http target that speaks TLS is said to do so."""
    alert = b"\x15\x03\x01\x00\x02\x02\x46"
    exchange = answer_to(answering(alert))

    assert exchange.broken == "it speaks TLS, so its address begins with https"


def test_an_end_in_the_handshake_is_told() -> None:
    """A server that takes the connection and leaves gives no answer."""
    with serving(lambda peer: peer.socket.recv(1)) as (_, server):
        driver = HTTPDriver(replace(server.address, scheme="https"), PATIENCE)
        exchange = driver.send(asking())

    assert exchange.broken == "the connection was closed in the TLS handshake"


@pytest.mark.parametrize(
    ("version", "broken"),
    [
        (ssl.TLSVersion.TLSv1_2, "the TLS handshake failed: "),
        (ssl.TLSVersion.TLSv1_3, "the TLS connection failed: tlsv13 alert certificate required"),
    ],
)
def test_a_server_that_asks_for_a_certificate_is_told(version: ssl.TLSVersion, broken: str) -> None:
    """What OpenSSL calls the failure is in the sentence, whenever it comes."""
    with serving(answering(HELLO), tls="server") as (driver, server):
        assert server.context is not None
        server.context.maximum_version = version
        server.context.verify_mode = ssl.CERT_REQUIRED
        exchange = driver.send(asking())

    assert (exchange.broken or "").startswith(broken)
    assert exchange.response is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "No such file or directory"), ("nothing", "it holds no certificate")],
)
def test_a_ca_file_that_cannot_be_read_is_named(
    tmp_path: Path, content: str | None, reason: str
) -> None:
    """A missing or empty CA file is an error before anything is sent."""
    file = tmp_path / "authority.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(UsageError) as error:
        HTTPDriver(Address("https", "localhost", 443), PATIENCE, file)

    assert str(error.value) == f"CA file {str(file)!r} cannot be read: {reason}"


@pytest.mark.parametrize("tls", ["", "server"])
def test_a_unix_socket_is_a_place_as_any_other(tls: str) -> None:
    """Requests go over a Unix socket, with TLS for the name localhost."""
    with (
        TemporaryDirectory(prefix="qp") as folder,
        serving(answering(HELLO, HELLO), tls=tls, path=f"{folder}/s") as (driver, server),
    ):
        driver.reach()
        exchanges = [driver.send(asking()) for _ in range(2)]

    assert [exchange.broken for exchange in exchanges] == [None, None]
    assert server.connections == 1


def test_a_missing_unix_socket_is_told(tmp_path: Path) -> None:
    """A path at which there is no socket is said to be the reason."""
    driver = HTTPDriver(Address("http", "", 0, str(tmp_path / "none")), PATIENCE)

    assert driver.send(asking()).broken == "the connection failed: no such file or directory"


def test_a_unix_socket_with_a_long_path_is_told() -> None:
    """What the system cannot connect to breaks the exchange, and raises nothing."""
    driver = HTTPDriver(Address("http", "", 0, "/" + "x" * 500), PATIENCE)

    assert driver.send(asking()).broken == "the connection failed: af_unix path too long"


def test_a_unix_socket_that_nobody_listens_at_is_told() -> None:
    """A socket that its server left behind refuses."""
    with TemporaryDirectory(prefix="qp") as folder, socket.socket(socket.AF_UNIX) as left:
        left.bind(f"{folder}/s")
        driver = HTTPDriver(Address("http", "", 0, f"{folder}/s"), PATIENCE)
        exchange = driver.send(asking())

    assert exchange.broken == "the connection was refused"
