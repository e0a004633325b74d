"""SCRAM-SHA-256 (RFC 5802, RFC 7677), the server's side. Pure: the nonce is handed in.

Without channel binding, as a PostgreSQL without TLS offers it. Somebody who is not
known is asked just the same and refused at the end, so that nobody learns who is.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from app.simulator.stores_pgwire import broken

MECHANISM: Final = "SCRAM-SHA-256"
ROUNDS: Final = 4096
NO_BINDING: Final = ("n,", "y,")
"""What a client's first message begins with when it binds to no channel."""
MALFORMED: Final = "malformed SCRAM message"


@dataclass(frozen=True, slots=True)
class Secret:
    """What a server keeps of a password."""

    salt: bytes
    stored_key: bytes
    server_key: bytes


def secret(password: str, salt: bytes) -> Secret:
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ROUNDS)
    client_key = _hmac(salted, b"Client Key")
    return Secret(
        salt, hashlib.sha256(client_key).digest(), _hmac(salted, b"Server Key")
    )


@dataclass(frozen=True, slots=True)
class Challenge:
    """What was said so far, after which the client must prove that it knows."""

    secret: Secret
    first: str
    """The client's first message, without what it says about channels."""
    nonce: str
    binding: str

    @property
    def text(self) -> str:
        salt = base64.b64encode(self.secret.salt).decode()
        return f"r={self.nonce},s={salt},i={ROUNDS}"

    def answer(self, final: str) -> str | None:
        """The server's own proof; `None`: the password is another one."""
        unproven, found, proof_text = final.rpartition(",p=")
        if not found or unproven != f"c={self.binding},r={self.nonce}":
            raise broken(MALFORMED)
        said = f"{self.first},{self.text},{unproven}".encode()
        proof = _decoded(proof_text)
        signature = _hmac(self.secret.stored_key, said)
        client_key = bytes(a ^ b for a, b in zip(proof, signature, strict=False))
        known = hashlib.sha256(client_key).digest()
        if not hmac.compare_digest(known, self.secret.stored_key):
            return None
        return f"v={base64.b64encode(_hmac(self.secret.server_key, said)).decode()}"


def challenge(first: str, known: Secret, nonce: str) -> Challenge:
    """To the client's first message; `nonce` is the server's own part."""
    if not first.startswith(NO_BINDING):
        raise broken(MALFORMED)
    # n,<authorisation identity>,n=<user>,r=<nonce>
    flag, identity, bare = [*first.split(",", 2), ""][:3]
    fields = dict(part.partition("=")[::2] for part in bare.split(","))
    if "n" not in fields or not fields.get("r"):
        raise broken(MALFORMED)
    binding = base64.b64encode(f"{flag},{identity},".encode()).decode()
    return Challenge(known, bare, fields["r"] + nonce, binding)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as exc:
        raise broken(MALFORMED) from exc


def _hmac(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, "sha256")
