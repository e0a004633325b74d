"""The shape of the fleet in the JSON API."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.domain.fleet import BOXES, NUMBERS
from app.domain.status import Status
from app.web.schema import Moment, Shape

Sight = Literal["clear", "partial", "blind", "waiting"]


class TroubledSource(Shape):
    name: str
    status: Status
    error: str | None


class GravestIncident(Shape):
    id: str
    worst: Status
    text: str


class Card(Shape):
    """One deployment in small."""

    id: str
    name: str
    region: str | None
    group: str | None
    status: Status
    since: Moment | None
    counts: dict[Status, int] = Field(
        description="how many connections are in each status that there is"
    )
    connections: str = Field(
        description="a status's first letter for each number of the fleet's list",
        min_length=len(NUMBERS),
        max_length=len(NUMBERS),
    )
    nodes: str = Field(
        description="likewise for each box",
        min_length=len(BOXES),
        max_length=len(BOXES),
    )
    sight: Sight = Field(
        description="every source is heard, some are, none is any more, none was yet"
    )
    waiting: str | None = Field(description="what the first picture waits for")
    sources: list[TroubledSource] = Field(
        description="those in trouble, the worst first"
    )
    suspect: str | None = Field(description="the first suspect's sentence")
    incident: GravestIncident | None = Field(description="of those that are open")
    heard_at: Moment | None = Field(description="when any source last spoke")


class Fleet(Shape):
    deployment: Literal["*"] = Field(description="all of them")
    version: int
    at: Moment
    connections: list[int] = Field(description="what a card's letters are about")
    nodes: list[str]
    deployments: list[Card] = Field(description="in the configuration's order")
