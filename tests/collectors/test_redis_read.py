"""INFO, CLIENT LIST and CLUSTER NODES, as several versions of Redis write them."""

from __future__ import annotations

import pytest

from app.domain.facts_stores import ClientsFact
from app.domain.subject import NodeId
from collectors.errors import SourceMisread
from collectors.redis_read import read_clients, read_info, read_members, read_store

REDIS, VOICE = NodeId("redis"), NodeId("voice")
PODS = {"10.0.0.7": VOICE, "fd00::7": VOICE}
OLD = "id=3 addr={}:6000 fd=8 name= age={} idle={} flags={} db=0 sub=0 cmd={}"
"""Redis 5."""
NEW = (
    "id=3 addr={}:6000 laddr=10.0.0.1:6379 fd=8 name=age=9 idle=0 age={} idle={} flags={} "
    "db=0 sub=0 psub=0 ssub=0 multi=-1 tot-mem=22426 events=r cmd={} user=default redir=-1 resp=2"
)
"""Redis 7, and a client that gave itself a confusing name."""


def clients(*lines: str) -> tuple[ClientsFact, ...]:
    return read_clients("\n".join(lines), REDIS, "r:6379", PODS)


@pytest.mark.parametrize("form", [OLD, NEW.replace("name=age=9 idle=0", "name=")])
def test_connections_are_summed_by_box(form: str) -> None:
    found = clients(
        form.format("10.0.0.7", 90, 0, "N", "get"),
        form.format("[fd00::7]", 30, 600, "N", "NULL"),
        form.format("10.0.0.9", 5, 5, "P", "subscribe"),
    )
    assert found == (
        ClientsFact(REDIS, "r:6379", VOICE, open=2, active=1, oldest_s=90),
        ClientsFact(REDIS, "r:6379", None, open=1, active=1, oldest_s=5),
    )


@pytest.mark.parametrize(
    ("flags", "command"),
    [
        ("S", "replconf"),
        ("M", "ping"),
        ("O", "monitor"),
        ("N", "client"),
        ("N", "client|list"),
    ],
)
def test_replicas_monitors_and_ourselves_are_no_callers(
    flags: str, command: str
) -> None:
    assert clients(OLD.format("10.0.0.7", 1, 1, flags, command)) == ()


def test_what_is_not_told_is_unknown_and_no_limit_is_none() -> None:
    fields = read_info("# Server\r\nredis_version:5.0.3\r\nmaxmemory:0\r\n")
    store = read_store(fields, REDIS, "r:6379")
    assert (store.version, store.role, store.clients) == ("5.0.3", "unknown", 0)
    assert (store.most_clients, store.memory, store.most_memory) == (None, None, None)


def test_a_cache_makes_room_by_itself() -> None:
    fields = read_info("redis_version:7.0.15\r\nmaxmemory_policy:allkeys-lru\r\n")
    assert read_store(fields, REDIS, "r:6379").evicts


def test_another_server_is_no_redis() -> None:
    with pytest.raises(SourceMisread, match="is this a Redis"):
        read_info("HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n")


def test_members_that_are_there_are_asked() -> None:
    text = """\
e1 10.0.0.1:6379@16379 master - 0 1 1 connected 0-5460
e2 10.0.0.2:6379@16379,redis-1 slave e1 0 1 1 connected
e3 :6380@16380 myself,master - 0 0 0 connected
e4 10.0.0.4:6379@16379 master,fail - 0 1 1 disconnected
e5 10.0.0.5:6379@16379 handshake - 0 1 1 connected
"""
    assert read_members(text, "h") == ("10.0.0.1:6379", "10.0.0.2:6379", "h:6380")


def test_a_table_of_another_shape_is_told() -> None:
    with pytest.raises(SourceMisread, match="not a table of nodes"):
        read_members("what?", "h")
