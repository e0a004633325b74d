"""What a metric was over time, a step each: counts, sums, extremes and distribution.

Roll-ups can be added: two of a subject's steps make a longer one, and nothing is lost
but the order within it. A quantile can't be averaged, so a step keeps how often values
fell into which bucket. Bucket `i` holds the values from `GROWTH ** i` to
`GROWTH ** (i + 1)`, whose geometric middle is at most `ERROR` away from any of them;
`ZERO` holds those that are not above zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.measures import CONNECTION_METRICS as CONNECTION_METRICS
from app.domain.measures import HOUR_S as HOUR_S
from app.domain.measures import MINUTE_S as MINUTE_S
from app.domain.measures import NODE_METRICS as NODE_METRICS
from app.domain.measures import RAW_S as RAW_S
from app.domain.measures import STEPS as STEPS
from app.domain.measures import TEN_MINUTES_S as TEN_MINUTES_S
from app.domain.subject import Subject

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

GROWTH: Final = 1.1
ERROR: Final = GROWTH**0.5 - 1
"""How far a quantile that is read from buckets may be off, as a share of it."""
ZERO: Final = -32768


@dataclass(frozen=True, slots=True, eq=False)
class Buckets:
    """How often values fell into which bucket, of every step: step `i` has those at
    `start[i]:start[i + 1]` of `index` and `count` (`start` is one longer)."""

    start: Ints
    index: Ints
    count: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One metric of one subject: arrays of one length, in order of `at`, the beginning
    of a step in seconds since 1970. A step in which nobody measured it is missing.

    `buckets`: `None` where the store keeps none (an engine for metrics); quantiles are
    then those of the steps' means.
    """

    at: Ints
    count: Ints
    sum: Floats
    min: Floats
    max: Floats
    last: Floats
    buckets: Buckets | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Statuses:
    """How long one subject was in which status. `seconds` has a row a step and a column
    a status, in the order of `Status`; what nobody looked at counts nowhere, so that a
    row may add up to less than a step."""

    at: Ints
    seconds: Floats


@dataclass(frozen=True, slots=True)
class Ask:
    """`begin` is within, `end` is not. `step_s`: one of `STEPS`; a step that begins
    before `begin` is left out. No subjects or metrics named: all of them."""

    begin: datetime
    end: datetime
    step_s: int
    subjects: tuple[Subject, ...] = ()
    metrics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """`since`: before it, this step is kept no more (or was not yet); `None`: nothing
    is kept at all. `whole` is false when something within could not be read."""

    step_s: int
    since: datetime | None
    columns: Mapping[tuple[Subject, str], Column] = field(default_factory=dict)
    statuses: Mapping[Subject, Statuses] = field(default_factory=dict)
    whole: bool = True
