"""The shapes of the timeline, for `/openapi.json`."""

from __future__ import annotations

from pydantic import Field

from app.domain.status import Status
from app.domain.subject import Witness
from app.domain.timeline import What
from app.web.schema import Moment, Shape


class Span(Shape):
    from_: Moment = Field(alias="from")
    to: Moment


class Segment(Shape):
    """From when to when a lane was in one status."""

    from_: Moment = Field(alias="from")
    to: Moment
    status: Status | None = Field(description="null: nobody looked")
    witness: Witness | None
    text: str = Field(description="the first reason, as it was said when it turned")
    exact: bool = Field(description="false: it turned before, while nobody looked")


class Lane(Shape):
    """One of the three is given. The segments cover the span and never overlap."""

    connection: int | None
    node: str | None
    source: str | None
    segments: list[Segment]


class LaneTurn(Shape):
    connection: int | None
    node: str | None
    source: str | None
    at: Moment
    what: What
    status: Status | None = Field(description="what it became, where a status turned")
    was: Status | None
    exact: bool = Field(description="false: it was found afterwards, at that moment")
    witness: Witness | None
    text: str


class Timeline(Shape):
    from_: Moment = Field(alias="from")
    to: Moment
    whole_from: Moment | None = Field(
        description="too much turned: what was before this moment is left out"
    )
    watched: list[Span] = Field(description="when anybody looked")
    lanes: list[Lane]
    turns: list[LaneTurn] = Field(description="in time")
    trouble: str | None = Field(
        description="why only what is in memory could be told; null: all is here"
    )
