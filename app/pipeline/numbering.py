"""Numbers snapshots: the version grows only when there is something new to tell.

It also paints a failure of our own rules: the last picture stays, and a source called
`observatory` says that it can't be trusted to move.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from app.bus.base import Json
from app.domain import wire
from app.domain.evaluate import Deployment
from app.domain.instants import instant
from app.domain.status import Status

HEAD: Final = ("deployment", "version", "at")
OURSELVES: Final = "observatory"
BUG: Final = "bug in the rules: the picture no longer moves; see the log"


class Numbering:
    def __init__(self, deployment: Deployment) -> None:
        self._id = deployment.id
        self.last: Json | None = None
        self._ourselves: Json | None = None
        self._told = False

    def number(
        self, picture: Json | None, now: datetime
    ) -> tuple[Json, Json | None] | None:
        """The numbered snapshot and the delta that leads to it, if one does, or `None`
        when a reader of the last one would learn nothing. The first one is told all the
        same: that somebody looks again."""
        self._note_health(picture is not None, now)
        picture = picture or self.last or _blank(self._id)
        whole = self._with_ourselves(picture) | {"at": instant(now)}
        if self.last is None:
            self._told = True
            self.last = whole | {"version": 1}
            return self.last, None
        numbered = whole | {"version": self.last["version"] + 1}
        delta = wire.delta(self.last, numbered)
        if delta is None and self._told:
            return None
        before, self.last, self._told = self.last, numbered, True
        delta = delta or {name: numbered[name] for name in HEAD}
        return numbered, None if _is_less(numbered, before) else delta

    def _note_health(self, well: bool, now: datetime) -> None:
        known = self._ourselves
        if well and (known is None or not known["troubled"]):
            return
        last = instant(now) if well else (known or {}).get("last_success")
        self._ourselves = {
            "name": OURSELVES,
            "status": (Status.OK if well else Status.FAILING).value,
            "last_success": last,
            "age_s": None,
            "error": None if well else BUG,
            "feeds": 1,
            "troubled": 0 if well else 1,
        }

    def _with_ourselves(self, picture: Json) -> Json:
        if self._ourselves is None:
            return picture
        others = [s for s in picture["sources"] if s["name"] != OURSELVES]
        return picture | {"sources": [*others, self._ourselves]}


def _is_less(new: Json, old: Json) -> bool:
    """Whether something is gone, which no delta tells: what another process showed."""
    return any(
        {item[key] for item in old[part]} - {item[key] for item in new[part]}
        for part, key in wire.PARTS
    )


def _blank(deployment: str) -> Json:
    """Nothing is known: what is shown when the rules fail before the first picture."""
    return {
        "deployment": deployment,
        "status": Status.NO_DATA.value,
        "connections": [],
        "nodes": [],
        "sources": [],
        "suspects": [],
        "incident": None,
        "incidents": [],
        "maintenance": [],
        "notes": [],
    }
