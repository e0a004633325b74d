"""What `doctor` says of the history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from app.cli.history import engine_history
from app.config.load import Configuration
from app.history.base import Unreadable
from app.history.examination import Examined, examine
from app.history.promql import PromqlHistory


def examined(
    configuration: Configuration, clock: Callable[[], datetime]
) -> Examined | None:
    """`None`: it is not kept."""
    storage = configuration.settings.storage
    if storage.history_engine is not None:
        asked = engine_history(storage, configuration.deployments, clock)
        return _asked(storage.history_engine, asked, configuration, clock())
    return None if storage.history_file is None else examine(storage.history_file)


def _asked(
    place: str, history: PromqlHistory, configuration: Configuration, now: datetime
) -> Examined:
    """What an engine has of any deployment."""
    names = [one.id for one in configuration.deployments]
    try:
        firsts = [first for one in names if (first := history.first(one))]
        lasts = [last for one in names if (last := history.last(one, now))]
    except Unreadable as exc:
        return Examined(place, str(exc))
    finally:
        history.join(0)
    since, until = min(firsts, default=None), max(lasts, default=None)
    return Examined(place, form=0, newest=0, since=since, until=until)


def line(found: Examined | None) -> str:
    """For people."""
    if found is None:
        return (
            "history: not kept; a file in storage.history or storage.records keeps it"
        )
    if found.trouble is not None:
        return f"history: CAN'T BE KEPT: {found.trouble}"
    return f"history: {found.place}: {_what_is_there(found)}"


def _what_is_there(found: Examined) -> str:
    if found.form is None:
        return "nothing is there yet; it can be made"
    of = f"form {found.form}, {found.bytes / 1e6:.1f} MB"
    if not found.newest:
        of = "an engine that answers"
    if found.form < found.newest:
        of = f"form {found.form} (serve will bring it to {found.newest})"
    if found.since is None or found.until is None:
        return f"{of}, nothing in it yet"
    return f"{of}, from {_told(found.since)} to {_told(found.until)}{_lost(found)}"


def _lost(found: Examined) -> str:
    if not found.losses:
        return ""
    times = "once" if found.losses == 1 else f"{found.losses} times"
    return f"; {times} something could not be kept"


def _told(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def values(found: Examined | None) -> dict[str, Any] | None:
    """For programs."""
    if found is None:
        return None
    at = {"since": found.since, "until": found.until}
    told = {
        name: None if one is None else f"{one:%Y-%m-%dT%H:%M:%SZ}"
        for name, one in at.items()
    }
    return asdict(found) | told
