"""What each address takes: which act it is, where, and how the log of acts calls it.

What stands here is the whole of it. An address that only reads and is not named is for
everybody who may look; one that changes something and is not named is for who
administers, so that one that was forgotten is shut rather than open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from app.domain.access import Act, Person
from layouts import sign_in, wall_code
from layouts.plain import MESSAGE_STYLES
from layouts.wall_document import WALL_STYLES

READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_ONE: Final = "/api/v1/deployments/(?P<deployment>[^/]+)"
_INCIDENT: Final = f"{_ONE}/incidents/(?P<about>[^/]+)"
_NOTE: Final = f"{_ONE}/notes/(?P<about>[^/]+)"

PUBLIC: Final = frozenset(
    {
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/auth/login"),
        ("POST", "/auth/login"),
        ("GET", "/auth/callback"),
        ("GET", "/auth/signed-out"),
        ("POST", "/auth/logout"),
        ("GET", "/wall"),
        ("POST", "/api/v1/wall/pairings"),
        ("GET", "/api/v1/wall/pairings/state"),
        ("GET", "/api/v1/wall/pairings/stream"),
        ("POST", "/api/v1/wall/entry"),
    }
)
"""What nobody need be signed in for: whether the process works, how to sign in, and how
a TV is let in, which shows a code and learns nothing."""
PUBLIC_ASSETS: Final = frozenset(
    f"/assets/{name}"
    for name in (
        "favicon.svg", "theme.js", *sign_in.STYLES, *MESSAGE_STYLES,
        *WALL_STYLES, *wall_code.SCRIPTS,
    )
)  # fmt: skip
"""What the pages among them are made of."""
METRICS: Final = "/metrics"


@dataclass(frozen=True, slots=True)
class Door:
    """`what`: as the log of acts calls it; empty: it is not logged, since it only
    reads. `anywhere`: who may do it in one deployment may ask."""

    act: Act
    what: str = ""
    anywhere: bool = False


@dataclass(frozen=True, slots=True)
class At:
    """A door, where it stands, and what its address names."""

    door: Door
    deployment: str | None = None
    about: str = ""

    def open_to(self, person: Person) -> bool:
        if self.door.act is Act.SEE or self.door.anywhere:
            return person.may_somewhere(self.door.act)
        return person.may(self.door.act, self.deployment)


_TEND: Final = {
    ("PUT", f"{_INCIDENT}/acknowledgement"): "incident acknowledged",
    ("DELETE", f"{_INCIDENT}/acknowledgement"): "acknowledgement undone",
    ("PUT", f"{_INCIDENT}/assignee"): "incident assigned",
    ("DELETE", f"{_INCIDENT}/assignee"): "incident no longer assigned",
    ("POST", f"{_ONE}/notes"): "note written",
    ("DELETE", _NOTE): "note deleted",
    ("PUT", f"{_NOTE}/pin"): "note pinned",
    ("DELETE", f"{_NOTE}/pin"): "note unpinned",
}
_SILENCE: Final = {
    ("POST", f"{_ONE}/maintenance"): "maintenance begun",
    ("DELETE", f"{_ONE}/maintenance/(?P<about>[^/]+)"): "maintenance ended",
}
_ADMINISTER: Final = {
    ("POST", "/api/v1/tokens"): "token made",
    ("DELETE", "/api/v1/tokens/(?P<about>[^/]+)"): "token revoked",
}
_INSIDE: Final = re.compile(
    r"(?i)/+(api/v1/)?(admin|audit|debug|tokens|metrics)(/.*|\..*)?"
)
"""What shows the inside of the process, however it is written: what of it no address of
ours matches is nothing at all, to who administers too."""

DOORS: Final = tuple(
    (method, re.compile(path), Door(act, what))
    for act, doors in (
        (Act.TEND, _TEND),
        (Act.SILENCE, _SILENCE),
        (Act.ADMINISTER, _ADMINISTER),
    )
    for (method, path), what in doors.items()
) + (
    (
        "POST",
        re.compile("/api/v1/wall/admissions"),
        Door(Act.LET_IN, "TV let in", anywhere=True),
    ),
    # Dash's own page asks by POST, and changes nothing.
    ("POST", re.compile("/_dash-update-component"), Door(Act.SEE)),
)


def public(method: str, path: str) -> bool:
    """Is it for everybody, signed in or not?"""
    asked = "GET" if method == "HEAD" else method
    return (asked, path) in PUBLIC or (asked == "GET" and path in PUBLIC_ASSETS)


def at(method: str, path: str) -> At:
    """The door that stands there. `path`: decoded, as routes are matched."""
    if method in READS:
        inside = _INSIDE.fullmatch(path) is not None
        return At(Door(Act.ADMINISTER if inside else Act.SEE))
    for way, where, door in DOORS:
        found = where.fullmatch(path) if way == method else None
        if found is not None:
            named = found.groupdict()
            return At(door, named.get("deployment"), named.get("about") or "")
    return At(Door(Act.ADMINISTER, f"{method} {path[:100]}"))
