"""Silence: no request on a connection on which calls must be seen.

Weak evidence: who stopped calling can't be told from who is not called any more. So it
degrades and never fails, colours only once it has lasted for `idle_after` while calls
were expected, and accuses nobody (`app.domain.charges`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from app.domain.calls import Quiet
from app.domain.expected import Expected
from app.domain.finding import Finding
from app.domain.limits import Limits
from app.domain.loads import Loads
from app.domain.status import Status
from app.domain.subject import Witness

SILENT: Final = "silent"


def due_at(
    quiet: Quiet | None, expected: Expected | None, limits: Limits
) -> datetime | None:
    """When the silence will have lasted for long enough; `None`: there is none."""
    if quiet is None or expected is None or expected.since is None:
        return None
    return max(quiet.since, expected.since) + timedelta(seconds=limits.idle_after)


def silent(
    quiet: Quiet | None, expected: Expected | None, limits: Limits, now: datetime
) -> Finding | None:
    """The hold has passed when there is a finding, so that it colours at once."""
    due = due_at(quiet, expected, limits)
    if quiet is None or expected is None or due is None:
        return None
    if now < due or not quiet.agreed:
        return None
    text = expected.silent(quiet.since, now)
    return Finding(SILENT, Witness.TRAFFIC, Status.DEGRADED, text, quiet.at, enter=0.0)


def lull(
    expected: Expected | None, traffic: Loads, limits: Limits, now: datetime
) -> bool:
    """Whether a caller may have closed its connections: by the calendar nobody has to
    call, or not for long yet. Where requests are counted that is no explanation."""
    if expected is None or expected.learned or any(load.requests for load in traffic):
        return False
    over = _lull_ends(expected, limits)
    return over is None or now < over


def turns(
    quiet: Quiet | None, expected: Expected | None, limits: Limits
) -> list[datetime]:
    """The moments at which time alone makes a silence bad, or a lull end."""
    over = None if expected is None else _lull_ends(expected, limits)
    due = due_at(quiet, expected, limits)
    return [at for at in (due, over) if at is not None]


def _lull_ends(expected: Expected, limits: Limits) -> datetime | None:
    if expected.since is None:
        return None
    return expected.since + timedelta(seconds=limits.idle_after)
