"""The series of the benchmark are of every connection, in every kind of telemetry."""

from __future__ import annotations

import pytest

from app.domain.topology import standard
from benchmarks.engines import LINE, samples
from benchmarks.telemetry import KINDS, ends, series
from collectors.telemetry_boxes import ALL

PICTURE = standard()


@pytest.mark.parametrize("kind", KINDS)
def test_each_connection_has_ends_of_its_own(kind: str) -> None:
    told = ends(PICTURE, kind)
    assert set(told) == {c.number for c in PICTURE.connections}
    assert len({tuple(labels.items()) for labels in told.values()}) == len(told)


def test_every_line_is_taken_and_every_kind_is_known_by_its_marks() -> None:
    lines = list(series(PICTURE))
    assert all(LINE.fullmatch(line) for line in lines)
    assert len({name for name, _, _ in samples(lines, 1e9)}) == len(lines)
    there = {line.partition("{")[0] for line in lines}
    assert all(there.intersection(ALL[kind].marks) for kind in KINDS)
