"""Scenarios by name: which faults come when, without anybody asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Act:
    """A fault, so many seconds after the start."""

    at_s: float
    kind: str
    target: str
    seconds: float | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    def request(self) -> dict[str, Any]:
        """As one would send it to the control API."""
        return {
            "kind": self.kind,
            "target": self.target,
            "seconds": self.seconds,
            "params": dict(self.params),
        }


SCENARIOS: Final[Mapping[str, tuple[Act, ...]]] = {
    "calm": (),
    "redis-down": (Act(5, "pod_crash", "redis"),),
    "rollout": (
        Act(5, "rolling_update", "workspace", 60, {"pace_s": 5}),
        Act(30, "rolling_update", "statistics", 60, {"pace_s": 5}),
        Act(60, "rolling_update", "configuration", 60, {"pace_s": 5}),
    ),
    "incident": (
        Act(10, "slow", "data-collector", 300, {"latency_ms": 2500}),
        Act(40, "errors", "data-collector", 270, {"share": 0.05}),
        Act(70, "store_down", "elasticsearch", 240),
        Act(90, "consul_critical", "data-collector", 200, {"pods": 1}),
    ),
    "blind": (
        Act(10, "api_cut", "kubernetes", 120),
        Act(40, "consul_acl_denied", "consul", 120),
        Act(60, "metrics_garbage", "workspace", 120),
    ),
}
