"""What leads out of the panel: links to other tools, and commands to copy."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from app.domain import kubectl
from app.domain.hour import SPAN_S
from app.domain.links import Outside, address, known_of, parsed
from app.domain.subject import NodeId
from app.domain.topology import Box, Topology
from layouts.components import Copy
from layouts.says import State
from layouts.strings_panel import BY_HAND, COPIED, COPY, NEW_TAB

HOUR: Final = timedelta(seconds=SPAN_S)
Attributes = dict[str, Any]


def elsewhere(
    topology: Topology,
    deployment: str,
    subject: int | NodeId,
    target: State,
    outside: Outside,
    now: datetime,
) -> list[Component]:
    """The configured links of which every field is known. `target`: the state of the
    box that is meant, whose pods tell what runs."""
    running = [pod["workload"] for pod in target["pods"]]
    known = known_of(topology, subject, running, (now - HOUR, now)) | {
        "deployment": deployment,
        "context": outside.context,
        "datacenter": outside.datacenter,
    }
    found = {
        name: address(parsed(template), known)
        for name, template in outside.templates.items()
    }
    links = [_link(name, url) for name, url in found.items() if url is not None]
    return [html.P(links, className="links")] if links else []


def terminal(
    topology: Topology, box: Box, state: State, outside: Outside
) -> list[Component]:
    """Of a box with pods, where there is a cluster to ask."""
    if not outside.kubernetes:
        return []
    made = kubectl.commands(box, topology, outside.context, state["pods"])
    return [_command(one) for one in made]


def _link(name: str, url: str) -> Component:
    unseen = html.Span(NEW_TAB, className="unseen")
    return html.A(
        [name, unseen], href=url, target="_blank", rel="noopener noreferrer", key=name
    )


def _command(one: kubectl.Command) -> Component:
    copy = Copy(
        text=one.text,
        name=f"{COPY}: {one.what}",
        words={"copy": COPY, "copied": COPIED, "byHand": BY_HAND},
    )
    head = html.Div([html.Span(one.what), copy], className="headed")
    return html.Div([head, _code(one.text)], className="command", key=one.what)


def _code(text: str) -> Component:
    """Broken between words alone, where there is room for them."""
    words = [html.Span(word) for word in text.split(" ")]
    return html.Code([part for word in words for part in (word, " ")][:-1])
