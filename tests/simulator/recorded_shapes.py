"""What two JSON answers have in common: which fields there are, and of which form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).parents[1] / "recorded" / "kubernetes-1.36"
FORMS = (
    ("time", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
    ("exact time", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"),
    ("uid", r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    ("address", r"\d+\.\d+\.\d+\.\d+"),
    ("number", r"\d+"),
)
FREE = {"fieldsV1"}
"""Maps whose keys tell what was written, not how."""


def recorded(name: str) -> Any:
    return json.loads((RECORDED / name).read_text())


def recorded_lines(name: str) -> list[Any]:
    text = (RECORDED / name).read_text()
    return [json.loads(line) for line in text.splitlines()]


def shape(value: Any, path: str = "") -> set[str]:
    """Every field with its form; entries of a list count together."""
    return set(_fields(value, path))


def _fields(value: Any, path: str) -> Iterator[str]:
    if path.rpartition(".")[2] in FREE:
        yield f"{path}: {type(value).__name__}"
    elif isinstance(value, dict):
        yield f"{path}: object"
        for key, inner in value.items():
            yield from _fields(inner, f"{path}.{key}")
    elif isinstance(value, list):
        yield f"{path}: list"
        for inner in value:
            yield from _fields(inner, f"{path}[]")
    else:
        yield f"{path}: {_form(value)}"


def _form(value: Any) -> str:
    if not isinstance(value, str):
        return type(value).__name__
    forms = (name for name, pattern in FORMS if re.fullmatch(pattern, value))
    return next(forms, "text")


def values(value: Any, path: str = "") -> dict[str, Any]:
    """Every leaf by its path, so that two states of one object can be compared."""
    if isinstance(value, dict):
        inner = (values(one, f"{path}.{key}") for key, one in value.items())
    elif isinstance(value, list):
        inner = (
            values(one, f"{path}[{_name(one, place)}]")
            for place, one in enumerate(value)
        )
    else:
        return {path: value}
    return {key: leaf for leaves in inner for key, leaf in leaves.items()}


def _name(entry: Any, place: int) -> Any:
    return entry.get("type", place) if isinstance(entry, dict) else place


def changed(before: Any, after: Any) -> set[str]:
    """The fields in which two states of one object differ."""
    old, new = values(before), values(after)
    return {
        path
        for path in old.keys() | new.keys()
        if old.get(path) != new.get(path) and "managedFields" not in path
    }
