"""The questions that history asks of an engine, in PromQL. Pure.

A step is `[at, at + step)`, but a window in PromQL is `(t - window, t]` (before
Prometheus 3 even closed at both ends). So each step is asked for at its end, a
millisecond earlier: `[window] offset 1ms`. An engine that aligns what it is asked for
with multiples of the step then moves nothing.

All windows are explicit. A bare selector looks back five minutes, and would go on
telling what nobody saw.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.domain.exported import (
    CONNECTION_NUMBERS,
    CONNECTION_SINCE,
    CONNECTION_STATUS,
    NODE_NUMBERS,
    NODE_SINCE,
    NODE_STATUS,
    PICTURE_AT,
    Number,
)
from app.domain.subject import NodeId, Subject
from collectors.telemetry import Series

if TYPE_CHECKING:  # Loads numpy.
    from app.domain.rollups import Ask

FIGURES: Final[Mapping[str, str]] = {
    "count": "sum",
    "sum": "sum",
    "min": "min",
    "max": "max",
    "last": "max",
}
"""By what is rolled up over time: how series of one subject are put together, of which
there are two where the dashboard itself has moved."""
USUAL: Final = 31
"""Connections of a deployment; boxes are fewer."""
METRIC: Final = "metric"
"""The label under which a question about many metrics tells which one it was."""


@dataclass(frozen=True, slots=True)
class About:
    """Whom a question is about; no subjects: everybody."""

    deployment: str
    subjects: tuple[Subject, ...] = ()

    def labels(self, label: str, more: Iterable[tuple[str, str]] = ()) -> str | None:
        """Matchers for those that carry `label`; `None` where none is meant."""
        pairs = [f'deployment="{self.deployment}"', *(f'{k}="{v}"' for k, v in more)]
        if self.subjects:
            kind = int if label == "connection" else str
            names = [str(one) for one in self.subjects if isinstance(one, kind)]
            if not names:
                return None
            pairs.append(f'{label}=~"{"|".join(names)}"')
        return ",".join(pairs)


def rolled_up(ask: Ask, about: About, figure: str) -> str | None:
    """One figure of all that is asked for, in one question; a step each."""
    parts = [
        f"label_replace({figure}_over_time({one.name}{{{labels}}}"
        f'[{ask.step_s}s] offset 1ms),"{METRIC}","{one.field}","","")'
        for one, labels in _numbers(ask.metrics, about)
    ]
    if not parts:
        return None
    both = f"connection,node,{METRIC}"
    return f"{FIGURES[figure]} by ({both}) ({' or '.join(parts)})"


def how_many(ask: Ask, about: About) -> int:
    """Series that an answer to `rolled_up` has, at the most, or nearly so."""
    whose = len(about.subjects) or USUAL
    return whose * sum(1 for _ in _numbers(ask.metrics, about))


def statuses(about: About, window_s: int) -> str | None:
    """How many looks in each step saw which status."""
    seen = f"sum_over_time({{}}[{window_s}s] offset 1ms)"
    parts = _parts(about, {"connection": CONNECTION_STATUS, "node": NODE_STATUS}, seen)
    return f"sum by (connection,node,status) ({parts}) > 0" if parts else None


def last_statuses(about: About, window_s: int) -> str:
    """The last status in each step: those whose value is 1."""
    seen = f"last_over_time({{}}[{window_s}s] offset 1ms)"
    parts = _parts(about, {"connection": CONNECTION_STATUS, "node": NODE_STATUS}, seen)
    return f"max by (connection,node,status) ({parts}) == 1"


def last_sinces(about: About, window_s: int) -> str:
    """Since when the last status in each step was in force."""
    seen = f"last_over_time({{}}[{window_s}s] offset 1ms)"
    parts = _parts(about, {"connection": CONNECTION_SINCE, "node": NODE_SINCE}, seen)
    return f"max by (connection,node) ({parts})"


def looks(about: About, label: str, window_s: float) -> str | None:
    """Every sample of the statuses and of their beginnings."""
    labels = about.labels(label)
    names = {
        "connection": (CONNECTION_STATUS, CONNECTION_SINCE),
        "node": (NODE_STATUS, NODE_SINCE),
    }[label]
    if labels is None:
        return None
    return f'{{__name__=~"{"|".join(names)}",{labels}}}[{_ms(window_s)}]'


def made(deployment: str, window_s: float) -> str:
    """Every sample of when the newest picture was made."""
    return f'{PICTURE_AT}{{deployment="{deployment}"}}[{_ms(window_s)}]'


def made_first(deployment: str, window: str) -> str:
    """When the first picture within the window was made."""
    return f'min(min_over_time({PICTURE_AT}{{deployment="{deployment}"}}[{window}]))'


def made_last(deployment: str, window: str) -> str:
    return f'max(max_over_time({PICTURE_AT}{{deployment="{deployment}"}}[{window}]))'


def made_each(deployment: str, step_s: int) -> str:
    """When the first picture in each step was made."""
    which = f'{PICTURE_AT}{{deployment="{deployment}"}}'
    return f"min(min_over_time({which}[{step_s}s] offset 1ms))"


def everything(deployment: str) -> str:
    """All that one look told; all its samples have the same moment."""
    names = "gws_(connection|node)_.+|gws_observatory_source_.+"
    return f'last_over_time({{__name__=~"{names}",deployment="{deployment}"}}[1s])'


def subject(series: Series) -> Subject:
    """Whose it is. Raises `KeyError` where it says neither."""
    number = series.labels.get("connection")
    return int(number) if number else NodeId(series.labels["node"])


def _numbers(metrics: Sequence[str], about: About) -> Iterator[tuple[Number, str]]:
    for label, numbers in (("connection", CONNECTION_NUMBERS), ("node", NODE_NUMBERS)):
        for one in numbers:
            labels = about.labels(label, one.labels)
            if labels is not None and (not metrics or one.field in metrics):
                yield one, labels


def _parts(about: About, names: Mapping[str, str], seen: str) -> str:
    found = ((name, about.labels(label)) for label, name in names.items())
    selected = [f"{name}{{{labels}}}" for name, labels in found if labels is not None]
    return " or ".join(seen.replace("{}", one) for one in selected)


def _ms(seconds: float) -> str:
    return f"{round(seconds * 1000)}ms"
