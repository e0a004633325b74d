"""What is said of a box: by its own facts alone, and by all its witnesses together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.finding import Finding
from app.domain.rules_kubernetes import Staff
from app.domain.rules_registered import Names
from app.domain.status import Status
from app.domain.subject import Witness


@dataclass(frozen=True, slots=True)
class Own:
    """What a box's own facts say, whatever else is known. `checked` is Consul's word
    about it, `counted` that of its metrics, `told` the store's own and the alerts';
    `named`: the names by which Consul lists it."""

    teams: tuple[Staff, ...]
    staffed: tuple[Finding, ...]
    checked: tuple[Finding, ...]
    counted: tuple[Finding, ...]
    told: tuple[Finding, ...]
    named: Names


@dataclass(frozen=True, slots=True)
class Word:
    """All that is said of a box, good and bad, and whether nothing of it can answer."""

    found: tuple[Finding, ...]
    down: bool


def is_down(found: Sequence[Finding]) -> bool:
    """Whether nothing of the box can answer or call: Kubernetes says, else Consul."""
    for witness in (Witness.KUBERNETES, Witness.CONSUL):
        said = [f for f in found if f.witness is witness]
        if said:
            return any(f.hard and f.status is Status.FAILING for f in said)
    return False
