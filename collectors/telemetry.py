"""What a kind of telemetry is: which questions it is asked, and who reads the answers.

A question is PromQL with two blanks: `$W`, the window that counters are held against,
and `$M`, the matchers by which a site tells its deployments apart. One question asks
for all connections together; none is asked for each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from app.domain.facts import Fact
from app.domain.named import Names


class Series(NamedTuple):
    """One series of an answer: its newest value, or all samples that were asked for as
    (Unix time, value)."""

    labels: Mapping[str, str]
    value: float
    samples: tuple[tuple[float, float], ...] = ()


Answers = Mapping[str, Sequence[Series]]
"""By the questions' names."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader needs besides the answers. `at`: when they were asked for."""

    names: Names
    window_s: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Telemetry:
    """`marks`: names of metrics by which it is known to be there. `asks`: questions by
    name. `lasting`: what it no longer tells stays, and becomes stale, because it speaks
    of connections; otherwise it speaks of pods, which come and go. `counts`: it counts
    requests or connections, of which the last hour is drawn."""

    name: str
    marks: tuple[str, ...]
    asks: Mapping[str, str]
    read: Callable[[Answers, Asked], tuple[Fact, ...]] = field(compare=False)
    lasting: bool = False
    counts: bool = False


def filled(ask: str, window_s: float, matchers: Mapping[str, str]) -> str:
    """The question with its blanks filled in."""
    only = ",".join(f'{name}="{_escaped(v)}"' for name, v in sorted(matchers.items()))
    text = ask.replace(",$M", f",{only}" if only else "").replace("$M", only)
    return text.replace("$W", f"{max(1, round(window_s))}s")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def total(by: str, metric: str, matchers: str = "") -> str:
    """PromQL: the newest values of a gauge, added up."""
    return f"sum by ({by}) ({metric}{{{matchers}$M}})"


def grown(by: str, metric: str, matchers: str = "") -> str:
    """PromQL: what a counter grew by in the window, added up."""
    return f"sum by ({by}) (increase({metric}{{{matchers}$M}}[$W]))"


def age(by: str, *metrics: str) -> str:
    """PromQL: how many seconds ago the newest sample of any of these was taken.
    `timestamp` tells it although an instant query repeats a value for five minutes."""
    newest = (f"max by ({by}) (timestamp({metric}))" for metric in metrics)
    return f"time() - ({' or '.join(newest)})"
