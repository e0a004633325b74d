"""Faults: what may be put where, with what, for how long.

Pure: a request becomes a `Fault` or a `Refusal` that names the field. What a fault does
is elsewhere: `faults_effects` to the cluster, the Consul and the listeners, and
`load` to the metrics; what it breaks is in `truth`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from app.simulator.faults_places import (
    API,
    CLUSTER_CLOCK,
    CONSUL,
    DEPLOYMENTS,
    EVICTABLE,
    INGRESS,
    MEASURED,
    PAIRS,
    REGISTERED,
    REPLACEABLE,
    RUNNING,
    SCRAPED,
    STORED,
)

LONGEST_S: Final = 86_400.0
Value = float | str


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter: a number from `low` to `high`, or one of `choices`."""

    name: str
    about: str
    default: Value
    low: float = 0.0
    high: float = 0.0
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """`places`: the targets it may be put on."""

    name: str
    about: str
    places: tuple[str, ...]
    params: tuple[Param, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in force. `ends_at` `None`: until it is ended."""

    id: str
    kind: str
    target: str
    params: Mapping[str, Value]
    started_at: datetime
    ends_at: datetime | None

    def number(self, name: str) -> float:
        """A numeric parameter."""
        return float(self.params[name])

    def text(self, name: str) -> str:
        """A parameter with choices."""
        return str(self.params[name])


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is no fault: the field to change, and how."""

    field: str
    message: str


def _pods(about: str) -> Param:
    return Param("pods", f"how many {about}; 0 is all", 0, 0, 50)


KINDS: Final[tuple[Kind, ...]] = (
    Kind("pod_crash", "containers crash and back off; nothing listens", RUNNING,
         (_pods("of each workload's pods"),
          Param("reason", "how the container ended", "Error",
                choices=("Error", "OOMKilled")))),
    Kind("pod_not_ready", "the readiness probe fails; the process runs", RUNNING,
         (_pods("of each workload's pods"),)),
    Kind("image_pull", "a rollout's new image can't be pulled", DEPLOYMENTS,
         (Param("strategy", "recreate takes the old pods away first",
                "recreate", choices=("recreate", "rolling")),)),
    Kind("rolling_update", "a new version is rolled out, and is well", REPLACEABLE,
         (Param("pace_s", "seconds a new pod takes to become ready", 1, 0, 600),)),
    Kind("evict", "a pod of each workload is evicted, as in a drain; another comes",
         EVICTABLE,
         (Param("pace_s", "seconds a new pod takes to become ready", 0.3, 0, 600),)),
    Kind("scale_zero", "no replica is wanted any more", RUNNING),
    Kind("slow", "requests take longer", MEASURED,
         (Param("latency_ms", "added to every request", 2000, 1, 60_000),)),
    Kind("errors", "a share of requests is answered 500", MEASURED,
         (Param("share", "of all requests", 0.5, 0.001, 1),)),
    Kind("store_down", "the store's processes refuse connections", STORED),
    Kind("store_slow", "the store answers late", STORED,
         (Param("delay_ms", "before each answer", 6000, 1, 60_000),)),
    Kind("store_full", "the store's connections are used up", STORED,
         (Param("saturation", "used of allowed", 0.98, 0.5, 1),)),
    Kind("consul_critical", "the box's checks are critical, its pods are well",
         REGISTERED, (_pods("instances of each service"),)),
    Kind("consul_deregistered", "the box's instances leave the catalog", REGISTERED),
    Kind("consul_leader_lost", "the Consul cluster has no leader", CONSUL),
    Kind("consul_acl_denied", "the token may read nothing; answers are empty", CONSUL),
    Kind("consul_down", "no Consul server answers", CONSUL),
    Kind("api_cut", "the Kubernetes API cuts its streams and refuses", API),
    Kind("api_gone", "streams end, and what they resume from is compacted", API,
         (Param("as", "how 410 is told", "stream", choices=("stream", "status")),)),
    Kind("api_forbidden", "a right is taken from the watcher's role", API,
         (Param("verb", "the verb that is missing", "all",
                choices=("all", "get", "list", "watch")),
          Param("resource", "the resource it is missing for", "pods",
                choices=("pods", "services", "events", "deployments", "replicasets",
                         "statefulsets", "endpointslices",
                         "horizontalpodautoscalers", "all")),
          Param("namespace", "the namespace it is missing in", "all",
                choices=("all", "gws", "gauth", "voice", "ucsx", "nexus", "iwd",
                         "infra")))),
    Kind("api_silent", "watches stay open and say nothing, not even bookmarks", API),
    Kind("metrics_gone", "the metrics endpoint is gone", SCRAPED,
         (Param("how", "what a scrape meets", "not_found",
                choices=("not_found", "refused")),)),
    Kind("metrics_stale", "the metrics stand still", SCRAPED),
    Kind("metrics_garbage", "the metrics endpoint serves malformed text", SCRAPED),
    Kind("clock_skew", "the cluster's clock is off", CLUSTER_CLOCK,
         (Param("offset_s", "seconds ahead, or behind if negative", 3600,
                -86_400, 86_400),)),
    Kind("certificate_near_end", "the ingress certificate is about to end", INGRESS,
         (Param("days", "left", 5, 0, 90),)),
    Kind("partition", "one connection fails, both of its ends are well", PAIRS),
)  # fmt: skip

BY_NAME: Final[dict[str, Kind]] = {kind.name: kind for kind in KINDS}


def parse(body: Any, id_: str, now: datetime) -> Fault | Refusal:
    """A fault from what was sent; the first thing wrong with it otherwise."""
    if not isinstance(body, dict):
        return Refusal("", "the body must be a JSON object")
    unknown = sorted(set(body) - {"kind", "target", "seconds", "params"})
    if unknown:
        return Refusal(
            unknown[0], "no such field; there are kind, target, seconds, params"
        )
    kind = BY_NAME.get(str(body.get("kind")))
    if kind is None:
        return Refusal("kind", f"must be one of {', '.join(BY_NAME)}")
    target = body.get("target", kind.places[0] if len(kind.places) == 1 else None)
    if str(target) not in kind.places:
        return Refusal("target", f"must be one of {', '.join(kind.places)}")
    seconds = _seconds(body.get("seconds"))
    given = body.get("params")
    params = _params(kind, {} if given is None else given)
    if isinstance(seconds, Refusal):
        return seconds
    if isinstance(params, Refusal):
        return params
    ends_at = None if seconds is None else now + timedelta(seconds=seconds)
    return Fault(id_, kind.name, str(target), params, now, ends_at)


def _seconds(given: Any) -> float | None | Refusal:
    if given is None:
        return None
    if _number(given) and 0 < given <= LONGEST_S:
        return float(given)
    return Refusal("seconds", f"must be more than 0 and at most {LONGEST_S:.0f}")


def _params(kind: Kind, given: Any) -> dict[str, Value] | Refusal:
    if not isinstance(given, dict):
        return Refusal("params", "must be a JSON object")
    names = [param.name for param in kind.params]
    for name in given:
        if name not in names:
            there = f"there are {', '.join(names)}" if names else "it has none"
            return Refusal(f"params.{name}", f"{kind.name} has no such one; {there}")
    params: dict[str, Value] = {}
    for param in kind.params:
        value = given.get(param.name, param.default)
        wrong = _wrong(param, value)
        if wrong:
            return Refusal(f"params.{param.name}", wrong)
        params[param.name] = value
    return params


def _wrong(param: Param, value: Any) -> str | None:
    if param.choices:
        fits = value in param.choices
        return None if fits else f"must be one of {', '.join(param.choices)}"
    if _number(value) and param.low <= value <= param.high:
        return None
    return f"must be a number from {param.low:g} to {param.high:g}"


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def describe(kind: Kind) -> dict[str, Any]:
    """A kind as `GET /sim/kinds` gives it."""
    return {
        "kind": kind.name,
        "about": kind.about,
        "targets": list(kind.places),
        "params": {param.name: _describe_param(param) for param in kind.params},
    }


def _describe_param(param: Param) -> dict[str, Any]:
    told: dict[str, Any] = {"about": param.about, "default": param.default}
    if param.choices:
        return told | {"choices": list(param.choices)}
    return told | {"min": param.low, "max": param.high}


def report(fault: Fault, iso: Callable[[datetime], str]) -> dict[str, Any]:
    """A fault as the control API tells it."""
    return {
        "id": fault.id,
        "kind": fault.kind,
        "target": fault.target,
        "params": dict(fault.params),
        "started_at": iso(fault.started_at),
        "ends_at": iso(fault.ends_at) if fault.ends_at else None,
    }
