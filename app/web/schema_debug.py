"""The shapes of what the dashboard tells of itself."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from app.domain.status import Status
from app.web.schema_shape import Moment, Shape


class Timings(Shape):
    """Seconds; percentiles are of the last 64. null: nothing was timed yet."""

    count: int
    last_s: float | None
    p50_s: float | None
    p95_s: float | None
    most_s: float | None


class Viewers(Shape):
    count: int
    longest_queue: int = Field(description="so many deltas wait for the slowest")
    resynced: int = Field(
        description="how often one was so far behind that it was sent the whole picture"
    )


class Process(Shape):
    version: str
    started_at: Moment
    uptime_s: float
    threads: int
    cpu_s: float
    memory_bytes: int | None
    handles: int | None = Field(description="open file handles, sockets among them")
    handles_limit: int | None
    sockets: int | None
    event_loop_lag: Timings


class Trouble(Shape):
    at: Moment
    text: str


class Feed(Shape):
    name: str
    last_success: Moment | None
    age_s: float | None
    max_age_s: float = Field(description="older than this, its facts are stale")
    version: str | None = Field(
        description="the source's own, from which the watch goes on"
    )
    trouble: str | None
    trouble_since: Moment | None


class AskedSource(Shape):
    name: str
    status: Status
    last_success: Moment | None
    age_s: float | None
    error: str | None
    asked: int | None = Field(
        description="since the start, answered or not; null, as what follows: not by "
        "this process"
    )
    failed: int | None
    lists: int | None = Field(description="whole lists read, from which watches go on")
    watches: int | None = Field(description="watches opened, the first ones among them")
    timings: Timings
    last_trouble: Trouble | None = Field(description="also when it is over")
    feeds: int | None
    feeds_troubled: int | None
    listed: list[Feed] = Field(
        description="every feed of the deployment that was asked for; else the first "
        "of those in trouble"
    )


class Deployment(Shape):
    id: str
    name: str
    status: Status
    version: int
    at: Moment | None = Field(description="null before the first picture")
    unheard: list[str] = Field(description="what the first picture still waits for")
    waiting: int = Field(description="feeds with news that is not learnt yet")
    turns: Timings = Field(description="of learning, judging and publishing")
    viewers: Viewers
    sources: list[AskedSource]


class Store(Shape):
    name: str
    kind: str
    waiting: int = Field(
        description="how much is not written yet; of the bus, how many pictures are "
        "not the newest"
    )
    trouble: str | None
    details: dict[str, Any]


class Line(Shape):
    at: str
    level: str
    text: str


class Debug(Shape):
    at: Moment
    process: Process
    deployments: list[Deployment]
    fleet_viewers: Viewers
    stores: list[Store]
    configuration: dict[str, Any] = Field(description="in force, without secrets")
    warnings: list[Line] = Field(description="the last of the log, the newest first")
