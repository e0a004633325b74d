"""What every shape of the JSON API is made of."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Moment = Annotated[datetime, Field(description="UTC, with `Z`")]


class Shape(BaseModel):
    """Described, and seldom asked for."""

    model_config = ConfigDict(extra="forbid", defer_build=True)


class Sent(Shape):
    """What somebody sends. It is read by its model, which is made with its route."""

    model_config = ConfigDict(defer_build=False)


class ErrorDetail(Shape):
    code: str
    message: str
    field: str | None = Field(description="the parameter at fault, where there is one")
    request_id: str | None = Field(
        description="by which the log names this request; also in `X-Request-ID`"
    )


class Error(Shape):
    error: ErrorDetail
