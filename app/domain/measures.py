"""Which numbers are kept of the past, and in which steps."""

from __future__ import annotations

from typing import Final

from app.domain.snapshot import Metrics

RAW_S: Final = 15
MINUTE_S: Final = 60
TEN_MINUTES_S: Final = 600
HOUR_S: Final = 3600
STEPS: Final = (RAW_S, MINUTE_S, TEN_MINUTES_S, HOUR_S)
"""The steps that are kept, in seconds, the finest first."""

CONNECTION_METRICS: Final = tuple(Metrics.__slots__)
NODE_METRICS: Final = (
    "ready",
    "desired",
    "restarts",
    "replicas_max",
    "memory",
    "memory_limit",
    "clients",
    "clients_limit",
    "lag_s",
    "users",
    "users_most",
    "cpu",
    "cpu_limit",
    "pods_memory",
    "pods_memory_limit",
)
"""Numbers of a box, by their names in the snapshot. `users`: on all pods, `users_most`:
on the fullest; `cpu`: cores in use, `cpu_limit`: cores allowed, of all ready pods;
`pods_memory` and its limit: bytes, of all ready pods; `replicas_max`: of its HPA."""
