"""Silences of the simulated Alertmanager: made, matched, ended. No clock of its own."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

NEEDED: Final = ("comment", "createdBy", "endsAt", "matchers", "startsAt")
Json = dict[str, Any]


class Refused(Exception):
    """`told`: the body of the answer, as the real one has it."""

    def __init__(self, status: int, told: Any) -> None:
        super().__init__(str(told))
        self.status, self.told = status, told


@dataclass(frozen=True, slots=True)
class Matcher:
    name: str
    value: str
    is_regex: bool
    is_equal: bool

    def fits(self, labels: Mapping[str, str]) -> bool:
        """A label that is not there is empty."""
        value = labels.get(self.name, "")
        if self.is_regex:
            return (re.fullmatch(self.value, value) is not None) == self.is_equal
        return (value == self.value) == self.is_equal

    def told(self) -> Json:
        return {
            "isEqual": self.is_equal,
            "isRegex": self.is_regex,
            "name": self.name,
            "value": self.value,
        }


@dataclass(frozen=True, slots=True)
class Silence:
    id: str
    matchers: tuple[Matcher, ...]
    starts_at: datetime
    ends_at: datetime
    updated_at: datetime
    author: str
    comment: str

    def state(self, now: datetime) -> str:
        if now >= self.ends_at:
            return "expired"
        return "active" if now >= self.starts_at else "pending"

    def told(self, now: datetime) -> Json:
        return {
            "id": self.id,
            "status": {"state": self.state(now)},
            "updatedAt": iso(self.updated_at),
            "comment": self.comment,
            "createdBy": self.author,
            "endsAt": iso(self.ends_at),
            "matchers": [matcher.told() for matcher in self.matchers],
            "startsAt": iso(self.starts_at),
        }


class Silences:
    def __init__(self) -> None:
        self._by_id: dict[str, Silence] = {}

    def all(self) -> tuple[Silence, ...]:
        return tuple(self._by_id.values())

    def find(self, id_: str) -> Silence | None:
        return self._by_id.get(id_)

    def put(self, body: Any, now: datetime) -> str:
        """Make one, or replace the one whose id is given; raises `Refused`."""
        silence = _read(body, now)
        wanted = body.get("id")
        if wanted and wanted not in self._by_id:
            raise Refused(404, f"silence {wanted} not found")
        self._by_id.pop(str(wanted), None)
        self._by_id[silence.id] = silence
        return silence.id

    def end(self, id_: str, now: datetime) -> bool:
        """Whether there was one that had not ended."""
        known = self._by_id.get(id_)
        if known is None or known.state(now) == "expired":
            return False
        self._by_id[id_] = replace(known, ends_at=now, updated_at=now)
        return True

    def over(self, labels: Mapping[str, str], now: datetime) -> list[str]:
        """The ids of those in force that fit an alert."""
        return [
            one.id
            for one in self._by_id.values()
            if one.state(now) == "active" and all(m.fits(labels) for m in one.matchers)
        ]


def _read(body: Any, now: datetime) -> Silence:
    if not isinstance(body, dict):
        raise Refused(400, {"code": 400, "message": "the body must be a JSON object"})
    for name in NEEDED:
        if name not in body:
            message = f"{name} in body is required"
            raise Refused(422, {"code": 602, "message": message})
    matchers = tuple(map(_matcher, _items(body["matchers"])))
    starts, ends = _moment(body, "startsAt"), _moment(body, "endsAt")
    if starts >= ends:
        why = "start time must be before end time"
        raise Refused(400, f"Failed to create silence: {why}")
    if ends < now:
        why = "end time can't be in the past"
        raise Refused(400, f"Failed to create silence: {why}")
    return Silence(
        str(uuid.uuid4()), matchers, max(starts, now), ends, now,
        str(body["createdBy"]), str(body["comment"]),
    )  # fmt: skip


def _items(matchers: Any) -> Iterable[Any]:
    if isinstance(matchers, list) and matchers:
        return matchers
    message = "matchers in body should have at least 1 items"
    raise Refused(422, {"code": 612, "message": message})


def _matcher(given: Any) -> Matcher:
    try:
        name, value = str(given["name"]), str(given["value"])
        regex, equal = bool(given["isRegex"]), bool(given.get("isEqual", True))
        re.compile(value if regex else "")
    except (KeyError, TypeError, AttributeError) as exc:
        message = "matchers in body: name, value and isRegex are required"
        raise Refused(422, {"code": 602, "message": message}) from exc
    except re.error as exc:
        why = f"invalid label matcher: error parsing regexp: {exc}"
        raise Refused(400, f"Failed to create silence: {why}") from exc
    return Matcher(name, value, regex, equal)


def _moment(body: Json, name: str) -> datetime:
    try:
        return datetime.fromisoformat(str(body[name])).astimezone(UTC)
    except ValueError as exc:
        message = f"{name} in body must be of type date-time: {str(body[name])!r}"
        raise Refused(422, {"code": 601, "message": message}) from exc


def iso(at: datetime) -> str:
    """RFC 3339 in UTC, milliseconds, `Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
