"""Numbers and times as the reader sees them.

`assets/figures.js` says the same in the browser; `tests/layouts/test_figures.py` holds
the two together. A value nobody measured is a dash; a measured one is never rounded to
zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from math import floor
from typing import Any, Final

from layouts.strings import METRICS, UNMEASURED

LADDER: Final = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def latency(ms: float | None) -> str:
    """`<1 ms`, `14 ms`, `1.2 s`."""
    if ms is None:
        return UNMEASURED
    if ms < 1:
        return "<1 ms"
    if ms < 999.5:
        return f"{_whole(ms)} ms"
    return f"{_tenths(ms / 1000)} s" if ms < 9950 else f"{_whole(ms / 1000)} s"


def rate(per_second: float | None) -> str:
    """`0/s`, `<0.1/s`, `2.5/s`, `340/s`, `12k/s`."""
    if per_second is None:
        return UNMEASURED
    return f"{_count(per_second)}/s"


def ratio(value: float | None) -> str:
    """Per cent: `0 %`, `<0.1 %`, `2.5 %`, `31 %`."""
    if value is None:
        return UNMEASURED
    return f"{_count(value * 100)} %"


def count(value: float | None) -> str:
    """A plain number."""
    return UNMEASURED if value is None else _count(value)


def metric(name: str, value: float | None) -> str:
    """One live number of a connection with its unit."""
    return _READERS[METRICS[name][1]](value)


def headline(metrics: Mapping[str, Any]) -> str:
    """The one number beside a badge: p95, else the mean (`ø`), else the rate."""
    if metrics.get("latency_p95_ms") is not None:
        return latency(metrics["latency_p95_ms"])
    if metrics.get("latency_mean_ms") is not None:
        return f"ø{latency(metrics['latency_mean_ms'])}"
    return rate(metrics.get("request_rate"))


def duration(seconds: float) -> str:
    """`8 s`, `4 min`, `2 h 5 min`, `3 d 4 h`: two units at most, none of them zero."""
    left = max(0, floor(seconds))
    if left < 60:
        return f"{left} s"
    place = next(i for i, (size, _) in enumerate(LADDER) if left >= size)
    size, unit = LADDER[place]
    text = f"{left // size} {unit}"
    finer, finer_unit = LADDER[place + 1]
    rest = left % size // finer
    return f"{text} {rest} {finer_unit}" if rest and finer >= 60 else text


def short_age(seconds: float) -> str:
    """`40s old`, `4m old`: what fits in a badge."""
    left = max(0, floor(seconds))
    size, unit = next((step for step in LADDER if left >= step[0]), LADDER[-1])
    return f"{left // size}{unit[0]} old"


def ready(ready_pods: int | None, desired: int | None) -> str:
    """`2/3 ready`; a dash for a count that nobody knows."""
    if ready_pods is None and desired is None:
        return f"{UNMEASURED} pods"
    shown = UNMEASURED if desired is None else desired
    return f"{UNMEASURED if ready_pods is None else ready_pods}/{shown} ready"


def size(bytes_: int) -> str:
    """`512 MiB`, `1.5 GiB`."""
    mib = bytes_ / 2**20
    return f"{_whole(mib)} MiB" if mib < 1023.5 else f"{_tenths(mib / 1024)} GiB"


def memory_share(used: int, limit: int | None) -> str:
    """`206/768 MiB`, both in the limit's unit; `206 MiB` where there is no limit."""
    if limit is None:
        return size(used)
    unit, name = (2**20, "MiB") if limit / 2**20 < 1023.5 else (2**30, "GiB")
    return f"{_count(used / unit)}/{_count(limit / unit)} {name}"


def client_share(used: int, limit: int | None) -> str:
    """`102/30k clients`; `18 clients` where there is no limit."""
    if limit is None:
        return "1 client" if used == 1 else f"{_count(used)} clients"
    return f"{_count(used)}/{_count(limit)} clients"


def users(count: int) -> str:
    """`1 user`, `342 users`."""
    return "1 user" if count == 1 else f"{_count(count)} users"


def users_shared(count: int, most: int | None, marks: Sequence[float]) -> str:
    """`342, 130 on the fullest pod; marks 450 and 900`."""
    shared = "" if most is None else f", {most} on the fullest pod"
    told = " and ".join(f"{mark:g}" for mark in marks)
    return f"{count}{shared}; marks {told}" if told else f"{count}{shared}"


def cores(used: float, limit: float | None) -> str:
    """`0.34 of 2.4 cores`, `<0.01 cores`; `1 core` where there is no limit."""
    share = "" if limit is None else f" of {_hundredths(limit)}"
    unit = "core" if (used if limit is None else limit) == 1 else "cores"
    return f"{_hundredths(used)}{share} {unit}"


def restarted(count: int) -> str:
    """`1 restart`, `4 restarts`."""
    return "1 restart" if count == 1 else f"{count} restarts"


def of_limit(
    used: int | None, limit: int | None, shown: Callable[[int], str]
) -> str | None:
    """`40 of 10000`; `None` where nobody says how much is used."""
    if used is None:
        return None
    return shown(used) if limit is None else f"{shown(used)} of {shown(limit)}"


def moment(instant: str | None) -> datetime | None:
    """A time of the wire format."""
    return None if instant is None else datetime.fromisoformat(instant)


def clock(instant: str | None) -> str:
    """`10:42:03 UTC`; the browser says it in the reader's own zone."""
    return UNMEASURED if instant is None else f"{instant[11:19]} UTC"


def dated(instant: str | None) -> str:
    """`2026-11-24 10:42 UTC`."""
    if instant is None:
        return UNMEASURED
    return f"{instant[:10]} {instant[11:16]} UTC"


def utc(instant: str | None) -> str:
    """`2026-11-24 10:42:03 UTC`, which no browser changes."""
    return UNMEASURED if instant is None else f"{instant[:10]} {clock(instant)}"


def seconds_since(instant: str | None, now: datetime) -> float | None:
    """How long ago that was; `None` when it never was."""
    then = moment(instant)
    return None if then is None else (now - then).total_seconds()


def ago(instant: str | None, now: datetime) -> str:
    """`4 min ago`, `never`."""
    age = seconds_since(instant, now)
    return "never" if age is None else f"{duration(age)} ago"


def lasting(instant: str | None, now: datetime) -> str:
    """`for 4 min`."""
    age = seconds_since(instant, now)
    return "" if age is None else f"for {duration(age)}"


def _count(value: float) -> str:
    if value == 0:
        return "0"
    if value < 0.1:
        return "<0.1"
    if value < 9.95:
        return _tenths(value)
    return str(_whole(value)) if value < 9999.5 else f"{_whole(value / 1000)}k"


def _hundredths(value: float) -> str:
    if 0 < value < 0.01:
        return "<0.01"
    return f"{floor(value * 100 + 0.5) / 100:.2f}".rstrip("0").rstrip(".")


def _whole(value: float) -> int:
    return floor(value + 0.5)


def _tenths(value: float) -> str:
    return f"{floor(value * 10 + 0.5) / 10:.1f}".removesuffix(".0")


_READERS: Final = {"/s": rate, "%": ratio, "ms": latency, "": count}
