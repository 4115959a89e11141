"""How a server's application reads its session cookies, told from one process to another."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Any

from flask.json.tag import TaggedJSONSerializer
from itsdangerous import URLSafeTimedSerializer
from msgspec import Struct

from ..sessions import Sessions, no_sessions, sessions_of


class Keys(Struct, frozen=True):
    """What makes a signing serializer, without the serializer itself."""

    name: str
    """The cookie's."""
    secrets: list[bytes]
    salt: bytes
    derivation: str
    digest: str
    """As `hashlib` knows it."""


def keys_of(app: Any) -> Keys | None:
    """Of an application that signs sessions with Flask's serializer.

    None for any other, whose cookies are compared raw: server-side interfaces, formats of one's
    own, no key.
    """
    interface = getattr(app, "session_interface", None)
    signing = getattr(interface, "get_signing_serializer", None)
    serializer = signing(app) if signing else None
    if type(serializer) is not URLSafeTimedSerializer:
        return None
    if not isinstance(serializer.serializer, TaggedJSONSerializer):
        return None
    options = serializer.signer_kwargs
    salt = serializer.salt or b""
    signer = serializer.make_signer(salt)
    return Keys(
        app.config["SESSION_COOKIE_NAME"],
        list(serializer.secret_keys),
        salt,
        str(options.get("key_derivation", signer.key_derivation)),
        signer.digest_method().name,
    )


def sessions_with(keys: Keys | None) -> Sessions:
    """The sessions that `sessions_of` would give in the other process."""
    return no_sessions() if keys is None else sessions_of(_Signing(keys))


class _Signing:
    """As much of an application as `sessions_of` asks for."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self.session_interface = self
        self.config = {"SESSION_COOKIE_NAME": keys.name}

    def get_signing_serializer(self, app: object) -> URLSafeTimedSerializer:
        keys = self._keys
        return URLSafeTimedSerializer(
            keys.secrets,
            salt=keys.salt,
            serializer=TaggedJSONSerializer(),
            signer_kwargs={
                "key_derivation": keys.derivation,
                "digest_method": partial(hashlib.new, keys.digest),
            },
        )
