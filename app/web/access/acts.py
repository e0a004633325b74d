"""Entries for the log of acts, as they are made."""

from __future__ import annotations

import secrets
from datetime import datetime

from app.domain.access import Kind
from app.domain.audit import ABOUT_MOST, Entry, Outcome
from app.web.access.doors import At
from app.web.access.visit import Visit

TRIED_MOST = 63


def done(visit: Visit, at: At, found: Outcome, now: datetime) -> Entry:
    """What somebody did at a door, or was not let do there."""
    about = f"{at.about} {visit.about}".strip()
    person = visit.person
    name = visit.signed if person.kind is Kind.NOBODY else person.name
    return entry(
        person.subject, name, at.door.what, found, visit.address, now,
        at.deployment, about,
    )  # fmt: skip


def entry(
    who: str,
    name: str,
    what: str,
    found: Outcome,
    address: str,
    now: datetime,
    deployment: str | None = None,
    about: str = "",
) -> Entry:
    id_ = f"{now:%Y%m%d%H%M%S}-{secrets.token_hex(6)}"
    cut = about[:ABOUT_MOST]
    return Entry(id_, now, who, name, what, found, address, deployment, cut)


def tried(name: str) -> str:
    """A name that somebody typed who is nobody: one line, and short. Some type their
    password there, so that no more of it is kept than a name may have."""
    return "".join(one if one.isprintable() else "?" for one in name[:TRIED_MOST])
