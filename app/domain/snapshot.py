"""What is shown: all verdicts of one deployment at one moment, as values.

`app.domain.wire` turns a snapshot into the JSON of the contract and into deltas.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from app.domain.incidents import Incident
from app.domain.status import Status
from app.domain.subject import NodeId, Witness
from app.domain.talk import Talk
from app.domain.windows import Window


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that a witness said against (or about) a subject."""

    witness: Witness | None
    """`None`: our own conclusion, for example "source is down"."""
    status: Status
    text: str
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class WitnessMark:
    """What one witness makes of a subject, and when it last spoke."""

    witness: Witness
    status: Status
    observed_at: datetime | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Metrics:
    """Live numbers of a connection; `None` is "nobody measured it"."""

    request_rate: float | None = None
    error_ratio: float | None = None
    latency_mean_ms: float | None = None
    latency_p50_ms: float | None = None
    latency_p95_ms: float | None = None
    latency_p99_ms: float | None = None
    connections_active: float | None = None
    connect_failure_ratio: float | None = None
    saturation: float | None = None


@dataclass(frozen=True, slots=True)
class ConnectionState:
    number: int
    status: Status
    since: datetime
    observed_at: datetime | None
    """The newest fact that stands behind the status; `None`: there is none."""
    reasons: tuple[Reason, ...] = ()
    witnesses: tuple[WitnessMark, ...] = ()
    metrics: Metrics = field(default_factory=Metrics)
    flapping: int | None = None
    """How often the status changed in the last ten minutes, when that is too often."""


@dataclass(frozen=True, slots=True)
class PodState:
    name: str
    workload: str
    phase: str
    ready: bool
    restarts: int
    terminating: bool
    waiting: str | None
    message: str | None
    last_exit: str | None
    ip: str | None
    host: str | None
    started_at: datetime | None
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class NodeState:
    id: NodeId
    label: str
    status: Status
    since: datetime
    ready: int | None
    desired: int | None
    restarts: int | None
    reasons: tuple[Reason, ...] = ()
    witnesses: tuple[WitnessMark, ...] = ()
    pods: tuple[PodState, ...] = ()
    events: tuple[tuple[datetime, str, str], ...] = ()
    """(last seen, reason, message), newest first, at most ten."""
    flapping: int | None = None
    version: str | None = None
    """What runs: a store's own word, else its images' tags; all where they differ."""
    memory: int | None = None
    memory_limit: int | None = None
    clients: int | None = None
    clients_limit: int | None = None
    """Of a store, over all its servers; memory in bytes, in whole MiB. `None`: not
    every server says so, or there is no limit."""
    lag_s: int | None = None
    """Of a store: whole seconds by which the last of its replicas is behind."""
    users: int | None = None
    users_most: int | None = None
    users_marks: tuple[float, ...] = ()
    """On all its pods, on the fullest of them, and what one pod is held to."""
    cpu: float | None = None
    cpu_limit: float | None = None
    pods_memory: int | None = None
    pods_memory_limit: int | None = None
    """Of all ready pods: cores and bytes in use, in hundredths of the limit, and the
    limits; `None`: not every pod is measured, or not every container has a limit."""
    replicas_max: int | None = None
    """How many replicas its autoscalers may make; `None`: there is none."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """How well one source of facts can be heard.

    `status`: `ok`; `degraded` when some of its feeds give nothing; `failing` when all
    do (we are blind there); `no_data` before the first answer.
    """

    name: str
    status: Status
    last_success: datetime | None
    error: str | None
    feeds: int = 0
    troubled: int = 0


@dataclass(frozen=True, slots=True)
class Suspect:
    """Who is to be looked at: a box, one connection alone, or a cluster node (`host`);
    one of the three is given. `explains` is in the order in which they turned."""

    node: NodeId | None
    explains: tuple[int, ...]
    first_seen: datetime
    text: str
    connection: int | None = None
    host: str | None = None

    @property
    def who(self) -> str:
        """In one word: `redis`, `connection 17` or `host worker-2`."""
        if self.connection is not None:
            return f"connection {self.connection}"
        return self.node or f"host {self.host}"


@dataclass(frozen=True, slots=True)
class Snapshot:
    deployment: str
    version: int
    at: datetime
    status: Status
    connections: tuple[ConnectionState, ...] = ()
    nodes: tuple[NodeState, ...] = ()
    sources: tuple[SourceState, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    incident: str | None = None
    """The gravest of `incidents`."""
    incidents: tuple[Incident, ...] = ()
    """Those that are open, the gravest first."""
    maintenance: tuple[Window, ...] = ()
    """The windows that are in force."""
    talk: Talk = field(default_factory=Talk)
    """What people say of all this."""
