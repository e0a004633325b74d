"""Maintenance windows in the configuration: `deployments[].maintenance`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from app.config.fields import Text
from app.config.section import Section
from app.domain.subject import NodeId
from app.domain.windows import Window, is_line

CONNECTIONS: Final = range(1, 32)
EXAMPLE: Final = "2026-12-01T22:00:00+01:00"
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


def moment(value: Any) -> datetime:
    """A time with its zone, in UTC; YAML reads what stands without quotes itself."""
    at = _read(value)
    if at is None:
        raise ValueError(f'must be a time such as "{EXAMPLE}"')
    if at.tzinfo is None:
        raise ValueError(f"has no zone: write {EXAMPLE}, or Z at the end for UTC")
    return at


def _read(value: Any) -> datetime | None:
    """Week dates and the like would be taken too, and are nobody's intention."""
    text = value.isoformat() if isinstance(value, date) else str(value)
    if not DAY.match(text):
        return None
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else at
    except (ValueError, OverflowError):
        return None


def _number(value: Any) -> Any:
    if value not in CONNECTIONS or isinstance(value, bool):
        raise ValueError("must be a connection's number, 1 to 31")
    return value


def _some(value: Any) -> Any:
    if isinstance(value, list) and not value:
        raise ValueError("names nothing: leave it out for the whole deployment")
    return value


def _line(value: Any) -> Any:
    if not is_line(str(value)):
        raise ValueError("must be one line of text")
    return value


Moment = Annotated[datetime, BeforeValidator(moment)]
Number = Annotated[int, BeforeValidator(_number)]
Line = Annotated[Text, BeforeValidator(_line)]


class Maintenance(Section):
    """One window. Neither boxes nor connections: the whole deployment."""

    start: Moment = Field(alias="from")
    to: Moment
    nodes: Annotated[tuple[Text, ...], BeforeValidator(_some)] = ()
    connections: Annotated[tuple[Number, ...], BeforeValidator(_some)] = ()
    why: Line
    by: Line = "configuration"

    @field_validator("to")
    @classmethod
    def _later(cls, value: datetime, info: ValidationInfo) -> datetime:
        start = info.data.get("start")
        if start is not None and value <= start:
            raise ValueError("must be later than from")
        return value


def windows(every: Sequence[Maintenance]) -> tuple[Window, ...]:
    """As the rules know them; each is called by its place."""
    return tuple(
        Window(
            f"configuration-{place}",
            one.start,
            one.to,
            one.why,
            one.by,
            tuple(NodeId(node) for node in dict.fromkeys(one.nodes)),
            tuple(dict.fromkeys(one.connections)),
            configured=True,
        )
        for place, one in enumerate(every, 1)
    )
