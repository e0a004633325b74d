"""The shapes of what people say, for `/openapi.json`: notes, who has an incident."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from app.web.schema_shape import Moment, Shape


class About(Shape):
    """Exactly one of them."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"minProperties": 1, "maxProperties": 1}
    )

    connection: int | None = None
    node: str | None = None
    incident: str | None = None
    moment: Moment | None = None


class Note(Shape):
    id: str
    at: Moment
    by: str
    about: About
    text: str = Field(description="Markdown, as it was written")
    html: str = Field(description="what comes of it, sanitised")
    pinned: bool = Field(description="the summary; one note at a time")


class Notes(Shape):
    notes: list[Note] = Field(description="newest first")
    next: str | None = Field(description="`before` of the next page; null: no more")
    trouble: str | None = Field(
        description="why only what is in memory could be told; null: all is here"
    )


class Acknowledged(Shape):
    by: str
    at: Moment


class Care(Shape):
    """Who has an incident in hand."""

    incident: str
    acknowledged: Acknowledged | None
    assigned: str | None
