"""What a side and the server that it started tell each other: files in a folder of their own."""

from __future__ import annotations

import os
import pickle
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec import Struct, json

from .. import errors
from ..errors import QuartParityError, ScenarioError, StartError
from ..exchange import Base
from .keys import Keys

VARIABLE = "QUART_PARITY_FOLDER"
"""The environment variable that names the folder."""
HEADER = "Quart-Parity-Probe"
"""With the probe's text it asks whether this is the server that was started."""


def utf8(text: str) -> str:
    """Text as a file takes it: undecodable bytes of a file's name are lone surrogates (PEP 383)."""
    return text.encode("utf-8", "backslashreplace").decode()


@dataclass(frozen=True, slots=True)
class Start:
    """What to serve, and how."""

    target: str
    where: str
    """The folder that targets are looked for in, and the working one."""
    config: dict[str, Any]
    server: str
    protocol: str
    """The one that the server was started for."""
    protocols: tuple[str, ...]
    """All that the server speaks."""
    probe: str
    proof: str
    """The answer to the probe."""


class Control(Struct, frozen=True):
    """What holds for the requests that follow."""

    scheme: str = "http"
    host: str = "localhost"
    port: int = 80
    root: str = ""
    """The mount point, one character a byte."""
    ahead: float = 0.0
    """Seconds by which the application's clock is ahead."""
    trial: int = 0
    """The number of the experiment with compat; 0 where none is made."""
    off: list[str] = []
    """The pieces of compat that it leaves out."""

    @classmethod
    def of(cls, base: Base, ahead: float, trial: int, off: list[str]) -> Control:
        return cls(base.scheme, base.host, base.port, base.root, ahead, trial, off)


@dataclass(slots=True)
class Handover:
    """The folder; nobody else may look into it, for it holds keys."""

    folder: Path
    _serial: int = field(default=0)

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def lock(self) -> Path:
        """Held by the side for as long as it lives."""
        return self.folder / "lock"

    @property
    def control(self) -> Path:
        return self.folder / "control"

    @property
    def notes(self) -> Path:
        return self.folder / "notes"

    def _write(self, name: str, data: bytes, stamp: int | None = None) -> None:
        """At once, so that nobody reads half of it."""
        new = self.folder / f"{name}.new"
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
        if stamp is not None:
            os.utime(new, ns=(stamp, stamp))
        new.replace(self.folder / name)

    def _read(self, name: str) -> bytes | None:
        try:
            return (self.folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def write_start(self, start: Start) -> None:
        """Raises `ScenarioError` for a config that only this process can hold."""
        try:
            data = pickle.dumps(start)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise ScenarioError(f"a config cannot be given to a server: {error}") from None
        self._write("start", data)

    def read_start(self) -> Start:
        # Written by the process that started this one, where nobody else can write.
        start: Start = pickle.loads((self.folder / "start").read_bytes())  # noqa: S301
        return start

    def write_control(self, control: Control) -> None:
        # Times of files are too coarse to tell two versions apart; so they are numbered.
        self._serial += 1
        self._write("control", json.encode(control), self._serial)

    def read_control(self) -> Control:
        return json.decode(self.control.read_bytes(), type=Control)

    def write_keys(self, keys: Keys | None) -> None:
        self._write("keys", json.encode(keys))

    def read_keys(self) -> Keys | None:
        data = self._read("keys")
        return None if data is None else json.decode(data, type=Keys | None)

    def write_ready(self) -> None:
        """The application is made; what is left is the server's."""
        self._write("ready", b"")

    def is_ready(self) -> bool:
        return (self.folder / "ready").exists()

    def write_protocol(self, protocol: str) -> None:
        """The application speaks another one than the server was started for."""
        self._write("protocol", protocol.encode())

    def read_protocol(self) -> str | None:
        data = self._read("protocol")
        return None if data is None else data.decode()

    def clear(self) -> None:
        """Forget what a server has said that is started once more."""
        for name in ("ready", "protocol", "error", "log"):
            (self.folder / name).unlink(missing_ok=True)

    def write_error(self, error: QuartParityError) -> None:
        self._write("error", json.encode([type(error).__name__, utf8(str(error))]))

    def read_error(self) -> QuartParityError | None:
        """What the application could not be made for, as it would be raised here."""
        data = self._read("error")
        if data is None:
            return None
        name, text = json.decode(data, type=tuple[str, str])
        kind = getattr(errors, name, StartError)
        return kind(text) if issubclass(kind, QuartParityError) else StartError(text)
