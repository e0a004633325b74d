"""The campaign over the wire: some faults of every family, met by the dashboard as a
process of its own, through real sockets and in real time.

The holds and the window of counted traffic are shorter than the defaults, so that a
fault's whole life fits into a minute; the rules are the same.
"""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.campaign_trials import (
    BAD,
    CALM_S,
    Injected,
    Recovery,
    Seen,
    Trial,
)
from benchmarks.stage import Json, Stage, open_stage, wait_for, with_limits

FAULTS: Final = (
    Injected("pod_crash", "redis"),
    Injected("pod_not_ready", "voicemail"),
    Injected("scale_zero", "agent-setup"),
    Injected("errors", "configuration"),
    Injected("slow", "voice"),
    Injected("partition", "15"),
    Injected("store_down", "postgresql"),
    Injected("consul_critical", "setting"),
    Injected("consul_leader_lost", "consul"),
    Injected("consul_acl_denied", "consul"),
    Injected("api_cut", "kubernetes"),
    Injected("metrics_gone", "workspace"),
)
LEAVE_S: Final = 10
FLAP_S: Final = 100
"""Shortened as `leave` is: within ten minutes the faults that follow one another here
would make what they have in common flap, and be held by rule."""
WINDOW_S: Final = 20
SETTLE_S: Final = 15
LOOK_S: Final = 0.1


def measure_wire(count: int) -> list[Trial]:
    """The first `count` of `FAULTS`, one after the other on one deployment."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_stage(Path(folder), _shorter) as stage,
    ):
        wait_for("a calm picture", lambda: _well(stage.snapshot()), CALM_S)
        return [_tried(stage, fault) for fault in FAULTS[:count]]


def _shorter(config: Json) -> None:
    with_limits({"leave": f"{LEAVE_S}s", "flap_window": f"{FLAP_S}s"})(config)
    for deployment in config["deployments"]:
        deployment["scrape"] = {**deployment["scrape"], "window": f"{WINDOW_S}s"}


def _tried(stage: Stage, fault: Injected) -> Trial:
    seen, began = Seen(SETTLE_S), time.monotonic()
    stage.inject(fault.kind, fault.target, **dict(fault.params))
    truth = stage.sim("GET", "/sim/truth")
    seen.expect({int(number): s for number, s in truth["connections"].items()})
    while seen.goes_on():
        time.sleep(LOOK_S)
        snapshot = stage.snapshot()
        seen.note(
            _since(began), _bad(snapshot), _first(snapshot["suspects"]),
            blind=_blind(snapshot),
        )  # fmt: skip
    stage.end_faults()
    return seen.trial([fault], truth["causes"], Recovery(_recovery_s(stage)))


def _recovery_s(stage: Stage) -> int | None:
    began = time.monotonic()
    while _since(began) <= CALM_S:
        if _well(stage.snapshot()):
            return _since(began)
        time.sleep(LOOK_S)
    return None


def _since(moment: float) -> int:
    """Whole seconds, a part of one counted as one."""
    return math.ceil(time.monotonic() - moment)


def _bad(snapshot: Json) -> frozenset[int]:
    return frozenset(c["number"] for c in snapshot["connections"] if c["status"] in BAD)


def _blind(snapshot: Json) -> bool:
    shown = (*snapshot["connections"], *snapshot["nodes"])
    old = any("stale" in one["witnesses"].values() for one in shown)
    return old or any(source["status"] != "ok" for source in snapshot["sources"])


def _well(snapshot: Json) -> bool:
    return not _bad(snapshot) and not _blind(snapshot)


def _first(suspects: Sequence[Json]) -> str | None:
    """In one word, as `Suspect.who` has it."""
    if not suspects:
        return None
    one = suspects[0]
    if one.get("connection") is not None:
        return f"connection {one['connection']}"
    return str(one["node"] or f"host {one['host']}")
