"""An incident as a report: what happened, in figures, pictures and in time.

What only people know, the cause and the actions, stays to be written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain.incidents import Incident, Member, Turn
from app.domain.postmortem import Figures, figures, statuses_at
from app.domain.status import Status
from app.domain.subject import Subject
from app.domain.topology import Topology
from layouts import printed_map, says
from layouts import strings_postmortem as words
from layouts.markup import Markup
from layouts.report import Block, Heading, Map, Note, Report, Table, Text
from layouts.strings import UNMEASURED, WORDS

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """A picture as it was; `None`: none of that moment is kept, and the incident's own
    record has to do."""

    title: str
    at: datetime
    picture: Json | None


@dataclass(frozen=True, slots=True)
class Story:
    """`notes`, `acknowledged`: as a snapshot holds them. `address`: of the page."""

    name: str
    topology: Topology
    incident: Incident
    moments: tuple[Moment, ...]
    notes: Sequence[Json] = ()
    acknowledged: Json | None = None
    assigned: str | None = None
    address: str | None = None


def moments_of(incident: Incident, now: datetime) -> tuple[tuple[str, datetime], ...]:
    """The moments whose pictures tell it, with their titles."""
    known = figures(incident, now)
    before = (words.BEFORE, incident.start - timedelta(seconds=1))
    if incident.end is None:
        return before, (words.WORST, known.worst_at), (words.NOW, now)
    return before, (words.WORST, known.worst_at), (words.AFTER, incident.end)


def postmortem(story: Story, now: datetime) -> Report:
    """The whole report."""
    incident, known = story.incident, figures(story.incident, now)
    under = f"{story.name} · {incident.id} · made {_moment(now)}. {words.UTC_NOTE}"
    blocks: list[Block] = [
        Heading(words.SUMMARY),
        Text(summary(story, known)),
        Heading(words.FIGURES),
        _figures(story, known),
        Heading(words.MAPS),
        *(_map(story, one) for one in story.moments),
        Heading(words.CASCADE),
        _cascade(story, known),
    ]
    if incident.suspects:
        blocks += [Heading(words.SUSPECTS), _suspects(incident)]
    blocks += [Heading(words.TIMELINE), _timeline(story), Heading(words.NOTES)]
    blocks += [_note(story.topology, one) for one in story.notes]
    blocks += [] if story.notes else [Text(words.NO_NOTES)]
    for left in (words.CAUSE, words.ACTIONS):
        blocks += [Heading(left), Text(words.TO_WRITE)]
    return Report(f"{words.TITLE}: {incident.id}", under, tuple(blocks))


def summary(story: Story, known: Figures) -> str:
    """Two sentences that can be read aloud."""
    incident = story.incident
    kind, worst = words.KINDS[incident.kind], WORDS[incident.worst]
    lasted = _span(known.lasted)
    span = f"from {_moment(incident.start)}"
    until = f"to {_moment(incident.end)}" if incident.end else "and is still open"
    what = f"{kind.capitalize()} of {lasted}, {span} {until}: {_touched(known)}"
    last = max(incident.suspects, key=lambda one: one.last_at, default=None)
    said = last.last_text if last else f"{words.NOBODY.capitalize()}."
    return f"{what}, worst {worst}. {said}"


def _touched(known: Figures) -> str:
    told = (
        f"{count} {one if count == 1 else many}"
        for count, one, many in (
            (known.connections, "connection", "connections"),
            (known.nodes, "component", "components"),
        )
        if count
    )
    return " and ".join(told)


def _figures(story: Story, known: Figures) -> Table:
    incident, after = story.incident, known.suspected_after
    end = _moment(incident.end) if incident.end else words.STILL_OPEN
    inexact = (
        "" if incident.open or incident.ends_exactly else f" ({words.UNKNOWN_END})"
    )
    rows = [
        (words.STARTED, _moment(incident.start)),
        (words.ENDED, f"{end}{inexact}"),
        (words.LASTED, _span(known.lasted)),
        (words.AT_WORST, _moment(known.worst_at)),
        (words.TOUCHED, _touched(known)),
        (words.SUSPECTED, words.NOBODY if after is None else _span(after)),
    ]
    if story.acknowledged:
        took = datetime.fromisoformat(story.acknowledged["at"]) - incident.start
        by = f"by {story.acknowledged['by']}, {_span(took)} after the start"
        rows.append((words.ACKNOWLEDGED, by))
    if story.assigned:
        rows.append((words.ASSIGNED, story.assigned))
    return Table(words.FIGURES_HEAD, tuple(rows), words.FIGURES_WIDTHS)


def _map(story: Story, one: Moment) -> Map:
    picture = one.picture or _recalled(story.incident, one.at)
    kept = "" if one.picture else f" ({words.RECALLED})"
    title = f"{one.title}, {_moment(one.at)}{kept}"
    told = f"{title}: {_bad(picture)}"
    return Map(title, told, printed_map.shapes(story.topology, picture))


def _recalled(incident: Incident, at: datetime) -> Json:
    """As much of a picture as the incident itself can tell."""
    told = statuses_at(incident, at).items()
    return {
        "connections": [
            {"number": who, "status": status}
            for who, status in told
            if isinstance(who, int)
        ],
        "nodes": [
            {"id": who, "status": status}
            for who, status in told
            if isinstance(who, str)
        ],
    }


def _bad(picture: Json) -> str:
    bad = [
        f"{one['number']} {WORDS[one['status']]}"
        for one in picture["connections"]
        if one["status"] in (Status.FAILING, Status.DEGRADED)
    ]
    return f"{', '.join(bad) or words.NONE_BAD}."


def _cascade(story: Story, known: Figures) -> Table:
    incident = story.incident

    def row(member: Member) -> tuple[str, ...]:
        first, spells = member.turns[0], known.spells[member.subject]
        failing, degraded = (
            _span(spells[status]) if status in spells else UNMEASURED
            for status in (Status.FAILING, Status.DEGRADED)
        )
        well = UNMEASURED if member.bad else _clock(member.turns[-1].at)
        return (
            _clock(first.at), f"+{_span(first.at - incident.start)}",
            who(story.topology, member.subject), WORDS[first.status],
            WORDS[member.worst], failing, degraded, well,
        )  # fmt: skip

    rows = tuple(row(member) for member in incident.members)
    return Table(words.CASCADE_HEAD, rows, words.CASCADE_WIDTHS)


def _suspects(incident: Incident) -> Table:
    rows = tuple(
        (one.who, _clock(one.first_at), _clock(one.last_at), one.last_text)
        for one in incident.suspects
    )
    return Table(words.SUSPECTS_HEAD, rows, words.SUSPECTS_WIDTHS)


def _timeline(story: Story) -> Table:
    happened = sorted(_happened(story), key=lambda one: one[0])
    rows = tuple((_moment(at), what) for at, what in happened)
    return Table(words.TIMELINE_HEAD, rows, words.TIMELINE_WIDTHS)


def _happened(story: Story) -> Iterator[tuple[datetime, str]]:
    for member in story.incident.members:
        for turn in member.turns:
            yield turn.at, _turned(who(story.topology, member.subject), turn)
    for suspect in story.incident.suspects:
        yield suspect.first_at, f"Look here first: {suspect.first_text}"
    for remark in story.incident.remarks:
        yield remark.at, remark.text
    if story.acknowledged:
        at = datetime.fromisoformat(story.acknowledged["at"])
        yield at, f"{words.ACKNOWLEDGED} by {story.acknowledged['by']}"
    for note in story.notes:
        first, *_ = note["text"].strip().splitlines() or [""]
        yield datetime.fromisoformat(note["at"]), f"{note['by']} noted: {first}"


def _turned(name: str, turn: Turn) -> str:
    found = "" if turn.exact else " (found so; it turned while nobody looked)"
    return f"{name}: {WORDS[turn.status]}{found}"


def _note(topology: Topology, one: Json) -> Note:
    at = _moment(datetime.fromisoformat(one["at"]))
    head = f"{one['by']}, {at}, about {_about(topology, one['about'])}"
    return Note(head, one["text"], Markup(one["html"]))


def _about(topology: Topology, about: Json) -> str:
    if "connection" in about:
        return who(topology, about["connection"])
    if "node" in about:
        return who(topology, about["node"])
    if "moment" in about:
        return _moment(datetime.fromisoformat(about["moment"]))
    return "the incident"


def who(topology: Topology, subject: Subject) -> str:
    """`17 GWS Workspace Service to Voicemail`, or a box's label; what the picture no
    longer has keeps its bare name."""
    if isinstance(subject, int):
        found = [c for c in topology.connections if c.number == subject]
        return (
            f"{subject} {says.both_ends(topology, found[0])}"
            if found
            else (f"connection {subject}")
        )
    labels = {box.id: box.label for box in topology.boxes}
    return labels.get(subject, subject)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _clock(at: datetime) -> str:
    return f"{at:%H:%M:%S}"


def _span(span: timedelta) -> str:
    """To the second: `1 h 2 min 30 s`, `2 min`, `0 s`."""
    seconds = max(0, round(span.total_seconds()))
    units = ((seconds // 3600, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s"))
    return " ".join(f"{count} {unit}" for count, unit in units if count) or "0 s"
