"""How we sign in: kubeconfig, service account, exec plugin, certificates, proxies."""

import base64
import sys

import pytest

from collectors.kubernetes_access import by_kubeconfig, in_cluster
from tests.collectors.kubernetes_authority import authority
from tests.collectors.kubernetes_kubeconfig import kubeconfig
from tests.collectors.kubernetes_server import (
    ApiServer,
    listed,
    pod,
    refused,
    server,
)
from tests.collectors.kubernetes_watcher import names, watching

__all__ = ["authority", "server"]

UNAUTHORIZED = refused(401, "Unauthorized", "Unauthorized")


def demanding(token, *scripts):
    """Answers only those who bring this token."""
    scripts = list(scripts)

    def script(exchange):
        scheme, _, sent = exchange.asked.headers.get("authorization", "").partition(" ")
        if (scheme.lower(), sent) != ("bearer", token[0]):
            return UNAUTHORIZED(exchange)
        return (scripts.pop(0) if len(scripts) > 1 else scripts[0])(exchange)

    return script


def test_the_kubeconfig_names_server_and_token(server, tmp_path):
    path = kubeconfig(tmp_path / "config", server.url, {"token": "t0k3n"})
    server.on("list pods", demanding(["t0k3n"], listed("pods", pod("a"))))
    with watching(by_kubeconfig(path)) as heard:
        heard.wait("pods/gws", lambda r: names(r) == ["a"])
    assert server.wait_for("list pods").headers["user-agent"] == "gws-observatory"


def test_the_context_is_chosen_by_configuration(server, tmp_path):
    path = kubeconfig(tmp_path / "config", server.url)
    with watching(by_kubeconfig(path, "other")) as heard:
        assert "http://127.0.0.1:9 refuses the connection" in heard.trouble()
    with watching(by_kubeconfig(path, "missing")) as heard:
        assert "missing" in heard.trouble(kind="refused")


def test_a_token_file_that_rotates_is_read_again(server, tmp_path):
    token = ["first"]
    file = tmp_path / "token"
    file.write_text("first\n")
    path = kubeconfig(tmp_path / "config", server.url, {"tokenFile": str(file)})

    def rotate(exchange):
        file.write_text("second\n")
        token[0] = "second"
        exchange.open_stream()
        exchange.cut()

    server.on("list pods", demanding(token, listed("pods", pod("a"))))
    server.on("watch pods", demanding(token, rotate, lambda e: e.hang()))
    with watching(by_kubeconfig(path)) as heard:
        heard.wait("pods/gws", lambda r: names(r) == ["a"])
        server.wait_for("watch pods", 3)
    sent = [a.headers["authorization"] for a in server.asked if a.name == "watch pods"]
    assert sent[:3] == ["Bearer first", "Bearer first", "Bearer second"]
    assert not [r.trouble for r in heard.of("pods/gws") if r.trouble]


def test_a_credential_that_stays_refused_is_named_and_not_shown(server, tmp_path):
    path = kubeconfig(tmp_path / "config", server.url, {"token": "t0k3n"})
    server.on("list pods", UNAUTHORIZED)
    with watching(by_kubeconfig(path)) as heard:
        text = heard.trouble(kind="refused")
    assert text == (
        "not allowed to list pods in namespace gws: the credential for"
        f" {server.url} is not accepted (401): Unauthorized"
    )


def test_no_credential_at_all_is_told_apart(server, tmp_path):
    server.on("list pods", UNAUTHORIZED)
    with watching(by_kubeconfig(kubeconfig(tmp_path / "c", server.url))) as heard:
        assert f"the credential for {server.url} is missing (401)" in heard.trouble()


def exec_user(tmp_path, script):
    plugin = tmp_path / "plugin.py"
    plugin.write_text(script)
    version = "client.authentication.k8s.io/v1"
    command = {"apiVersion": version, "command": sys.executable, "args": [str(plugin)]}
    return {"exec": command | {"interactiveMode": "Never"}}


def test_an_exec_plugin_is_asked_and_asked_again_when_its_token_ends(server, tmp_path):
    token = ["first"]
    (tmp_path / "current").write_text("first")
    user = exec_user(
        tmp_path,
        "import json, pathlib\n"
        f"token = pathlib.Path({str(tmp_path / 'current')!r}).read_text()\n"
        "print(json.dumps({'apiVersion': 'client.authentication.k8s.io/v1',"
        " 'kind': 'ExecCredential', 'status': {'token': token}}))\n",
    )

    def expire(exchange):
        (tmp_path / "current").write_text("second")
        token[0] = "second"
        exchange.open_stream()
        exchange.cut()

    server.on("list pods", demanding(token, listed("pods", pod("a"))))
    server.on("watch pods", demanding(token, expire, lambda e: e.hang()))
    path = kubeconfig(tmp_path / "config", server.url, user)
    with watching(by_kubeconfig(path)) as heard:
        heard.wait("pods/gws", lambda r: names(r) == ["a"])
        server.wait_for("watch pods", 3)
    assert not [r.trouble for r in heard.of("pods/gws") if r.trouble]


