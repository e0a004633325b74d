"""Who has the open incident in hand: the button, what stands there once it is pressed,
and the form that asks for a name. `assets/care.js` sends it, `assets/incident.js` keeps
it true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.domain.notes import NAME_MOST
from layouts import strings_room as words
from layouts import times
from layouts.markup import Markup, tag
from layouts.pages import MAP, incident_path

Incident = Mapping[str, Any]


def first(opened: Sequence[Incident]) -> Incident | None:
    """The one to be shown: the gravest that nobody acknowledged, else the gravest."""
    unseen = (one for one in opened if one["acknowledged"] is None)
    return next(unseen, opened[0] if opened else None)


def line(one: Incident | None, now: datetime) -> Markup:
    """Beside the incident. Once somebody has it in hand there is nothing to press."""
    seen = one["acknowledged"] if one else None
    who = one["assigned"] if one else None
    button = tag(
        "button",
        words.ACKNOWLEDGE,
        type="button",
        data_acknowledge=True,
        hidden=seen is not None,
    )
    return tag(
        "div",
        button,
        tag("p", _seen(seen, now), data_seen=True, hidden=seen is None),
        tag("p", _has(who), data_assigned=True, hidden=who is None),
        class_="care",
    )


def ways(one: Incident | None, deployment: str) -> Markup:
    """On top of what opens under the incident."""
    told = incident_path(deployment, one["id"] if one else "")
    begun = MAP.path(deployment) + (f"?at={one['start']}" if one else "")
    unseen = one is None or one["acknowledged"] is None
    assigned = one is not None and one["assigned"] is not None
    return tag(
        "p",
        tag("button", words.HAND_OVER if assigned else words.ASSIGN, type="button",
            data_assign=True),
        tag("button", words.WITHDRAW, type="button", data_withdraw=True, hidden=unseen),
        tag("button", words.WRITE, type="button", data_note_incident=True),
        tag("a", words.POSTMORTEM, href=told, data_incident_told=True),
        tag("a", words.BEGUN, href=begun, data_incident_begun=True),
        class_="ways",
    )  # fmt: skip


def also(opened: Sequence[Incident], one: Incident | None) -> Markup:
    """The other open ones, each a way to look at it."""
    others = [other for other in opened if other is not one]
    return tag(
        "div",
        tag("h3", words.ALSO_OPEN),
        tag("ul", [_other(other) for other in others]),
        data_also=True,
        hidden=not others,
    )


def form() -> Markup:
    """The dialog; the script says what it asks for."""
    title = "gws-care-title"
    return tag(
        "dialog",
        tag(
            "form",
            tag("h2", words.ACKNOWLEDGE, id=title),
            _field("name", words.WHO_TAKES, "off"),
            _field("by", words.YOUR_NAME, "name"),
            tag("p", words.NO_SIGN_IN, class_="quiet", data_no_sign_in=True),
            tag("p", role="alert", data_care_error=True),
            tag(
                "p",
                tag("button", words.ACKNOWLEDGE, data_care_go=True),
                tag("button", words.NOBODY, type="button", data_care_nobody=True),
                tag("button", words.CANCEL, type="button", data_care_cancel=True),
                class_="ways",
            ),
        ),
        class_="maintenance",
        aria_labelledby=title,
        data_care_form=True,
    )


def _seen(seen: Mapping[str, Any] | None, now: datetime) -> list[Markup | str]:
    if seen is None:
        return []
    by = tag("span", words.SEEN.format(who=seen["by"]))
    return [by, " ", times.heard(seen["at"], now)]


def _has(who: str | None) -> str:
    return "" if who is None else words.HAS.format(who=who)


def _other(one: Incident) -> Markup:
    way = tag("button", one["text"], type="button", data_incident_show=one["id"])
    seen = one["acknowledged"]
    by = tag("p", words.SEEN.format(who=seen["by"]), class_="quiet") if seen else None
    return tag("li", way, by, data_status=one["worst"])


def _field(name: str, label: str, completed: str) -> Markup:
    field = tag(
        "input",
        type="text",
        name=name,
        required=True,
        maxlength=NAME_MOST,
        autocomplete=completed,
    )
    return tag("label", tag("span", label), field)
