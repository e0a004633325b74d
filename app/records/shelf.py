"""The records of one deployment, as its pipeline and its pages know them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.habits import Hour
from app.domain.incidents import Incident
from app.domain.incidents_ask import Asked, Health, Page
from app.domain.timeline import Left, Told, Turn, Watch

if TYPE_CHECKING:  # Which makes them.
    from app.records.keeper import Keeper


@dataclass(frozen=True, slots=True)
class Shelf:
    _keeper: Keeper
    _deployment: str

    def told(self) -> tuple[Incident, ...] | None:
        return self._keeper.told(self._deployment)

    def put(self, incidents: Iterable[Incident]) -> None:
        self._keeper.put(self._deployment, incidents)

    def health(self) -> Health:
        return self._keeper.health

    def ask(self, asked: Asked) -> Page:
        return self._keeper.ask(self._deployment, asked)

    def one(self, name: str) -> Page:
        return self._keeper.one(self._deployment, name)

    def hours(self) -> tuple[Hour, ...] | None:
        return self._keeper.habits.told(self._deployment)

    def keep(self, hours: Iterable[Hour]) -> None:
        self._keeper.habits.put(self._deployment, hours)

    def left(self) -> Left | None:
        return self._keeper.annals.left(self._deployment)

    def tell(self, watch: Watch, turns: Sequence[Turn]) -> None:
        self._keeper.annals.tell(self._deployment, watch, turns)

    def add(self, watch: Watch, turns: Sequence[Turn]) -> None:
        self._keeper.annals.add(self._deployment, watch, turns)

    def turned(self, begin: datetime, end: datetime) -> Told:
        return self._keeper.annals.ask(self._deployment, begin, end)