def test_an_exec_plugin_that_fails_leaves_us_without_a_credential(server, tmp_path):
    server.on("list pods", UNAUTHORIZED)
    user = exec_user(tmp_path, "raise SystemExit(1)")
    path = kubeconfig(tmp_path / "config", server.url, user)
    with watching(by_kubeconfig(path)) as heard:
        assert "is missing (401)" in heard.trouble(kind="refused")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("token: [secret\n", "not well formed"),
        ("just text secret", "no access to Kubernetes"),
        ("users: 5\nclusters: secret", "no access to Kubernetes"),
        ("", "no access to Kubernetes"),
        (None, "no access to Kubernetes"),
    ],
)
def test_a_kubeconfig_that_cannot_be_read_is_told_without_its_content(
    tmp_path, content, words
):
    path = tmp_path / "config"
    if content is not None:
        path.write_text(content)
    with watching(by_kubeconfig(path)) as heard:
        text = heard.trouble(kind="refused")
    assert words in text
    assert "secret" not in text


def test_a_token_that_no_header_can_hold_is_told_and_not_shown(server, tmp_path):
    user = {"token": "se\ncret"}
    with watching(by_kubeconfig(kubeconfig(tmp_path / "c", server.url, user))) as heard:
        text = heard.trouble(kind="refused")
    assert "a character no header may hold" in text
    assert "cret" not in text.replace("credential", "")


def account(tmp_path, ca, token):
    (tmp_path / "ca.crt").write_text(ca)
    (tmp_path / "token").write_text(token)
    return tmp_path


@pytest.fixture
def cluster(authority, tmp_path):
    """An API server as a pod sees it: TLS, and a service account's files."""
    server = ApiServer(tls=authority.server())
    host, port = server.url.removeprefix("https://").split(":")
    environ = {"KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": port}
    yield server, account(tmp_path, authority.pem, "first"), environ
    server.close()


def test_in_a_cluster_the_service_account_is_used_and_its_token_read_again(cluster):
    server, place, environ = cluster
    token = ["first"]

    def rotate(exchange):
        (place / "token").write_text("second\n")
        token[0] = "second"
        exchange.open_stream()
        exchange.cut()

    server.on("list pods", demanding(token, listed("pods", pod("a"))))
    server.on("watch pods", demanding(token, rotate, lambda e: e.hang()))
    with watching(in_cluster(place, environ)) as heard:
        heard.wait("pods/gws", lambda r: names(r) == ["a"])
        server.wait_for("watch pods", 3)
    assert not [r.trouble for r in heard.of("pods/gws") if r.trouble]


@pytest.mark.parametrize("missing", ["token", "ca.crt"])
def test_in_a_cluster_a_missing_file_is_named(authority, tmp_path, missing):
    place = account(tmp_path, authority.pem, "first")
    (place / missing).unlink()
    environ = {"KUBERNETES_SERVICE_HOST": "::1", "KUBERNETES_SERVICE_PORT": "9"}
    with watching(in_cluster(place, environ)) as heard:
        assert "file does not exist" in heard.trouble(kind="refused")


def test_outside_a_cluster_the_service_account_is_told_to_be_missing(tmp_path):
    with watching(in_cluster(tmp_path, {})) as heard:
        assert "Service host/port is not set" in heard.trouble(kind="refused")


def test_a_client_certificate_within_the_kubeconfig_signs_us_in(authority, tmp_path):
    server = ApiServer(tls=authority.server(wants_client=True))
    certificate, key = authority.issue("viewer")
    user = {
        "client-certificate-data": base64.b64encode(certificate).decode(),
        "client-key-data": base64.b64encode(key).decode(),
    }
    authority_data = base64.b64encode(authority.pem.encode()).decode()
    cluster = {"certificate-authority-data": authority_data}
    path = kubeconfig(tmp_path / "config", server.url, user, cluster)
    server.on("list pods", listed("pods", pod("a")))
    try:
        with watching(by_kubeconfig(path)) as heard:
            heard.wait("pods/gws", lambda r: names(r) == ["a"])
    finally:
        server.close()
