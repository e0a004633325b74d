"""Every source over TLS: an unknown authority is refused with the reason, and the right
one is taken up by what runs, once its file is replaced. (Consul and Kubernetes have
files of their own; Redis and PostgreSQL are real: `tests/real`.)"""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import time

import pytest

from app.domain.alerted import Directory
from app.domain.locate import locator
from app.domain.named import Names
from app.domain.reading import Reading
from app.domain.subject import NodeId
from app.domain.targets import ProbeTarget, ScrapeTarget
from app.domain.topology import standard
from app.history.base import Unreadable
from app.history.promql_talk import Engine
from app.history.push import Push
from collectors.alertmanager import AlertmanagerCollector
from collectors.elasticsearch_store import ElasticsearchAddress, ElasticsearchCollector
from collectors.http_line import HttpAddress
from collectors.probes import ProbeCollector
from collectors.prometheus import PrometheusAddress, PrometheusCollector, Wanted
from collectors.scrape import PageTls, ScrapeCollector
from tests.collectors.scrape.conftest import Heard
from tests.collectors.tls_server import authority_in, https, replace
from tests.history.story import EAST, story

NOTHING = {"status": "success", "data": {"resultType": "vector", "result": []}}
BODIES = {
    "/api/v1/query": json.dumps(NOTHING).encode(),
    "/api/v1/import/prometheus": b"{}",
    "/api/v2/silences": b"[]",
    "/api/v2/alerts": b"[]",
    "/_cluster/health": b'{"status": "green", "number_of_nodes": 1}',
    "/_nodes/stats/http,thread_pool": b'{"nodes": {}}',
    "/metrics": b"jvm_threads_deadlocked 1\n",
}
NOT_TRUSTED = "certificate not trusted"
QUICK_S = 0.05
BOX = NodeId("voice")


def clock() -> datetime:
    return datetime.fromtimestamp(time(), UTC)


@pytest.fixture
def ours(tmp_path):
    return authority_in(tmp_path / "ours")


@pytest.fixture
def other(tmp_path):
    return authority_in(tmp_path / "other")


@pytest.fixture
def ca(tmp_path, other) -> Path:
    """The file of an authority that did not sign for the server."""
    file = tmp_path / "ca.pem"
    file.write_text(other.pem)
    return file


@pytest.fixture
def port(ours):
    with https(ours.server(), BODIES) as port:
        yield port


def prometheus(port: int, ca: str | None, heard: Heard) -> PrometheusCollector:
    return PrometheusCollector(
        PrometheusAddress(f"https://127.0.0.1:{port}", ca_file=ca),
        Wanted(),
        lambda: Names(standard(), locator(standard()), {}),
        heard,
        clock,
        interval_s=QUICK_S,
    )


def alertmanager(port: int, ca: str | None, heard: Heard) -> AlertmanagerCollector:
    directory = Directory("demo", standard(), locator(standard()), {})
    address = HttpAddress(f"https://127.0.0.1:{port}", ca_file=ca)
    return AlertmanagerCollector(address, directory, heard, clock, interval_s=QUICK_S)


def elasticsearch(port: int, ca: str | None, heard: Heard) -> ElasticsearchCollector:
    address = ElasticsearchAddress(f"https://127.0.0.1:{port}", ca_file=ca)
    return ElasticsearchCollector(address, dict, heard, clock, interval_s=QUICK_S)


def scrape(port: int, ca: str | None, heard: Heard) -> ScrapeCollector:
    target = ScrapeTarget(BOX, "voice-1", "127.0.0.1", port, "/metrics", tls=True)
    return ScrapeCollector(
        lambda: (target,), heard, clock, interval_s=QUICK_S, tls=PageTls(ca)
    )


Make = Callable[[int, str | None, Heard], object]
SOURCES = [prometheus, alertmanager, elasticsearch, scrape]


def well(readings: list[Reading]) -> bool:
    return any(reading.trouble is None for reading in readings)


def refused(readings: list[Reading]) -> str | None:
    troubles = [reading.trouble for reading in readings if reading.trouble]
    return next((t.text for t in troubles if t.kind == "refused"), None)


@pytest.mark.parametrize("make", SOURCES)
def test_an_authority_that_is_replaced_is_taken_up_by_what_runs(
    make, port, ours, ca, heard
):
    collector = make(port, str(ca), heard)
    collector.start()
    try:
        text = heard.until(refused)
        assert NOT_TRUSTED in text
        assert not well(heard.readings)
        replace(ca, ours.pem)
        heard.until(well)
    finally:
        collector.stop()
        collector.join(30)


