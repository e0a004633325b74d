"""The shape of what is told of kept moments."""

from __future__ import annotations

from pydantic import Field

from app.web.schema import Moment, Shape


class KeptMoment(Shape):
    at: Moment
    turned: bool = Field(
        description="statuses, suspects or maintenance are other than before"
    )


class Moments(Shape):
    first: Moment | None = Field(description="the oldest that is kept; null: none yet")
    moments: list[KeptMoment] = Field(description="in order")
