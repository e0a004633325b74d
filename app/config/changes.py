"""What two configurations differ in, and what of it takes effect at once. Pure.

Deployments are told apart by their ids, wherever they stand in the list. Places are
those of the newer file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.config.models import Settings
from app.config.problems import Path, dotted

JUDGED: Final[Mapping[str, str]] = {
    "limits": "limits",
    "traffic": "calendar",
    "maintenance": "windows",
}
"""Sections of a deployment by which verdicts are judged, so that nobody need be asked
anew when they change; with the field of `Deployment` that each becomes."""
_NOTHING: Final = object()


@dataclass(frozen=True, slots=True)
class Changes:
    """Places, as a person would write them."""

    at_once: tuple[str, ...] = ()
    after_restart: tuple[str, ...] = ()


def changes(old: Settings, new: Settings) -> Changes:
    """What of `new` is otherwise than in `old`."""
    paths = [*between(_process(old), _process(new)), *_in_deployments(old, new)]
    at_once = [dotted(path) for path in paths if _is_judged(path)]
    later = [dotted(path) for path in paths if not _is_judged(path)]
    return Changes(tuple(at_once), (*later, *_listed(old, new)))


def between(old: Any, new: Any, path: Path = ()) -> Iterator[Path]:
    """The deepest places at which two values differ."""
    if old == new:
        return
    parts = _parts(old, new)
    if not parts:
        yield path
    for key, before, after in parts:
        yield from between(before, after, (*path, key))


def _parts(old: Any, new: Any) -> list[tuple[str | int, Any, Any]]:
    """Two mappings, or two lists of one length, part by part; else nothing."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        keys = {**old, **new}
        return [(k, old.get(k, _NOTHING), new.get(k, _NOTHING)) for k in keys]
    lists = isinstance(old, list | tuple) and isinstance(new, list | tuple)
    if lists and len(old) == len(new):
        return [(at, *pair) for at, pair in enumerate(zip(old, new, strict=True))]
    return []


def _process(settings: Settings) -> dict[str, Any]:
    """All that is about no deployment."""
    return settings.model_dump(exclude={"deployments"})


def _in_deployments(old: Settings, new: Settings) -> Iterator[Path]:
    """Within those that both have."""
    before = {one.id: one.model_dump() for one in old.deployments}
    for at, one in enumerate(new.deployments):
        if one.id in before:
            here: Path = ("deployments", at)
            yield from between(before[one.id], one.model_dump(), here)


def _is_judged(path: Path) -> bool:
    return path[0] == "deployments" and path[2] in JUDGED


def _listed(old: Settings, new: Settings) -> Iterator[str]:
    """Deployments that came, went, or stand in another order."""
    before = [one.id for one in old.deployments]
    after = [one.id for one in new.deployments]
    for at, name in enumerate(after):
        if name not in before:
            yield f"{dotted(('deployments', at))} (added: {name})"
    yield from (f"deployments (removed: {n})" for n in before if n not in after)
    if [n for n in before if n in after] != [n for n in after if n in before]:
        yield "deployments (their order)"
