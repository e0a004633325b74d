"""What somebody reviews, and the addresses that lead from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from urllib.parse import urlencode

from app.domain.capacity_terms import Shown
from app.domain.subject import Subject
from layouts.pages import CAPACITY

USUAL_SPAN: Final = "30d"
USUAL_AGENTS: Final = 20
MOST_AGENTS: Final = 500
ALL_HOURS: Final = "all"
BUSINESS_HOURS: Final = "business"


@dataclass(frozen=True, slots=True)
class View:
    """`span`: a key of `strings_capacity.SPANS`, for one that ends now; `None`: from
    `first` to `last`, both included. `agents`: per cent more. `doubt`: a part of the
    address could not be read. `made_up`: until when what is reviewed was made up."""

    deployment: str
    span: str | None = USUAL_SPAN
    first: date | None = None
    last: date | None = None
    hours: str = BUSINESS_HOURS
    outages: Shown = Shown.OUT
    outliers: Shown = Shown.OUT
    agents: int = USUAL_AGENTS
    chosen: Subject | None = None
    doubt: bool = False
    made_up: datetime | None = None

    def query(self) -> Mapping[str, str]:
        """Only what is not usual."""
        parts = {
            "span": None if self.span == USUAL_SPAN else self.span,
            "from": None if self.span or not self.first else self.first.isoformat(),
            "to": None if self.span or not self.last else self.last.isoformat(),
            "hours": None if self.hours == BUSINESS_HOURS else self.hours,
            "outages": None if self.outages is Shown.OUT else self.outages.value,
            "outliers": None if self.outliers is Shown.OUT else self.outliers.value,
            "agents": None if self.agents == USUAL_AGENTS else str(self.agents),
            "c": str(self.chosen) if isinstance(self.chosen, int) else None,
            "node": self.chosen if isinstance(self.chosen, str) else None,
        }
        return {name: value for name, value in parts.items() if value is not None}

    def address(self) -> str:
        return f"{CAPACITY.path(self.deployment)}{_asked(self.query())}"

    def of(self, subject: Subject) -> str:
        """The same with another subject in detail."""
        return replace(self, chosen=subject).address()

    def file(self, form: str) -> str:
        """The report in one of its forms."""
        query = _asked(replace(self, chosen=None).query())
        return f"/api/v1/deployments/{self.deployment}/capacity.{form}{query}"


def _asked(query: Mapping[str, str]) -> str:
    return f"?{urlencode(query)}" if query else ""
