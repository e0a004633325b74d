"""A finding: what one rule makes of what one witness said about one subject.

Rules (`app.domain.rules_*`) give findings from fresh facts; `app.domain.verdict` turns
them into a status that does not flicker.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.status import Status
from app.domain.subject import Witness


@dataclass(frozen=True, slots=True)
class Finding:
    """`status` is `ok` (a positive fact), `idle`, `degraded` or `failing`.

    `hard`: it colours at once. `enter`: seconds that it must last before it colours;
    `None` is the limits' own. `sampled`: one sample alone never colours, a second one
    must agree. `node_only`: it says something about the box, not about those who call.
    """

    rule: str
    witness: Witness | None
    status: Status
    text: str
    observed_at: datetime
    hard: bool = False
    enter: float | None = None
    sampled: bool = False
    node_only: bool = False

    @property
    def bad(self) -> bool:
        return self.status in (Status.DEGRADED, Status.FAILING)
