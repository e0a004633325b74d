"""How well the sources are heard: one line that opens the list of them all.

A source in trouble also stands beside that line under its own name, so that blindness
is seen without opening anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.status import RANK, Status
from layouts import says, strings_top, times
from layouts.glyphs import sign
from layouts.markup import Markup, tag
from layouts.strings import SOURCES, WORDS

TROUBLE = (Status.FAILING.value, Status.DEGRADED.value)
LIST_ID = "gws-sources"


def sources(snapshot: Mapping[str, Any], now: datetime) -> Markup:
    """Every source that there can be has its places; the unconfigured are hidden."""
    states = {state["name"]: state for state in snapshot["sources"]}
    chips = [_chip(name, states.get(name), now) for name in SOURCES]
    items = [_source(name, states.get(name), now) for name in SOURCES]
    return tag(
        "div",
        tag("ul", chips, class_="troubled", aria_label=strings_top.TROUBLED),
        _button(snapshot["sources"]),
        tag("ul", items, id=LIST_ID, class_="source-list", hidden=True,
            tabindex=-1, aria_label=strings_top.SOURCES_LIST),
        class_="sources",
        data_sources=True,
    )  # fmt: skip


def summary(states: list[Mapping[str, Any]]) -> tuple[str, str, str]:
    """The status to show, the words, and the names that explain them."""
    count = len(states)
    worst = max((state["status"] for state in states), key=_rank, default="no_data")
    if not states:
        return worst, strings_top.NO_SOURCES, ""
    troubled = [state for state in states if state["status"] in TROUBLE]
    unheard = [state for state in states if state["status"] == Status.NO_DATA]
    told = troubled or unheard
    if not told:
        heard = strings_top.SOURCE_HEARD if count == 1 else strings_top.ALL_HEARD
        return worst, heard.format(count=count), ""
    words = strings_top.IN_TROUBLE if troubled else strings_top.NOT_HEARD
    of = strings_top.SOURCE if count == 1 else strings_top.SOURCES_COUNTED
    names = ", ".join(SOURCES.get(state["name"], state["name"]) for state in told)
    line = words.format(told=len(told), sources=of.format(count=count))
    return worst, line, f"({names})"


def _rank(status: str) -> int:
    return RANK[Status(status)]


def _button(states: list[Mapping[str, Any]]) -> Markup:
    status, words, names = summary(states)
    return tag(
        "button",
        sign(status),
        tag("span", words, data_summary=True),
        " ",
        tag("span", names, class_="unseen", data_summary_names=True),
        type="button",
        data_sources_button=True,
        data_status=status,
        aria_expanded="false",
        aria_controls=LIST_ID,
    )


def _chip(name: str, state: says.State | None, now: datetime) -> Markup:
    status, error, last = _known(state)
    return tag(
        "li",
        sign(status),
        tag("span", SOURCES[name], class_="source-name"),
        " ",
        tag("span", WORDS[status], class_="unseen", data_part="word"),
        " ",
        times.heard(last, now, part="heard"),
        data_chip=name,
        data_status=status,
        title=error,
        hidden=status not in TROUBLE,
    )


def _source(name: str, state: says.State | None, now: datetime) -> Markup:
    status, error, last = _known(state)
    return tag(
        "li",
        sign(status),
        tag("span", SOURCES[name], class_="source-name"),
        " ",
        tag("span", WORDS[status], class_="word", data_part="word"),
        times.heard(last, now, part="heard"),
        tag("p", error, data_part="error"),
        data_source=name,
        data_status=status,
        title=error,
        hidden=state is None,
    )


def _known(state: says.State | None) -> tuple[str, str | None, str | None]:
    """Status, error and when it was last heard."""
    if state is None:
        return Status.ABSENT.value, None, None
    return state["status"], state["error"], state["last_success"]
