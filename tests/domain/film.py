"""Snapshots that a test shows one after another, and the turns that come of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain.snapshot import (
    ConnectionState,
    NodeState,
    PodState,
    Reason,
    Snapshot,
    SourceState,
)
from app.domain.status import Status
from app.domain.subject import NodeId, Witness
from app.domain.timeline import Kind, Lane, Left, Told, Turn, Watch
from app.domain.timeline_fold import Reel, fold, resumed
from tests.domain.story import NOON, OK, after

NINE, TWELVE = Lane(Kind.CONNECTION, "9"), Lane(Kind.CONNECTION, "12")
REDIS, CONSUL = Lane(Kind.NODE, "redis"), Lane(Kind.SOURCE, "consul")
LANES = (NINE, TWELVE, REDIS, CONSUL)


def reason(text: str = "timed out", by: Witness | None = Witness.PROBE) -> Reason:
    return Reason(by, Status.FAILING, text, NOON)


def pod(name: str = "redis-0", restarts: int = 0, **more: object) -> PodState:
    given: dict[str, object] = {
        "workload": "redis", "phase": "Running", "ready": True, "terminating": False,
        "waiting": None, "message": None, "last_exit": None, "ip": None, "host": None,
        "started_at": NOON,
    }  # fmt: skip
    return PodState(name=name, restarts=restarts, **given | more)


def box(status: Status = OK, **more: object) -> NodeState:
    given: dict[str, object] = {"ready": None, "desired": None, "restarts": None}
    return NodeState(NodeId("redis"), "Redis", status, NOON, **given | more)


def link(status: Status = OK, number: int = 9, **more: object) -> ConnectionState:
    return ConnectionState(number, status, NOON, None, **more)


class Film:
    """`at` is in seconds since noon, when the film begins; who is not named keeps its
    status."""

    def __init__(self, left: Left | None = None, began: float = 0) -> None:
        self.reel = Reel(after(began))
        if left is not None:
            self.reel = resumed(self.reel, left)
        self.states: dict[Lane, Status] = dict.fromkeys(LANES, OK)
        self.box = box()
        self.turns: list[Turn] = []
        self.last: tuple[Turn, ...] = ()
        self.now = after(began)

    def at(
        self,
        seconds: float,
        turns: dict[Lane, Status] | None = None,
        why: tuple[Reason, ...] = (),
        error: str | None = None,
        **more: object,
    ) -> Film:
        """`more`: what else the box is."""
        self.now = after(seconds)
        self.states |= turns or {}
        status = self.states[REDIS]
        if more or status is not self.box.status:
            self.box = box(status, **more)
        links = (
            link(self.states[lane], int(lane.name), reasons=why)
            for lane in (NINE, TWELVE)
        )
        source = SourceState("consul", self.states[CONSUL], NOON, error)
        shown = Snapshot("demo", 0, self.now, OK, tuple(links), (self.box,), (source,))
        self.reel, self.last = fold(self.reel, shown)
        self.turns += self.last
        return self

    @property
    def news(self) -> list[Turn]:
        return [turn for turn in self.turns if turn.is_news]

    @property
    def watch(self) -> Watch:
        return Watch(self.reel.began, self.now)

    @property
    def told(self) -> Told:
        return Told(tuple(self.turns), (self.watch,))

    @property
    def left(self) -> Left:
        return Left(tuple(self.reel.lanes.items()))


def later(at: datetime, seconds: float) -> datetime:
    return at + timedelta(seconds=seconds)
