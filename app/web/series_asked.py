"""What a file of measurements has in it, and its pieces. Loads numpy and Arrow, which
nobody needs who never exports: for the route (`app.web.series`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from app.domain.measures import CONNECTION_METRICS, NODE_METRICS
from app.domain.rollups import Answer, Ask
from app.domain.series import MOST_ROWS, Pair, fitting_step, most_rows, pairs
from app.domain.subject import NodeId, Subject
from app.domain.topology import Topology
from app.export.series import KINDS as KINDS
from app.export.series import written
from app.web.asked import wrong
from app.web.measured import only_kept
from app.web.site import Watched


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that was asked for."""

    form: str
    pairs: tuple[Pair, ...]
    begin: datetime
    end: datetime
    step_s: int

    def asks(self) -> Iterator[Ask]:
        for subject, metrics in self.pairs:
            yield Ask(self.begin, self.end, self.step_s, (subject,), metrics)


def begun(watched: Watched, wanted: Wanted) -> Iterator[bytes]:
    """The file's pieces. The first part is read at once: what is wrong with all of it
    is told as an error, not as a file that breaks off."""
    asks = wanted.asks()
    first = watched.measured(next(asks))
    only_kept(first, wanted.end)
    rest: Iterator[Answer] = map(watched.measured, asks)
    answers = chain((first,), rest)
    return written(wanted.form, answers, wanted.step_s, wanted.begin, wanted.end)


def wanted_of(
    topology: Topology,
    subjects: str | None,
    metrics: str | None,
    span: tuple[datetime, datetime],
    step_s: int,
) -> tuple[Pair, ...]:
    """Raises a 422 for a name that nothing has, and for what would be too much."""
    known: list[Subject] = [one.number for one in topology.connections]
    known += [box.id for box in topology.boxes]
    chosen = known if subjects is None else _subjects(subjects, known)
    named = [] if metrics is None else _metrics(metrics)
    found = pairs(chosen, named)
    if not found:
        raise wrong("metrics", "none of `subjects` has such a metric")
    _bounded(found, (span[1] - span[0]).total_seconds(), step_s)
    return found


def _subjects(text: str, known: Sequence[Subject]) -> list[Subject]:
    found: list[Subject] = []
    for name in dict.fromkeys(text.split(",")):
        subject: Subject = int(name) if _is_number(name) else NodeId(name)
        if subject not in known:
            raise wrong("subjects", f"no connection or box is {name}")
        found.append(subject)
    return found


def _is_number(name: str) -> bool:
    return name.isdecimal() and len(name) < 5


def _metrics(text: str) -> list[str]:
    known = {*CONNECTION_METRICS, *NODE_METRICS}
    named = text.split(",")
    for name in named:
        if name not in known:
            told = ", ".join(dict.fromkeys((*CONNECTION_METRICS, *NODE_METRICS)))
            raise wrong("metrics", f"no metric is {name}; there are {told}")
    return named


def _bounded(asked: Sequence[Pair], span_s: float, step_s: int) -> None:
    """Raises a 422 that says what would do."""
    most = most_rows(asked, span_s, step_s)
    if most <= MOST_ROWS:
        return
    step = fitting_step(asked, span_s, step_s)
    way = "ask for " if step is None else f"ask for step={step}, or for "
    text = (
        f"up to {most:,} rows, and {MOST_ROWS:,} is the most at once: {way}fewer days, "
        "subjects or metrics"
    )
    raise wrong("step", text)
