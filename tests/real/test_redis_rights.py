"""The users of the documentation may do what the dashboard does, and nothing else."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
import redis

from app.bus.base import NoAnswer
from app.bus.redis_errands import Answering, Errands
from app.bus.redis_follow import load
from app.bus.redis_lease import Lease
from app.bus.redis_line import BusAddress, connect, told
from app.bus.redis_publish import Publisher
from benchmarks.stage import free_port, wait_for
from tests.bus.contract import picture
from tests.bus.through_redis import Reader, now
from tests.real.redis_servers import RedisServer

pytestmark = pytest.mark.real
DOC = Path(__file__).parents[2] / "docs" / "replicas.md"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with RedisServer(tmp_path) as one:
        lines = [x for x in DOC.read_text().splitlines() if x.startswith("ACL SETUSER")]
        assert len(lines) == 2
        with one.client() as admin:
            for line in lines:
                admin.execute_command(*line.replace("PASSWORD", "secret").split())
            admin.execute_command("ACL", "SETUSER", "default", "off")
        yield one


def user(server: RedisServer, name: str, folder: Path) -> BusAddress:
    file = folder / "password"
    file.write_text("secret\n")
    return BusAddress(server.url, name, file)


def test_the_documented_users_may_do_all_that_is_done(server, tmp_path):
    collects = user(server, "gws-collect", tmp_path)
    serves = user(server, "gws-web", tmp_path)
    client = connect(collects)
    lease = Lease(client)
    lease.stand_by(0.05)
    assert lease.take() == 0
    publisher = Publisher(collects, connect(collects), lease.fence)
    publisher.start()
    reader = Reader(
        server.url, "demo", user="gws-web", password_file=serves.password_file
    )
    for version in (1, 2, 3):
        publisher.publish(picture(version), None if version == 1 else picture(version))
    reader.wait(lambda one: one["version"] == 3)
    assert lease.renew(orjson.dumps({"at": now().isoformat(), "ids": publisher.ids()}))
    wait_for("it is seen", lambda: reader.follower.lookout.up, 30)
    assert load(client, "demo").picture["version"] == 3
    answering = Answering(connect(collects), lease.fence, lambda asked: asked + b"!")
    answering.start()
    wait_for("it answers", lambda: answers(Errands(serves)), 30)
    for one in (answering, publisher):
        one.stop()
        one.join(10)
    lease.release()
    reader.close()
    client.close()


def answers(errands: Errands) -> bool:
    try:
        return asyncio.run(errands.ask(b"hello")) == b"hello!"
    except NoAnswer as exc:
        assert "NOPERM" not in str(exc), exc
        return False


def test_who_serves_may_not_paint(server, tmp_path):
    with connect(user(server, "gws-web", tmp_path)) as client:
        for command in (
            ("HSET", "gws-observatory:picture:demo", "id", "1-1"),
            ("XADD", "gws-observatory:news:demo", "*", "a", "b"),
            ("SET", "gws-observatory:leader", "1"),
            ("GET", "others"),
            ("FLUSHALL",),
        ):
            with pytest.raises(redis.ResponseError, match="permission"):
                client.execute_command(*command)


def test_what_is_wrong_is_told_without_a_secret(server, tmp_path):
    address = user(server, "gws-web", tmp_path)
    (tmp_path / "password").write_text("wrong-secret")
    with connect(address) as client, pytest.raises(redis.RedisError) as refused:
        client.ping()
    said = told(address, refused.value)
    assert "the password is refused" in said
    assert "wrong-secret" not in said
    with (
        connect(BusAddress(server.url)) as client,
        pytest.raises(redis.RedisError) as e,
    ):
        client.ping()
    assert "bus_password_file" in told(BusAddress(server.url), e.value)


def test_tls_is_verified(tmp_path):
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=redis",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)],
        check=True, capture_output=True,
    )  # fmt: skip
    with RedisServer(tmp_path) as server, server.client() as admin:
        admin.config_set("tls-cert-file", str(cert))
        admin.config_set("tls-key-file", str(key))
        admin.config_set("tls-ca-cert-file", str(cert))
        admin.config_set("tls-auth-clients", "no")
        port = free_port()
        admin.config_set("tls-port", port)
        url = f"rediss://127.0.0.1:{port}"
        with connect(BusAddress(url, ca_file=cert)) as client:
            assert client.ping()
        with (
            connect(BusAddress(url)) as client,
            pytest.raises(redis.ConnectionError) as e,
        ):
            client.ping()
        assert isinstance(e.value.__cause__, ssl.SSLError) or "certificate" in str(
            e.value
        )
