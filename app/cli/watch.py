"""Everything of a `serve` that runs beside the web: pipelines and their collectors."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.bus.base import Bus
from app.cli.wiring import collectors
from app.config.load import Configuration
from app.config.models import DeploymentSettings
from app.domain.evaluate import Deployment, evaluate
from app.pipeline.pipeline import Pipeline
from app.web.site import Watched
from collectors.base import Clock, Collector

AWAITED: Final = frozenset({"kubernetes", "consul"})
"""The first picture waits for these: whom to scrape and probe follows from them."""
LEAVE_S: Final = 1.5
"""How long the threads, all together, may take to end."""


@dataclass(frozen=True, slots=True)
class Watch:
    """One deployment being watched."""

    settings: DeploymentSettings
    pipeline: Pipeline
    collectors: tuple[Collector, ...]

    def watched(self) -> Watched:
        deployment = self.pipeline.deployment
        return Watched(
            deployment.id,
            self.settings.title,
            deployment.topology,
            self.pipeline.unheard,
            self.pipeline.lately.of,
        )


class Watches:
    def __init__(
        self,
        configuration: Configuration,
        bus: Bus,
        clock: Clock,
        pushed: Callable[[str], Callable[[float], None]],
    ) -> None:
        pairs = zip(
            configuration.settings.deployments, configuration.deployments, strict=True
        )
        self._all = tuple(_watch(*pair, bus, clock, pushed) for pair in pairs)

    def watched(self) -> tuple[Watched, ...]:
        return tuple(one.watched() for one in self._all)

    def ill(self) -> list[str]:
        """The pipelines that no longer run."""
        return [
            f"the pipeline of {one.pipeline.deployment.id} has ended"
            for one in self._all
            if not one.pipeline.running()
        ]

    def start(self) -> None:
        for one in self._all:
            one.pipeline.start()
            for collector in one.collectors:
                collector.start()

    def stop(self) -> None:
        """Ask everything to end, then wait for it, `LEAVE_S` at the most."""
        for one in self._all:
            for collector in one.collectors:
                collector.stop()
        for one in self._all:
            one.pipeline.stop()
        end = time.monotonic() + LEAVE_S
        for one in self._all:
            for collector in one.collectors:
                collector.join(max(0.0, end - time.monotonic()))
            one.pipeline.join(max(0.0, end - time.monotonic()))


def _watch(
    settings: DeploymentSettings,
    deployment: Deployment,
    bus: Bus,
    clock: Clock,
    pushed: Callable[[str], Callable[[float], None]],
) -> Watch:
    pipeline = Pipeline(
        deployment,
        evaluate,
        bus,
        clock,
        awaited=AWAITED & set(deployment.sources),
        pushed=pushed(deployment.id),
    )
    asked = collectors(
        settings,
        deployment,
        lambda: pipeline.knowledge,
        pipeline.report,
        clock,
        pipeline.lately.fill,
    )
    return Watch(settings, pipeline, asked)
