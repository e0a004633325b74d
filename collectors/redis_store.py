"""Redis about itself: how full it is, and who is connected.

The configured address is asked what it is. A single server speaks for itself; a member
of a cluster names the others, a sentinel its masters and their replicas, and each of
those is asked in turn. Three read-only commands are used, and one more for each form:
INFO and CLIENT LIST; CLUSTER NODES; SENTINEL MASTERS and SENTINEL REPLICAS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.connection import Connection, SSLConnection
from redis.retry import Retry

from app.domain.facts import Fact
from app.domain.reading import Feed, Reading, Trouble
from app.domain.subject import NodeId
from collectors.base import Clock, Owners, Report
from collectors.errors import CollectorError, SourceMisread, SourceRefused, shaped
from collectors.http_errors import quoted, told
from collectors.redis_read import read_clients, read_info, read_members, read_store
from collectors.rounds import Asked, InRounds, Rounds
from collectors.secrets import SecretFile
from collectors.trust import Trust, system_authorities

CONNECT_S: Final = 3.0
ANSWER_S: Final = 5.0
PORT: Final = 6379
REDIS: Final = NodeId("redis")
ALONE: Final = "standalone"


@dataclass(frozen=True, slots=True)
class RedisAddress:
    """`url`: redis://host[:port], or rediss:// for TLS."""

    url: str
    user: str | None = None
    password_file: str | None = None
    ca_file: str | None = None
    client_cert: tuple[str, str] | None = None
    """The files of the certificate and of its key."""

    @property
    def place(self) -> str:
        parts = urlsplit(self.url)
        host = parts.hostname or "localhost"
        shown = f"[{host}]" if ":" in host else host
        return f"{shown}:{parts.port or PORT}"

    @property
    def tls(self) -> bool:
        return urlsplit(self.url).scheme == "rediss"


@dataclass(frozen=True, slots=True)
class _Server:
    """`entrance`: the configured address, which may be a name for any of several."""

    place: str
    entrance: bool = False


class RedisCollector(InRounds):
    name: Final = "redis"

    def __init__(
        self,
        address: RedisAddress,
        owners: Owners,
        report: Report,
        clock: Clock,
        *,
        interval_s: float = 15.0,
    ) -> None:
        """`owners`: whose pod has an address, as known now."""
        self._address = address
        self._owners = owners
        self._clock = clock
        self._interval_s = interval_s
        self._password = SecretFile(address.password_file, "password")
        self._trust = Trust(address.ca_file, address.client_cert)
        self._entrance = _Server(address.place, entrance=True)
        self._members: tuple[_Server, ...] = ()
        self._rounds = Rounds(
            targets=lambda: (self._entrance, *self._members),
            feed=self._feed,
            ask=lambda server: Asked(self._ask(server)),
            retired=lambda server: None,
            report=report,
            clock=clock,
            interval_s=interval_s,
        )

    def ask_once(self) -> tuple[Reading, ...]:
        first = self._ask(self._entrance)
        return (first, *(self._ask(server) for server in self._members))

    def _feed(self, server: _Server) -> Feed:
        name = "entrance" if server.entrance else server.place
        return Feed(self.name, name, max_age_s=3 * self._interval_s)

    def _ask(self, server: _Server) -> Reading:
        feed = self._feed(server)
        try:
            return Reading(feed, self._clock(), self._heard(server))
        except CollectorError as exc:
            trouble = Trouble(exc.kind, f"Redis at {server.place}: {exc}")
            return Reading(feed, self._clock(), trouble=trouble)

    def _heard(self, server: _Server) -> tuple[Fact, ...]:
        password = self._password.read()
        if self._address.tls:
            self._trust.context()  # says which file is at fault; the library does not
        try:
            with _Talk(self._address, server.place, password) as talk:
                return self._facts(talk, server)
        except (redis.RedisError, OSError) as exc:
            raise _trouble(exc, password) from exc

    def _facts(self, talk: _Talk, server: _Server) -> tuple[Fact, ...]:
        """Of a cluster or a sentinel, the entrance only tells who belongs to it."""
        fields = read_info(talk.text("INFO"))
        mode = fields.get("redis_mode", ALONE)
        if server.entrance:
            places = dict.fromkeys(_members(talk, mode, server.place))
            self._members = tuple(_Server(place) for place in places)
            if mode != ALONE:
                return ()
        listed = talk.text("CLIENT", "LIST")
        clients = read_clients(listed, REDIS, server.place, self._owners())
        return (read_store(fields, REDIS, server.place), *clients)


@shaped("the list of members")
def _members(talk: _Talk, mode: str, place: str) -> tuple[str, ...]:
    if mode == "cluster":
        host = place.rpartition(":")[0]
        return read_members(talk.text("CLUSTER", "NODES"), host)
    if mode == "sentinel":
        masters = talk.rows("SENTINEL", "MASTERS")
        names = [row.get("name", "") for row in masters]
        replicas = [row for n in names for row in talk.rows("SENTINEL", "REPLICAS", n)]
        return tuple(f"{row['ip']}:{row['port']}" for row in (*masters, *replicas))
    return ()


class _Talk:
    """One signed-in connection. The library's client would parse every row of a list of
    ten thousand into a dict; its connection hands over the text."""

    def __init__(self, address: RedisAddress, place: str, password: str) -> None:
        host, _, port = place.rpartition(":")
        common: dict[str, Any] = {
            "host": host.strip("[]"),
            "port": int(port),
            "username": address.user,
            "password": password or None,
            "socket_timeout": ANSWER_S,
            "socket_connect_timeout": CONNECT_S,
            "retry": Retry(NoBackoff(), 0),
            "driver_info": None,
            "protocol": 2,
        }
        kind: Any = SSLConnection if address.tls else Connection
        # The library's connections carry no types.
        self._connection: Any = kind(**common, **_tls(address))

    def __enter__(self) -> _Talk:
        self._connection.connect()
        return self

    def __exit__(self, *exc: object) -> None:
        self._connection.disconnect()

    def text(self, *command: str) -> str:
        answer = self._answer(*command)
        if not isinstance(answer, bytes):
            raise SourceMisread(f"{' '.join(command)} is not answered by a text")
        return answer.decode(errors="replace")

    def rows(self, *command: str) -> list[dict[str, str]]:
        """Tables of Sentinel: lists of names and values in turn."""
        answer = self._answer(*command)
        if not isinstance(answer, list):
            raise SourceMisread(f"{' '.join(command)} is not answered by a list")
        return [_row(row) for row in answer]

    def _answer(self, *command: str) -> Any:
        self._connection.send_command(*command)
        return self._connection.read_response()


def _tls(address: RedisAddress) -> dict[str, Any]:
    """The library reads the files at each connection, and checks the name."""
    if not address.tls:
        return {}
    certificate, key = address.client_cert or (None, None)
    return {
        "ssl_ca_certs": address.ca_file or system_authorities(),
        "ssl_certfile": certificate,
        "ssl_keyfile": key,
    }


def _row(row: list[bytes]) -> dict[str, str]:
    words = [word.decode(errors="replace") for word in row]
    return dict(zip(words[::2], words[1::2], strict=False))


def _trouble(exc: Exception, password: str) -> CollectorError:
    said = quoted(str(exc).encode(), password)
    if isinstance(exc, redis.AuthenticationError):
        return SourceRefused(f"the sign-in is refused: {said}")
    if isinstance(exc, redis.exceptions.NoPermissionError):
        return SourceRefused(f"the user lacks a right: {said}")
    if isinstance(exc, redis.ResponseError):
        return SourceRefused(f"refused: {said}")
    return told(exc, ANSWER_S)
