"""Debian's Redis over TLS: trusted by its authority, refused without it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.facts_stores import StoreFact
from app.domain.reading import Reading
from benchmarks.stage import free_port, wait_for
from collectors.redis_store import RedisAddress, RedisCollector
from tests.collectors.kubernetes_authority import Authority
from tests.collectors.scrape.conftest import Heard
from tests.collectors.tls_server import authority_in, replace

pytestmark = pytest.mark.real


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def port(
    authority: Authority, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[int]:
    """Where a redis-server speaks TLS and nothing else. With the parameter `yes` it
    wants a client certificate."""
    certificate, key = authority.issue("redis")
    (tmp_path / "redis.pem").write_bytes(certificate)
    (tmp_path / "redis.key").write_bytes(key)
    program, port = shutil.which("redis-server"), free_port()
    assert program is not None
    command = [
        program, "--port", "0", "--tls-port", str(port), "--tls-auth-clients",
        getattr(request, "param", "no"),
        "--tls-cert-file", str(tmp_path / "redis.pem"),
        "--tls-key-file", str(tmp_path / "redis.key"),
        "--tls-ca-cert-file", authority.file(), "--bind", "127.0.0.1",
        "--save", "", "--dir", str(tmp_path),
    ]  # fmt: skip
    with (tmp_path / "log").open("wb") as log:
        child = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_for(
            "Redis", lambda: b"Ready to accept" in (tmp_path / "log").read_bytes(), 10
        )
        yield port
    finally:
        child.terminate()
        child.wait(30)


def hear(url: str, ca_file: str | None, pair: tuple[str, str] | None = None) -> Reading:
    collector = RedisCollector(
        RedisAddress(url, ca_file=ca_file, client_cert=pair),
        dict,
        lambda reading: None,
        lambda: datetime(2026, 11, 24, tzinfo=UTC),
    )
    return collector.ask_once()[0]


def test_a_server_of_a_configured_authority_is_heard(
    port: int, authority: Authority
) -> None:
    reading = hear(f"rediss://127.0.0.1:{port}", authority.file())
    assert reading.trouble is None
    assert any(isinstance(fact, StoreFact) for fact in reading.facts)


def test_a_server_of_an_unknown_authority_is_refused_with_the_reason(port: int) -> None:
    reading = hear(f"rediss://127.0.0.1:{port}", None)
    assert reading.trouble is not None
    assert reading.trouble.kind == "refused"
    assert "certificate not trusted" in reading.trouble.text


def test_plain_speech_to_a_server_that_wants_tls_is_told(port: int) -> None:
    reading = hear(f"redis://127.0.0.1:{port}", None)
    assert reading.trouble is not None
    assert reading.trouble.kind == "unreachable"


@pytest.mark.parametrize("port", ["yes"], indirect=True)
def test_a_client_certificate_is_shown_where_one_is_wanted(
    port: int, authority: Authority, tmp_path: Path
) -> None:
    url, ca_file = f"rediss://127.0.0.1:{port}", authority.file()
    assert hear(url, ca_file).trouble is not None
    pair = tmp_path / "me.pem", tmp_path / "me.key"
    for file, content in zip(pair, authority.issue("me"), strict=True):
        file.write_bytes(content)
    assert hear(url, ca_file, (str(pair[0]), str(pair[1]))).trouble is None
    other = authority_in(tmp_path / "other").issue("me")
    replace(pair[1], other[1])
    trouble = hear(url, ca_file, (str(pair[0]), str(pair[1]))).trouble
    assert trouble is not None and "are not a pair" in trouble.text


def test_an_authority_that_is_replaced_is_taken_up_by_what_runs(
    port: int, authority: Authority, tmp_path: Path
) -> None:
    ca, heard = tmp_path / "trusted.pem", Heard()
    ca.write_text(authority_in(tmp_path / "other").pem)
    collector = RedisCollector(
        RedisAddress(f"rediss://127.0.0.1:{port}", ca_file=str(ca)),
        dict,
        heard,
        lambda: datetime(2026, 11, 24, tzinfo=UTC),
        interval_s=0.1,
    )
    collector.start()
    try:
        heard.until(lambda got: any("not trusted" in str(r.trouble) for r in got))
        replace(ca, authority.pem)
        heard.until(lambda got: any(reading.facts for reading in got))
    finally:
        collector.stop()
        collector.join(30)
