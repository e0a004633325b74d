"""Which history the configuration asks for, and how it is told of among the sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from app.config.storage import Storage
from app.domain.evaluate import Deployment
from app.domain.snapshot import SourceState
from app.domain.status import Status
from app.history.base import Health, Kept
from app.history.promql import PromqlHistory
from app.history.promql_talk import Engine
from app.history.push import Push
from app.history.retention import Keep
from app.history.sqlite import SqliteHistory
from collectors.prometheus import PrometheusAddress

HISTORY: Final = "history"
"""Its name among the sources."""


def keep(storage: Storage) -> Keep:
    return Keep(
        storage.history_raw_keep,
        storage.history_minutes_keep,
        storage.history_keep,
        storage.history_limit,
    )


def history(
    storage: Storage,
    deployments: Iterable[Deployment],
    clock: Callable[[], datetime],
    may: Callable[[], bool] = lambda: True,
) -> Kept | None:
    """Not begun yet. `may`: whether it is this process that keeps it at the moment."""
    if storage.history_engine is not None:
        return engine_history(storage, deployments, clock, may)
    file = storage.history_file
    return None if file is None else SqliteHistory(file, clock, keep(storage))


def engine_history(
    storage: Storage,
    deployments: Iterable[Deployment],
    clock: Callable[[], datetime],
    may: Callable[[], bool] = lambda: True,
) -> PromqlHistory:
    """What it is asked and what it is told goes by one way of signing in."""

    def at(url: str) -> PrometheusAddress:
        secret = storage.history_password_file or storage.history_token_file
        return PrometheusAddress(
            url,
            None if secret is None else str(secret),
            None if storage.history_ca_file is None else str(storage.history_ca_file),
            user=storage.history_user,
        )

    look_s, pushed = storage.history_interval, storage.history_push
    return PromqlHistory(
        Engine(at(storage.history_engine or "")),
        {one.id: one.topology for one in deployments},
        clock,
        look_s,
        None if pushed is None else Push(at(pushed), clock, look_s, may=may),
    )


class Shown:
    """The history among the sources, once there was something to tell of it."""

    def __init__(self, health: Callable[[], Health]) -> None:
        self._health, self._ever_ill = health, False

    def sources(self) -> tuple[SourceState, ...]:
        health = self._health()
        text = _paused(health) or health.remark and _lost(health)
        self._ever_ill = self._ever_ill or text is not None
        if not self._ever_ill:
            return ()
        status = Status.OK if text is None else Status.DEGRADED
        if health.paused is not None:
            status = Status.FAILING
        return (SourceState(HISTORY, status, None, text, 1, 0 if text is None else 1),)


def _paused(health: Health) -> str | None:
    if health.paused is None:
        return None
    since = health.lost_from
    lost = f"; nothing is kept since {_told(since)}" if since else ""
    return f"history is paused: {health.paused}{lost}"


def _lost(health: Health) -> str:
    begin, end = health.lost_from, health.lost_until
    if begin is None or end is None or begin == end:
        return str(health.remark)
    return f"nothing was kept from {_told(begin)} to {_told(end)}: {health.remark}"


def _told(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
