"""Which keys the settings know at a place, to tell the nearest one to a wrong one."""

from __future__ import annotations

from typing import Any

from app.config.models import Settings
from app.config.section import Section


def known_names(path: tuple[str | int, ...]) -> tuple[str, ...]:
    """The keys that may stand at `path`; empty where anything may."""
    model: Any = Settings
    for part in path:
        if isinstance(part, str):
            field = model.model_fields.get(part) if _is_section(model) else None
            model = None if field is None else field.annotation
        model = _section_in(model)
    fields = model.model_fields.items() if _is_section(model) else ()
    return tuple(field.alias or name for name, field in fields)


def _is_section(model: Any) -> bool:
    return isinstance(model, type) and issubclass(model, Section)


def _section_in(annotation: Any) -> Any:
    """The section class inside `X | None` or `tuple[X, ...]`."""
    if _is_section(annotation):
        return annotation
    inside = getattr(annotation, "__args__", ())
    return next((arg for arg in inside if _is_section(arg)), None)
