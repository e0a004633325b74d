"""The section `traffic`: when calls must be seen, from what is written to a calendar.

Each kind of value is read by a plain function that raises `ValueError` with what to
write instead.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo
from difflib import get_close_matches
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator

from app.config.problems import unknown
from app.config.section import Section
from app.domain.expected import DAY_MIN, WEEKDAYS, Calendar, Span
from app.domain.topology import CONNECTIONS

DAYS: Final = tuple(name.lower() for name in WEEKDAYS)
EVERY_DAY: Final = frozenset(range(len(DAYS)))
NUMBERS: Final = frozenset(connection.number for connection in CONNECTIONS)
_HOURS: Final = re.compile(r"(\d\d?):([0-5]\d)\s*-\s*(\d\d?):([0-5]\d)")


def days(text: Any) -> frozenset[int]:
    """`mon-fri`, `sat, sun`, or a list of such; a range may go into the next week."""
    parts = text if isinstance(text, list | tuple) else str(text).split(",")
    found = frozenset(day for part in parts for day in _range(str(part)))
    if not found:
        raise ValueError("must name a day, or be left out for every day")
    return found


def _range(text: str) -> list[int]:
    first, _, last = (part.strip().lower() for part in text.partition("-"))
    begin, end = (_day_of_week(name) for name in (first, last or first))
    count = (end - begin) % len(DAYS) + 1
    return [(begin + after) % len(DAYS) for after in range(count)]


def _day_of_week(name: str) -> int:
    if name not in DAYS:
        raise ValueError(unknown(name, DAYS, "no day is called"))
    return DAYS.index(name)


def hours(text: Any) -> tuple[int, int]:
    """`08:00-20:00`, in minutes since midnight."""
    found = _HOURS.fullmatch(str(text).strip())
    begin, end = _minutes(found) if found else (DAY_MIN, DAY_MIN)
    if begin >= DAY_MIN or end > DAY_MIN:
        raise ValueError("must be two times of day, such as 08:00-20:00")
    if begin == end:
        raise ValueError("ends when it begins; a whole day is 00:00-24:00")
    return begin, end


def _minutes(found: re.Match[str]) -> tuple[int, int]:
    begin_h, begin_min, end_h, end_min = map(int, found.groups())
    return begin_h * 60 + begin_min, end_h * 60 + end_min


def number(value: Any) -> int:
    if type(value) is not int or value not in NUMBERS:
        raise ValueError(f"must be the number of a connection, 1 to {max(NUMBERS)}")
    return value


def _some(numbers: tuple[int, ...]) -> tuple[int, ...]:
    if not numbers:
        raise ValueError("must name a connection, or be left out for all of them")
    return numbers


def zone(text: Any) -> str:
    """A name of the time zone database."""
    name = str(text)
    try:
        _clocks(name)
    except (KeyError, OSError, ValueError) as exc:
        near = get_close_matches(name, sorted(available_timezones()), n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ", such as Europe/Berlin"
        raise ValueError(f'no time zone is called "{name}"{hint}') from exc
    return name


def _clocks(name: str) -> tzinfo:
    """UTC needs no database, and there may be none."""
    return UTC if name == "UTC" else ZoneInfo(name)


def holiday(value: Any) -> date:
    """YAML knows dates; quoted ones, and those of the environment, are texts."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as exc:
        raise ValueError("must be a day, such as 2026-12-25") from exc


Days = Annotated[frozenset[int], BeforeValidator(days)]
Hours = Annotated[tuple[int, int], BeforeValidator(hours)]
Number = Annotated[int, BeforeValidator(number)]
Numbers = Annotated[tuple[Number, ...], AfterValidator(_some)]
Zone = Annotated[str, BeforeValidator(zone)]
Holiday = Annotated[date, BeforeValidator(holiday)]


class ExpectedSpan(Section):
    """Hours in which calls must be seen."""

    days: Days = EVERY_DAY
    hours: Hours
    connections: Numbers | None = None


class Traffic(Section):
    zone: Zone = "UTC"
    expected: tuple[ExpectedSpan, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    learn: bool = True

    def calendar(self) -> Calendar:
        spans = tuple(
            Span(one.days, *one.hours, frozenset(one.connections or ()))
            for one in self.expected
        )
        clocks, holidays = _clocks(self.zone), frozenset(self.holidays)
        return Calendar(clocks, spans, holidays, self.learn)
