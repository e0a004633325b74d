"""What is said about a connection or a box in words: labels for screen readers, titles.

The same sentences are built in the browser by `assets/says.js`.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import floor
from typing import Any, Final

from app.domain.status import Status
from app.domain.subject import Witness
from app.domain.topology import Box, Connection, Topology
from layouts import figures
from layouts import strings_says as words
from layouts.strings import DISAGREE, WITNESSES, WORDS

SILENT: Final = "silent"
"""That it never spoke, as the style sheet knows it."""
UNASKED: Final = "none"
DOUBTFUL: Final = (Status.FAILING, Status.DEGRADED, Status.STALE)
"""What a witness may say, or be, for which all witnesses are shown."""
NARROW: Final = " ./·fijlrt"
"""Half as wide as a digit, more or less."""
DIGIT_PX: Final = 9.8
"""At the size of every text, in a wide font."""
SIGN_PX: Final = 18
"""What the sign before a text takes."""

State = Mapping[str, Any]
"""A connection, a box or a source as `app.domain.wire` encodes it."""

UNHEARD: Final[dict[str, Any]] = {
    "status": Status.NO_DATA.value,
    "since": None,
    "observed_at": None,
    "reasons": [],
    "witnesses": {},
    "heard": {},
    "metrics": {},
    "flapping": None,
    "ready": None,
    "desired": None,
    "restarts": None,
    "pods": [],
    "events": [],
    "version": None,
    "memory": None,
    "memory_limit": None,
    "clients": None,
    "clients_limit": None,
    "lag_s": None,
    "users": None,
    "users_most": None,
    "users_marks": [],
    "cpu": None,
    "cpu_limit": None,
    "pods_memory": None,
    "pods_memory_limit": None,
    "replicas_max": None,
}
"""What stands for a connection or box that the snapshot does not hold (yet)."""


def connection_states(snapshot: Mapping[str, Any]) -> dict[int, State]:
    return {state["number"]: state for state in snapshot["connections"]}


def node_states(snapshot: Mapping[str, Any]) -> dict[str, State]:
    return {state["id"]: state for state in snapshot["nodes"]}


def ends(topology: Topology, connection: Connection) -> tuple[str, str]:
    """The labels of a connection's source and destination."""
    source = topology.box(connection.source)
    return source.label, topology.box(connection.destination).label


def both_ends(topology: Topology, connection: Connection) -> str:
    """`GWS Workspace Service to Voicemail`."""
    source, destination = ends(topology, connection)
    return words.ENDS.format(source=source, destination=destination)


def connection_label(topology: Topology, connection: Connection, state: State) -> str:
    """`17, GWS Workspace Service to Voicemail: failing since 10:42:03 UTC, ...`."""
    both = both_ends(topology, connection)
    what = words.CONNECTION_LABEL.format(number=connection.number, ends=both)
    return words.LABEL.format(what=what, verdict=_verdict(state))


def node_label(label: str, state: State) -> str:
    """`Redis, 0/3 ready: failing since 10:42:03 UTC, ...`."""
    known = state["ready"] is not None or state["desired"] is not None
    counted = figures.ready(state["ready"], state["desired"])
    what = words.BOX_LABEL.format(name=label, ready=counted) if known else label
    return words.LABEL.format(what=what, verdict=_verdict(state))


def pods(box: Box, state: State, room_px: float) -> str:
    """What stands under a box's name: its pods, or its status where it has none."""
    if state["status"] == Status.ABSENT or not box.workloads:
        return WORDS[state["status"]]
    told = figures.ready(state["ready"], state["desired"])
    return told if SIGN_PX + width_px(told) <= room_px else told.split()[0]


def details(state: State, room_px: float) -> str:
    """A box's small line: restarts while they matter, users, a store's memory and
    clients, versions; what does not fit any more is left to the card and the panel."""
    line = ""
    for part in _details(state):
        longer = f"{line} · {part}" if line else part
        if width_px(longer) <= room_px:
            line = longer
        elif not line:
            return _cut(part, room_px)
    return line


