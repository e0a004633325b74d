"""Who reaches the dashboard and whom it reaches: Ingress, Route, Gateway, NetworkPolicy."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chart.helm import RELEASE, merged, named, of, rendered
from tests.chart.sites import EAST, EVERYTHING, REPLICATED, SITES

Json = dict[str, Any]
EVERY_POD = {"namespaceSelector": {}}


def namespace(name: str) -> Json:
    labels = {"kubernetes.io/metadata.name": name}
    return {"to": [{"namespaceSelector": {"matchLabels": labels}}]}


def tcp(*ports: int) -> list[Json]:
    return [{"protocol": "TCP", "port": port} for port in ports]


def policy(values: Json, component: str = "") -> Json:
    name = f"{RELEASE}-{component}" if component else RELEASE
    return named(rendered(values), "NetworkPolicy", name)["spec"]


@pytest.mark.parametrize("site", SITES)
def test_nothing_comes_or_goes_but_what_is_named(site: str) -> None:
    objects = rendered(SITES[site])
    guarded = set()
    for one in of(objects, "NetworkPolicy"):
        spec = one["spec"]
        assert spec["policyTypes"] == ["Ingress", "Egress"]
        assert all(rule["from"] and rule["ports"] for rule in spec["ingress"])
        assert all(rule.get("to") or rule.get("ports") for rule in spec["egress"])
        guarded.add(spec["podSelector"]["matchLabels"]["app.kubernetes.io/component"])
    made = {
        one["metadata"]["labels"]["app.kubernetes.io/component"]
        for one in of(objects, "Deployment")
    }
    assert guarded == made


def test_whom_the_configuration_names_is_reached_and_nobody_else() -> None:
    egress = policy(EAST)["egress"]
    assert egress[0]["ports"] == [{"protocol": "UDP", "port": 53}, *tcp(53)]
    assert egress[1] == {"ports": tcp(443, 6443)}
    watched = {"gws", "gauth", "voice", "voicemail", "ucsx", "nexus", "stores"}
    wanted = [
        *(namespace(name) for name in watched | {"infra", "monitoring"}),
        {"to": [{"ipBlock": {"cidr": "10.20.30.40/32"}}], "ports": tcp(9093)},
        {"to": [{"podSelector": {}}]},  # elastic, a name of its own namespace
        {"ports": tcp(443)},  # gws.agents.example.com, which no selector names
        {"ports": [{"protocol": "UDP", "port": 8600}]},
    ]
    key = repr
    assert sorted(egress[2:], key=key) == sorted(wanted, key=key)


def test_links_and_the_public_address_are_followed_by_people() -> None:
    links = {"links": {"Wiki": "http://wiki.docs/x"}}
    one = {"config": {"deployments": [{"id": "a", **links}]}}
    assert namespace("docs") not in policy(one)["egress"]


def test_what_runs_beside_it_needs_no_rule() -> None:
    one = {"id": "a", "consul": {"url": "http://127.0.0.1:8500"}}
    assert len(policy({"config": {"deployments": [one]}})["egress"]) == 2


def test_who_serves_reaches_the_engines_and_no_source() -> None:
    web, collect = policy(REPLICATED, "web"), policy(REPLICATED, "collect")
    assert web["egress"][1:] == [namespace("infra"), namespace("monitoring")]
    assert namespace("gws") in collect["egress"]


def test_who_watches_is_reached_by_nobody_but_who_scrapes() -> None:
    collect = policy(REPLICATED, "collect")
    assert collect["ingress"] == [
        {"from": [EVERY_POD], "ports": [{"protocol": "TCP", "port": "http"}]}
    ]
    narrow = {"networkPolicy": {"scrapers": [], "viewers": []}}
    assert policy(merged(REPLICATED, narrow), "collect")["ingress"] == []
    (test,) = policy(merged(REPLICATED, narrow), "web")["ingress"]
    labels = test["from"][0]["podSelector"]["matchLabels"]
    assert labels["app.kubernetes.io/component"] == "test"


def test_a_site_may_narrow_the_api_server_and_add_rules() -> None:
    egress = policy(EVERYTHING)["egress"]
    assert egress[1]["to"] == [{"ipBlock": {"cidr": "10.0.0.1/32"}}]
    assert egress[-1]["ports"] == tcp(8500)


def test_event_streams_pass_every_way_in() -> None:
    objects = rendered(EVERYTHING)
    notes = named(objects, "Ingress")["metadata"]["annotations"]
    assert notes["nginx.ingress.kubernetes.io/proxy-buffering"] == "off"
    assert int(notes["nginx.ingress.kubernetes.io/proxy-read-timeout"]) >= 3600
    route = named(objects, "Route")
    assert (
        route["metadata"]["annotations"]["haproxy.router.openshift.io/timeout"] == "1h"
    )
    (rule,) = named(objects, "HTTPRoute")["spec"]["rules"]
    assert rule["timeouts"] == {"request": "0s", "backendRequest": "0s"}
    assert named(objects, "BackendConfig")["spec"]["timeoutSec"] >= 3600


def test_every_way_in_leads_to_the_service() -> None:
    objects = rendered(EVERYTHING)
    service = named(objects, "Service")
    assert service["spec"]["ports"][0]["name"] == "http"
    (rule,) = named(objects, "Ingress")["spec"]["rules"]
    backend = rule["http"]["paths"][0]["backend"]["service"]
    assert backend == {"name": RELEASE, "port": {"name": "http"}}
    route = named(objects, "Route")["spec"]
    assert (route["to"]["name"], route["port"]["targetPort"]) == (RELEASE, "http")
    assert route["tls"]["insecureEdgeTerminationPolicy"] == "Redirect"
    (way,) = named(objects, "HTTPRoute")["spec"]["rules"]
    assert way["backendRefs"] == [
        {"name": RELEASE, "port": service["spec"]["ports"][0]["port"]}
    ]


def test_gke_finds_its_backend_configuration() -> None:
    objects = rendered(SITES["gke"])
    notes = named(objects, "Service")["metadata"]["annotations"]
    name = named(objects, "BackendConfig")["metadata"]["name"]
    assert notes["cloud.google.com/backend-config"] == f'{{"default": "{name}"}}'
    assert (
        named(objects, "Ingress")["metadata"]["annotations"][
            "kubernetes.io/ingress.class"
        ]
        == "gce"
    )


def test_the_test_of_a_release_asks_the_service_for_health_and_readiness() -> None:
    (pod,) = of(rendered(EVERYTHING), "Pod")
    assert pod["metadata"]["annotations"]["helm.sh/hook"] == "test"
    container = pod["spec"]["containers"][0]
    script, place = container["args"]
    assert place == f"{RELEASE}.watching:80"
    compile(script, "answers.py", "exec")
    for path in ("/healthz", "/readyz"):
        assert path in script
