"""One client's conversation with a simulated PostgreSQL: bytes in, bytes out.

The beginning, the sign-in by SCRAM, then questions (`stores_postgresql_asking`). TLS is
declined; who is not let in is told why in the words of the real one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from app.simulator import stores_pgwire as wire
from app.simulator.stores_pgwire import Fields, Message, Messages, Refused, broken
from app.simulator.stores_postgresql import PostgresqlServer, Session
from app.simulator.stores_postgresql_asking import Asking
from app.simulator.stores_postgresql_commands import (
    REPORTED,
    Asker,
    settable,
    setting,
)
from app.simulator.stores_scram import MECHANISM, Challenge, challenge

SASL, SASL_MORE, SASL_END, SIGNED_IN = 10, 11, 12, 0
NO_TLS: Final = b"N"
HELLO_ONLY: Final = ("user", "database", "options", "replication")
"""What is said at the beginning and is no setting."""
SLOTS_TAKEN: Final = (
    "remaining connection slots are reserved for non-replication superuser connections"
)


class Talk:
    def __init__(self, server: PostgresqlServer, address: str, nonce: str) -> None:
        self.ended = False
        self._server = server
        self._address = address
        self._nonce = nonce
        self._messages = Messages()
        self._turn: Callable[[Message], bytes] = self._begin
        self._hello: dict[str, str] = {}
        self._challenge: Challenge
        self._session: Session | None = None
        self._asking: Asking

    def hear(self, data: bytes) -> bytes:
        """What is answered; nothing more is once it has `ended`."""
        said = b""
        try:
            for message in self._messages.feed(data):
                said += self._turn(message)
                if self.ended:
                    break
        except Refused as exc:
            said += self._refuse(exc)
        return said

    def leave(self) -> None:
        """The connection is gone."""
        if self._session is not None:
            self._server.end(self._session)

    def _begin(self, message: Message) -> bytes:
        fields = Fields(message.body)
        version = fields.int32()
        if version in (wire.SSL_REQUEST, wire.GSS_REQUEST):
            return self._decline()
        if version == wire.CANCEL_REQUEST:
            self.ended = True
            return b""
        major, minor = divmod(version, 1 << 16)
        if major != wire.MAJOR:
            said = f"unsupported frontend protocol {major}.{minor}: server supports 3.0"
            raise Refused("0A000", said, fatal=True)
        self._hello = fields.pairs()
        if not self._hello.get("user"):
            said = "no PostgreSQL user name specified in startup packet"
            raise Refused("28000", said, fatal=True)
        self._messages.begun, self._turn = True, self._sign_in
        unknown = [name for name in self._hello if name.startswith("_pq_.")]
        older = wire.negotiated(unknown) if minor or unknown else b""
        offered = f"{MECHANISM}\0\0".encode()
        return older + wire.authentication(SASL, offered)

    def _decline(self) -> bytes:
        """What follows unasked may be somebody else's, before an encryption begins."""
        if not self._messages.more:
            return NO_TLS
        said = "received unencrypted data after SSL request"
        return NO_TLS + self._refuse(broken(said))

    def _refuse(self, refused: Refused) -> bytes:
        self.ended = True
        return wire.error(refused)

    def _sign_in(self, message: Message) -> bytes:
        fields = _expected(message)
        if fields.text() != MECHANISM:
            raise broken("client selected an invalid SASL authentication mechanism")
        role = self._hello["user"]
        known = self._server.secret_of(role) or self._server.mock_secret(role)
        first = (fields.value() or b"").decode(errors="replace")
        self._challenge = challenge(first, known, self._nonce)
        self._turn = self._prove
        return wire.authentication(SASL_MORE, self._challenge.text.encode())

    def _prove(self, message: Message) -> bytes:
        final = _expected(message).left.decode(errors="replace")
        proof = self._challenge.answer(final)
        if proof is None:
            said = f'password authentication failed for user "{self._hello["user"]}"'
            raise Refused("28P01", said, fatal=True)
        return wire.authentication(SASL_END, proof.encode()) + self._enter()

    def _enter(self) -> bytes:
        if self._server.full():
            raise Refused("53300", SLOTS_TAKEN, fatal=True)
        role = self._hello["user"]
        database = self._hello.get("database") or role
        if not self._server.has(database):
            said = f'database "{database}" does not exist'
            raise Refused("3D000", said, fatal=True)
        session = self._server.begin(self._address, database, self._own_settings())
        self._session, self._asking = session, Asking(Asker(self._server, session))
        self._turn = self._ask
        told = b"".join(
            wire.parameter(name, setting(self._server, session, name))
            for name in REPORTED
        )
        return (
            wire.authentication(SIGNED_IN)
            + told
            + wire.key(session.pid, hash(self._nonce) & 0x7FFFFFFF)
            + wire.ready(session.status)
        )

    def _own_settings(self) -> dict[str, str]:
        given = {
            name: value
            for name, value in self._hello.items()
            if name not in HELLO_ONLY and not name.startswith("_pq_.")
        }
        try:
            own = {settable(name): value for name, value in given.items()}
        except Refused as exc:
            raise Refused(exc.code, str(exc), fatal=True) from exc
        return own | {"session_authorization": self._hello["user"]}

    def _ask(self, message: Message) -> bytes:
        if message.tag == b"X":
            self.ended = True
            return b""
        return self._asking.hear(message)


def _expected(message: Message) -> Fields:
    if message.tag != b"p":
        raise broken(f"expected SASL response, got message type {message.tag[0]}")
    return Fields(message.body)
