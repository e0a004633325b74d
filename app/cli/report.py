"""`report`: the capacity report as a file, also while `serve` runs: it only reads.

Limits and pods are those of the newest picture that history has of the span.
"""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from app.cli.main import DONE, Failure, World
from app.cli.reviewing import reviewed
from app.config.load import Configuration, load
from app.config.problems import ConfigError, Problem
from app.domain.capacity import Review
from app.domain.capacity_terms import Choices, Shown
from app.domain.evaluate import Deployment
from app.domain.expected import Calendar
from app.history.base import Unreadable

LONGEST: Final = timedelta(days=400)


def run(chosen: argparse.Namespace, world: World) -> int:
    configuration = load(chosen.config, world.environ)
    watched, name = _watched(configuration, chosen.deployment)
    choices = _choices(chosen, watched.calendar, world.clock())
    storage, now = configuration.settings.storage, world.clock()
    try:
        review = reviewed(storage, watched, now, choices, None)
    except Unreadable as exc:
        raise Failure(str(exc)) from exc
    _write(chosen, watched, name, review, world)
    return DONE


def _watched(configuration: Configuration, asked: str) -> tuple[Deployment, str]:
    pairs = zip(
        configuration.deployments, configuration.settings.deployments, strict=True
    )
    for watched, settings in pairs:
        if watched.id == asked:
            return watched, settings.title
    names = ", ".join(one.id for one in configuration.deployments)
    text = f"--deployment: none is called {asked}; there are {names}"
    raise ConfigError([Problem("", (), text)])


def _choices(chosen: argparse.Namespace, calendar: Calendar, now: datetime) -> Choices:
    """Days are those of the calendar, both included; what is to come is left out."""
    begin = _moment(chosen.from_, calendar, timedelta())
    end = _moment(chosen.to_, calendar, timedelta(days=1))
    end = min(end, now.astimezone(UTC).replace(minute=0, second=0, microsecond=0))
    if not timedelta() < end - begin <= LONGEST:
        text = f"--from: must be before --to and now, and {LONGEST.days} days at most"
        raise ConfigError([Problem("", (), text)])
    hours = calendar if chosen.hours == "business" else Calendar(calendar.zone)
    outages, outliers = Shown(chosen.outages), Shown(chosen.outliers)
    return Choices(begin, end, hours, outages, outliers, chosen.agents / 100)


def _moment(told: date | datetime, calendar: Calendar, more: timedelta) -> datetime:
    if isinstance(told, datetime):
        return told
    return datetime.combine(told + more, time(), calendar.zone).astimezone(UTC)


def _write(
    chosen: argparse.Namespace,
    watched: Deployment,
    name: str,
    review: Review,
    world: World,
) -> None:
    from app.export.capacity import FORMS
    from layouts.capacity_report import Made

    made = Made(name, watched.topology, review, world.clock())
    body = FORMS[chosen.out.suffix[1:]](made)
    try:
        chosen.out.write_bytes(body)
    except OSError as exc:
        raise Failure(f"{chosen.out}: can't be written: {exc.strerror}") from exc
    if review.since is None:
        world.complain(f"warning: no history is kept of {watched.id} in that span")
    world.say(f"{chosen.out}: {len(body):,} bytes")
