"""What stands around the wall's picture: the word, the incident, the clock, the worst.

Each has its counterpart in `assets/wall_view.js`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from app.domain.status import RANK, Status
from app.domain.topology import Topology
from layouts import figures, says
from layouts.glyphs import sign
from layouts.markup import Markup, tag
from layouts.sources import TROUBLE
from layouts.strings import SOURCES, WORDS
from layouts.strings_wall import (
    ACKNOWLEDGED,
    ALL_CONNECTIONS,
    ALL_HEARD,
    ASSIGNED,
    ENDS,
    FRESH,
    HEADLINES,
    INCIDENT,
    MORE,
    NO_CAUSE,
    NOT_ACKNOWLEDGED,
    ONE,
    OPEN,
    PICTURE_OLD,
    SEVERAL,
    SINCE,
    SOUND_WAITS,
    TROUBLED,
    UNSEEN,
    WELL,
    WORST,
    ZONE,
)

State = Mapping[str, Any]
SLOTS: Final = 5
"""As many connections as have room beside the picture."""
LISTED_FROM: Final = RANK[Status.NO_DATA]


def top(snapshot: State, now: datetime, name: str) -> Markup:
    """Whose wall it is, and how it is, since when."""
    status, began = snapshot["status"], since(snapshot)
    return tag(
        "header",
        tag("h1", name, data_swap="name"),
        tag(
            "p",
            sign(status),
            tag("strong", HEADLINES[status], data_part="headline"),
            tag("span", _moment(began), " ", _lasting(began, now)),
            class_="headline",
            data_overall=True,
            data_status=status,
        ),
        class_="wall-top",
    )


def since(snapshot: State) -> str | None:
    """Since when it is as it is: the oldest trouble of that kind; where all is well,
    since the last of its parts became so."""
    status = snapshot["status"]
    kinds = WELL if status in WELL else (status,)
    parts = [*snapshot["connections"], *snapshot["nodes"]]
    began = [p["since"] for p in parts if p["status"] in kinds and p["since"]]
    if not began:
        return None
    return str(min(began) if status in TROUBLE else max(began))


def banner(snapshot: State, now: datetime) -> Markup:
    """The gravest open incident; its room is kept while there is none."""
    one = next(iter(snapshot["incidents"]), None)
    suspect = next(iter(snapshot["suspects"]), None)
    text = suspect["text"] if suspect else NO_CAUSE if one else ""
    start = one["start"] if one else None
    opened = tag(
        "span", f"{OPEN} ", _lasting(start, now), data_part="opened", hidden=not one
    )
    return tag(
        "section",
        tag("p", text, class_="suspect", data_part="suspect"),
        tag(
            "p",
            opened,
            tag("span", counted(one) if one else "", data_part="counted"),
            tag("span", handled(one) if one else "", data_part="handled"),
            class_="facts",
        ),
        class_="wall-incident",
        aria_label=INCIDENT,
        data_wall_incident=one["id"] if one else "",
        data_status=one["worst"] if one else snapshot["status"],
        hidden=not text,
    )


def counted(incident: State) -> str:
    """`5 connections, 1 component`."""
    steps = incident["cascade"]
    connections = sum(step["connection"] is not None for step in steps)
    counts = {"connection": connections, "component": len(steps) - connections}
    return ", ".join(
        ONE[what] if count == 1 else SEVERAL[what].format(count=count)
        for what, count in counts.items()
        if count
    )


def handled(incident: State) -> str:
    """Who has it in hand, as far as that is kept."""
    if "acknowledged" not in incident:
        return ""
    known = incident["acknowledged"]
    assigned = incident.get("assigned")
    told = f"{ACKNOWLEDGED} {known['by']}" if known else NOT_ACKNOWLEDGED
    return f"{told}, {ASSIGNED} {assigned}" if assigned else told


def beside(
    topology: Topology, snapshot: State, now: datetime, age: str = FRESH
) -> Markup:
    """At the right: what time it is, how old the picture is, what is worst. `age`: what
    is said of the picture's age."""
    at = snapshot["at"]
    clock = tag(
        "p",
        tag("time", at[11:19], datetime=at, data_clock=True),
        tag("span", ZONE, data_zone=True),
        class_="wall-clock",
    )
    return tag(
        "aside",
        clock,
        tag("p", age, class_="wall-age", data_age_line=True, data_old="fresh"),
        tag("p", sight(snapshot), class_="wall-sight", data_sight=True),
        tag("p", SOUND_WAITS, class_="wall-sight", data_sound_waits=True, hidden=True),
        _worst(topology, snapshot, now),
        _turns(),
        class_="wall-side",
        aria_label=WORST,
    )


