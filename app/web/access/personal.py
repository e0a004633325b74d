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
    if deployment is None:
        may_not = [act.value for act in Act if not person.may_somewhere(act)]
        role = person.everywhere()
    else:
        may_not = [act.value for act in Act if not person.may(act, deployment)]
        role = person.role(deployment)
    administers = person.may(Act.ADMINISTER)
    name = person.name if person.named else None
    return Looks(name, role and role.value, tuple(may_not), administers)
