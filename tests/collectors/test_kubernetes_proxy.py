"""A proxy between us and the API server."""

import json
import subprocess
import sys

import pytest

from collectors.kubernetes_access import by_kubeconfig
from tests.collectors.kubernetes_kubeconfig import kubeconfig
from tests.collectors.kubernetes_server import server
from tests.collectors.kubernetes_watcher import watching

__all__ = ["server"]

PROXIED = """
import json, sys
from collectors.kubernetes_access import by_kubeconfig
client = by_kubeconfig(sys.argv[1])()
print(json.dumps(client.configuration.proxy))
"""


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("http://k8s.example:6443", "http://proxy.example:3128"),
        ("http://127.0.0.1:6443", None),
        ("http://localhost:6443", None),
    ],
)
def test_a_proxy_of_the_environment_is_used_but_not_for_our_own_machine(
    tmp_path, url, proxy
):
    path = kubeconfig(tmp_path / "config", url)
    said = subprocess.run(
        [sys.executable, "-c", PROXIED, str(path)],
        env={"http_proxy": "http://proxy.example:3128", "PYTHONPATH": "."},
        capture_output=True,
        check=True,
        timeout=30,
    )
    assert json.loads(said.stdout) == proxy


def test_a_proxy_of_the_kubeconfig_is_used_even_for_our_own_machine(server, tmp_path):
    cluster = {"proxy-url": server.url}
    path = kubeconfig(tmp_path / "config", "http://127.0.0.1:9", cluster=cluster)
    with watching(by_kubeconfig(path)) as heard:
        heard.wait("pods/gws", lambda r: r.complete)


def test_a_dead_proxy_is_told_without_its_password(tmp_path):
    cluster = {"proxy-url": "http://user:secret@127.0.0.1:9"}
    path = kubeconfig(tmp_path / "config", "http://k8s.example", cluster=cluster)
    with watching(by_kubeconfig(path)) as heard:
        text = heard.trouble(kind="unreachable")
    assert "proxy" in text
    assert "secret" not in text
