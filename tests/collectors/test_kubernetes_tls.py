"""TLS with the API server: heard, cut off, and named when it is not trusted."""

import socket
import subprocess
import sys
import threading
from contextlib import suppress

import pytest

from collectors.kubernetes_access import by_kubeconfig
from tests.collectors.kubernetes_authority import Authority, authority
from tests.collectors.kubernetes_kubeconfig import kubeconfig
from tests.collectors.kubernetes_server import ApiServer, listed, pod, streamed
from tests.collectors.kubernetes_watcher import Heard, collector, names, plain, watching
from tests.collectors.tls_server import replace

__all__ = ["authority"]


@pytest.fixture
def secure(authority):
    one = ApiServer(tls=authority.server())
    yield one
    one.close()


def test_changes_are_heard_through_tls(secure, authority):
    secure.on("list pods", listed("pods", pod("a")))
    secure.on(
        "watch pods",
        streamed(("ADDED", pod("b", "110")), end="cut"),
        streamed(("ADDED", pod("c", "111"))),
    )
    with watching(plain(secure.url, ssl_ca_cert=authority.file())) as heard:
        heard.wait("pods/gws", lambda r: names(r) == ["c"])
    assert secure.count("list pods") == 1


@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(lambda a: a.server("127.0.0.2"), "IP address mismatch", id="host"),
        pytest.param(lambda a: a.server(days=-1), "certificate has expired", id="old"),
    ],
)
def test_a_certificate_that_is_not_right_is_named(authority, make, words):
    wrong = ApiServer(tls=make(authority))
    with watching(plain(wrong.url, ssl_ca_cert=authority.file())) as heard:
        text = heard.trouble(kind="refused")
    wrong.close()
    assert f"the certificate of {wrong.url} is not trusted" in text
    assert words in text


def test_an_authority_we_do_not_know_is_named(secure, tmp_path):
    other = Authority(tmp_path)
    with watching(plain(secure.url, ssl_ca_cert=other.file())) as heard:
        text = heard.trouble(kind="refused")
    assert f"the certificate of {secure.url} is not trusted: " in text


def test_a_server_without_tls_is_named(authority):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"

        def answer_in_plain_text():
            with suppress(OSError):  # until the listener is shut
                while True:
                    sock, _ = listener.accept()
                    with sock:
                        sock.recv(2**16)
                        sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer_in_plain_text)
        thread.start()
        one = collector(plain(url, ssl_ca_cert=authority.file()), Heard())
        text = one.ask_once()[0].trouble.text
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(30)
    assert f"{url} does not speak TLS" in text


def test_a_server_that_wants_our_certificate_is_named(authority):
    strict = ApiServer(tls=authority.server(wants_client=True))
    with watching(plain(strict.url, ssl_ca_cert=authority.file())) as heard:
        text = heard.trouble()
    strict.close()
    assert "handshake failure" in text


def test_a_ca_file_that_is_missing_is_named(secure):
    with watching(plain(secure.url, ssl_ca_cert="/no/such/ca.pem")) as heard:
        assert "no TLS with" in heard.trouble(kind="refused")


TRUSTED = """
import sys
from app.domain.locate import locator
from app.domain.topology import standard
from collectors.kubernetes import KubernetesCollector
from collectors.kubernetes_access import by_kubeconfig
from datetime import UTC, datetime

place = locator(standard())
clock = lambda: datetime.fromtimestamp(0, UTC)
one = KubernetesCollector(by_kubeconfig(sys.argv[1]), place, ["gws"], print, clock)
print([fact.name for reading in one.ask_once() for fact in reading.facts])
"""


def test_without_an_authority_of_its_own_the_systems_are_trusted(
    secure, authority, tmp_path
):
    secure.on("list pods", listed("pods", pod("a")))
    said = subprocess.run(
        [sys.executable, "-c", TRUSTED, kubeconfig(tmp_path / "config", secure.url)],
        env={"SSL_CERT_FILE": authority.file(), "PYTHONPATH": "."},
        capture_output=True,
        check=True,
        timeout=30,
    )
    assert said.stdout == b"['a']\n"


def test_an_authority_that_is_replaced_is_read_again(secure, authority, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    current = [Authority(other).file()]
    secure.on("list pods", listed("pods", pod("a")))

    def connect():
        client = plain(secure.url, ssl_ca_cert=current[0])()
        current[0] = authority.file()
        return client

    with watching(connect) as heard:
        heard.wait("pods/gws", lambda r: names(r) == ["a"])


def test_files_that_a_kubeconfig_names_are_taken_up_when_they_are_replaced(
    authority, tmp_path
):
    """The authority that the server is trusted by, and the certificate we show it."""
    (tmp_path / "other").mkdir()
    other = Authority(tmp_path / "other")
    ca, me, key = (tmp_path / name for name in ("ca.pem", "me.pem", "me.key"))
    ca.write_text(other.pem)
    for file, content in zip((me, key), other.issue("me"), strict=True):
        file.write_bytes(content)
    strict = ApiServer(tls=authority.server(wants_client=True))
    strict.on("list pods", listed("pods", pod("a")))
    config = kubeconfig(
        tmp_path / "config",
        strict.url,
        user={"client-certificate": str(me), "client-key": str(key)},
        cluster={"certificate-authority": str(ca)},
    )
    with watching(by_kubeconfig(config)) as heard:
        assert "is not trusted" in heard.trouble(kind="refused")
        replace(ca, authority.pem)
        heard.wait("pods/gws", lambda r: r.trouble and "is not trusted" not in str(r))
        certificate, private = authority.issue("me")
        replace(me, certificate)
        replace(key, private)
        heard.wait("pods/gws", lambda r: names(r) == ["a"])
    strict.close()
