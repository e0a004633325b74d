"""Read Services and EndpointSlices: what stands in front of a box, and who answers.

Pure; see `kubernetes_read`.
"""

from __future__ import annotations

from typing import Final

from app.domain.facts import EndpointsFact, Port, ServiceFact
from app.domain.facts_settings import OfferFact
from app.domain.locate import Locator
from collectors.kubernetes_json import (
    Fields,
    field,
    flag,
    items,
    labels,
    needed_text,
    text,
    texts,
    whole,
)
from collectors.kubernetes_read_offer import offer

SERVICE_NAME: Final = "kubernetes.io/service-name"


def read_service(obj: Fields, locator: Locator) -> ServiceFact | OfferFact | None:
    """One Service in front of a box, or of something that could be asked; a headless
    one has no address of its own."""
    meta, spec = field(obj, "metadata"), field(obj, "spec")
    namespace, name = needed_text(meta, "namespace"), needed_text(meta, "name")
    found = locator.service(namespace, name, labels(meta))
    if found is None:
        return offer(namespace, name, labels(meta), _ports(spec))
    address = text(spec, "clusterIP")
    return ServiceFact(
        node=found[0],
        workload=found[1],
        namespace=namespace,
        name=name,
        cluster_ip=None if address == "None" else address,
        ports=_ports(spec),
    )


def read_endpoints(obj: Fields, locator: Locator) -> EndpointsFact | None:
    """One slice of what stands behind a Service; large Services have several."""
    meta = field(obj, "metadata")
    service = labels(meta).get(SERVICE_NAME)
    if not service:
        return None
    namespace, name = needed_text(meta, "namespace"), needed_text(meta, "name")
    found = locator.service(namespace, service, labels(meta))
    if found is None:
        return None
    staying = [one for one in items(obj, "endpoints") if not _leaving(one)]
    ready = [one for one in staying if _ready(one)]
    return EndpointsFact(
        node=found[0],
        workload=found[1],
        namespace=namespace,
        service=service,
        name=name,
        ready=len(ready),
        total=len(staying),
        ports=_ports(obj),
        addresses=tuple(
            address for one in ready for address in texts(one, "addresses")[:1]
        ),
    )


def _ready(endpoint: Fields) -> bool:
    """The API says that null is unknown, and is to be taken as ready."""
    return flag(field(endpoint, "conditions"), "ready") is not False


def _leaving(endpoint: Fields) -> bool:
    """A terminating pod is on its way out; it is not one that fails to be ready."""
    conditions = field(endpoint, "conditions")
    return bool(flag(conditions, "terminating")) and not flag(conditions, "ready")


def _ports(parent: Fields) -> tuple[Port, ...]:
    return tuple(
        Port(text(port, "name"), number)
        for port in items(parent, "ports")
        if (text(port, "protocol") or "TCP") == "TCP"
        and (number := whole(port, "port")) is not None
    )
