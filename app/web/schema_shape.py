"""What every shape of the JSON API is made of."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Moment = Annotated[datetime, Field(description="UTC, with `Z`")]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")