@pytest.mark.parametrize("make", SOURCES)
def test_certificates_are_looked_at_without_being_asked_to(make, port, heard):
    collector = make(port, None, heard)
    for reading in collector.ask_once():
        assert reading.trouble is not None and reading.trouble.kind == "refused"
        assert NOT_TRUSTED in reading.trouble.text
    collector.stop()


@pytest.mark.parametrize("make", SOURCES)
def test_an_authority_that_is_taken_away_is_named(make, port, ours, ca, heard):
    """Also where a connection is open that it had vouched for."""
    replace(ca, ours.pem)
    collector = make(port, str(ca), heard)
    assert well(list(collector.ask_once()))
    ca.unlink()
    for reading in collector.ask_once():
        assert f"the TLS file {ca} can't be read" in reading.trouble.text
    collector.stop()


@pytest.fixture
def heard() -> Heard:
    return Heard()


def test_a_page_may_name_what_it_is_asked_for_by(port, ours, heard):
    """A pod's certificate names a Service rather than its address."""
    target = ScrapeTarget(BOX, "voice-1", "127.0.0.1", port, "/metrics", tls=True)
    named = PageTls(ours.file(), server_name="voice.svc")
    wrong = ScrapeCollector(lambda: (target,), heard, clock, tls=named).read(target)
    assert "Hostname mismatch" in wrong.trouble.text
    trusting = PageTls(verify=False)
    skipped = ScrapeCollector(lambda: (target,), heard, clock, tls=trusting)
    assert skipped.read(target).trouble is None


def test_a_probe_tells_of_distrust_until_the_authority_is_known(port, ours, ca, heard):
    target = ProbeTarget(
        BOX, "http", "voice", "127.0.0.1", port, "/metrics", tls=True, verify=True
    )
    probe = ProbeCollector(
        lambda: (target,), heard, clock, interval_s=QUICK_S, ca_file=str(ca)
    )

    def said(readings: list[Reading]) -> list[str]:
        return [reading.facts[0].outcomes[-1].text for reading in readings]

    probe.start()
    try:
        heard.until(lambda got: any(NOT_TRUSTED in text for text in said(got)))
        replace(ca, ours.pem)
        heard.until(lambda got: any(NOT_TRUSTED not in text for text in said(got)))
    finally:
        probe.stop()
        probe.join(30)


def test_an_engine_for_the_history_is_trusted_by_its_file_of_now(port, ours, ca):
    engine = Engine(PrometheusAddress(f"https://127.0.0.1:{port}", ca_file=str(ca)))
    with pytest.raises(Unreadable, match=NOT_TRUSTED):
        engine.now("up", 1.0)
    replace(ca, ours.pem)
    assert engine.now("up", 1.0) == ()
    engine.close()


def test_what_is_pushed_waits_until_the_engine_is_trusted(port, ours, ca):
    now = [story()[0].at]
    push = Push(
        PrometheusAddress(f"https://127.0.0.1:{port}", ca_file=str(ca)), lambda: now[0]
    )
    push.note(EAST, story()[0].picture)
    push.look()
    assert NOT_TRUSTED in push.health().paused
    replace(ca, ours.pem)
    now[0] = story()[-1].at
    push.look()
    assert push.health().paused is None
    push.join(0)


def test_a_client_certificate_is_shown_as_its_file_is_now(ours, other, tmp_path):
    """One that rotates ends the connection that was made by the older one."""
    certificate, key = tmp_path / "me.pem", tmp_path / "me.key"
    pair = (str(certificate), str(key))
    for file, content in zip((certificate, key), other.issue("me"), strict=True):
        file.write_bytes(content)
    context = ours.server(wants_client=True)
    with https(context, BODIES) as port:
        address = PrometheusAddress(
            f"https://127.0.0.1:{port}", ca_file=ours.file(), client_cert=pair
        )
        engine = Engine(address)
        with pytest.raises(Unreadable, match="TLS failed|was cut"):
            engine.now("up", 1.0)
        for file, content in zip((certificate, key), ours.issue("me"), strict=True):
            replace(file, content)
        assert engine.now("up", 1.0) == ()
        engine.close()


def test_certificates_are_asked_for_by_default_everywhere():
    """Nothing of ours makes a context that trusts whom ever, but where it is said."""
    allowed = {"collectors/sockets.py"}
    root = Path(__file__).parents[2]
    marks = (
        "CERT_NONE",
        "check_hostname = False",
        "verify=False",
        "_create_unverified",
    )
    files = [*root.glob("collectors/*.py"), *root.glob("app/**/*.py")]
    found = {
        str(file.relative_to(root))
        for file in files
        if "simulator" not in file.parts
        and any(mark in file.read_text() for mark in marks)
    }
    assert found == allowed
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED
