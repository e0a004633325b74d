"""What is to be written of what was seen: turns, steps, pictures, watches. Pure.

What was seen holds until something else is, but not for longer than `GAP`: then the
machine slept, or its clock jumped, and nobody looked in between. Moments are
milliseconds since 1970.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from app.domain.measures import MINUTE_S, RAW_S
from app.history.base import Json
from app.history.rows import statuses

GAP: Final = 5 * 60_000
STEP: Final = RAW_S * 1000
MINUTE: Final = MINUTE_S * 1000
GONE: Final = ""
"""The status of what is not part of the picture any more."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What is known of one deployment. `held`: the last status of each subject that
    was kept. `began`: since when it is looked at without a gap; `None`: it is not.
    `until`: what is known reaches to there; `None`: nothing is kept yet."""

    held: Mapping[str, str] = field(default_factory=dict)
    began: int | None = None
    until: int | None = None
    picture: Json | None = None
    pictured: int | None = None
    """The minute in which the last picture was kept."""


@dataclass(slots=True)
class Rows:
    """What is to be written: beginnings of steps with the pictures that have their
    numbers; (at, subject, status); (at, turned, picture); watches and their ends."""

    steps: list[tuple[int, Json]] = field(default_factory=list)
    turns: list[tuple[int, str, str]] = field(default_factory=list)
    pictures: list[tuple[int, bool, Json]] = field(default_factory=list)
    watches: dict[int, int] = field(default_factory=dict)


def noted(sight: Sight, at: int, picture: Json, turned: bool, rows: Rows) -> Sight:
    """`picture` is what is seen from `at` on; it is no earlier than what is known."""
    sight = passed(sight, at, rows)
    now = {**dict.fromkeys(sight.held, GONE), **statuses(picture)}
    rows.turns += [
        (at, name, status)
        for name, status in now.items()
        if sight.held.get(name) != status
    ]
    began = at if sight.began is None else sight.began
    rows.watches[began] = at
    if turned or at // MINUTE != sight.pictured:
        rows.pictures.append((at, turned, picture))
    return Sight(now, began, at, picture, at // MINUTE)


def passed(sight: Sight, at: int, rows: Rows) -> Sight:
    """Time went on until `at`, and nothing else was seen."""
    if sight.began is None or sight.until is None or sight.picture is None:
        return sight
    step, now = sight.until // STEP * STEP, at // STEP * STEP
    if at - sight.until > GAP:
        rows.steps.append((step, sight.picture))
        return replace(sight, began=None, picture=None)
    rows.steps += [(begin, sight.picture) for begin in range(step, now, STEP)]
    rows.watches[sight.began] = at
    return replace(sight, until=at)


def left(sight: Sight, rows: Rows) -> None:
    """Nobody looks any more: the step that has begun is kept as far as it came."""
    if sight.until is not None and sight.picture is not None:
        rows.steps.append((sight.until // STEP * STEP, sight.picture))
