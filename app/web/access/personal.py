"""A page for the one who asks: pages are painted once for everybody, and then told who
looks, and what he may do there."""

from __future__ import annotations

from fastapi.responses import HTMLResponse

from app.domain.access import Act, Person
from app.web.access.visit import caller
from layouts.person import Looks, told

FRESH = {"Cache-Control": "no-store"}


def personal(page: str, deployment: str | None = None) -> HTMLResponse:
    """`deployment`: the one that the page is about; without it, of all."""
    return HTMLResponse(told(page, looks(caller(), deployment)), headers=FRESH)


def looks(person: Person, deployment: str | None) -> Looks:
    administers = person.may(Act.ADMINISTER)
    may_not = [act.value for act in Act if not _may(person, act, deployment)]
    role = person.everywhere() if deployment is None else person.role(deployment)
    name = person.name if person.named else None
    return Looks(name, role and role.value, tuple(may_not), administers)


def _may(person: Person, act: Act, deployment: str | None) -> bool:
    """On a page of all, what may be done in one of them is offered. What is about the
    process is no deployment's."""
    if act is Act.ADMINISTER:
        return person.may(act)
    if deployment is None:
        return person.may_somewhere(act)
    return person.may(act, deployment)
