"""Debian's exporters as processes in front of what they export, and how a Prometheus is
told to scrape them."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import osmem_server
import yaml

from benchmarks.engines import prometheus, running
from benchmarks.stage import free_port, wait_for
from tests.real.postgresql_servers import Server

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


class Scene:
    """Servers and exporters that are there until the end, and how they are scraped."""

    def __init__(self, folder: Path, there: ExitStack) -> None:
        self._folder, self._there = folder, there
        self._jobs: list[dict[str, Any]] = []

    def scraped(self) -> str:
        """A Prometheus that scrapes, once a second, all that was begun; its address."""
        turn = {"scrape_interval": "1s", "scrape_timeout": "1s"}
        config = yaml.safe_dump({"global": turn, "scrape_configs": self._jobs})
        return self._there.enter_context(prometheus(self.own("prometheus"), config))

    def own(self, name: str) -> Path:
        folder = self._folder / name
        folder.mkdir()
        return folder

    def export(self, namespace: str, pod: str, *command: str) -> None:
        """Start an exporter, and have it scraped with the labels of a pod. `{place}`
        is where it has to listen."""
        place = self._begun(pod, *command)
        labels = {"namespace": namespace, "pod": pod}
        scraped = {"targets": [place], "labels": labels}
        self._jobs.append({"job_name": pod, "static_configs": [scraped]})

    def _begun(self, name: str, *command: str) -> str:
        """Where it listens from now on."""
        place = f"127.0.0.1:{free_port()}"
        started = [word.format(place=place) for word in command]
        folder, url = self.own(name), f"http://{place}"
        self._there.enter_context(running(started, folder, url, "/metrics"))
        return place

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

    def opensearch(self) -> str:
        """An OpenSearch in memory; its address."""
        program = Path(osmem_server.__file__).with_name("bin") / "osmem-server"
        url = f"http://127.0.0.1:{free_port()}"
        command = [str(program), "-addr", url.removeprefix("http://")]
        folder = self.own("opensearch")
        self._there.enter_context(
            running([*command, "-no-stdin-watch"], folder, url, "/_cluster/health")
        )
        return url

    def elasticsearch(self, pod: str, url: str) -> None:
        """The exporter of what answers as an Elasticsearch there."""
        self.export(
            "infra",
            pod,
            "prometheus-elasticsearch-exporter",
            "--web.listen-address={place}",
            f"--es.uri={url}",
            "--es.all",
        )

    def blackbox(self, ca_file: str, **targets: Iterable[str]) -> None:
        """A prober, and what it is asked to reach; by module, as its users set it up:
        what is reached becomes the label `instance`."""
        tls = {"tls_config": {"ca_file": ca_file}}
        modules = {
            "http_2xx": {"prober": "http", "timeout": "1s", "http": tls},
            "tcp_connect": {"prober": "tcp", "timeout": "1s"},
        }
        config = self.own("prober") / "blackbox.yml"
        config.write_text(yaml.safe_dump({"modules": modules}))
        place = self._begun(
            "blackbox",
            "prometheus-blackbox-exporter",
            "--web.listen-address={place}",
            f"--config.file={config}",
        )
        self._jobs += (_probing(place, *one) for one in targets.items())


def _probing(place: str, module: str, targets: Iterable[str]) -> dict[str, Any]:
    return {
        "job_name": f"blackbox-{module}",
        "metrics_path": "/probe",
        "params": {"module": [module]},
        "static_configs": [{"targets": list(targets)}],
        "relabel_configs": [
            {"source_labels": ["__address__"], "target_label": "__param_target"},
            {"source_labels": ["__param_target"], "target_label": "instance"},
            {"target_label": "__address__", "replacement": place},
        ],
    }


def listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def connected(port: int, ask: bytes) -> socket.socket:
    """A client that was answered once, and stays."""
    client = socket.create_connection(("127.0.0.1", port), 5)
    client.sendall(ask)
    assert client.recv(4096)
    return client
