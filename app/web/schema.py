"""The shapes of the JSON API, for `/openapi.json`; a test holds the wire to them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.domain.incidents import Kind, What
from app.domain.status import Status
from app.domain.subject import Witness
from app.web.schema_room import Acknowledged, Note
from app.web.schema_shape import Error as Error
from app.web.schema_shape import Moment as Moment
from app.web.schema_shape import Shape as Shape


class DeploymentEntry(Shape):
    id: str
    name: str
    status: Status


class Deployments(Shape):
    deployments: list[DeploymentEntry]


class Reason(Shape):
    witness: Witness | None = Field(description="null: our own conclusion")
    status: Status
    text: str
    observed_at: Moment


class Heard(Shape):
    at: Moment | None
    text: str


class Metrics(Shape):
    """Live numbers; null is "nobody measured it"."""

    request_rate: float | None
    error_ratio: float | None
    latency_mean_ms: float | None
    latency_p50_ms: float | None
    latency_p95_ms: float | None
    latency_p99_ms: float | None
    connections_active: float | None
    connect_failure_ratio: float | None
    saturation: float | None


class Connection(Shape):
    number: int
    source: str
    destination: str
    protocol: str | None
    port: int | None
    classification: str
    data: str | None
    status: Status
    since: Moment
    observed_at: Moment | None
    reasons: list[Reason]
    witnesses: dict[Witness, Status]
    heard: dict[Witness, Heard]
    metrics: Metrics
    flapping: int | None


class Pod(Shape):
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
    started_at: Moment | None
    zone: str | None


class Event(Shape):
    at: Moment
    reason: str
    message: str


class Node(Shape):
    id: str
    label: str
    status: Status
    since: Moment
    ready: int | None
    desired: int | None
    restarts: int | None
    reasons: list[Reason]
    witnesses: dict[Witness, Status]
    heard: dict[Witness, Heard]
    pods: list[Pod]
    events: list[Event]
    flapping: int | None
    version: str | None
    memory: int | None = Field(description="of a store: bytes, on all its servers")
    memory_limit: int | None
    clients: int | None
    clients_limit: int | None
    lag_s: int | None = Field(description="of a store: its replicas are so far behind")
    users: int | None = Field(description="on all its pods")
    users_most: int | None = Field(description="on the fullest of its pods")
    users_marks: list[float] = Field(description="what one pod is held to, in order")
    cpu: float | None = Field(description="cores in use by all ready pods")
    cpu_limit: float | None = Field(description="null: a container has no limit")
    pods_memory: int | None = Field(description="bytes, of all ready pods")
    pods_memory_limit: int | None = Field(description="null: a container has no limit")
    replicas_max: int | None = Field(description="replicas that autoscalers may make")


class Source(Shape):
    name: str
    status: Status
    last_success: Moment | None
    age_s: float | None
    error: str | None
    feeds: int
    troubled: int


class Window(Shape):
    """What is worked on; neither boxes nor connections: the whole deployment."""

    id: str
    from_: Moment = Field(alias="from")
    to: Moment
    nodes: list[str]
    connections: list[int]
    why: str
    by: str
    origin: Literal["configuration", "page"]
    ended_at: Moment | None = Field(description="when it was ended early")
    ended_by: str | None


class Suspect(Shape):
    """Who is to be looked at: a box, one connection, or a cluster node."""

    node: str | None
    connection: int | None
    host: str | None
    explains: list[int] = Field(description="in the order in which they turned")
    first_seen: Moment
    text: str


class Step(Shape):
    """A member of an incident in the order of its turn: a connection or a box."""

    connection: int | None
    node: str | None
    at: Moment
    first: Status = Field(description="what it became at first")
    worst: Status
    status: Status = Field(description="as it was last seen")
    until: Moment | None = Field(description="when its part ended")


class OpenIncident(Shape):
    id: str
    kind: Kind
    start: Moment
    status: Status = Field(description="the worst of what is bad now")
    worst: Status
    text: str
    cascade: list[Step]
    acknowledged: Acknowledged | None
    assigned: str | None = Field(description="the name of who has it in hand")


class Snapshot(Shape):
    deployment: str
    version: int
    at: Moment
    status: Status
    connections: list[Connection]
    nodes: list[Node]
    sources: list[Source]
    suspects: list[Suspect]
    incident: str | None = Field(description="the gravest of `incidents`")
    incidents: list[OpenIncident] = Field(description="open now, the gravest first")
    maintenance: list[Window] = Field(description="the windows that are in force")
    notes: list[Note] = Field(description="what people say: the newest, 50 at most")


class Transition(Shape):
    connection: int | None
    node: str | None
    at: Moment
    status: Status
    exact: bool = Field(description="false: it was found afterwards, at that moment")


class NamedSuspect(Shape):
    who: str = Field(description="a box's id, `connection 17` or `host worker-2`")
    first_at: Moment
    first_text: str
    last_at: Moment
    last_text: str
    explains: list[int]


class Remark(Shape):
    at: Moment
    what: What
    text: str


class Incident(Shape):
    id: str
    kind: Kind
    open: bool
    start: Moment
    end: Moment | None
    end_exact: bool
    status: Status = Field(
        description="the worst of what is bad now; ok when nothing is"
    )
    worst: Status
    connections: list[int]
    nodes: list[str]
    cascade: list[Step]
    transitions: list[Transition]
    suspects: list[NamedSuspect]
    remarks: list[Remark]
    merged: list[str] = Field(description="what grew together with it")
    merged_into: str | None = Field(description="it is part of that one")
    acknowledged: Acknowledged | None
    assigned: str | None


class Incidents(Shape):
    incidents: list[Incident] = Field(description="newest first")
    next: str | None = Field(description="`before` of the next page; null: no more")
    trouble: str | None = Field(
        description="why only what is in memory could be told; null: all is here"
    )


Points = list[tuple[Moment, float, str | None]]


class Series(Shape):
    """A point is a step's beginning, its value, and the source that told it afterwards;
    `null`: it was measured at the time. Steps in which nobody measured are missing."""

    request_rate: Points
    error_ratio: Points
    latency_mean_ms: Points
    latency_p50_ms: Points
    latency_p95_ms: Points
    latency_p99_ms: Points
    connections_active: Points
    connect_failure_ratio: Points
    saturation: Points


class Spanned(Shape):
    step_s: int
    from_: Moment = Field(alias="from")
    to: Moment
    since: Moment | None = Field(
        description="measurements in this step are kept from then on; null: this is "
        "the last hour, from memory"
    )


class History(Spanned):
    series: Series


class NodeHistory(Spanned):
    series: dict[str, Points]


class Health(Shape):
    status: str
