"""What each simulated node tells: its kubelet's cAdvisor, and its node-exporter.

Names and labels: the exporters' published lists; cAdvisor's as a kubelet serves it. A
pod's own cgroup is told beside its container's, as in life. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.simulator.cluster_objects import image
from app.simulator.exposition import (
    CPU_IDLE,
    Family,
    Labels,
    Subject,
    counters,
    gauge,
    gauges,
)
from app.simulator.exposition_java import MB
from app.simulator.world import Pod
from app.simulator.world_room import room

CONTAINER_ID: Final = "containerd://{}"
PERIODS: Final = 10.0
"""A second: the kernel's scheduler deals out processor time in tenths."""
WITHHELD: Final = 200
"""One of so many periods is throttled."""
RETRANSMITTED: Final = 0.3
"""Segments a second."""
NODE_MEMORY: Final = 65_536 * MB


@dataclass(frozen=True, slots=True)
class Running:
    """A container that runs; `subject` is `None` where its load is not simulated."""

    pod: Pod
    uptime_s: float
    subject: Subject | None

    @property
    def cpu_s(self) -> float:
        """As much as the process itself says, added up since the start."""
        return self.subject.cpu_s if self.subject else CPU_IDLE * self.uptime_s

    @property
    def memory(self) -> float:
        busy = self.subject.busy if self.subject else 0.0
        return round((220 + 180 * busy) * MB)


def cadvisor(containers: Sequence[Running]) -> Iterator[Family]:
    """The containers of one node."""
    rows = [(one, _labels(one.pod)) for one in containers]
    whole = [(one, {**said, **_OF_POD}) for one, said in rows]
    everything = [pair for pairs in zip(rows, whole, strict=True) for pair in pairs]
    yield counters(
        "container_cpu_usage_seconds_total",
        "Processor time",
        [({**said, "cpu": "total"}, one.cpu_s) for one, said in everything],
    )
    periods = [(one, said, int(one.uptime_s * PERIODS)) for one, said in rows]
    stem = "container_cpu_cfs"
    yield counters(
        f"{stem}_periods_total",
        "Periods of the scheduler",
        [(said, float(count)) for _, said, count in periods],
    )
    yield counters(
        f"{stem}_throttled_periods_total",
        "Of these throttled",
        [(said, float(count // WITHHELD)) for _, said, count in periods],
    )
    for name in ("usage", "working_set"):
        yield gauges(
            f"container_memory_{name}_bytes",
            "Memory",
            [(said, one.memory) for one, said in everything],
        )
    yield gauges(
        "container_spec_memory_limit_bytes",
        "Memory at most",
        [(said, room(one.pod.spec.name).limit.bytes_) for one, said in everything],
    )


_OF_POD: Final[Mapping[str, str]] = {"container": "", "image": "", "name": ""}


def _labels(pod: Pod) -> Labels:
    return {
        "container": pod.spec.object_name,
        "id": f"/kubepods.slice/pod{pod.uid}",
        "image": image(pod.spec, pod.version),
        "name": pod.uid.replace("-", ""),
        "namespace": pod.spec.namespace,
        "pod": pod.name,
    }


def node(name: str, at: float, booted: float) -> Iterator[Family]:
    """One node's own page."""
    said = {"nodename": name, "sysname": "Linux", "machine": "x86_64"}
    yield gauge("node_uname_info", "Labeled system information", 1, said)
    yield gauge("node_boot_time_seconds", "Node boot time", booted)
    yield gauge("node_time_seconds", "System time", at)
    yield gauge("node_memory_MemTotal_bytes", "Memory", NODE_MEMORY)
    yield gauge("node_memory_MemAvailable_bytes", "Memory left", NODE_MEMORY / 2)
    segments = max(0, int((at - booted) * RETRANSMITTED))
    about = "Statistic TcpRetransSegs."
    yield gauges("node_netstat_Tcp_RetransSegs", about, [({}, segments)], "untyped")
