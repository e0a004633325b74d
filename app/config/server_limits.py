"""What callers may ask of the web server: `server.limits`."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, model_validator

from app.bounds import USUAL, Bounds
from app.config.fields import Bytes, Interval
from app.config.section import Section

SMALLEST_BODY: Final = 16 << 10
SMALLEST_HEAD: Final = 2 << 10
LARGEST: Final = 1 << 20
Amount = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]


class ServerLimits(Section):
    body: Annotated[Bytes, Field(ge=SMALLEST_BODY, le=LARGEST)] = USUAL.body
    url: Annotated[Bytes, Field(ge=SMALLEST_HEAD, le=LARGEST)] = USUAL.url
    headers: Annotated[Bytes, Field(ge=SMALLEST_HEAD, le=LARGEST)] = USUAL.headers
    arrival: Interval = USUAL.arrival
    idle: Interval = USUAL.idle
    costly: Amount = USUAL.costly
    changes: Amount = USUAL.changes
    streams: Amount = USUAL.streams
    streams_per_client: Amount = USUAL.streams_per_client

    @model_validator(mode="after")
    def _one_of_all(self) -> ServerLimits:
        if self.streams_per_client > self.streams:
            raise ValueError("streams_per_client can't be more than streams")
        return self

    @property
    def bounds(self) -> Bounds:
        """For a process that may open as many files as it likes."""
        return Bounds(**self.model_dump())
