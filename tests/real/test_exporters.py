"""Debian's exporters in front of real servers, scraped by a real Prometheus.

The names of their metrics are theirs, not ours: what is read of them has to be what is
going on at nginx, Redis and PostgreSQL.
"""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from app.domain.facts_stores import StoreFact
from app.domain.facts_traffic import TrafficFact
from app.domain.locate import locator
from app.domain.named import Names
from app.domain.reading import Reading
from app.domain.subject import NodeId
from app.domain.topology import standard
from benchmarks.engines import prometheus, running
from benchmarks.stage import free_port, wait_for
from collectors.prometheus import PrometheusAddress, PrometheusCollector, Wanted
from tests.real.postgresql_servers import Server

pytestmark = [pytest.mark.real, pytest.mark.timeout(120)]

PICTURE = standard()
NAMES = Names(PICTURE, locator(PICTURE))
NGINX = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location = /stub_status {{ stub_status; }}
    location / {{ return 200; }}
  }}
}}
"""
HELD = 3
"""Clients that are connected to each server while it is looked at."""


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  a test against a real server's clock


class Scene:
    """Servers and exporters that are there until the end, and how they are scraped."""

    def __init__(self, folder: Path, there: ExitStack) -> None:
        self._folder, self._there = folder, there
        self.jobs: list[dict[str, object]] = []

    def own(self, name: str) -> Path:
        folder = self._folder / name
        folder.mkdir()
        return folder

    def export(self, namespace: str, pod: str, *command: str) -> None:
        """Start an exporter, and have it scraped with the labels of a pod. `{place}`
        is where it has to listen."""
        place = f"127.0.0.1:{free_port()}"
        started = [word.format(place=place) for word in command]
        url = f"http://{place}"
        self._there.enter_context(running(started, self.own(pod), url, "/metrics"))
        labels = {"namespace": namespace, "pod": pod}
        scraped = {"targets": [place], "labels": labels}
        self.jobs.append({"job_name": pod, "static_configs": [scraped]})

    def nginx(self) -> None:
        port, folder = free_port(), self.own("nginx")
        config = folder / "nginx.conf"
        config.write_text(NGINX.format(folder=folder, port=port))
        command = ["/usr/sbin/nginx", "-p", str(folder), "-c", str(config)]
        url = f"http://127.0.0.1:{port}"
        self._there.enter_context(running(command, folder, url, "/stub_status"))
        for _ in range(HELD):
            self._there.enter_context(
                connected(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            )
        self.export(
            "gws",
            "gws-service-proxy-7d9f8b6c5d-x2kqz",
            "prometheus-nginx-exporter",
            "-web.listen-address={place}",
            f"-nginx.scrape-uri={url}/stub_status",
        )

    def redis(self) -> None:
        port, folder = free_port(), self.own("redis")
        options = ["--port", str(port), "--save", "", "--dir", str(folder)]
        with (folder / "log").open("wb") as log:
            command = ["redis-server", "--bind", "127.0.0.1", *options]
            child = subprocess.Popen(command, stdout=log, stderr=log)
        self._there.callback(child.wait, 10)
        self._there.callback(child.terminate)
        wait_for("Redis", lambda: listens(port), 10)
        for _ in range(HELD):
            self._there.enter_context(connected(port, b"PING\r\n"))
        self.export(
            "infra",
            "infra-redis-redis-cluster-0",
            "prometheus-redis-exporter",
            "-web.listen-address={place}",
            f"-redis.addr=redis://127.0.0.1:{port}",
        )

    def postgresql(self) -> None:
        server = self._there.enter_context(Server())
        for _ in range(HELD):
            self._there.enter_context(server.session("127.0.0.2", "gws"))
        place = f"host=127.0.0.1 port={server.port} user=admin"
        self.export(
            "infra",
            "pgdb-gws-0",
            "env",
            f"DATA_SOURCE_NAME={place} dbname=gws sslmode=disable",
            "prometheus-postgres-exporter",
            "--web.listen-address={place}",
        )


def listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def connected(port: int, ask: bytes) -> socket.socket:
    """A client that was answered once, and stays."""
    client = socket.create_connection(("127.0.0.1", port), 5)
    client.sendall(ask)
    assert client.recv(4096)
    return client


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrometheusCollector]:
    folder = tmp_path_factory.mktemp("exporters")
    with ExitStack() as there:
        scene = Scene(folder, there)
        scene.nginx()
        scene.redis()
        scene.postgresql()
        turn = {"scrape_interval": "1s", "scrape_timeout": "1s"}
        config = yaml.safe_dump({"global": turn, "scrape_configs": scene.jobs})
        url = there.enter_context(prometheus(scene.own("prometheus"), config))
        asked = PrometheusCollector(
            PrometheusAddress(url), Wanted(), lambda: NAMES, lambda reading: None, now
        )
        there.callback(asked.stop)
        yield asked


def heard(asked: PrometheusCollector, feed: str) -> Reading:
    """What one kind told, once it told anything."""
    found: list[Reading] = []

    def told() -> bool:
        found[:] = [r for r in asked.ask_once() if r.feed.name == feed and r.facts]
        return bool(found)

    wait_for(feed, told, 30)
    return found[0]


def store(reading: Reading) -> StoreFact:
    (fact,) = (fact for fact in reading.facts if isinstance(fact, StoreFact))
    return fact


def test_the_exporter_of_nginx_tells_of_the_service_proxy(
    asked: PrometheusCollector,
) -> None:
    facts = heard(asked, "nginx").facts
    (fact,) = (one for one in facts if isinstance(one, TrafficFact))
    assert fact.subject == NodeId("service-proxy")
    assert fact.active is not None and fact.active >= HELD


def test_the_exporter_of_redis_tells_how_full_it_is(asked: PrometheusCollector) -> None:
    fact = store(heard(asked, "redis-exporter"))
    assert (fact.node, fact.target) == ("redis", "infra-redis-redis-cluster-0")
    assert fact.clients is not None and fact.clients >= HELD
    assert fact.most_clients == 10_000
    assert fact.memory and not fact.state


def test_the_exporter_of_postgresql_tells_its_sessions(
    asked: PrometheusCollector,
) -> None:
    fact = store(heard(asked, "postgres-exporter"))
    assert (fact.node, fact.target) == ("postgresql", "pgdb-gws-0")
    assert fact.clients is not None and fact.clients >= HELD
    assert fact.most_clients == 100
