"""Everything of a `serve` that runs beside the web: pipelines and their collectors."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from app.aside import Apart, Aside
from app.bus.base import Bus, Json
from app.cli.beginning import Beginning
from app.cli.history import Shown, history
from app.cli.kept import keeper
from app.cli.reviewing import Elsewhere, reviewed
from app.cli.wiring import collectors
from app.config.load import Configuration
from app.config.models import DeploymentSettings
from app.config.outside import outside
from app.domain.evaluate import Deployment, evaluate
from app.domain.handed_on import handed_on
from app.domain.inside import Asked, Inside
from app.domain.moments import Bounds
from app.domain.snapshot import SourceState
from app.domain.windows import Window
from app.history.base import History, Kept
from app.history.hour import Hour
from app.history.recall import Recall
from app.pipeline.agenda import calm_among, shown_among
from app.pipeline.almanac import Almanac
from app.pipeline.casebook import Casebook
from app.pipeline.chronicle import Chronicle
from app.pipeline.moments import Moments, bounds_among
from app.pipeline.pipeline import Pipeline
from app.pipeline.succession import Left
from app.records.keeper import Keeper
from app.records.register import Register
from app.records.shelf import Shelf
from app.web.room import Room
from app.web.site import (
    Lately,
    Past,
    Plans,
    Records,
    Reviewing,
    Turned,
    Watched,
    unmeasured,
)
from collectors.base import Clock, Collector

AWAITED: Final = frozenset({"kubernetes", "consul"})
"""The first picture waits for these: whom to scrape and probe follows from them."""
LAST_WORD_S: Final = 1.0
"""How long at the least the records have to write what is left."""


@dataclass(frozen=True, slots=True)
class Watch:
    """One deployment being watched."""

    settings: DeploymentSettings
    pipeline: Pipeline
    collectors: tuple[Collector, ...]
    records: Records
    plans: Plans
    room: Room
    turned: Turned
    history: Kept | None

    def watched(self) -> Watched:
        deployment = self.pipeline.deployment
        past, lately = _past(self.pipeline, self.history)
        return Watched(
            deployment.id,
            self.settings.title,
            deployment.topology,
            self.pipeline.unheard,
            lately,
            self.pipeline.explained,
            self.records,
            self.plans,
            lambda: _configured(self.pipeline.deployment.windows),
            past=past,
            room=self.room,
            limits=lambda: self.pipeline.deployment.limits,
            outside=outside(self.settings),
            turned=self.turned,
            measured=unmeasured
            if self.history is None
            else partial(self.history.series, deployment.id),
            calendar=lambda: self.pipeline.deployment.calendar,
            region=self.settings.region,
            group=self.settings.group,
            inside=self.inside,
        )

    def inside(self) -> Inside:
        asked = tuple(
            Asked(one.name, one.asks(), one.versions()) for one in self.collectors
        )
        feeds = tuple(self.pipeline.knowledge.feeds.values())
        return Inside(asked, feeds, self.pipeline.turns, self.pipeline.waiting())


class Watches:
    def __init__(
        self,
        configuration: Configuration,
        bus: Bus,
        clock: Clock,
        pushed: Callable[[str], Callable[[float], None]],
        *,
        beside: Callable[[], tuple[SourceState, ...]] = tuple,
        term: Callable[[], int | None] | None = None,
    ) -> None:
        """`beside`: what is shown among the sources of every deployment. `term`: of
        several collectors, under which one this one may write now, if it may."""
        pairs = zip(
            configuration.settings.deployments, configuration.deployments, strict=True
        )
        self._storage, self._clock = configuration.settings.storage, clock
        self.keeper = keeper(configuration, clock, term)
        self.history = history(
            self._storage,
            configuration.deployments,
            clock,
            lambda: term is None or term() is not None,
        )
        self.made_up: dict[str, datetime] = {}
        """Until when the past of a deployment was made up, as that of a demo is."""
        self._aside = Aside()
        self.apart: Apart = Elsewhere(self._aside, self.history)
        beside = _beside(beside, self.history)
        number = len(configuration.deployments)
        shares = bounds_among(number), calm_among(number), shown_among(number)
        self._all = tuple(
            _watch(*pair, bus, clock, pushed, self.keeper, beside, shares, self.history)
            for pair in pairs
        )
        self._beginning = Beginning(self._all)
        for one in self._all:
            self.keeper.listen(one.pipeline.look_again)
            if self.history is not None:
                self.history.listen(one.pipeline.look_again)

    def judge_by(self, deployments: Iterable[Deployment]) -> None:
        """What is watched is judged by these from now on, and shown anew; what is not
        among them goes on as it is. From any thread; never waits."""
        found = {deployment.id: deployment for deployment in deployments}
        for one in self._all:
            deployment = found.get(one.pipeline.deployment.id)
            if deployment is None:
                one.pipeline.look_again()
            else:
                one.pipeline.judge_by(deployment)

    def take_up(self, left: Mapping[str, Left]) -> None:
        """Go on from what another process left. Before `start`."""
        for one in self._all:
            name = one.pipeline.deployment.id
            if name in left:
                one.pipeline.take_up(left[name])

    def memories(self) -> dict[str, Json]:
        """What is remembered of each now, for whoever goes on from it. From any
        thread."""
        pipelines = (one.pipeline for one in self._all)
        return {one.deployment.id: handed_on(one.memory) for one in pipelines}

    def settled(self, timeout_s: float) -> bool:
        """Wait until what people said is kept; whether it is."""
        return self.keeper.settled(timeout_s)

    def watched(self) -> tuple[Watched, ...]:
        return tuple(
            replace(
                one.watched(),
                reviewing=self._reviewing(one.pipeline),
                made_up=partial(self.made_up.get, one.pipeline.deployment.id),
            )
            for one in self._all
        )

    def shelf(self, deployment: str) -> Shelf:
        return self.keeper.shelf(deployment)

    def _reviewing(self, pipeline: Pipeline) -> Reviewing | None:
        """Of what the configuration names, since another process does it."""
        if self.history is None:
            return None
        storage, clock = self._storage, self._clock
        return lambda: partial(reviewed, storage, pipeline.deployment, clock())

    @property
    def register(self) -> Register:
        """What signing in has to remember."""
        return self.keeper.register

    def ill(self) -> list[str]:
        """The threads that no longer run."""
        ended = [f"the pipeline of {n} has ended" for n in self._beginning.ended()]
        if not self.keeper.running():
            ended.append("the thread of the records has ended")
        if self.history is not None and not self.history.running():
            ended.append("a thread of the history has ended")
        return ended

    def start(self) -> None:
        self.keeper.start()
        if self.history is not None:
            self.history.start()
        self._beginning.start()

    def stop(self) -> None:
        """Ask everything to end, then wait for it, `LEAVE_S` at the most."""
        end = self._beginning.stop()
        self.keeper.stop()
        self._aside.close()
        if self.history is not None:
            self.history.stop()
        self.keeper.join(max(LAST_WORD_S, end - time.monotonic()))
        if self.history is not None:
            self.history.join(max(LAST_WORD_S, end - time.monotonic()))


def _beside(
    others: Callable[[], tuple[SourceState, ...]], history: Kept | None
) -> Callable[[], tuple[SourceState, ...]]:
    if history is None:
        return others
    shown = Shown(history.health)
    return lambda: (*others(), *shown.sources())


def _watch(
    settings: DeploymentSettings,
    deployment: Deployment,
    bus: Bus,
    clock: Clock,
    pushed: Callable[[str], Callable[[float], None]],
    kept: Keeper,
    beside: Callable[[], tuple[SourceState, ...]],
    shares: tuple[Bounds, timedelta, timedelta],
    history: Kept | None,
) -> Watch:
    shelf, plans = kept.shelf(deployment.id), kept.plans(deployment.id)
    room = kept.room(deployment.id)
    bounds, calm, shown = shares
    pipeline = Pipeline(
        deployment,
        evaluate,
        bus,
        clock,
        awaited=AWAITED & set(deployment.sources),
        pushed=pushed(deployment.id),
        casebook=Casebook(deployment, shelf),
        beside=beside,
        almanac=Almanac(shelf),
        windows=plans.lasting,
        calm=calm,
        shown=shown,
        moments=Moments(deployment.id, bounds),
        talk=room.talk,
        chronicle=Chronicle(shelf),
        remember=_forget if history is None else partial(history.note, deployment.id),
    )
    asked = collectors(
        settings,
        deployment,
        lambda: pipeline.knowledge,
        pipeline.report,
        clock,
        pipeline.lately.fill,
    )
    pipeline.expect(key for one in asked for key in one.first_words())
    return Watch(settings, pipeline, asked, shelf, plans, room, shelf.turned, history)


def _configured(windows: tuple[Window, ...]) -> tuple[Window, ...]:
    """Those among all by which was judged."""
    return tuple(one for one in windows if one.configured)


def _past(pipeline: Pipeline, history: History | None) -> tuple[Past, Lately]:
    """Pictures and numbers: of memory alone, or of the history beyond it too."""
    if history is None:
        return pipeline.moments, pipeline.lately.of
    name = pipeline.deployment.id
    recall = Recall(name, pipeline.moments, history)
    return recall, Hour(name, pipeline.lately, history).of


def _forget(picture: Json, delta: Json | None) -> None:
    """Without a place to keep it, there is no history."""
