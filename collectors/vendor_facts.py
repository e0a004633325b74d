"""From a metrics page to facts, by the rows of `vendor_metrics`. Pure.

`Increases` is what the counters grew by since the last scrape. The first scrape has
none: only its gauges tell something, and no traffic is claimed.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from app.domain.facts_traffic import MeasureFact, TrafficFact
from app.domain.quantiles import added
from app.domain.subject import NodeId, Subject
from collectors import vendor_metrics as vendor
from collectors.exposition import Labels, Page, Sample, Series
from collectors.rates import Increases
from collectors.vendor_metrics import Durations, Means, Pick, Responses

COUNTED_APART: Final = frozenset({"401", "403", "429"})
"""Refusals that say nothing about the service: who asks is not known, or asks much."""
STATUS: Final = re.compile(r"[1-5](?:[0-9]{2}|xx)")
FOLD: Final[Mapping[str, Callable[[list[float]], float]]] = {
    "max": max,
    "sum": math.fsum,
}


@dataclass(frozen=True, slots=True)
class Answers:
    """Requests, and how many failed, or were the caller's fault, where codes tell."""

    requests: float | None = None
    errors: float | None = None
    client_errors: float | None = None


@dataclass(frozen=True, slots=True)
class Times:
    sum_s: float | None = None
    count: float | None = None
    buckets: tuple[tuple[float, float], ...] = ()


def measures_of(node: NodeId, target: str, page: Page) -> tuple[MeasureFact, ...]:
    """The gauges of one page that have a limit."""
    measures = (*_gauges(node, page), *_shares(page))
    return tuple(MeasureFact(node, target, name, value) for name, value in measures)


def traffic_of(
    node: NodeId, target: str, page: Page, grown: Increases
) -> tuple[TrafficFact, ...]:
    """What was counted since the last page, of the box and of its connections."""
    answers = _first(_answers(row, grown.by_series) for row in vendor.RESPONSES)
    times = _times(page, grown)
    own = _fact(node, target, grown, answers, times, _active(page))
    return (*([] if own is None else [own]), *_peers(node, target, page, grown))


def _fact(
    subject: Subject,
    target: str,
    grown: Increases,
    answers: Answers | None,
    times: Times | None,
    active: float | None = None,
) -> TrafficFact | None:
    if answers is None and times is None and active is None:
        return None
    answers, times = answers or Answers(), times or Times()
    return TrafficFact(
        subject,
        target,
        grown.window_s,
        requests=answers.requests,
        errors=answers.errors,
        client_errors=answers.client_errors,
        duration_sum_s=times.sum_s,
        duration_count=times.count,
        buckets=times.buckets,
        active=active,
    )


def _answers(row: Responses, grown: Mapping[Series, float]) -> Answers | None:
    picked = _picked(row.pick, grown)
    if not picked:
        return None
    total = math.fsum(picked.values())
    coded = [
        (code, count)
        for (_, labels), count in picked.items()
        if (code := dict(labels).get(row.code or "")) is not None
    ]
    if not coded:
        return Answers(total)
    kinds: dict[str, float] = defaultdict(float)
    for code, count in coded:
        kinds[fault(code)] += count
    return Answers(total, kinds["server"], kinds["client"])


def fault(code: str) -> str:
    """Whose fault an answer tells: `server`, `client` or `none`.

    `code` is a status (503) or its class (5xx). Anything else, such as ECONNREFUSED or
    an empty text, stands for a request that got no answer.
    """
    if code in COUNTED_APART or STATUS.fullmatch(code) is None:
        return "none" if code in COUNTED_APART else "server"
    return {"5": "server", "4": "client"}.get(code[0], "none")


def _times(page: Page, grown: Increases) -> Times | None:
    for row in vendor.DURATIONS:
        spent = _picked(row.spent, grown.by_series)
        counts = _picked(row.count, grown.by_series)
        if spent and counts:
            return Times(
                math.fsum(spent.values()) * row.unit_s,
                math.fsum(counts.values()),
                _buckets(row, grown.by_series),
            )
    return _first(_mean_times(row, page, grown.by_series) for row in vendor.MEANS)


