"""Services of what could be asked: recognised by their labels, never by their names."""

import pytest

from app.domain.facts import ServiceFact
from app.domain.facts_settings import OfferFact
from app.domain.locate import locator
from app.domain.topology import standard
from collectors.kubernetes_read import read_facts

LOCATOR = locator(standard())


def read(name, labels, *ports):
    obj = {
        "metadata": {"name": name, "namespace": "infra", "labels": labels},
        "spec": {"clusterIP": "10.0.0.7", "ports": list(ports)},
    }
    return read_facts("Service", obj, LOCATOR)


def port(number, name=None):
    return {"port": number} | ({"name": name} if name else {})


@pytest.mark.parametrize(
    ("labels", "ports", "source", "number"),
    [
        # prometheus-community/prometheus and its dependency
        (
            {"app.kubernetes.io/name": "prometheus"},
            [port(80, "http")],
            "prometheus",
            80,
        ),
        (
            {"app.kubernetes.io/name": "alertmanager"},
            [port(9093, "http")],
            "alertmanager",
            9093,
        ),
        # kube-prometheus-stack, and the Services that its operator makes
        (
            {"app": "kube-prometheus-stack-prometheus"},
            [port(8080, "reloader-web"), port(9090, "http-web")],
            "prometheus",
            9090,
        ),
        ({"operated-prometheus": "true"}, [port(9090, "web")], "prometheus", 9090),
        ({"operated-alertmanager": "true"}, [port(9093)], "alertmanager", 9093),
        # VictoriaMetrics
        (
            {"app.kubernetes.io/name": "vmsingle"},
            [port(8429, "http")],
            "prometheus",
            8429,
        ),
    ],
)
def test_what_the_common_charts_install_is_recognised(labels, ports, source, number):
    assert read("any", labels, *ports) == (OfferFact(source, "infra", "any", number),)


@pytest.mark.parametrize(
    ("name", "labels", "ports"),
    [
        ("prometheus", {}, [port(9090)]),
        ("p", {"app.kubernetes.io/name": "prometheus-node-exporter"}, [port(9100)]),
        ("p", {"app.kubernetes.io/name": "prometheus"}, [port(10901, "grpc")]),
        ("p", {"operated-prometheus": "false"}, [port(9090)]),
    ],
)
def test_other_services_are_not_ours(name, labels, ports):
    assert read(name, labels, *ports) == ()


def test_a_box_goes_before_an_offer():
    labels = {"app.kubernetes.io/name": "prometheus"}
    (fact,) = read("infra-redis-redis-cluster", labels, port(6379))
    assert isinstance(fact, ServiceFact)
