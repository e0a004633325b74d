"""What `doctor` concludes from one round of asking."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest

from app.cli.diagnosis import diagnose
from app.cli.doctor import lines
from app.cli.main import World, main
from app.domain.evaluate import Deployment, Memory, evaluate
from app.domain.facts import CheckFact, KeysFact, Port, ServiceFact
from app.domain.facts_settings import OfferFact, SettingFact
from app.domain.facts_stores import UnreadFact
from app.domain.facts_traffic import UndrawnFact
from app.domain.knowledge import Knowledge, learn
from app.domain.limits import DEFAULT
from app.domain.reading import Feed, Reading, Trouble
from app.domain.subject import NodeId
from app.domain.topology import standard

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
CHECKS = Feed("consul", "checks", 30, continuous=True)


def report(*readings: Reading, sources=("kubernetes", "consul", "scrape")):
    knowledge = Knowledge()
    for reading in readings:
        knowledge = learn(knowledge, reading)
    deployment = Deployment("demo", standard(), DEFAULT, sources)
    snapshot = evaluate(deployment, knowledge, Memory(), NOW).snapshot
    return diagnose(deployment, "Demo", snapshot, knowledge)


def heard() -> Reading:
    return Reading(
        CHECKS, NOW, (CheckFact(NodeId("redis"), "redis", "i", "n", "c", "passing"),)
    )


def refused() -> Reading:
    feed = Feed("kubernetes", "pods/gws", 60, continuous=True)
    return Reading(
        feed, NOW, trouble=Trouble("refused", "403: may not list pods in gws")
    )


def of(found, number: int):
    return next(c for c in found.connections if c.number == number)


def test_what_may_not_be_read_of_an_agent_is_noted():
    feed = Feed("consul", "agent", 30)
    fact = UnreadFact(
        NodeId("consul"), "what it counts", "the token lacks agent_prefix"
    )
    assert report(Reading(feed, NOW, (fact,))).notes == (
        "what it counts is unknown: the token lacks agent_prefix",
    )


def test_who_speaks_and_who_does_not_is_told_for_each_connection():
    found = report(heard(), refused())
    assert [c.number for c in found.connections] == list(range(1, 32))
    redis = of(found, 12)
    assert redis.speaking == ("consul",)
    silent = ["kubernetes", "traffic", "probe", "backend"]
    assert [s.witness for s in redis.silent] == silent
    assert "backend" not in [s.witness for s in of(found, 17).silent], "no store there"
    assert redis.covered
    assert not of(found, 9).covered
    assert not found.covered


def test_each_silence_has_its_own_reason_and_remedy():
    kubernetes, traffic, probe, store = of(report(heard(), refused()), 12).silent
    assert store.enable == "add backends: {redis: ...}"
    assert kubernetes.why == "403: may not list pods in gws"
    assert traffic.why == "says nothing about redis"
    assert "scrape.rules" in traffic.enable
    assert probe.why == "not configured"
    assert "probes.targets" in probe.enable


def test_a_name_that_was_not_found_can_be_given():
    consul = next(s for s in of(report(heard()), 9).silent if s.witness == "consul")
    assert consul.enable == "name its service in topology.nodes.postgresql.consul"


def test_advice_is_given_once_and_for_what_is_installed():
    text = list(lines(report(heard(), refused())))
    assert len(text) == len(set(text))
    assert any("consul" in line and "ok" in line for line in text)
    assert any("NO WITNESS" in line for line in text)


def test_nothing_that_answers_is_exit_code_1_with_every_connection_told(lonely):
    out = io.StringIO()
    code = main(
        ["doctor", "--config", str(lonely)], World({}, lambda: NOW, out, io.StringIO())
    )
    assert code == 1
    text = out.getvalue()
    assert "connection refused" in text
    assert text.count("NO WITNESS") == 31


def test_the_same_for_programs(lonely):
    out = io.StringIO()
    code = main(
        ["doctor", "--json", "--config", str(lonely)],
        World({}, lambda: NOW, out, io.StringIO()),
    )
    told = json.loads(out.getvalue())
    assert code == 1
    assert told["covered"] is False
    (deployment,) = told["deployments"]
    parts = {"id", "name", "covered", "sources", "connections", "notes"}
    assert parts == set(deployment)
    assert deployment["connections"][16]["silent"][0] == {
        "witness": "kubernetes",
        "why": "not configured",
        "enable": "add kubernetes: (kubeconfig, or in_cluster: true)",
    }


def test_with_alertmanager_the_rules_that_can_not_fire_are_named(lonely):
    lonely.write_text(
        "deployments: [{id: a, alertmanager: {url: 'http://127.0.0.1:1'}}]"
    )
    out = io.StringIO()
    code = main(
        ["doctor", "--config", str(lonely)], World({}, lambda: NOW, out, io.StringIO())
    )
    assert code == 1
    notes = [line for line in out.getvalue().splitlines() if line.startswith("note: ")]
    assert len(notes) == 2
    assert "total_count_of_errors_in_PSDK_connections asks for the label" in notes[0]


def test_a_call_that_is_not_drawn_is_told_with_who_saw_it():
    undrawn = UndrawnFact(NodeId("setting"), NodeId("voice"), "istio")
    found = report(
        heard(), Reading(Feed("prometheus", "istio", 45), NOW, (undrawn, undrawn))
    )
    assert found.notes == (
        "Istio sees calls from GWS Setting Service to GWS Voice Service, which the "
        "picture does not have",
    )


def test_traffic_may_come_from_a_prometheus_alone():
    found = report(heard(), sources=("consul", "prometheus"))
    silence = next(s for s in of(found, 17).silent if s.witness == "traffic")
    assert silence.why == "says nothing about voicemail"


def set_to(node: str, variable: str, value: str) -> Reading:
    feed = Feed("kubernetes", "deployments/gws", 60, continuous=True)
    blue = SettingFact(NodeId(node), "gws", f"{node}-blue", variable, value)
    green = SettingFact(NodeId(node), "gws", f"{node}-green", variable, value)
    return Reading(feed, NOW, (blue, green))


@pytest.mark.parametrize(
    ("node", "variable", "value", "notes"),
    [
        pytest.param(
            "service-proxy",
            "GWS_NGINX_CONSUL_ENABLED",
            "off",
            (
                "row 3: Service proxy is set to find services by DNS "
                "(GWS_NGINX_CONSUL_ENABLED=off), not through Consul",
            ),
            id="by-dns",
        ),
        pytest.param(
            "service-proxy", "GWS_NGINX_CONSUL_ENABLED", "on", (), id="by-consul"
        ),
        pytest.param(
            "provisioning",
            "GWS_SERVICE_CONF_URL",
            "http://gws-service-proxy.gws:80",
            (
                "row 21: GWS Provisioning Service reaches GWS Configuration Service through "
                "Service proxy (GWS_SERVICE_CONF_URL=http://gws-service-proxy.gws:80)",
            ),
            id="through-the-proxy",
        ),
        pytest.param(
            "provisioning",
            "GWS_SERVICE_CONF_URL",
            "http://gws-platform-configuration-blue-srv.gws",
            (),
            id="as-drawn",
        ),
        pytest.param(
            "provisioning",
            "GWS_SERVICE_VOICEMAIL_URL",
            "http://voice-voicemail-service.voice.svc:8081",
            (
                "GWS Provisioning Service is set to call Voicemail "
                "(GWS_SERVICE_VOICEMAIL_URL=http://voice-voicemail-service.voice.svc:8081)"
                ", and no row says so",
            ),
            id="not-drawn",
        ),
    ],
)
def test_what_is_set_otherwise_than_drawn_is_told_once(node, variable, value, notes):
    assert report(heard(), set_to(node, variable, value)).notes == notes


def test_keys_that_may_not_be_read_are_told_with_the_rule_to_grant():
    keys = Reading(Feed("consul", "keys", 15), NOW, (KeysFact("settings/", None),))
    assert report(heard(), keys).notes == (
        "whether Consul's keys under settings/ are there is unknown: the token lacks "
        'key_prefix "settings/" { policy = "read" }',
    )
    there = Reading(Feed("consul", "keys", 15), NOW, (KeysFact("settings/", 4),))
    assert report(heard(), there).notes == ()


def served(node: str, name: str, port: int) -> ServiceFact:
    return ServiceFact(NodeId(node), name, "infra", name, None, (Port(None, port),))


def test_a_store_that_kubernetes_tells_of_can_be_copied_into_the_configuration():
    feed = Feed("kubernetes", "services/infra", 60, continuous=True)
    facts = (
        served("redis", "infra-redis-redis-cluster", 6379),
        served("redis", "infra-redis-metrics", 9121),
        served("postgresql", "pgdb-gws", 5432),
        served("elasticsearch", "gws-elastic-es-http", 9200),
    )
    found = report(Reading(feed, NOW, facts), sources=("kubernetes", "elasticsearch"))
    assert found.notes == (
        "Redis is served at infra-redis-redis-cluster.infra:6379: for its own view of "
        'who is connected add backends: {redis: {url: "redis://infra-redis-redis-cluster.infra:6379"}}',
        "PostgreSQL is served at pgdb-gws.infra:5432: for its own view of who is "
        "connected add backends: {postgresql: {dsn_file: ...}} with the host and port "
        "pgdb-gws.infra:5432 in that file",
    )


def test_who_measures_and_alerts_in_a_watched_namespace_can_be_asked():
    feed = Feed("kubernetes", "services/infra", 60, continuous=True)
    facts = (
        OfferFact("prometheus", "infra", "prometheus-server", 80),
        OfferFact("alertmanager", "infra", "prometheus-alertmanager", 9093),
    )
    reading = Reading(feed, NOW, facts)
    asked = report(reading, sources=("kubernetes", "alertmanager"))
    assert asked.notes[:1] == (
        "a Prometheus is served at prometheus-server.infra:80: to ask it add "
        'prometheus: {url: "http://prometheus-server.infra:80"}',
    )
    assert not any("an Alertmanager" in note for note in asked.notes)
    assert "an Alertmanager is served at prometheus-alertmanager.infra:9093" in "".join(
        report(reading, sources=("kubernetes",)).notes
    )
