"""Consul's way of speaking HTTP: its token's header, its index, its leader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from collectors.consul_errors import refusal
from collectors.http_line import BODY_LIMIT, OK, Dialect, HttpAddress, HttpLine

DIALECT = Dialect("ACL token", lambda token: {"X-Consul-Token": token}, refusal)


@dataclass(frozen=True, slots=True)
class ConsulAddress(HttpAddress):
    """`stale`: any server may answer, which spares the leader of a large cluster and
    may lag behind it by milliseconds."""

    datacenter: str | None = None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    index: int | None
    knows_leader: bool
    body: bytes


class ConsulLine(HttpLine):
    """Ask from one thread; `cut` and `close` from any."""

    def __init__(
        self, address: ConsulAddress, connect_s: float, limit: int = BODY_LIMIT
    ) -> None:
        super().__init__(address, DIALECT, connect_s, limit)
        self._where = {"dc": address.datacenter} if address.datacenter else {}

    def query(
        self,
        path: str,
        params: Mapping[str, str],
        timeout_s: float,
        usable: frozenset[int] = OK,
    ) -> Answer:
        """GET `path`; raises `CollectorError` for all that is not a usable answer."""
        answer = self.ask(path, {**params, **self._where}, timeout_s, usable)
        return Answer(
            index=_number(answer.headers.get("X-Consul-Index")),
            knows_leader=answer.headers.get("X-Consul-Knownleader") != "false",
            body=answer.body,
        )


def _number(header: str | None) -> int | None:
    return int(header) if header and header.isascii() and header.isdigit() else None
