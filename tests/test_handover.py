"""The folder between a side and its server."""

from pathlib import Path

import pytest

from quart_parity import ScenarioError, StartError, TargetError
from quart_parity.errors import QuartParityError
from quart_parity.serving.handover import Control, Handover, Start
from quart_parity.serving.keys import Keys


@pytest.fixture
def handover(tmp_path: Path) -> Handover:
    return Handover(tmp_path)


def start(**config: object) -> Start:
    return Start("shop:app", "/shop", dict(config), "flask", "wsgi", ("wsgi",), "probe", "proof")


def test_nothing_is_known_before_it_is_told(handover: Handover) -> None:
    """A server that has said nothing yet is not ready, and has not failed."""
    assert not handover.is_ready()
    assert handover.read_error() is None
    assert handover.read_protocol() is None
    assert handover.read_keys() is None


def test_what_is_told_is_read(handover: Handover) -> None:
    """Both processes see the same."""
    keys = Keys("session", [b"\xff", b"key"], b"salt", "hmac", "sha1")
    control = Control("https", "shop.example", 443, "/ä", ahead=1.5)
    handover.write_start(start(SIZE=1, PAIR=(1, b"2")))
    handover.write_keys(keys)
    handover.write_protocol("asgi")
    handover.write_control(control)
    handover.write_ready()

    other = Handover(handover.folder)
    assert other.read_start() == start(SIZE=1, PAIR=(1, b"2"))
    assert other.read_keys() == keys
    assert other.read_protocol() == "asgi"
    assert other.read_control() == control
    assert other.is_ready()


@pytest.mark.parametrize("kind", [TargetError, StartError, ScenarioError])
def test_an_error_is_the_same_on_the_other_side(
    handover: Handover, kind: type[QuartParityError]
) -> None:
    """Its class decides on the exit status, its text is what the user reads."""
    handover.write_error(kind("no such shop"))
    error = handover.read_error()

    assert type(error) is kind
    assert str(error) == "no such shop"


def test_an_error_with_a_text_that_no_file_takes_is_told(handover: Handover) -> None:
    """The names of files may be no UTF-8."""
    handover.write_error(TargetError("no such folder: caf\udce9"))

    assert str(handover.read_error()) == "no such folder: caf\\udce9"


def test_an_error_of_an_unknown_class_is_a_failed_start(handover: Handover) -> None:
    """An application may raise a class of its own that derives from ours."""

    class OwnError(QuartParityError):
        pass

    handover.write_error(OwnError("odd"))

    assert type(handover.read_error()) is StartError


def test_a_server_that_is_started_again_has_said_nothing(handover: Handover) -> None:
    """What the last one said does not count for the next, but for the keys."""
    handover.write_error(StartError("x"))
    handover.write_protocol("asgi")
    handover.write_ready()
    handover.clear()

    test_nothing_is_known_before_it_is_told(handover)


def test_files_are_for_nobody_else(handover: Handover) -> None:
    """Keys are in them."""
    handover.write_start(start())
    handover.write_keys(None)
    handover.write_control(Control())

    modes = {path.name: path.stat().st_mode & 0o777 for path in handover.folder.iterdir()}

    assert modes == {"start": 0o600, "keys": 0o600, "control": 0o600}


def test_no_two_versions_of_the_control_file_look_alike(handover: Handover) -> None:
    """Its time is a number that grows, for clocks of file systems stand still for too long."""
    stamps = []
    for _ in range(3):
        handover.write_control(Control())
        stamps.append(handover.control.stat().st_mtime_ns)

    assert stamps == [1, 2, 3]


def test_a_config_that_cannot_travel_is_refused(handover: Handover) -> None:
    """The error says that it is the config that cannot be sent."""
    with pytest.raises(ScenarioError, match="a config cannot be given to a server"):
        handover.write_start(start(CALL=lambda: None))