def width_px(text: str) -> float:
    """About how wide a small line is."""
    return sum(DIGIT_PX / 2 if one in NARROW else DIGIT_PX for one in text)


def half_status_line(words: str) -> int:
    """Half of what a sign and these words take, about."""
    return floor((SIGN_PX + width_px(words)) / 2 + 0.5)


def flows(state: State) -> bool:
    """Do requests go along this line?"""
    return bool(state["metrics"].get("request_rate"))


def first_reason(state: State) -> str:
    """The reason to read first; empty when there is none."""
    return str(state["reasons"][0]["text"]) if state["reasons"] else ""


def opinion(state: State, witness: str) -> str:
    """What a witness makes of a state: a status; `silent` if it never spoke; `none` if
    it is not asked about this."""
    said = str(state["witnesses"].get(witness, UNASKED))
    return SILENT if said == Status.NO_DATA else said


def doubted(state: State) -> bool:
    """Does any witness say that it is bad, or is any one's word old?"""
    return any(said in DOUBTFUL for said in state["witnesses"].values())


def heard_of(state: State, witness: str) -> bool:
    """Has this witness ever said anything about this connection or box?"""
    return bool(state["witnesses"].get(witness, Status.NO_DATA) != Status.NO_DATA)


def apart(state: State) -> list[str]:
    """Who contradicts whom, in one sentence; empty when nobody does.

    As in `app.domain.marks`: failing for one, well for another, and an alert, which may
    be about anything, contradicts nobody.
    """
    by = {n: s for n, s in state["witnesses"].items() if n != Witness.ALERTS}
    failing = [WITNESSES[name] for name, said in by.items() if said == Status.FAILING]
    well = [WITNESSES[name] for name, said in by.items() if said == Status.OK]
    if not (failing and well):
        return []
    named = {"failing": ", ".join(failing), "well": ", ".join(well)}
    return [words.APART_WHO.format(**named)]


def protocol(connection: Connection) -> str:
    """`HTTP:80`, `HTTP`, `:80`; empty where the vendor's table is."""
    port = "" if connection.port is None else f":{connection.port}"
    return f"{connection.protocol or ''}{port}"


def _verdict(state: State) -> str:
    said, since = WORDS[state["status"]], state["since"]
    if since is not None:
        said = words.SINCE.format(word=said, at=figures.clock(since))
    if first_reason(state):
        said = words.BECAUSE.format(verdict=said, reason=first_reason(state))
    if apart(state):
        said = words.APART.format(verdict=said, disagree=DISAGREE)
    return said


def _details(state: State) -> list[str]:
    """The most telling first. A restart long ago is no news: they are counted while the
    box is not well or not whole."""
    told = []
    if state["restarts"] and _unwell(state):
        told.append(figures.restarted(state["restarts"]))
    if state["users"] is not None:
        told.append(figures.users(state["users"]))
    if state["memory"] is not None:
        told.append(figures.memory_share(state["memory"], state["memory_limit"]))
    if state["clients"] is not None:
        told.append(figures.client_share(state["clients"], state["clients_limit"]))
    if state["version"]:
        versions = state["version"].split(", ")
        several = words.VERSIONS.format(count=len(versions))
        told.append(versions[0] if len(versions) == 1 else several)
    return told


def _unwell(state: State) -> bool:
    ready, desired = state["ready"], state["desired"]
    short = ready is not None and desired is not None and ready < desired
    return short or state["status"] in (Status.FAILING, Status.DEGRADED)


def _cut(text: str, room_px: float) -> str:
    """As much of its beginning as fits, and a sign that there is more."""
    kept = text
    while kept and width_px(f"{kept}…") > room_px:
        kept = kept[:-1]
    return f"{kept}…"
