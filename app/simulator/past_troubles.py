"""What befell the simulated deployment in a past that was never lived through.

A box is in trouble, whoever calls it follows within seconds, and all is well again some
minutes later. Moments are in seconds since 1970.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from app.domain.status import Status

Json = dict[str, Any]
HOUR_S: Final = 3600
DAY_S: Final = 86_400
STEP_S: Final = 3
"""From one who follows to the next."""
BAD: Final = ("failing", "degraded", "stale")


@dataclass(frozen=True, slots=True)
class Trouble:
    """`members`: the box, then the connections that lead to it, as names in history.
    `over`: when the last of them is well again."""

    box: str
    status: Status
    text: str
    begin: int
    lasts: int
    members: tuple[str, ...]

    @property
    def over(self) -> int:
        return self.begin + self.lasts + STEP_S * len(self.members)

    def turns(self) -> Iterator[tuple[int, str]]:
        """When each of them turned, and who."""
        for place, name in enumerate(self.members):
            yield self.begin + STEP_S * place, name

    def returns(self) -> Iterator[tuple[int, str]]:
        for at, name in self.turns():
            yield at + self.lasts, name


HAPPENED: Final = (
    (23 * DAY_S + 4 * HOUR_S, "voice", Status.FAILING, 660, "0 of 3 pods are ready"),
    (9 * DAY_S + 2 * HOUR_S, "postgresql", Status.DEGRADED, 1500,
     "p95 is 1.4 s, above 500 ms"),
    (26 * HOUR_S, "redis", Status.FAILING, 420, "no server answers, 3 of 3 refused"),
    (5 * HOUR_S + 720, "voicemail", Status.DEGRADED, 150, "errors are 8 %, above 1 %"),
)  # fmt: skip
"""How long ago, where, how bad, for how long, and what was said of it."""


def hits(picture: Json, end: int, begin: int) -> tuple[Trouble, ...]:
    """What happened from `begin` to `end`, in order."""
    boxes = {item["id"] for item in picture["nodes"]}
    return tuple(
        Trouble(box, status, text, end - ago, lasts, _members(picture, box))
        for ago, box, status, lasts, text in HAPPENED
        if box in boxes and end - ago > begin + HOUR_S
    )


def _members(picture: Json, box: str) -> tuple[str, ...]:
    callers = (
        str(one["number"])
        for one in picture["connections"]
        if one["destination"] == box and one["status"] != "absent"
    )
    return (box, *callers)


def calm(picture: Json) -> Json:
    """The same with nothing wrong in it, and nothing said."""
    found = copy.deepcopy(picture)
    for item in (*found["connections"], *found["nodes"]):
        if item["status"] in BAD:
            item["status"] = Status.OK.value
        item |= {"reasons": [], "flapping": None}
    for node in found["nodes"]:
        node["events"] = []
    for source in found["sources"]:
        source |= {"status": Status.OK.value, "error": None, "troubled": 0}
    nothing: Json = {"suspects": [], "incidents": [], "maintenance": [], "notes": []}
    return found | nothing | {"status": Status.OK.value, "incident": None}


def turns(
    picture: Json, troubles: tuple[Trouble, ...], begin: int
) -> Iterator[tuple[int, str, str]]:
    """(milliseconds, name, status), in order: each as it was at first, then what
    happened."""
    usual = {str(one["number"]): one["status"] for one in picture["connections"]}
    usual |= {one["id"]: one["status"] for one in picture["nodes"]}
    for name, status in usual.items():
        yield begin * 1000, name, status
    for trouble in troubles:
        for at, name in trouble.turns():
            yield at * 1000, name, trouble.status.value
        for at, name in trouble.returns():
            yield at * 1000, name, usual[name]
