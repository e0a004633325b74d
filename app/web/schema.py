"""The shapes of the JSON API, for `/openapi.json`; a test holds the wire to them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.domain.status import Status
from app.domain.subject import Witness

Moment = Annotated[datetime, Field(description="UTC, with `Z`")]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ErrorDetail(Shape):
    code: str
    message: str
    field: str | None = Field(description="the parameter at fault, where there is one")


class Error(Shape):
    error: ErrorDetail


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


class Source(Shape):
    name: str
    status: Status
    last_success: Moment | None
    age_s: float | None
    error: str | None
    feeds: int
    troubled: int


class Suspect(Shape):
    node: str
    explains: list[int]
    first_seen: Moment
    text: str


class Snapshot(Shape):
    deployment: str
    version: int
    at: Moment
    status: Status
    connections: list[Connection]
    nodes: list[Node]
    sources: list[Source]
    suspects: list[Suspect]
    incident: str | None


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


class History(Shape):
    step_s: int
    from_: Moment = Field(alias="from")
    to: Moment
    series: Series


class Health(Shape):
    status: str
