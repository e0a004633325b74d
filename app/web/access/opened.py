"""Nobody signs in: whoever comes has the same role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import HTTPConnection

from app.domain.access import Person, Role, anybody
from app.web.access.found import Found
from app.web.access.peers import address
from app.web.access.visit import Visit


@dataclass(frozen=True, slots=True)
class Opened:
    person: Person
    mode: str = "open"

    def found(self, request: HTTPConnection, now: datetime) -> Found:
        return Visit(self.person, address(request.scope))

    def still(self, visit: Visit, now: datetime) -> bool:
        return True


def opened_to(role: Role) -> Opened:
    return Opened(anybody(role))
