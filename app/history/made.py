"""A past that was never lived through, in the form in which months of keeping would
have left it: for a demo, and for measurements.

It is made by the functions that seal and pack, but each chunk once, whole at the first.
That may be done in another process: what comes back are bytes, which are put into the
file in short transactions, before what is kept already.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeVar

import numpy as np
import orjson

from app.domain.measures import MINUTE_S, RAW_S, STEPS
from app.domain.rollups import Column, Floats, Ints
from app.domain.rollups_fold import measured, rolled, within
from app.history import pictures, rows
from app.history.base import Json
from app.history.book import number_of
from app.history.chunks import encode
from app.history.file import File
from app.history.pictures import Base, Packer
from app.history.tiers import PERIOD_S, SPANS

DAY_S: Final = 86_400
KEPT_S: Final = {RAW_S: 2 * DAY_S, MINUTE_S: 14 * DAY_S}
"""How long short steps are kept; longer ones: as long as the past is."""
T = TypeVar("T")
SLICE: Final = 100
"""Rows of one transaction: nobody who writes waits for longer."""

Key = tuple[str, str]
"""A subject's name, and a metric."""
Turn = tuple[int, str, str]
"""Milliseconds since 1970, a subject's name, its status from then on."""
Pictured = tuple[int, bool, int | None, bytes]
"""When it was made in milliseconds, whether it turned, the place of the one it is
packed against among these, and the picture."""


