"""Series of a deployment whose every connection is seen by four kinds of telemetry.

Each connection is told in every one of `KINDS` under the names that its product gives:
answers of three codes, a histogram, open connections where it counts these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from app.domain.subject import NodeId
from app.domain.topology import Topology

OUTSIDE: Final = "198.51.100.7"
"""The clients run in no cluster: they are seen by an address."""
ANSWERS: Final = {"200": 135.0, "404": 7.5, "503": 7.5}
"""By code: how many more at each scrape."""
BOUNDS_S: Final = {"0.1": 75.0, "0.25": 135.0, "0.5": 147.0, "1": 150.0, "+Inf": 150.0}
OPEN: Final = 5
Matchers = Mapping[str, str]
End = tuple[str, str]
"""A workload's name and its namespace."""


def series(topology: Topology) -> Iterator[str]:
    """Lines as `engines.samples` takes them."""
    for kind in KINDS:
        for matchers in ends(topology, kind).values():
            yield from KINDS[kind][1](_inner(matchers))


def ends(topology: Topology, kind: str) -> dict[int, Matchers]:
    """By connection: the labels by which this kind names its two ends."""
    named = KINDS[kind][0]
    return {
        c.number: named(_end(topology, c.source), _end(topology, c.destination))
        for c in topology.connections
    }


def addresses(topology: Topology) -> dict[str, NodeId]:
    """Whose address the outside is."""
    outside = [c.source for c in topology.connections if _is_out(topology, c.source)]
    return {OUTSIDE: outside[0]}


def _is_out(topology: Topology, node: NodeId) -> bool:
    return not topology.box(node).workloads


def _end(topology: Topology, node: NodeId) -> End:
    if _is_out(topology, node):
        return OUTSIDE, ""
    work = topology.box(node).workloads[0]
    return work.names[0], topology.namespace_of(work.role)


def _inner(labels: Matchers) -> str:
    return ",".join(f'{name}="{value}"' for name, value in labels.items())


def _istio_ends(source: End, to: End) -> Matchers:
    return {
        "source_workload": source[0], "source_workload_namespace": source[1],
        "destination_workload": to[0], "destination_workload_namespace": to[1],
    }  # fmt: skip


def _istio(ends: str) -> Iterator[str]:
    said = f'reporter="source",{ends}'
    for code, more in ANSWERS.items():
        yield f'istio_requests_total{{{said},response_code="{code}"}} 0+{more}'
    for bound, more in BOUNDS_S.items():
        le = bound if bound == "+Inf" else f"{float(bound) * 1000:g}"
        name = "istio_request_duration_milliseconds_bucket"
        yield f'{name}{{{said},le="{le}"}} 0+{more}'
    yield f"istio_tcp_connections_opened_total{{{said}}} 100+30"
    for flags, start in (("-", 95 - 1), ("UF", 1)):
        name = "istio_tcp_connections_closed_total"
        yield f'{name}{{{said},response_flags="{flags}"}} {start}+15'


def _linkerd_ends(source: End, to: End) -> Matchers:
    return {
        "deployment": source[0], "namespace": source[1],
        "dst_deployment": to[0], "dst_namespace": to[1],
    }  # fmt: skip


def _linkerd(ends: str) -> Iterator[str]:
    said = f'direction="outbound",{ends}'
    for code, more in ANSWERS.items():
        went = "failure" if code[0] == "5" else "success"
        labels = f'{said},classification="{went}",status_code="{code}"'
        yield f"response_total{{{labels}}} 0+{more}"
    for bound, more in BOUNDS_S.items():
        le = bound if bound == "+Inf" else f"{float(bound) * 1000:g}"
        yield f'response_latency_ms_bucket{{{said},le="{le}"}} 0+{more}'
    yield f"tcp_open_connections{{{said}}} {OPEN}+0"


def _coroot_ends(source: End, to: End) -> Matchers:
    name, space = source
    pod = f"/k8s/{space}/{name}-6f7d8c9b5-k2x4v/{name}" if space else name
    return {"container_id": pod, "actual_destination": f"{to[0]}.{to[1]}:8080"}


def _coroot(ends: str) -> Iterator[str]:
    said = f'{ends},destination="10.96.0.1:80"'
    for code, more in ANSWERS.items():
        yield f'container_http_requests_total{{{said},status="{code}"}} 0+{more}'
    for bound, more in BOUNDS_S.items():
        name = "container_http_requests_duration_seconds_total_bucket"
        yield f'{name}{{{said},le="{bound}"}} 0+{more}'
    yield f"container_net_tcp_successful_connects_total{{{said}}} 0+27"
    yield f"container_net_tcp_failed_connects_total{{{said}}} 0+3"
    yield f"container_net_tcp_active_connections{{{said}}} {OPEN}+0"


def _otel_ends(source: End, to: End) -> Matchers:
    return {"client": source[0], "server": to[0]}


def _otel(ends: str) -> Iterator[str]:
    stem = "traces_service_graph_request"
    yield f"{stem}_total{{{ends}}} 0+{sum(ANSWERS.values())}"
    yield f"{stem}_failed_total{{{ends}}} 0+{ANSWERS['503']}"
    for bound, more in BOUNDS_S.items():
        yield f'{stem}_client_seconds_bucket{{{ends},le="{bound}"}} 0+{more}'


Naming = Callable[[End, End], Matchers]
Telling = Callable[[str], Iterator[str]]
KINDS: Final[Mapping[str, tuple[Naming, Telling]]] = {
    "istio": (_istio_ends, _istio),
    "linkerd": (_linkerd_ends, _linkerd),
    "coroot": (_coroot_ends, _coroot),
    "otel": (_otel_ends, _otel),
}
"""How each names the ends of a connection, and what it tells of one."""
