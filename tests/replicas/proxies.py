"""HAProxy and nginx of Debian, with the configurations of `deploy/proxy` as they are."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import requests

from benchmarks.stage import free_port, wait_for

DEPLOY = Path(__file__).parents[2] / "deploy" / "proxy"
NGINX = """\
worker_processes 1;
daemon off;
pid nginx.pid;
error_log stderr warn;
events {{ worker_connections 2048; }}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxied;
    fastcgi_temp_path f;
    uwsgi_temp_path u;
    scgi_temp_path s;
    include {site};
}}
"""


def certificate(folder: Path) -> tuple[Path, Path]:
    """For localhost; made for the test."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
         "/CN=localhost", "-keyout", str(key), "-out", str(cert)],
        check=True, capture_output=True,
    )  # fmt: skip
    return cert, key


def place(url: str) -> str:
    return urlsplit(url).netloc


@contextmanager
def nginx(folder: Path, replicas: Sequence[str]) -> Iterator[str]:
    folder.mkdir()
    port = free_port()
    cert, key = certificate(folder)
    site = folder / "gws-observatory.conf"
    site.write_text((DEPLOY / "nginx" / "gws-observatory.conf").read_text())
    servers = [f"server {place(u)} max_fails=0;" for u in replicas]
    beside = {
        "replicas": "\n".join(servers),
        "listen": f"listen 127.0.0.1:{port} ssl http2; server_name localhost;",
        "certificate": f"ssl_certificate {cert}; ssl_certificate_key {key};",
    }
    for name, text in beside.items():
        (folder / f"gws-observatory-{name}.conf").write_text(text)
    (folder / "nginx.conf").write_text(NGINX.format(site=site))
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with _running(command, folder, {}, port) as url:
        yield url


@contextmanager
def haproxy(folder: Path, replicas: Sequence[str]) -> Iterator[str]:
    folder.mkdir()
    port = free_port()
    cert, key = certificate(folder)
    both = folder / "both.pem"
    both.write_text(cert.read_text() + key.read_text())
    environ = {"GWS_LISTEN": f"127.0.0.1:{port}", "GWS_CERTIFICATE": str(both)}
    of_three = [replicas[number % len(replicas)] for number in range(3)]
    for number, url in enumerate(of_three, 1):
        environ[f"GWS_WEB_{number}"] = place(url)
    config = DEPLOY / "haproxy" / "haproxy.cfg"
    with _running(["haproxy", "-f", str(config)], folder, environ, port) as url:
        yield url


@contextmanager
def _running(
    command: list[str], folder: Path, environ: dict[str, str], port: int
) -> Iterator[str]:
    url = f"https://127.0.0.1:{port}"
    env = {"PATH": "/usr/sbin:/usr/bin:/bin"} | environ
    with (folder / "log").open("wb") as log:
        child = subprocess.Popen(command, stdout=log, stderr=log, env=env)
    try:
        wait_for(command[0], lambda: _answers(url, child, folder), 30)
        yield url
    finally:
        child.terminate()
        child.wait(30)


def _answers(url: str, child: subprocess.Popen[bytes], folder: Path) -> bool:
    assert child.poll() is None, (folder / "log").read_text()
    try:
        return requests.get(f"{url}/readyz", timeout=5, verify=False).ok  # noqa: S501
    except requests.RequestException:
        return False
