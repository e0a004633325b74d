"""What is drawn into a chart beside its lines: limits, incidents, maintenance.

Colour never says anything alone: a limit is labelled in words, and what is shaded bears
its id.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from app.domain.limits import Bound
from app.domain.spans import Span
from layouts import figures

Json = dict[str, Any]

DASH: Final = {"degraded": "dash", "failing": "longdash"}
LOW: Final = 0.15
"""Of the axis: so near to its foot that a label under a line would lie over times."""
LATE: Final = 0.6
"""From here on a label stands to the left of where its span begins."""
WIDE: Final = 0.31
"""What share of the hour an id is as wide as."""
ROWS: Final = 3
ROW_PX: Final = 15
SHADE: Final = 0.16


def limits(name: str | None, bound: Bound | None, top: float, times: float) -> Json:
    """Labelled lines; over the upper corner those that lie above the chart."""
    levels = [
        (level, mark)
        for level, mark in (
            ("degraded", bound.degraded if bound else None),
            ("failing", bound.failing if bound else None),
        )
        if name is not None and mark is not None
    ]
    drawn = [(level, mark) for level, mark in levels if mark <= top]
    above = [_words(level, name, mark) for level, mark in levels if mark > top]
    return {
        "shapes": [_line(level, mark * times) for level, mark in drawn],
        "annotations": [
            *(_label(level, name, mark, top, times) for level, mark in drawn),
            *([_above(", ".join(above))] if above else []),
        ],
    }


def shaded(
    spans: Sequence[Span], begin: datetime, end: datetime, labelled: bool
) -> Json:
    """A shade over each span, from top to bottom; `labelled`: with its id."""
    cut = [
        (span, max(begin, span.begins_at), min(end, span.ends_at or end))
        for span in spans
    ]
    whole = (end - begin).total_seconds()
    return {
        "shapes": [shape for one in cut for shape in _shade(*one)],
        "annotations": _ids(cut, begin, whole) if labelled else [],
    }


def _words(level: str, name: str | None, mark: float) -> str:
    return f"{level} at {figures.metric(name or '', mark)}"


def _line(level: str, y: float) -> Json:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "yref": "y",
        "y0": y,
        "y1": y,
        "layer": "above",
        "line": {"color": f"--{level}", "width": 2, "dash": DASH[level]},
    }


def _label(level: str, name: str | None, mark: float, top: float, times: float) -> Json:
    """On the outer side of its line, so that two that are near do not meet; over it
    where the axis would be in the way."""
    over = level == "failing" or mark < LOW * top
    outer = "bottom" if over else "top"
    at = {"x": 0.995, "xanchor": "right", "y": mark * times, "yanchor": outer}
    return _text(_words(level, name, mark)) | at | {"xref": "paper", "yref": "y"}


def _above(words: str) -> Json:
    at = {"x": 0.995, "xanchor": "right", "y": 1, "yanchor": "bottom"}
    return _text(f"↑ {words}") | at | {"xref": "paper", "yref": "paper"}


def _shade(span: Span, since: datetime, until: datetime) -> list[Json]:
    """The area, and a line where it begins, which the shortest still shows."""
    colour = f"--{span.status.value}"
    common = {"xref": "x", "yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
    begin, end = _milliseconds(since), _milliseconds(until)
    area = {
        "type": "rect",
        "x0": begin,
        "x1": max(begin, end),
        "fillcolor": colour,
        "opacity": SHADE,
        "line": {"width": 0},
    }
    edge = {
        "type": "line",
        "x0": begin,
        "x1": begin,
        "line": {"color": colour, "width": 2},
    }
    return [common | area, common | edge]


def _ids(
    cut: Sequence[tuple[Span, datetime, datetime]], begin: datetime, whole_s: float
) -> list[Json]:
    """The ids, one beside or under the other; one without room is told below alone."""
    taken: list[tuple[int, float, float]] = []
    made: list[Json] = []
    for span, since, _ in cut:
        share = (since - begin).total_seconds() / whole_s
        left = share - WIDE if share > LATE else share
        rows = (r for r in range(ROWS) if _free(taken, r, left, left + WIDE))
        row = next(rows, None)
        if row is not None:
            taken.append((row, left, left + WIDE))
            made.append(_id(span.id, since, share > LATE, row))
    return made


def _free(
    taken: Sequence[tuple[int, float, float]], row: int, left: float, right: float
) -> bool:
    return all(r != row or right <= a or b <= left for r, a, b in taken)


def _id(name: str, since: datetime, late: bool, row: int) -> Json:
    return _text(name) | {
        "xref": "x",
        "x": _milliseconds(since),
        "xanchor": "right" if late else "left",
        "xshift": -4 if late else 4,
        "yref": "paper",
        "y": 1,
        "yanchor": "top",
        "yshift": -ROW_PX * row,
    }


def _text(words: str) -> Json:
    return {
        "text": words,
        "showarrow": False,
        "font": {"color": "--ink", "size": 12},
        "bgcolor": "--ground",
        "opacity": 0.9,
        "borderpad": 1,
    }


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)
