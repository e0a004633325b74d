"""What a browser carries for us, signed, so that it can't be made or changed by it.

Several keys may be valid: the first of the file signs, and each is believed. A new key
is put on top, and the old one goes when what it signed is over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from itsdangerous import BadData, URLSafeSerializer

from app.domain import credentials
from app.web.access.read_anew import ReadAnew

SIGNED_BY: Final = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
Keys = Callable[[], tuple[str, ...]]


class Seal:
    """`what`, below, is what a text is for: one that was signed as a session is none
    as anything else."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def sealed(self, what: str, value: Mapping[str, Any]) -> str:
        signed = self._signer(what).dumps(dict(value))
        return signed if isinstance(signed, str) else signed.decode()

    def opened(self, what: str, text: str) -> dict[str, Any] | None:
        """`None` for what none of the keys has signed."""
        try:
            found = self._signer(what).loads(text)
        except BadData:
            return None
        return found if isinstance(found, dict) else None

    def _signer(self, what: str) -> URLSafeSerializer:
        oldest_first = [*reversed(self._keys())]
        salt = f"gws-observatory.{what}"
        return URLSafeSerializer(oldest_first, salt=salt, signer_kwargs=SIGNED_BY)


def keys_in(file: Path) -> Keys:
    """Those of the file as it is now; as it was, while it is none."""
    return ReadAnew(file, credentials.keys).now
