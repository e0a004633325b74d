"""From settings to collectors, without a source that answers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.cli.wiring import collectors
from app.cli.wiring_targets import name_target, probe_target
from app.config.load import check
from app.config.models import Name, Target
from app.domain.knowledge import Knowledge

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def made(text: str, folder: Path = Path(".")):
    found = check(text, "gws.yaml", folder, {})
    (settings,), (deployment,) = found.settings.deployments, found.deployments
    return collectors(
        settings, deployment, Knowledge, lambda reading: None, lambda: NOW
    )


@pytest.mark.parametrize(
    ("section", "names"),
    [
        ("", []),
        ("consul: {url: 'http://c'}", ["consul"]),
        ("kubernetes: {in_cluster: true}", ["kubernetes", "scrape", "probe"]),
        ("kubernetes: {}, scrape: {enabled: false}", ["kubernetes", "probe"]),
        ("kubernetes: {}, probes: {enabled: false}", ["kubernetes", "scrape"]),
        ("probes: {targets: [{node: redis, url: 'tcp://r:1'}]}", ["probe"]),
        ("probes: {dns: [{node: consul, name: a.service.consul}]}", ["probe"]),
        (
            "kubernetes: {}, consul: {url: 'http://c'}",
            ["kubernetes", "consul", "scrape", "probe"],
        ),
        ("alertmanager: {url: 'http://a'}", ["alertmanager"]),
        ("prometheus: {url: 'http://p'}", ["prometheus"]),
        ("backends: {redis: {url: 'redis://r'}}", ["redis"]),
        ("backends: {postgresql: {}}", []),
        ("backends: {elasticsearch: {url: 'http://e'}}", ["elasticsearch"]),
    ],
)
def test_each_configured_source_gets_its_collector(section, names):
    made_of = made(f"deployments: [{{id: a{', ' + section if section else ''}}}]")
    assert [collector.name for collector in made_of] == names


def test_every_shared_namespace_is_watched_once():
    text = "deployments: [{id: a, kubernetes: {namespaces: {gws: x, gauth: x, voice: x, ucsx: x, nexus: x, iwd: x, infra: x}}}]"
    feeds = [feed.feed.name for feed in made(text)[0].feeds]
    assert len(feeds) == len(set(feeds)) == 8


@pytest.mark.parametrize(
    ("url", "kind", "port", "path", "tls"),
    [
        ("tcp://r:6379", "tcp", 6379, None, False),
        ("tls://r:443", "tls", 443, None, True),
        ("http://h/health", "http", 80, "/health", False),
        ("https://h", "http", 443, "/", True),
        ("https://h:8443/a?b=c", "http", 8443, "/a?b=c", True),
        ("http://[::1]:8080/", "http", 8080, "/", False),
    ],
)
def test_an_address_says_how_it_is_reached(url, kind, port, path, tls):
    target = probe_target(Target(node="redis", url=url))
    assert (target.kind, target.port, target.path, target.tls) == (
        kind,
        port,
        path,
        tls,
    )
    assert target.verify is tls
    assert target.host in ("r", "h", "::1")


def test_a_name_to_ask_for_is_called_by_who_is_asked():
    asked = Name(name="a.service.consul", node="consul")
    there = Name(name="a.service.consul", node="consul", server="10.0.0.10:8600")
    first, second = name_target(asked), name_target(there)
    assert (first.kind, first.host, first.server) == ("dns", "a.service.consul", None)
    assert first.name == "a.service.consul"
    assert second.name == "a.service.consul at 10.0.0.10:8600"
    assert second.server == "10.0.0.10:8600"


@pytest.mark.parametrize(
    ("more", "feeds"),
    [("", 5), (", kv_prefix: null", 4)],
)
def test_the_keys_of_consul_are_asked_for_unless_told_not_to(more, feeds):
    (consul,) = made(
        f"deployments: [{{id: a, consul: {{url: 'http://127.0.0.1:1'{more}}}}}]"
    )
    assert len(consul.ask_once()) == feeds


def test_a_client_certificate_reaches_consul(tmp_path):
    for name in ("cert", "key", "ca", "token"):
        (tmp_path / name).write_text("x")
    (consul,) = made(
        "deployments: [{id: a, consul: {url: 'https://c', cert_file: cert, key_file: key, ca_file: ca, token_file: token, stale: true}}]",
        tmp_path,
    )
    address = consul._address
    assert address.client_cert == (str(tmp_path / "cert"), str(tmp_path / "key"))
    assert address.ca_file == str(tmp_path / "ca")
    assert address.token_file == str(tmp_path / "token")
    assert address.stale


def test_postgresql_is_asked_with_what_its_file_says(tmp_path):
    (tmp_path / "dsn").write_text("host=127.0.0.1 port=1")
    (asked,) = made(
        "deployments: [{id: a, backends: {postgresql: {dsn_file: dsn}}}]", tmp_path
    )
    assert asked.name == "postgresql"
    (reading,) = asked.ask_once()
    assert reading.feed.name == "sessions"


def test_two_servers_of_postgresql_are_one_source_with_two_feeds(tmp_path):
    for name in ("gws", "prov"):
        (tmp_path / name).write_text(f"host=127.0.0.1 port=1 dbname={name}")
    section = "{dsn_file: gws, prov_dsn_file: prov}"
    (asked,) = made(
        f"deployments: [{{id: a, backends: {{postgresql: {section}}}}}]", tmp_path
    )
    assert asked.name == "postgresql"
    gws, prov = asked.ask_once()
    assert [one.feed.name for one in (gws, prov)] == [
        "sessions of gws",
        "sessions of prov",
    ]
    assert prov.trouble.text.startswith("PostgreSQL of prov: ")
    asked.start()
    asked.stop()
    asked.join(30)


def test_tls_reaches_the_stores_and_the_pages(tmp_path):
    for name in ("cert", "key", "ca", "dsn"):
        (tmp_path / name).write_text("x")
    pair = "cert_file: cert, key_file: key, ca_file: ca"
    backends = f"{{redis: {{url: 'rediss://r', {pair}}}, postgresql: {{dsn_file: dsn, {pair}}}}}"
    asked = made(
        "deployments: [{id: a, kubernetes: {in_cluster: true}, scrape: {server_name: pods, ca_file: ca}, "
        f"backends: {backends}}}]",
        tmp_path,
    )
    by_name = {one.name: one for one in asked}
    files = (str(tmp_path / "cert"), str(tmp_path / "key"))
    redis = by_name["redis"]._address
    assert (redis.client_cert, redis.ca_file) == (files, str(tmp_path / "ca"))
    assert by_name["postgresql"]._tls({"host": "db"}) == {
        "sslmode": "verify-full",
        "sslrootcert": str(tmp_path / "ca"),
        "sslcert": files[0],
        "sslkey": files[1],
    }
    page = by_name["scrape"]._tls
    assert (page.ca_file, page.server_name, page.verify) == (
        str(tmp_path / "ca"),
        "pods",
        True,
    )
