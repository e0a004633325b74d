"""The shapes of what is told of the past to be played."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from app.domain.incidents import Kind
from app.domain.status import Status
from app.web.schema import Moment, Shape


class Pictures(Shape):
    from_: Moment = Field(alias="from")
    to: Moment = Field(
        description="so far the pictures reach: ask for the rest from here on"
    )
    step_s: int
    pictures: list[dict[str, Any]] = Field(
        description="in order: the first is a snapshot, each later one what changed, "
        "as the stream tells it"
    )


class Gap(Shape):
    from_: Moment = Field(alias="from")
    to: Moment


class Turns(Shape):
    at: Moment = Field(description="of the first of them")
    count: int = Field(description="how many lie too near together to be drawn apart")


class PlayedIncident(Shape):
    id: str
    kind: Kind
    worst: Status
    start: Moment
    end: Moment | None
    text: str


class Replay(Shape):
    first: Moment | None = Field(description="the oldest picture; null: none yet")
    from_: Moment = Field(alias="from", description="never before `first`")
    to: Moment
    gaps: list[Gap] = Field(description="where no picture was kept")
    turns: list[Turns]
    incidents: list[PlayedIncident] = Field(description="newest first, 200 at most")
    more: bool = Field(description="there were more incidents than are told")
    trouble: str | None = Field(description="why not all incidents could be told")
    made_up_until: Moment | None = Field(
        description="what was before it was made up, by a demo; null: nothing was"
    )
