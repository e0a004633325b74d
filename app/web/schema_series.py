"""The shape of exported measurements, for `/openapi.json`."""

from __future__ import annotations

from pydantic import Field

from app.web.schema_shape import Moment, Shape


class Exported(Shape):
    """Measurements, a list of values a row, in the order of `columns`."""

    step_s: int
    from_: Moment = Field(alias="from")
    to: Moment
    columns: list[str]
    rows: list[list[str | float | None]]
    whole: bool = Field(description="false: a part of it could not be read")
