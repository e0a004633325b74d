"""How long a subject was in which status, exactly: from its turns, not from samples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from app.domain.rollups import Floats, Ints, Statuses
from app.domain.status import Status

Held = Sequence[tuple[float, Status | None]]
"""From when on it was which, in order; in seconds since 1970. `None`: it was no part of
the picture."""
Watched = Sequence[tuple[float, float]]
"""From when until when somebody looked, in order and apart."""
_PLACE: Final = {status: place for place, status in enumerate(Status)}
_NOWHERE: Final = -1


def seconds(held: Held, watched: Watched, edges: Floats) -> Statuses:
    """`edges`: the beginnings of the steps, and the end of the last one. A step in
    which nobody looked, or before the first turn, is missing."""
    whole = np.zeros((len(edges) - 1, len(_PLACE)))
    if held and watched:
        places = np.array([_place(status) for _, status in held])
        begins = np.array([at for at, _ in held])
        looked = np.array(watched, np.float64)
        _fill(whole, places, begins, looked, edges)
    at = edges[:-1].astype(np.int64)
    known = whole.sum(axis=1) > 0
    return Statuses(at[known], whole[known])


def _fill(
    whole: Floats, places: Ints, begins: Floats, looked: Floats, edges: Floats
) -> None:
    """Between two of `bounds` nothing changes: neither the status, nor who looks."""
    bounds = np.unique(np.concatenate([begins, looked.ravel()]))
    starts = bounds[:-1]
    turn = np.searchsorted(begins, starts, side="right") - 1
    look = np.searchsorted(looked[:, 0], starts, side="right") - 1
    place = np.where(turn >= 0, places[turn], _NOWHERE)
    seen = (place != _NOWHERE) & (look >= 0) & (starts < looked[look, 1])
    spent = np.where(seen, np.diff(bounds), 0.0)
    for status in np.unique(place[seen]):
        passed = np.append(0.0, np.cumsum(np.where(place == status, spent, 0.0)))
        whole[:, status] = np.diff(np.interp(edges, bounds, passed))


def _place(status: Status | None) -> int:
    return _NOWHERE if status is None else _PLACE[status]
