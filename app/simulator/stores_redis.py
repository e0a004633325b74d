"""A simulated member of a Redis 6.2 cluster, as far as a watcher asks it.

It answers PING, AUTH, HELLO, CLIENT, INFO and CLUSTER NODES in the shapes of the real
one; it holds no keys. Every member is a master, and none asks for a password.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, cast

from app.simulator.stores_redis_texts import Client, clients, info, nodes
from app.simulator.stores_resp import (
    Broken,
    Commands,
    bulk,
    error,
    integer,
    simple,
    table,
    verbatim,
)
from app.simulator.stores_state import Stores
from app.simulator.world import Pod

NO_PASSWORD: Final = (
    "ERR AUTH <password> called without any password configured for the default user. "
    "Are you sure your configuration is correct?"
)
WRONG_PASSWORD: Final = "WRONGPASS invalid username-password pair or user is disabled."
PROTOCOLS: Final = ("2", "3")


@dataclass(eq=False)
class _Session:
    """One connection to a member."""

    id: int
    address: str
    opened: datetime
    last: datetime
    name: str = ""
    command: str = "NULL"
    protocol: int = 2

    def row(self, now: datetime) -> Client:
        age = int((now - self.opened).total_seconds())
        idle = int((now - self.last).total_seconds())
        return Client(self.id, self.address, age, idle, self.name, self.command)


@dataclass(eq=False)
class RedisMember:
    """One pod of the cluster, and who has really connected to it."""

    pod: Pod
    stores: Stores
    sessions: dict[int, _Session] = field(default_factory=dict)
    _accepted: int = 2

    def begin(self, address: str) -> _Session:
        self._accepted += 1
        now = self.stores.now()
        session = _Session(self._accepted, address, now, now)
        self.sessions[session.id] = session
        return session

    def everybody(self) -> list[Client]:
        """The simulated callers, then the real ones, with numbers of their own."""
        now = self.stores.now()
        linked = [
            Client(
                link.id, f"{link.host}:{link.port}", link.age_s(now), link.idle_s(now)
            )
            for link in self.stores.links_to(self.pod)
        ]
        return linked + [session.row(now) for session in self.sessions.values()]


class Redis(asyncio.Protocol):
    """One connection to a member."""

    def __init__(self, member: RedisMember) -> None:
        self._member = member
        self._commands = Commands()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        host, port = transport.get_extra_info("peername")
        self._session = self._member.begin(f"{host}:{port}")

    def connection_lost(self, exc: Exception | None) -> None:
        self._member.sessions.pop(self._session.id, None)

    def data_received(self, data: bytes) -> None:
        try:
            for words in self._commands.feed(data):
                self._transport.write(self._answer(words))
                if words[0].upper() == "QUIT":
                    self._transport.close()
        except Broken as exc:
            self._transport.write(error(f"ERR Protocol error: {exc}"))
            self._transport.close()

    def _answer(self, words: list[str]) -> bytes:
        name, *given = words
        self._session.last = self._member.stores.now()
        self._session.command = name.lower()
        answer = ANSWERS.get(name.upper())
        if answer is None:
            said = "".join(f"`{word}`, " for word in given)
            text = f"ERR unknown command `{name}`, with args beginning with: {said}"
            return error(text)
        return answer(self._member, self._session, given)


Answer = Callable[[RedisMember, _Session, list[str]], bytes]


def _ping(member: RedisMember, session: _Session, given: list[str]) -> bytes:
    return bulk(given[0]) if given else simple("PONG")


def _quit(member: RedisMember, session: _Session, given: list[str]) -> bytes:
    return simple("OK")


def _auth(member: RedisMember, session: _Session, given: list[str]) -> bytes:
    """The default user has no password; there is no other user."""
    if len(given) == 2:
        return simple("OK") if given[0] == "default" else error(WRONG_PASSWORD)
    return error(NO_PASSWORD if given else _arguments("auth"))


def _hello(member: RedisMember, session: _Session, given: list[str]) -> bytes:
    if given and given[0] not in PROTOCOLS:
        return error("NOPROTO unsupported protocol version")
    session.protocol = int(given[0]) if given else session.protocol
    named = [word.upper() for word in given]
    if "SETNAME" in named[:-1]:
        session.name = given[named.index("SETNAME") + 1]
    told = [
        ("server", bulk("redis")),
        ("version", bulk(member.pod.version)),
        ("proto", integer(session.protocol)),
        ("id", integer(session.id)),
        ("mode", bulk("cluster")),
        ("role", bulk("master")),
        ("modules", b"*0\r\n"),
    ]
    return table(told, session.protocol)


def _info(member: RedisMember, session: _Session, given: list[str]) -> bytes:
    vitals = member.stores.vitals(member.pod, len(member.sessions))
    text = info(member.pod, vitals, [section.lower() for section in given])
    return verbatim(text, session.protocol)


def _client(member: RedisMember, session: _Session, given: list[str]) -> bytes:
    match [word.upper() for word in given[:1]]:
        case ["LIST"]:
            rows = clients(member.everybody(), member.pod)
            return verbatim(rows, session.protocol)
        case ["SETNAME"] if len(given) == 2:
            session.name = given[1]
            return simple("OK")
        case ["GETNAME"]:
            return bulk(session.name)
        case ["ID"]:
            return integer(session.id)
    return error(_unknown("client", given))


def _cluster(member: RedisMember, session: _Session, given: list[str]) -> bytes:
    if [word.upper() for word in given] == ["NODES"]:
        text = nodes(member.stores.servers("redis"), member.pod)
        return verbatim(text, session.protocol)
    return error(_unknown("cluster", given))


def _select(member: RedisMember, session: _Session, given: list[str]) -> bytes:
    if given == ["0"]:
        return simple("OK")
    return error("ERR SELECT is not allowed in cluster mode")


def _unknown(command: str, given: list[str]) -> str:
    """As 6.2 says it; 7 has other words."""
    if not given:
        return _arguments(command)
    return (
        f"ERR Unknown subcommand or wrong number of arguments for '{given[0]}'. "
        f"Try {command.upper()} HELP."
    )


def _arguments(command: str) -> str:
    return f"ERR wrong number of arguments for '{command}' command"


ANSWERS: Final[dict[str, Answer]] = {
    "PING": _ping,
    "QUIT": _quit,
    "AUTH": _auth,
    "HELLO": _hello,
    "INFO": _info,
    "CLIENT": _client,
    "CLUSTER": _cluster,
    "SELECT": _select,
}
