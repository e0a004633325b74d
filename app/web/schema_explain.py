"""The shapes of an explanation, for `/openapi.json`."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from app.domain.explain import Effect
from app.domain.status import Status
from app.domain.subject import Witness
from app.web.schema import Moment, Shape


class Evidence(Shape):
    """One fact, and how old it may become before it is no longer judged."""

    about: str | int = Field(description="a box's id, or a connection's number")
    witness: Witness | None = Field(description="null: it is only shown")
    kind: str
    told: dict[str, Any] = Field(description="what it says, by the fact's own fields")
    source: str | None = Field(description="null: of the past it is not kept")
    feed: str | None
    observed_at: Moment
    age_s: float
    max_age_s: float | None
    fresh: bool


class Ruling(Shape):
    """What one rule makes of the facts, and what that does to the status."""

    rule: str | None = Field(description="null: of the past it is not kept")
    witness: Witness | None
    status: Status
    text: str
    observed_at: Moment
    hard: bool = Field(description="it colours at once")
    effect: Effect
    colours_at: Moment | None = Field(description="when one that waits will colour")


class Measured(Shape):
    """A number and its limits; null: never, or nobody counts it."""

    name: str
    value: float | None
    degraded: float | None
    failing: float | None
    why: str


class Explanation(Shape):
    number: int
    status: Status
    since: Moment
    at: Moment
    evidence: list[Evidence]
    rulings: list[Ruling]
    measured: list[Measured]
    expected: str | None = Field(
        description="when calls must be seen, and who says so; null: nobody does"
    )
    would_change: list[str]
    recalled: bool = Field(
        description="it is read from a picture of the past: what witnesses said, the "
        "reasons and the numbers, held against the limits of now"
    )
