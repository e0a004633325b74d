"""The gravest open incident, beside the box to look at first: since when, how much, and
what turned after what. `assets/incident.js` keeps it true."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.subject import NodeId
from app.domain.topology import Topology
from layouts import care, figures, says
from layouts import strings_room as words
from layouts.glyphs import sign
from layouts.markup import Markup, tag
from layouts.strings import WORDS

State = Mapping[str, Any]


def beside(looks: Markup, topology: Topology, snapshot: State, now: datetime) -> Markup:
    """`looks`: the line of suspects, which it shares a row with."""
    return tag("div", looks, _incident(topology, snapshot, now), class_="looks")


def _incident(topology: Topology, snapshot: State, now: datetime) -> Markup:
    opened = snapshot["incidents"]
    one = care.first(opened)
    status = one["worst"] if one else "ok"
    line = tag(
        "summary",
        sign(status),
        tag("span", one["text"] if one else "", data_incident_text=True),
        tag("span", others(len(opened) - 1), class_="others", data_incident_more=True),
    )
    steps = one["cascade"] if one else ()
    cascade = tag(
        "div",
        care.ways(one, snapshot["deployment"]),
        tag("h3", words.CASCADE),
        tag("ol", [_step(topology, step) for step in steps]),
        care.also(opened, one),
        class_="cascade",
    )
    return tag(
        "section",
        tag("details", line, cascade),
        care.line(one, now),
        class_="incident",
        aria_label=words.OPEN,
        data_incident=one["id"] if one else "",
        data_status=status,
        data_acknowledged=one is not None and one["acknowledged"] is not None,
        hidden=one is None,
    )


def others(number: int) -> str:
    """Told where more than one is open."""
    return words.MORE.format(count=number) if number > 0 else ""


def _step(topology: Topology, step: State) -> Markup:
    became = WORDS[step["worst"]]
    if step["until"]:
        until = figures.clock(step["until"])
        became = words.WELL_AGAIN.format(word=became, at=until)
    return tag(
        "li",
        tag("time", figures.clock(step["at"]), datetime=step["at"]),
        " ",
        *_who(topology, step),
        f" {became}",
        data_status=step["status"],
    )


def _who(topology: Topology, step: State) -> tuple[Markup | str, ...]:
    if step["node"] is not None:
        node = NodeId(step["node"])
        label = topology.box(node).label
        return (tag("button", label, type="button", data_goto_node=node),)
    number = step["connection"]
    ends = says.both_ends(topology, topology.connection(number))
    return tag("button", number, type="button", data_goto=number), f" {ends}:"
