"""Typed access to an object as the API server sends it.

A field that is missing or null has its default, as the API's own rules say. A field of
another type is `SourceMisread`, with its name: a guess would become a wrong colour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from collectors.errors import SourceMisread

Json = Any
Fields = Mapping[str, Json]


def fields(value: Json, name: str) -> Fields:
    """`value` as an object; empty where it is null."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _misread(name, value, "an object")
    return value


def field(parent: Fields, name: str) -> Fields:
    return fields(parent.get(name), name)


def items(parent: Fields, name: str) -> Sequence[Fields]:
    """The objects of a list; empty where it is null."""
    value = parent.get(name)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise _misread(name, value, "a list")
    return [fields(item, name) for item in value]


def texts(parent: Fields, name: str) -> Sequence[str]:
    """The texts of a list; empty where it is null."""
    value = parent.get(name)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise _misread(name, value, "a list")
    for item in value:
        if not isinstance(item, str):
            raise _misread(name, item, "a text")
    return value


def labels(parent: Fields, name: str = "labels") -> Mapping[str, str]:
    """Labels or annotations: texts by name."""
    for key, value in (found := field(parent, name)).items():
        if not isinstance(value, str):
            raise _misread(f"{name}.{key}", value, "a text")
    return found


def text(parent: Fields, name: str) -> str | None:
    """A text; `None` where it is missing or empty, which the API holds for equal."""
    value = parent.get(name)
    if value is None or isinstance(value, str):
        return value or None
    raise _misread(name, value, "a text")


def needed_text(parent: Fields, name: str) -> str:
    if (value := text(parent, name)) is None:
        raise SourceMisread(f"{name} is missing")
    return value


def whole(parent: Fields, name: str) -> int | None:
    value = parent.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise _misread(name, value, "a whole number")
    return value


def count(parent: Fields, name: str, default: int = 0) -> int:
    """A whole number that is never negative."""
    value = whole(parent, name)
    if value is not None and value < 0:
        raise SourceMisread(f"{name} is negative")
    return default if value is None else value


def flag(parent: Fields, name: str) -> bool | None:
    value = parent.get(name)
    if value is None or isinstance(value, bool):
        return value
    raise _misread(name, value, "true or false")


def moment(parent: Fields, name: str) -> datetime | None:
    """A time in UTC; `None` where it is missing."""
    value = text(parent, name)
    if value is None:
        return None
    try:
        read = datetime.fromisoformat(value)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as exc:
        raise SourceMisread(f"{name} is not a time") from exc


def _misread(name: str, value: Json, wanted: str) -> SourceMisread:
    return SourceMisread(f"{name} is not {wanted} but {type(value).__name__}")