def sight(snapshot: State) -> str:
    """How well the deployment can be seen."""
    unwell = (*TROUBLE, Status.NO_DATA)
    states = snapshot["sources"]
    troubled = [
        SOURCES.get(s["name"], s["name"]) for s in states if s["status"] in unwell
    ]
    if troubled:
        return f"{TROUBLED} {', '.join(troubled)}"
    return ALL_HEARD if states else UNSEEN


def worst(snapshot: State) -> list[State]:
    """Connections that are not well, worst first."""
    listed = [c for c in snapshot["connections"] if _rank(c) >= LISTED_FROM]
    return sorted(listed, key=lambda one: (-_rank(one), one["number"]))


def _worst(topology: Topology, snapshot: State, now: datetime) -> Markup:
    listed = worst(snapshot)
    slots = [
        _slot(topology, listed[i] if i < len(listed) else None, now)
        for i in range(SLOTS)
    ]
    more = len(listed) - SLOTS
    counting = MORE.format(count=more) if more > 0 else ""
    quiet = bool(listed) or not snapshot["connections"]
    return tag(
        "div",
        tag("ol", slots, data_worst=True),
        tag("p", counting, class_="more", data_more=True),
        tag("p", ALL_CONNECTIONS, class_="none", data_none=True, hidden=quiet),
        class_="wall-worst",
    )


def _slot(topology: Topology, state: State | None, now: datetime) -> Markup:
    one = state or says.UNHEARD | {"number": None}
    number, ends = one["number"], ""
    if number is not None:
        source, destination = says.ends(topology, topology.connection(number))
        ends = ENDS.format(source=source, destination=destination)
    return tag(
        "li",
        tag(
            "p",
            tag("span", number, class_="number", data_part="number"),
            sign(one["status"]),
            tag("strong", WORDS[one["status"]], data_part="word"),
            _lasting(one["since"], now),
            class_="verdict",
        ),
        tag("p", ends, class_="ends", data_part="ends"),
        tag("p", says.first_reason(one), class_="reason", data_part="reason"),
        data_slot=True,
        data_status=one["status"],
        hidden=state is None,
    )


def _turns() -> Markup:
    """Which deployments take turns here, if several do: the browser knows."""
    return tag(
        "div",
        tag("ol", data_turns_list=True),
        tag("p", data_turns_note=True),
        class_="wall-turns",
        data_turns=True,
        hidden=True,
    )


def lost() -> Markup:
    """Over everything, once the picture is no longer the present one."""
    return tag(
        "section",
        tag("p", class_="lost-age", data_lost_age=True),
        tag("p", class_="lost-picture", data_lost_picture=True),
        tag("p", class_="lost-why", role="status", data_lost_why=True),
        class_="wall-lost",
        aria_label=PICTURE_OLD,
        data_lost=True,
        hidden=True,
    )


def _rank(state: State) -> int:
    return RANK[Status(state["status"])]


def _moment(at: str | None) -> Markup:
    """`since 10:42`; the browser says it in the time of its own zone."""
    shown = f"{SINCE} {at[11:16]} {ZONE}" if at else ""
    return tag("time", shown, datetime=at, data_part="moment", title=at)


def _lasting(at: str | None, now: datetime) -> Markup:
    """`for 4 min`, counting."""
    shown = figures.lasting(at, now)
    return tag("time", shown, datetime=at, data_since=at or "", data_part="since")
