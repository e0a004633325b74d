"""What another process last showed, as far as the next one can go on from it. Pure.

A picture tells since when each thing stands as it does, and by whose word. Who takes it
up hears the witnesses one after another, and a half of them is not half of the truth:
without its pods a box seems gone, without its traffic a connection seems well. So what
was shown stands, as it was and with its age, until all who spoke of it have spoken
again, somebody says worse, or they have been waited for long enough.

What was held to get there is not told. So what was shown bad stays so until it has been
better for as long as any measurement must: it must not turn back and forth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from app.domain.finding import Finding
from app.domain.status import Status
from app.domain.subject import Subject, Witness
from app.domain.verdict import LEVELS, LEVELS_OF, Latch, Track

Json = dict[str, Any]

WAITS: Final = timedelta(seconds=9)
"""How long what was shown stands. A leader that was killed is followed after six
seconds at the most, and whoever watches is to see the truth after fifteen."""
Spoken = AbstractSet[Witness | None]
UNSEEN: Final = {Status.STALE, Status.NO_DATA}
SUBJECTS: Final = (("connections", "number"), ("nodes", "id"))


@dataclass(frozen=True, slots=True)
class Shown:
    """One subject, as the picture has it. `by`: the witnesses that it was judged by."""

    item: Json
    status: Status
    by: frozenset[Witness]


@dataclass(frozen=True, slots=True)
class TakenUp:
    """`waiting`: those whose witnesses are waited for, `until` then at the latest."""

    shown: Mapping[Subject, Shown] = field(default_factory=dict)
    waiting: frozenset[Subject] = frozenset()
    until: datetime | None = None

    def stands(
        self, subject: Subject, found: Sequence[Finding], spoken: Spoken
    ) -> bool:
        """Whether it is to be shown as it was, though only this has been `found`.
        `spoken`: those who have said all that they have to say of it."""
        if subject not in self.waiting or self.worse(subject, found):
            return False
        return not found or not self.shown[subject].by <= spoken

    def worse(self, subject: Subject, found: Sequence[Finding]) -> bool:
        """Whether anything is, of one that is waited for."""
        rank = self.shown[subject].status.rank
        return any(finding.status.rank > rank for finding in found)

    def idle(self, subject: Subject) -> bool:
        """Whether one that is waited for was, whatever is found where it leads to."""
        return self.shown[subject].status is Status.IDLE

    def saw(self, subject: Subject) -> bool:
        """Whether anybody ever spoke of it: then silence now is blindness."""
        one = self.shown.get(subject)
        return one is not None and (bool(one.by) or one.status is Status.STALE)

    def at(self, now: datetime, *, all_spoke: bool) -> TakenUp:
        """What is left of it; the very same until something is over. `all_spoke`: every
        source has, so that nobody is left who could say more."""
        if self.until is None or now < self.until:
            return self
        if all_spoke:
            return NOTHING
        return self.still(frozenset())

    def still(self, standing: frozenset[Subject]) -> TakenUp:
        """After a look at which only these stood: who has spoken is not waited for."""
        if standing == self.waiting:
            return self
        return replace(self, waiting=standing)


NOTHING: Final = TakenUp()


def taken_up(picture: Json, until: datetime) -> TakenUp:
    """Of a picture; all of it is waited for."""
    shown = {who: _shown(item) for who, item in _items(picture)}
    return TakenUp(shown, frozenset(shown), until)


def tracks(picture: Json) -> dict[Subject, Track]:
    """Where each connection and box stood, and since when."""
    return {who: _track(item) for who, item in _items(picture)}


def shown_again(picture: Json, left: TakenUp, suspects: Sequence[Json]) -> Json:
    """`picture`, with those that are waited for as they were shown, and with those of
    the earlier `suspects` that explain any of them."""
    if not left.waiting:
        return picture
    parts = {
        part: [
            left.shown[item[key]].item if item[key] in left.waiting else item
            for item in picture[part]
        ]
        for part, key in SUBJECTS
    }
    ours = picture["suspects"]
    known = [_who(one) for one in ours]
    others = [
        one
        for one in suspects
        if _who(one) not in known and not left.waiting.isdisjoint(one["explains"])
    ]
    return picture | parts | {"suspects": [*ours, *others]}


def _who(suspect: Json) -> tuple[Any, ...]:
    return tuple(suspect[name] for name in ("node", "connection", "host"))


def _items(picture: Json) -> list[tuple[Subject, Json]]:
    return [(item[key], item) for part, key in SUBJECTS for item in picture[part]]


def _shown(item: Json) -> Shown:
    marks = item["witnesses"] or {}
    by = frozenset(
        who for who in Witness if marks.get(who, Status.NO_DATA) not in UNSEEN
    )
    return Shown(item, Status(item["status"]), by)


def _track(item: Json) -> Track:
    status = Status(item["status"])
    since = datetime.fromisoformat(item["since"])
    if status not in LEVELS:
        return Track(status, since)
    latches = {level: Latch() for level in LEVELS_OF[status]}
    return Track(status, since, latches=latches, bad_since=since)
