"""Of each deployment, on the page about the dashboard itself: its sources and feeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from app.domain.status import Status
from layouts import strings_debug as words
from layouts import times
from layouts.debug_parts import Row, grid, seconds
from layouts.glyphs import sign
from layouts.markup import Markup, join, tag
from layouts.pages import DEBUG
from layouts.strings import SOURCES, UNMEASURED, WORDS

Told = Mapping[str, Any]
MOST_OPEN: Final = 3
"""Of more deployments, only those with a source in trouble are unfolded."""


def deployments(all_: Sequence[Told], now: datetime, *, whole: bool) -> Markup:
    """`whole`: every feed is told, of one deployment."""
    return tag(
        "section",
        tag("h2", words.DEPLOYMENTS),
        [_deployment(one, now, len(all_) <= MOST_OPEN, whole) for one in all_],
    )


def _deployment(one: Told, now: datetime, unfolded: bool, whole: bool) -> Markup:
    unwell = any(source["status"] != Status.OK for source in one["sources"])
    status = one["status"]
    head = tag(
        "summary",
        tag("span", sign(status, part=False), " ", tag("strong", one["name"]),
            " ", WORDS[status], data_status=status),
    )  # fmt: skip
    more = urlencode({"deployment": one["id"]})
    link = tag(
        "a", words.OPEN_ONE.format(name=one["name"]), href=f"{DEBUG.address}?{more}"
    )
    return tag(
        "details",
        head,
        tag("p", _picture(one, now), ". ", _summary(one), "."),
        _sources(one, now),
        [_feeds(source, now, whole) for source in one["sources"] if source["listed"]],
        None if whole else tag("p", link),
        open=unfolded or unwell,
        data_deployment=one["id"],
    )


def _picture(one: Told, now: datetime) -> Markup:
    if one["at"] is None:
        names = ", ".join(one["unheard"]) or words.ITS_SOURCES
        return tag("span", words.NO_PICTURE.format(names=names))
    made = words.PICTURE.format(version=one["version"])
    return join((made, " ", times.heard(one["at"], now)))


def _summary(one: Told) -> str:
    viewers, turns = one["viewers"], one["turns"]
    told = words.SUMMARY if turns["count"] else words.SUMMARY_ELSEWHERE
    return told.format(
        viewers=viewers["count"],
        longest=viewers["longest_queue"],
        resynced=viewers["resynced"],
        waiting=one["waiting"],
        count=turns["count"],
        p95=seconds(turns["p95_s"]),
    )


def _sources(one: Told, now: datetime) -> Markup:
    name = words.OF_SOURCES.format(name=one["name"])
    rows = [_source(source, now) for source in one["sources"]]
    return grid(name, words.SOURCE_COLUMNS, rows)


def _source(source: Told, now: datetime) -> Row:
    status, timings = source["status"], source["timings"]
    named = join(
        (
            sign(status, part=False),
            " ",
            SOURCES.get(source["name"], source["name"]),
            tag("span", WORDS[status], class_="word"),
        )
    )
    cells = (
        named,
        times.heard(source["last_success"], now),
        _count(source["asked"]),
        _count(source["failed"]),
        seconds(timings["last_s"]),
        seconds(timings["p95_s"]),
        _count(source["lists"]),
        _count(source["watches"]),
        _feed_count(source),
        _last_error(source, now),
    )
    return cells, status


def _feed_count(source: Told) -> str:
    count, troubled = source["feeds"], source["feeds_troubled"]
    if troubled:
        return words.TROUBLED.format(troubled=troubled, count=count)
    return _count(count)


def _count(value: int | None) -> str:
    """Who is not asked by this process was not asked 0 times."""
    return UNMEASURED if value is None else str(value)


def _last_error(source: Told, now: datetime) -> Markup | str:
    last = source["last_trouble"]
    if last is None:
        here = source["asked"] is not None
        return source["error"] or (words.NEVER if here else UNMEASURED)
    return join((times.heard(last["at"], now), ": ", last["text"]))


def _feeds(source: Told, now: datetime, whole: bool) -> Markup:
    name = words.OF_FEEDS.format(source=SOURCES.get(source["name"], source["name"]))
    rows: list[Row] = [
        (
            (
                feed["name"],
                times.heard(feed["last_success"], now),
                seconds(feed["max_age_s"]),
                feed["version"] or UNMEASURED,
                _trouble(feed),
            ),
            None,
        )
        for feed in source["listed"]
    ]
    cut = not whole and source["feeds_troubled"] > len(rows)
    return tag(
        "details",
        tag("summary", name),
        grid(name, words.FEED_COLUMNS, rows),
        tag("p", words.MORE.format(count=len(rows))) if cut else None,
        open=not whole,
    )


def _trouble(feed: Told) -> Markup | str:
    if feed["trouble"] is None:
        return UNMEASURED
    since = times.local(feed["trouble_since"], "full")
    return join((feed["trouble"], " ", words.SINCE, " ", since))