class MadeUp(Protocol):
    """`at`: the beginnings of the steps in which something was measured, in seconds;
    `weights`: for how many steps of 15 s each stands. `picture`: what a picture of it
    looks like. `turns` are in order."""

    @property
    def picture(self) -> Json: ...

    @property
    def at(self) -> Ints: ...

    @property
    def weights(self) -> Ints: ...

    @property
    def bases(self) -> Mapping[Key, float]: ...

    @property
    def turns(self) -> Sequence[Turn]: ...

    @property
    def begin(self) -> int: ...

    @property
    def end(self) -> int: ...

    def values(self, key: Key, at: Ints | None = None) -> Floats:
        """What was measured in every step, or at these moments."""

    def pictures(self, at: Ints) -> Iterator[Json]:
        """One for each of these moments, in order. The very same object may come again,
        changed: it is to be written before the next one is asked for."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """`chunks`: step, subject, beginning, and the chunk; they reach to `sealed`.
    `steps`: beginning and row of what is later. Seconds."""

    begin: int
    end: int
    sealed: int
    chunks: tuple[tuple[int, str, int, bytes], ...]
    layout: bytes
    steps: tuple[tuple[int, bytes], ...]
    turns: tuple[Turn, ...]


def numbers(
    made: MadeUp,
    steps: Container[int] = STEPS,
    kept_s: Mapping[int, int] = KEPT_S,
) -> Numbers:
    """All but the pictures; chunks of these steps alone, as long as they are kept."""
    sealed = (made.end - 1) // PERIOD_S * PERIOD_S
    names = dict.fromkeys(name for name, _ in made.bases)
    return Numbers(
        made.begin,
        made.end,
        sealed,
        tuple(
            one for name in names for one in _chunks(made, name, sealed, steps, kept_s)
        ),
        rows.columns(made.picture),
        tuple(_steps(made, sealed)),
        tuple(made.turns),
    )


def _chunks(
    made: MadeUp,
    name: str,
    sealed: int,
    steps: Container[int],
    kept_s: Mapping[int, int],
) -> Iterator[tuple[int, str, int, bytes]]:
    own = {
        key[1]: _weighted(made.at, made.values(key), made.weights)
        for key in made.bases
        if key[0] == name
    }
    for step_s in (step_s for step_s in STEPS if step_s in steps):
        first = max(made.begin, made.end - kept_s.get(step_s, made.end))
        parts = {
            metric: rolled(within(column, first, sealed), step_s)
            for metric, column in own.items()
        }
        for begin, packed in _cut(parts, step_s):
            yield step_s, name, begin, packed


def _weighted(at: Ints, values: Floats, weights: Ints) -> Column:
    column = measured(at, values)
    assert column.buckets is not None
    buckets = replace(column.buckets, count=weights)
    return replace(column, count=weights, sum=values * weights, buckets=buckets)


def _cut(parts: Mapping[str, Column], step_s: int) -> Iterator[tuple[int, bytes]]:
    span = SPANS[step_s]
    at = next(iter(parts.values())).at
    for begin in np.unique(at // span * span).tolist():
        cut = {m: within(one, begin, begin + span) for m, one in parts.items()}
        yield begin, encode(cut, step_s)


def _steps(made: MadeUp, sealed: int) -> Iterator[tuple[int, bytes]]:
    at = made.at[made.at >= sealed]
    layout = [tuple(key) for key in orjson.loads(rows.columns(made.picture))]
    table = np.full((len(at), len(layout)), rows.NOT_MEASURED, np.float32)
    for place, key in enumerate(layout):
        if key in made.bases:
            table[:, place] = made.values(key, at)
    for moment, row in zip(at.tolist(), table, strict=True):
        yield moment, rows.shrunk(row.tobytes())


def looked(made: MadeUp, every: Sequence[tuple[int, int]]) -> Ints:
    """The moments of pictures: each at which something turned, and for so many seconds
    back one in so many. `every`: the newest first."""
    parts, until = [np.array([at // 1000 for at, _, _ in made.turns])], made.end
    for back, step in every:
        since = max(made.begin, made.end - back)
        parts.append(np.arange(-(-since // step) * step, until, step))
        until = min(until, since)
    return np.unique(np.concatenate(parts).astype(np.int64))


def pictured(made: MadeUp, at: Ints) -> list[Pictured]:
    """Of these moments, which are in order."""
    turned = {moment // 1000 for moment, _, _ in made.turns}
    found: list[Pictured] = []
    base: Base | None = None
    packer = Packer()
    for second, picture in zip(at.tolist(), made.pictures(at), strict=True):
        plain, moment, news = orjson.dumps(picture), second * 1000, second in turned
        if base is not None and base.hour == moment // pictures.HOUR:
            packed = packer.packed(plain, base)
            found.append((moment, news, base.number, packed))
        else:
            base = Base(len(found), moment // pictures.HOUR, plain)
            found.append((moment, news, None, pictures.alone(plain)))
    return found


def put_numbers(file: File, deployment: str, made: Numbers) -> None:
    """Raises `Unreadable`. What is kept begins with `made.end`, or later."""
    with file.writing() as connection:
        own = number_of(connection, deployment)
        _put_rows(connection, own, made)
    for some in _sliced(made.chunks):
        with file.writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO chunk VALUES (?, ?, ?, ?, ?)",
                [(own, *one) for one in some],
            )
    with file.writing() as connection:
        connection.execute(
            "UPDATE deployment SET sealed = max(sealed, ?) WHERE id = ?",
            (made.sealed, own),
        )


def _put_rows(connection: sqlite3.Connection, own: int, made: Numbers) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO watch VALUES (?, ?, ?)",
        (own, made.begin * 1000, made.end * 1000),
    )
    connection.executemany(
        "INSERT OR IGNORE INTO turn VALUES (?, ?, ?, ?)",
        [(own, name, at, status) for at, name, status in made.turns],
    )
    connection.execute(
        "INSERT OR IGNORE INTO layout (columns) VALUES (?)", (made.layout,)
    )
    (layout,) = connection.execute(
        "SELECT id FROM layout WHERE columns = ?", (made.layout,)
    ).fetchone()
    connection.executemany(
        "INSERT OR IGNORE INTO step VALUES (?, ?, ?, ?)",
        [(own, at, layout, packed) for at, packed in made.steps],
    )


def put_pictures(file: File, deployment: str, made: Sequence[Pictured]) -> None:
    """Likewise."""
    placed: list[int] = []
    for some in _sliced(made):
        with file.writing() as connection:
            own = number_of(connection, deployment)
            for at, turned, base, packed in some:
                number = None if base is None else placed[base]
                placed.append(
                    pictures.insert(connection, own, at, turned, number, packed)
                )


def _sliced(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for begin in range(0, len(rows), SLICE):
        yield rows[begin : begin + SLICE]
