"""Who is scraped and who is probed, from what Kubernetes said."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.facts import EndpointsFact, HttpTarget, PodFact, Port
from app.domain.knowledge import Knowledge, learn
from app.domain.reading import Feed, Reading
from app.domain.subject import NodeId
from app.domain.targets import (
    HELLOS,
    ProbeTarget,
    ScrapeRule,
    probe_targets,
    scrape_targets,
    spread,
)
from app.domain.topology import standard

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
TOPOLOGY = standard()
SCRAPE = HttpTarget(48051, "/prometheus")
HEALTH = HttpTarget(48051, "/health")


def pod(name="gws-app-workspace-blue-1", node="workspace", **more):
    ours = {
        "workload": TOPOLOGY.box(NodeId(node)).workloads[0].names[0],
        "namespace": "gws",
        "phase": "Running",
        "ready": True,
        "restarts": 0,
        "terminating": False,
        "ip": "10.0.0.1",
        "host": "worker-1",
    }
    return PodFact(node=NodeId(node), name=name, **(ours | more))


def knowing(*facts):
    feed = Feed("kubernetes", "pods/gws", 60, continuous=True)
    return learn(Knowledge(), Reading(feed, NOW, facts))


def scraped(*facts, **more):
    return scrape_targets(TOPOLOGY, knowing(*facts), **more)


def probed(*facts, **more):
    return probe_targets(TOPOLOGY, knowing(*facts), **more)


def names(targets):
    return [target.name for target in targets]


def test_an_annotated_pod_is_scraped_where_its_annotation_says():
    (target,) = scraped(pod(scrape=SCRAPE))
    assert target.name == "gws-app-workspace-blue-1:48051"
    assert (target.node, target.host, target.port, target.path) == (
        "workspace", "10.0.0.1", 48051, "/prometheus",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "count"),
    [
        pytest.param({"ready": False}, 1, id="not-ready"),
        pytest.param({"ip": None}, 0, id="no-address"),
        pytest.param({"terminating": True}, 0, id="terminating"),
        pytest.param({"phase": "Failed"}, 0, id="ended"),
        pytest.param({"scrape": None}, 0, id="nothing-to-scrape"),
    ],
)
def test_a_pod_is_scraped_while_it_can_answer(more, count):
    assert len(scraped(replace(pod(scrape=SCRAPE), **more))) == count


def test_a_rule_finds_the_page_of_a_pod_that_declares_the_port():
    iwd = pod("iwd-1", "iwd", namespace="iwd", ports=(Port("web", 4024),))
    assert [(t.port, t.path) for t in scraped(iwd)] == [(4024, "/iwd/v3/metrics")]
    assert scraped(replace(iwd, ports=(Port("web", 1),))) == ()


def test_an_annotation_wins_over_a_rule_and_rules_can_name_ports_and_workloads():
    rule = ScrapeRule(NodeId("workspace"), "management", "/m", "gws-app-workspace")
    bare = pod(ports=(Port("http", 48050), Port("management", 48051)))
    assert scraped(bare, rules=[rule])[0].path == "/m"
    annotated = replace(bare, scrape=SCRAPE)
    assert scraped(annotated, rules=[rule])[0].path == "/prometheus"
    assert scraped(bare, rules=[replace(rule, workload="other")]) == ()


def test_one_name_in_two_namespaces_stays_two_targets():
    pods = [pod("x", scrape=SCRAPE), pod("x", scrape=SCRAPE, namespace="gws2")]
    assert sorted(names(scraped(*pods))) == ["gws/x:48051", "gws2/x:48051"]


def test_a_box_that_is_not_installed_has_no_targets():
    gone = replace(TOPOLOGY, absent=frozenset({NodeId("workspace")}))
    known = knowing(pod(scrape=SCRAPE, health=HEALTH))
    assert scrape_targets(gone, known) == probe_targets(gone, known) == ()


def test_a_pod_is_probed_by_its_readiness_path():
    (target,) = probed(pod(health=HEALTH, ports=(Port("http", 48050),)))
    assert (target.kind, target.port, target.path) == ("http", 48051, "/health")
    assert target.name == "gws-app-workspace-blue-1:48051/health"
    assert not target.verify


def endpoints(node, port_list, name="slice-1"):
    box = TOPOLOGY.box(NodeId(node))
    return EndpointsFact(
        box.id, box.workloads[0].names[0], "infra", "svc", name, 1, 1, port_list
    )


def test_without_a_path_the_port_behind_the_service_is_probed():
    facts = [
        pod(ports=(Port("a", 1), Port("b", 2))),
        endpoints("workspace", (Port("b", 2),)),
    ]
    assert [(t.kind, t.port) for t in probed(*facts)] == [("tcp", 2)]


def test_without_a_service_the_pods_first_port_is_probed_and_without_one_nothing():
    assert [t.port for t in probed(pod(ports=(Port(None, 7), Port(None, 8))))] == [7]
    assert probed(pod()) == ()


def test_a_store_is_probed_by_tcp_on_the_pictures_port_whatever_its_health_path():
    redis = pod("redis-0", "redis", namespace="infra", health=HttpTarget(9121, "/up"))
    facts = [
        redis,
        endpoints("redis", (Port("metrics", 9121),)),
        endpoints("redis", (Port("bus", 16379), Port("redis", 6379)), "slice-2"),
    ]
    assert [(t.kind, t.port) for t in probed(*facts)] == [("tcp", 6379)]


def test_a_stores_health_path_counts_on_the_port_of_its_clients():
    elastic = pod("es-0", "elasticsearch", ports=(Port("http", 9200),))
    (target,) = probed(replace(elastic, health=HttpTarget(9200, "/_cluster/health")))
    assert (target.kind, target.path) == ("http", "/_cluster/health")
    (target,) = probed(replace(elastic, health=HttpTarget(9114, "/healthz")))
    assert (target.kind, target.port) == ("tcp", 9200)


@pytest.mark.parametrize(
    ("node", "says"),
    [
        ("redis", b"PING\r\n"),
        ("postgresql", b"\0\0\0\x08\x04\xd2\x16/"),
        ("elasticsearch", b"GET / HTTP/1.0\r\n"),
    ],
)
def test_a_store_is_greeted_in_its_own_language(node, says):
    (target,) = probed(pod(node=node, ports=(Port(None, 7),)))
    assert target.hello.says.startswith(says)


def test_a_configured_store_is_greeted_too_and_nothing_else_is():
    store = ProbeTarget(NodeId("redis"), "tcp", "tcp://r:6379", "r", 6379)
    tls = replace(store, kind="tls", name="tls://r:6380")
    proxy = replace(store, node=NodeId("service-proxy"), name="tcp://p:80")
    redis, *others = probed(configured=[store, tls, proxy])
    assert redis == replace(store, hello=HELLOS[NodeId("redis")])
    assert others == [tls, proxy]


def test_clients_reach_ready_pods_so_those_are_probed():
    ready, starting = pod("a", health=HEALTH), pod("b", health=HEALTH, ready=False)
    assert names(probed(ready, starting)) == ["a:48051/health"]


def test_when_no_pod_is_ready_the_others_are_probed():
    down = [pod(name, health=HEALTH, ready=False) for name in "ab"]
    assert sorted(names(probed(*down))) == ["a:48051/health", "b:48051/health"]


def test_configured_targets_come_first_and_once():
    ingress = ProbeTarget(
        NodeId("service-proxy"), "http", "https://gws.example/", "gws.example", 443,
        "/", tls=True, verify=True,
    )  # fmt: skip
    found = probed(pod(health=HEALTH), configured=[ingress, ingress])
    assert names(found) == [
        "https://gws.example/",
        "gws-app-workspace-blue-1:48051/health",
    ]


def test_both_workloads_of_authentication_are_probed():
    pods = [
        pod(f"{w}-1", "authentication", workload=w, health=HEALTH, namespace="gauth")
        for w in ("gauth-auth", "gauth-environment")
    ]
    assert len(probed(*pods)) == 2


def test_a_few_pods_are_taken_from_as_many_machines_as_there_are():
    pods = [pod(f"p{i}", host=f"worker-{i % 3}") for i in range(9)]
    assert {p.host for p in spread(pods, 3)} == {"worker-0", "worker-1", "worker-2"}


PODS = st.lists(
    st.builds(
        lambda number, host: pod(f"p{number}", host=host),
        st.integers(0, 30),
        st.sampled_from(["w1", "w2", None]),
    ),
    max_size=12,
    unique_by=lambda p: p.name,
)


@given(PODS, st.integers(1, 5), st.randoms())
def test_the_choice_is_bounded_and_independent_of_order(pods, count, random):
    shuffled = list(pods)
    random.shuffle(shuffled)
    assert spread(pods, count) == spread(shuffled, count)
    assert len(spread(pods, count)) == min(count, len(pods))


@given(PODS, st.integers(1, 5))
def test_a_pod_that_was_not_chosen_can_go_and_nothing_moves(pods, count):
    chosen = spread(pods, count)
    for extra in set(pods) - set(chosen):
        assert spread([p for p in pods if p != extra], count) == chosen
