"""Read one Kubernetes object: is it part of a box, and if so, which fact does it give?

Pure; `kubernetes_read_pod`, `kubernetes_read_workload` and `kubernetes_read_network`
do the reading. Whatever comes gives a fact, `None` (not ours) or `SourceMisread`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from app.domain.facts import EventFact, Fact
from app.domain.locate import Found, Locator
from collectors.errors import SourceMisread
from collectors.kubernetes_json import (
    Fields,
    Json,
    count,
    field,
    fields,
    moment,
    needed_text,
    text,
)
from collectors.kubernetes_read_network import read_endpoints, read_service
from collectors.kubernetes_read_pod import read_pod
from collectors.kubernetes_read_workload import (
    read_autoscaler,
    read_deployment,
    read_revision,
    read_settings,
    read_statefulset,
)

MESSAGE_LENGTH: Final = 500

# Kubernetes makes random names without vowels, so that no word appears in them.
_RANDOM: Final = "[bcdfghjklmnpqrstvwxz2456789]"
_OF_DEPLOYMENT: Final = re.compile(rf"(.+)-{_RANDOM}{{1,10}}-{_RANDOM}{{5}}")
_OF_STATEFULSET: Final = re.compile(r"(.+)-\d+")
_ONE_RANDOM_PART: Final = re.compile(rf"(.+)-{_RANDOM}{{1,10}}")
_MADE_FROM: Final[Mapping[str, tuple[re.Pattern[str], ...]]] = {
    "Pod": (_OF_STATEFULSET, _OF_DEPLOYMENT),
    "ReplicaSet": (_ONE_RANDOM_PART,),
    "EndpointSlice": (_ONE_RANDOM_PART,),
}


def read_object(kind: str, obj: Json, locator: Locator) -> Fact | None:
    """The fact in `obj`; `None` where it belongs to no box.

    Raises `SourceMisread` for an object that is not shaped as its kind is.
    """
    return _READERS[kind](fields(obj, kind), locator)


def read_facts(kind: str, obj: Json, locator: Locator) -> tuple[Fact, ...]:
    """All facts in `obj`, its own first; none where it belongs to no box."""
    own = read_object(kind, obj, locator)
    if own is None:
        return ()
    more = read_settings(fields(obj, kind), locator) if kind == "Deployment" else ()
    return (own, *more)


def name_of(obj: Json) -> str:
    """The object's own name. Raises `SourceMisread` where it has none."""
    return needed_text(field(fields(obj, "object"), "metadata"), "name")


def read_event(obj: Fields, locator: Locator) -> EventFact | None:
    """An Event about an object of a box."""
    meta = field(obj, "metadata")
    about = field(obj, "involvedObject")
    kind, name = text(about, "kind"), text(about, "name")
    if kind is None or name is None:
        return None
    namespace = text(about, "namespace") or needed_text(meta, "namespace")
    found = _whose(kind, namespace, name, locator)
    if found is None:
        return None
    series = field(obj, "series")
    return EventFact(
        node=found[0],
        namespace=needed_text(meta, "namespace"),
        name=needed_text(meta, "name"),
        about=f"{kind.lower()}/{name}",
        type=text(obj, "type") or "Normal",
        reason=text(obj, "reason") or "",
        message=(text(obj, "message") or "")[:MESSAGE_LENGTH],
        count=max(1, count(obj, "count"), count(series, "count")),
        last_seen=_last_seen(obj, series, meta),
    )


def _whose(kind: str, namespace: str, name: str, locator: Locator) -> Found | None:
    matches = (made.fullmatch(name) for made in _MADE_FROM.get(kind, ()))
    names = [match[1] for match in matches if match] or [name]
    for owner in names:
        found = locator.workload(namespace, owner, {})
        if found := found or locator.service(namespace, owner, {}):
            return found
    return None


def _last_seen(obj: Fields, series: Fields, meta: Fields) -> datetime:
    times = (
        moment(obj, "lastTimestamp"),
        moment(series, "lastObservedTime"),
        moment(obj, "eventTime"),
        moment(obj, "firstTimestamp"),
        moment(meta, "creationTimestamp"),
    )
    told = next((time for time in times if time is not None), None)
    if told is None:
        raise SourceMisread("lastTimestamp is missing")
    return told


_READERS: Final[Mapping[str, Callable[[Fields, Locator], Fact | None]]] = {
    "Pod": read_pod,
    "Deployment": read_deployment,
    "StatefulSet": read_statefulset,
    "ReplicaSet": read_revision,
    "Service": read_service,
    "EndpointSlice": read_endpoints,
    "Event": read_event,
    "HorizontalPodAutoscaler": read_autoscaler,
}