def _mean_times(row: Means, page: Page, grown: Mapping[Series, float]) -> Times | None:
    """A mean, weighed by the requests it was the mean of."""
    means = _picked(row.pick, page.samples)
    by_labels = {
        _without(row.differs, labels): sample.value
        for (_, labels), sample in means.items()
    }
    pairs = [
        (by_labels[_without(row.differs, labels)], count)
        for (_, labels), count in _picked(row.counter, grown).items()
        if _without(row.differs, labels) in by_labels
    ]
    if not pairs:
        return None
    spent = math.fsum(mean * count for mean, count in pairs) * row.unit_s
    return Times(spent, math.fsum(count for _, count in pairs))


def _peers(
    node: NodeId, target: str, page: Page, grown: Increases
) -> list[TrafficFact]:
    facts = []
    for row in vendor.PEERS:
        if row.node == node:
            for number in sorted(set(row.numbers.values())):
                names = {name for name, n in row.numbers.items() if n == number}
                about = _about(grown.by_series, row.label, names)
                times = _mean_times(row.means, page, about)
                answers = _answers(row.responses, about)
                facts.append(_fact(number, target, grown, answers, times))
    return [fact for fact in facts if fact is not None]


def _about(
    grown: Mapping[Series, float], label: str, names: Iterable[str]
) -> dict[Series, float]:
    wanted = set(names)
    return {
        (name, labels): value
        for (name, labels), value in grown.items()
        if dict(labels).get(label, "").lower() in wanted
    }


def _buckets(
    row: Durations, grown: Mapping[Series, float]
) -> tuple[tuple[float, float], ...]:
    histograms: dict[Labels, list[tuple[float, float]]] = defaultdict(list)
    picked = {} if row.buckets is None else _picked(row.buckets, grown)
    for (_, labels), count in picked.items():
        bound = bound_of(dict(labels).get("le", ""))
        if bound is not None:
            histograms[_without("le", labels)].append((bound * row.unit_s, count))
    return added(sorted(histogram) for histogram in histograms.values())


def bound_of(text: str) -> float | None:
    """A bucket's bound, from its label `le`."""
    try:
        bound = float(text)
    except ValueError:
        return None
    return None if math.isnan(bound) else bound


def _active(page: Page) -> float | None:
    values = [s.value for pick in vendor.ACTIVE for s in _found(pick, page)]
    return math.fsum(values) if values else None


def _gauges(node: NodeId, page: Page) -> list[tuple[str, float]]:
    measures: dict[str, float] = {}
    for row in vendor.GAUGES:
        values = [sample.value for sample in _found(row.pick, page)]
        meant = not row.nodes or node in row.nodes
        if values and meant and row.measure not in measures:
            measures[row.measure] = FOLD[row.of](values)
    return list(measures.items())


def _shares(page: Page) -> list[tuple[str, float]]:
    measures = []
    for row in vendor.SHARES:
        most = _by_label(row.most, row.label, page)
        used = _by_label(row.used, row.label, page)
        shares = [value / most[of] for of, value in used.items() if most.get(of, 0) > 0]
        if shares:
            measures.append((row.measure, max(shares)))
    return measures


def _by_label(pick: Pick, label: str | None, page: Page) -> dict[str | None, float]:
    sums: dict[str | None, float] = defaultdict(float)
    for (_, labels), sample in _picked(pick, page.samples).items():
        sums[dict(labels).get(label or "")] += sample.value
    return sums


V = TypeVar("V")


def _picked(pick: Pick, series: Mapping[Series, V]) -> dict[Series, V]:
    return {key: value for key, value in series.items() if pick.takes(*key)}


def _found(pick: Pick, page: Page) -> list[Sample]:
    return list(_picked(pick, page.samples).values())


def _without(label: str, labels: Labels) -> Labels:
    return tuple(pair for pair in labels if pair[0] != label)


def _first(found: Iterable[V | None]) -> V | None:
    return next((one for one in found if one is not None), None)
