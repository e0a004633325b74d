"""What an engine answered about many steps, as columns. Pure.

An engine keeps no buckets of a gauge, so that columns have none: quantiles are then
those of the steps' means.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Final

import numpy as np

from app.domain.exported import CONNECTION_NUMBERS, NODE_NUMBERS
from app.domain.rollups import Column, Floats, Ints, Statuses
from app.domain.status import Status
from app.domain.subject import Subject
from app.history.promql_terms import METRIC, subject
from collectors.telemetry import Series

PER: Final = {one.field: one.per for one in (*CONNECTION_NUMBERS, *NODE_NUMBERS)}
PLACES: Final = {status.value: place for place, status in enumerate(Status)}
DIGITS: Final = 6
"""Of a number in the snapshot's units; a snapshot itself has four."""

Key = tuple[Subject, str]
Steps = tuple[Ints, Floats]
"""The beginnings of steps, and a value each."""
Told = Mapping[Key, Steps]


def by_metric(answers: Iterable[Iterable[Series]], step_s: int) -> dict[Key, Steps]:
    """One figure, from the answers about one span after another."""
    parts: dict[Key, list[Steps]] = defaultdict(list)
    for answer in answers:
        for series in answer:
            key = (subject(series), series.labels[METRIC])
            parts[key].append(_steps(series, step_s))
    return {key: _joined(found) for key, found in parts.items()}


def columns(told: Mapping[str, Told]) -> dict[Key, Column]:
    """By figure what was told of it. A step that was not there yet when one of the
    figures was asked for is left out."""
    keys = set.intersection(*(set(one) for one in told.values()))
    return {key: _column(key[1], {f: told[f][key] for f in told}) for key in keys}


def _column(metric: str, figures: Mapping[str, Steps]) -> Column:
    at = reduce(np.intersect1d, (at for at, _ in figures.values()))
    found = {name: v[np.isin(when, at)] for name, (when, v) in figures.items()}

    def units(name: str) -> Floats:
        return np.round(found[name] * PER[metric], DIGITS)

    return Column(
        at,
        found["count"].astype(np.int64),
        units("sum"),
        units("min"),
        units("max"),
        units("last"),
    )


def spent(
    answers: Iterable[Iterable[Series]], step_s: int, look_s: float
) -> dict[Subject, Statuses]:
    """Seconds in each status. Each look stands for the `look_s` until the next one; a
    step can't be longer than it is."""
    parts: dict[Subject, dict[str, list[Steps]]] = defaultdict(dict)
    for answer in answers:
        for series in answer:
            status = series.labels["status"]
            known = parts[subject(series)].setdefault(status, [])
            known.append(_steps(series, step_s))
    return {
        who: _statuses({s: _joined(one) for s, one in found.items()}, step_s, look_s)
        for who, found in parts.items()
    }


def _statuses(seen: Mapping[str, Steps], step_s: int, look_s: float) -> Statuses:
    at = reduce(np.union1d, (when for when, _ in seen.values()))
    seconds = np.zeros((len(at), len(Status)))
    for status, (when, looks) in seen.items():
        seconds[np.searchsorted(at, when), PLACES[status]] = looks * look_s
    whole = seconds.sum(axis=1, keepdims=True)
    return Statuses(at, seconds * np.minimum(1.0, step_s / np.maximum(whole, 1e-9)))


def _steps(series: Series, step_s: int) -> Steps:
    """A step is told at its end."""
    pairs = np.array(series.samples, dtype=np.float64)
    return np.rint(pairs[:, 0]).astype(np.int64) - step_s, pairs[:, 1]


def _joined(parts: list[Steps]) -> Steps:
    return (
        np.concatenate([at for at, _ in parts]),
        np.concatenate([values for _, values in parts]),
    )
