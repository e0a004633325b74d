"""Series as CSV, JSON or Parquet, piece by piece: never more in memory than what is
kept of one subject.

Arrow writes the first and the last. A reader that stops reading stops the work.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa
from pyarrow import csv, parquet

from app.domain.instants import instant
from app.domain.rollups import Answer
from app.domain.series import NUMBERS, Rows, rows

PIECE: Final = 50_000
"""Rows that are written at once."""
COLUMNS: Final = ("at", "subject", "metric", "count", *NUMBERS)
_WORDS: Final = pa.dictionary(pa.int16(), pa.string())
SCHEMA: Final = pa.schema(
    [
        ("at", pa.timestamp("s", tz="UTC")),
        ("subject", _WORDS),
        ("metric", _WORDS),
        ("count", pa.int64()),
        *((name, pa.float64()) for name in NUMBERS),
    ]
)
KINDS: Final = {
    "csv": "text/csv; charset=utf-8; header=present",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}


def written(
    form: str, answers: Iterable[Answer], step_s: int, begin: datetime, end: datetime
) -> Iterator[bytes]:
    """The file of all `answers`, each one subject's, in pieces."""
    return _FORMS[form](answers, step_s, begin, end)


def _csv(
    answers: Iterable[Answer], step_s: int, begin: datetime, end: datetime
) -> Iterator[bytes]:
    yield ",".join(COLUMNS).encode() + b"\r\n"
    options = csv.WriteOptions(include_header=False, quoting_style="none", eol="\r\n")
    for answer in answers:
        for piece in _pieces(answer):
            batch = _batch(piece)
            told = np.datetime_as_string(_moments(piece), timezone="UTC")
            batch = batch.set_column(0, "at", pa.array(told.tolist()))
            sink = io.BytesIO()
            csv.write_csv(_plain(batch), sink, options)
            yield sink.getvalue()


def _plain(batch: Any) -> Any:
    """Arrow writes no words that stand in a dictionary."""
    for place in (1, 2):
        words = batch.column(place).cast(pa.string())
        batch = batch.set_column(place, COLUMNS[place], words)
    return batch


def _json(
    answers: Iterable[Answer], step_s: int, begin: datetime, end: datetime
) -> Iterator[bytes]:
    """`whole` stands at the end, where it is known."""
    head: dict[str, Any] = {
        "step_s": step_s,
        "from": instant(begin),
        "to": instant(end),
    }
    head |= {"columns": COLUMNS}
    yield orjson.dumps(head)[:-1] + b',"rows":['
    whole, comma = True, b""
    for answer in answers:
        whole = whole and answer.whole
        for piece in _pieces(answer):
            yield comma + orjson.dumps(_listed(piece))[1:-1]
            comma = b","
    yield b'],"whole":' + orjson.dumps(whole) + b"}"


def _listed(piece: Rows) -> list[tuple[Any, ...]]:
    told = np.datetime_as_string(_moments(piece), timezone="UTC").tolist()
    subject = str(piece.subject)
    # orjson writes NaN as null.
    numbers = (piece.numbers[name].tolist() for name in NUMBERS)
    counts = piece.column.count.tolist()
    return [
        (at, subject, piece.metric, *rest)
        for at, *rest in zip(told, counts, *numbers, strict=True)
    ]


def _parquet(
    answers: Iterable[Answer], step_s: int, begin: datetime, end: datetime
) -> Iterator[bytes]:
    """A row group a subject. What is known only at the end, whether all could be read,
    stands in the file's own notes."""
    sink, whole = _Sink(), True
    with parquet.ParquetWriter(sink, SCHEMA, compression="zstd") as writer:
        for answer in answers:
            whole = whole and answer.whole
            batches = [_batch(piece) for piece in _pieces(answer)]
            if batches:
                table = pa.Table.from_batches(batches, SCHEMA)
                writer.write_table(table.unify_dictionaries())
            yield sink.taken()
        writer.add_key_value_metadata(
            {"step_s": str(step_s), "whole": str(whole).lower()}
        )
    yield sink.taken()


class _Sink(io.RawIOBase):
    """What was written since it was last taken."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._at = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def write(self, data: Any, /) -> int:
        part = bytes(data)
        self._parts.append(part)
        self._at += len(part)
        return len(part)

    def taken(self) -> bytes:
        whole = b"".join(self._parts)
        self._parts.clear()
        return whole


def _pieces(answer: Answer) -> Iterator[Rows]:
    for one in rows(answer):
        for first in range(0, len(one), PIECE):
            yield _cut(one, slice(first, first + PIECE))


def _cut(one: Rows, part: slice) -> Rows:
    column = one.column
    cut = type(column)(
        column.at[part], column.count[part], column.sum[part], column.min[part],
        column.max[part], column.last[part],
    )  # fmt: skip
    numbers = {name: values[part] for name, values in one.numbers.items()}
    return Rows(one.subject, one.metric, cut, numbers)


def _moments(piece: Rows) -> Any:
    return piece.column.at.astype("datetime64[s]")


def _batch(piece: Rows) -> Any:
    numbers = [
        pa.array(piece.numbers[name], pa.float64(), from_pandas=True)
        for name in NUMBERS
    ]
    zeros = pa.array(np.zeros(len(piece), np.int16))
    words = [
        pa.DictionaryArray.from_arrays(zeros, pa.array([word]))
        for word in (str(piece.subject), piece.metric)
    ]
    at = pa.array(_moments(piece), pa.timestamp("s")).cast(SCHEMA.field("at").type)
    counts = pa.array(piece.column.count, pa.int64())
    return pa.record_batch([at, *words, counts, *numbers], schema=SCHEMA)


_FORMS: Final[dict[str, Callable[..., Iterator[bytes]]]] = {
    "csv": _csv, "json": _json, "parquet": _parquet,
}  # fmt: skip
