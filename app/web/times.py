"""Moments as they stand in an address: RFC 3339, with their zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import Query
from pydantic import AwareDatetime, BeforeValidator

SHAPE: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)",
    re.ASCII,
)
NO_TIME: Final = "not an RFC 3339 time with its zone"


def _moment(text: Any) -> Any:
    """Pydantic would also take a number, and a date alone."""
    if not SHAPE.fullmatch(str(text)):
        raise ValueError(NO_TIME)
    return text


Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]


def moment_of(text: str) -> datetime:
    """The same in UTC for who reads an address without Pydantic; raises a
    `ValueError` that says so for what is no such time."""
    try:
        return datetime.fromisoformat(_moment(text.upper())).astimezone(UTC)
    except (ValueError, OverflowError) as exc:
        raise ValueError(NO_TIME) from exc


At = Annotated[
    Moment | None,
    Query(description="a moment of the past: the picture that was shown then"),
]
