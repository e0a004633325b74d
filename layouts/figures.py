"""Numbers and times as the reader sees them.

`assets/figures.js` says the same in the browser; `tests/layouts/test_figures.py` holds
the two together. A value nobody measured is a dash; a measured one is never rounded to
zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from math import floor
from typing import Any, Final, TypeVar

from layouts import strings_figures as words
from layouts.strings import METRICS, UNMEASURED

Number = TypeVar("Number", int, float)
LADDER: Final = (
    (86400, words.UNITS["day"]),
    (3600, words.UNITS["hour"]),
    (60, words.UNITS["minute"]),
    (1, words.UNITS["second"]),
)


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


def shortest(seconds: float) -> str:
    """`40s`, `4m`: what fits beside a number."""
    left = max(0, floor(seconds))
    size, unit = next((step for step in LADDER if left >= step[0]), LADDER[-1])
    return f"{left // size}{unit[0]}"


def short_age(seconds: float) -> str:
    """`40s old`, `4m old`: what fits in a badge."""
    return words.OLD.format(age=shortest(seconds))


def ready(ready_pods: int | None, desired: int | None) -> str:
    """`2/3 ready`; a dash for a count that nobody knows."""
    if ready_pods is None and desired is None:
        return words.NO_PODS
    return words.READY.format(
        ready=UNMEASURED if ready_pods is None else ready_pods,
        desired=UNMEASURED if desired is None else desired,
    )


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
        return words.CLIENT if used == 1 else words.CLIENTS.format(count=_count(used))
    return words.CLIENTS_OF.format(count=_count(used), limit=_count(limit))


def users(count: int) -> str:
    """`1 user`, `342 users`."""
    return words.USER if count == 1 else words.USERS.format(count=_count(count))


def users_shared(count: int, most: int | None, marks: Sequence[float]) -> str:
    """`342, 130 on the fullest pod; marks 450 and 900`."""
    shared = str(count)
    if most is not None:
        shared = words.FULLEST.format(count=count, most=most)
    told = words.AND.join(f"{mark:g}" for mark in marks)
    return words.MARKS.format(shared=shared, marks=told) if told else shared


def cores(used: float, limit: float | None) -> str:
    """`0.34 of 2.4 cores`, `<0.01 cores`; `1 core` where there is no limit."""
    one = (used if limit is None else limit) == 1
    share = of_limit(used, limit, _hundredths)
    return (words.CORE if one else words.CORES).format(used=share)


def restarted(count: int) -> str:
    """`1 restart`, `4 restarts`."""
    return words.RESTART if count == 1 else words.RESTARTS.format(count=count)


def of_limit(
    used: Number | None, limit: Number | None, shown: Callable[[Number], str]
) -> str | None:
    """`40 of 10000`; `None` where nobody says how much is used."""
    if used is None:
        return None
    if limit is None:
        return shown(used)
    return words.OF.format(used=shown(used), limit=shown(limit))


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
    return words.NEVER if age is None else words.AGO.format(lasted=duration(age))


def lasting(instant: str | None, now: datetime) -> str:
    """`for 4 min`."""
    age = seconds_since(instant, now)
    return "" if age is None else words.LASTING.format(lasted=duration(age))


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
