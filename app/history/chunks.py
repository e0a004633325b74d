"""Columns of one subject as one blob, and back.

Numbers that are alike stand beside each other: of each step the mean is told by how it
differs from the one before, the extremes by how they differ from the mean, all by the
bits of single precision. Where values are no whole numbers the last eleven of 23 bits
say nothing that was measured and are rounded off (an error below 0.02 %); what holds
one value a step is kept to the last bit.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import orjson
import zstandard
from numpy.typing import NDArray

from app.domain.rollups import ZERO, Buckets, Column, Floats, Ints
from app.domain.rollups_fold import singles

Bits = NDArray[np.int32]
LEVEL: Final = 9
SPARE_BITS: Final = 11
WHOLE: Final = 2.0**24
"""Up to here every whole number has its own bits."""
HEAD_BYTES: Final = 4
PLAIN: Final = (0, 6)
"""Of the arrays of a chunk, those of numbers that are never below zero."""
LARGEST: Final = 64 * 2**20


def encode(columns: Mapping[str, Column], step_s: int) -> bytes:
    """Columns that have buckets, at least one step each."""
    names = sorted(columns)
    parts = [_parts(columns[name], step_s) for name in names]
    head = orjson.dumps(
        [[name, *own] for name, (own, _) in zip(names, parts, strict=True)]
    )
    arrays = [
        _shuffled(np.concatenate(of)) for of in zip(*(a for _, a in parts), strict=True)
    ]
    whole = b"".join([len(head).to_bytes(HEAD_BYTES, "little"), head, *arrays])
    return zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress(whole)


def decode(
    packed: bytes, step_s: int, metrics: Container[str] | None = None
) -> dict[str, Column]:
    """Raises `zstandard.ZstdError` when it is damaged. `metrics`: no others."""
    whole = zstandard.ZstdDecompressor().decompress(packed, max_output_size=LARGEST)
    size = int.from_bytes(whole[:HEAD_BYTES], "little")
    head = orjson.loads(whole[HEAD_BYTES : HEAD_BYTES + size])
    return dict(_decoded(head, whole[HEAD_BYTES + size :], step_s, metrics))


def _parts(column: Column, step_s: int) -> tuple[list[int], list[Bits]]:
    """(steps, entries of buckets, spare bits, first step), and the arrays."""
    assert column.buckets is not None
    steps = (column.at // step_s).astype(np.int64)
    single = bool((column.count == 1).all())
    spare = 0 if single or _is_whole(column) else SPARE_BITS
    mean = _bits(column.sum / column.count, spare)
    begin = int(steps[0])
    gaps = np.diff(steps, prepend=begin).astype(np.int32)
    if single:
        none = np.zeros(0, np.int32)
        own = [len(steps), -1, spare, begin]
        return own, [
            gaps,
            none,
            _zigzag(_changes(mean)),
            none,
            none,
            none,
            none,
            none,
            none,
        ]
    buckets = column.buckets
    lengths = np.diff(buckets.start).astype(np.int32)
    own = [len(steps), len(buckets.index), spare, begin]
    return own, [
        gaps,
        _zigzag(_changes(column.count.astype(np.int32))),
        _zigzag(_changes(mean)),
        *(
            _zigzag(_bits(values, spare) - mean)
            for values in (column.min, column.max, column.last)
        ),
        lengths,
        _zigzag(_changes(_beside(buckets.index, mean, spare, lengths))),
        _zigzag(buckets.count.astype(np.int32)),
    ]


def _is_whole(column: Column) -> bool:
    parts = np.concatenate([column.min, column.max, column.last])
    return bool(((parts == np.floor(parts)) & (np.abs(parts) < WHOLE)).all())


def _decoded(
    head: list[list[Any]],
    rest: bytes,
    step_s: int,
    metrics: Container[str] | None,
) -> Iterator[tuple[str, Column]]:
    steps = [own[1] for own in head]
    several = [0 if own[2] < 0 else own[1] for own in head]
    entries = [max(0, own[2]) for own in head]
    kinds = steps, several, steps, several, several, several, several, entries, entries
    arrays = [
        array if at in PLAIN else _unzigzag(array)
        for at, array in enumerate(_arrays(rest, [sum(kind) for kind in kinds]))
    ]
    places = [np.append(0, np.cumsum(kind)).tolist() for kind in kinds]
    for at, (name, _steps, many, spare, begin) in enumerate(head):
        if metrics is not None and name not in metrics:
            continue
        own = [
            array[place[at] : place[at + 1]]
            for array, place in zip(arrays, places, strict=True)
        ]
        moments = (begin + np.cumsum(own[0], dtype=np.int64)) * step_s
        yield name, _column(moments, own, spare, single=many < 0)


def _column(at: Ints, own: Sequence[Bits], spare: int, *, single: bool) -> Column:
    mean = _summed(own[2])
    values = _floats(mean, spare)
    if single:
        ones = np.ones(len(at), np.int64)
        return Column(at, ones, values, values, values, values, singles(values))
    count = _summed(own[1]).astype(np.int64)
    low, high, last = (_floats(part + mean, spare) for part in own[3:6])
    start = np.append(0, np.cumsum(own[6], dtype=np.int64))
    index = _from_beside(_summed(own[7]), mean, spare, own[6])
    counts = own[8].astype(np.int64)
    sums = values * count
    return Column(at, count, sums, low, high, last, Buckets(start, index, counts))


def _bits(values: Floats, spare: int) -> Bits:
    bits = values.astype(np.float32).view(np.int32)
    return (bits + (1 << spare >> 1)) >> spare


def _floats(bits: Bits, spare: int) -> Floats:
    return (bits << spare).view(np.float32).astype(np.float64)


def _changes(values: Bits) -> Bits:
    return np.diff(values, prepend=np.int32(0))


def _summed(changes: Bits) -> Bits:
    return np.cumsum(changes, dtype=np.int32)


def _zigzag(values: Bits) -> Bits:
    """Small numbers of either sign as small ones."""
    return (values << 1) ^ (values >> 31)


def _unzigzag(values: Bits) -> Bits:
    return ((values.view(np.uint32) >> 1).view(np.int32)) ^ -(values & 1)


def _beside(index: Ints, mean: Bits, spare: int, lengths: Bits) -> Bits:
    """How far each bucket is from about the one of its step's mean."""
    near = np.repeat(_near(mean, spare), lengths)
    return np.where(index == ZERO, ZERO, index - near).astype(np.int32)


def _from_beside(beside: Bits, mean: Bits, spare: int, lengths: Bits) -> Ints:
    near = np.repeat(_near(mean, spare), lengths)
    return np.where(beside == ZERO, ZERO, beside + near).astype(np.int64)


def _near(mean: Bits, spare: int) -> Ints:
    """About the bucket of a value, in whole numbers: the same on every machine. The
    exponent is a logarithm to base 2, of which 7.27 buckets make one."""
    bits = (mean.astype(np.int64) << spare) - (127 << 23)
    near: Ints = (bits * 7273 // 1000) >> 23
    return near


def _shuffled(values: Bits) -> bytes:
    """All first bytes, then all second ones, ..."""
    return values.view(np.uint8).reshape(-1, 4).T.tobytes()


def _arrays(rest: bytes, lengths: Sequence[int]) -> Iterator[Bits]:
    begin = 0
    for length in lengths:
        plain = np.frombuffer(rest, np.uint8, length * 4, begin)
        first, second, third, fourth = plain.reshape(4, -1).astype(np.uint32)
        whole = first | second << 8 | third << 16 | fourth << 24
        yield whole.view(np.int32)
        begin += length * 4
