"""Read a Service that belongs to no box: is it one of something that could be asked?

Recognised by the labels that the common charts and operators give; a Service that is
merely called so is not enough. Pure; see `kubernetes_read`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from app.domain.facts import Port
from app.domain.facts_settings import OfferFact

PROMETHEUS: Final = "prometheus"
ALERTMANAGER: Final = "alertmanager"
LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "app.kubernetes.io/name": {
        "prometheus": PROMETHEUS,
        "victoria-metrics-single": PROMETHEUS,
        "vmsingle": PROMETHEUS,
        "thanos-query": PROMETHEUS,
        "alertmanager": ALERTMANAGER,
        "vmalertmanager": ALERTMANAGER,
    },
    "app": {
        "kube-prometheus-stack-prometheus": PROMETHEUS,
        "kube-prometheus-stack-alertmanager": ALERTMANAGER,
    },
    "operated-prometheus": {"true": PROMETHEUS},
    "operated-alertmanager": {"true": ALERTMANAGER},
}
"""The label, its value, and what stands behind such a Service: the charts of the
Prometheus community and of VictoriaMetrics, and the two operators."""
PORTS: Final[Mapping[str, Sequence[int]]] = {
    PROMETHEUS: (9090, 8428, 8429, 10902),
    ALERTMANAGER: (9093,),
}
"""Where each listens, if nobody said otherwise."""
NAMED: Final = ("http-web", "web", "http")
"""What the port of the API is called where its number is another."""


def offer(
    namespace: str, name: str, labels: Mapping[str, str], ports: Sequence[Port]
) -> OfferFact | None:
    source = _source(labels)
    port = None if source is None else _port(source, ports)
    if source is None or port is None:
        return None
    return OfferFact(source, namespace, name, port)


def _source(labels: Mapping[str, str]) -> str | None:
    told = (known.get(labels.get(label, "")) for label, known in LABELS.items())
    return next((source for source in told if source is not None), None)


def _port(source: str, ports: Sequence[Port]) -> int | None:
    usual = [port.number for port in ports if port.number in PORTS[source]]
    named = [port.number for port in ports if port.name in NAMED]
    return next(iter((*usual, *named)), None)
