"""The past to be played: many pictures at once, and what is drawn along a slider.

`/api/v1/deployments/<id>/pictures` and `/replay`. The pictures of an answer are what a
stream would have told: the first whole, then what each changed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from app.bus.base import Json
from app.domain.gaps import gaps
from app.domain.incidents import Incident
from app.domain.incidents_ask import Asked
from app.domain.incidents_wire import headline
from app.domain.instants import instant
from app.domain.replay import marks, played
from app.web.api import DeploymentPath, json, says
from app.web.api_error import ApiError
from app.web.measured import reading
from app.web.past import made_at
from app.web.schema_replay import Pictures, Replay
from app.web.site import Site, Watched
from app.web.times import Moment

MOST: Final = 240
"""Pictures of one answer, beside the first: some five megabytes, before packing."""
MOST_INCIDENTS: Final = 200
MINUTE: Final = 60
INSTANT: Final = timedelta(microseconds=1)
DAY: Final = 86400
OLDEST: Final = datetime(2000, 1, 1, tzinfo=UTC)

From = Annotated[
    Moment, Query(alias="from", description="the first picture is that of this moment")
]
To = Annotated[Moment, Query(description="the last one is that of this moment, or now")]
Step = Annotated[
    int,
    Query(
        description="seconds: one picture in each, beside those that turned",
        ge=1,
        le=366 * DAY,
    ),
]
Since = Annotated[
    Moment | None, Query(alias="from", description="the oldest picture, unless told")
]
Until = Annotated[Moment | None, Query(description="now, unless told")]


def replay_router(site: Site) -> APIRouter:
    router = APIRouter(prefix="/api/v1/deployments", tags=["deployments"])

    @router.get("/{deployment}/pictures", responses=says(Pictures, 404, 422, 503))
    async def list_pictures(
        deployment: DeploymentPath, since: From, to: To, step: Step = MINUTE
    ) -> Response:
        """What was shown between two moments: as far as 240 pictures reach."""
        watched = site.find(deployment)
        begin, end = _asked(since, to, site.clock())
        return json(await reading(_pictures, watched, begin, end, step))

    @router.get("/{deployment}/replay", responses=says(Replay, 404, 422, 503))
    async def get_replay(
        deployment: DeploymentPath, since: Since = None, to: Until = None
    ) -> Response:
        """Incidents, turns, and where nothing was kept, between two moments."""
        watched, now = site.find(deployment), site.clock()
        begin, end = _asked(since or OLDEST, to or now, now)
        return json(await reading(_replay, watched, begin, end, now))

    return router


def _asked(since: datetime, to: datetime, now: datetime) -> tuple[datetime, datetime]:
    end, begin = min(_known(to), now), _known(since)
    if begin > end:
        raise ApiError(422, "invalid", "from: it is later than `to`, or now", "from")
    return begin, end


def _known(moment: datetime) -> datetime:
    try:
        return max(moment.astimezone(UTC), OLDEST)
    except OverflowError:
        return OLDEST if moment.year == 1 else datetime.max.replace(tzinfo=UTC)


def _pictures(watched: Watched, begin: datetime, end: datetime, step: int) -> Json:
    first = watched.past.at(begin)
    since = begin if first is None else made_at(first) + INSTANT
    every = timedelta(seconds=step)
    later = list(watched.past.pictures(max(since, begin), end, every, MOST))
    shown = later if first is None else [first, *later]
    reached = made_at(later[-1]) if len(later) == MOST else end
    return {
        "from": instant(begin),
        "to": instant(reached),
        "step_s": step,
        "pictures": list(played(shown)),
    }


def _replay(watched: Watched, begin: datetime, end: datetime, now: datetime) -> Json:
    first = watched.past.first()
    begin = min(end, max(begin, first.astimezone(UTC))) if first else begin
    moments = watched.past.between(begin, end) if first else ()
    found = watched.records.ask(Asked(begin, end, limit=MOST_INCIDENTS))
    holes = gaps((one.at for one in moments), begin, end, now) if first else ()
    return {
        "first": instant(first.astimezone(UTC)) if first else None,
        "from": instant(begin),
        "to": instant(end),
        "gaps": [{"from": instant(one.begin), "to": instant(one.end)} for one in holes],
        "turns": [
            {"at": instant(one.at.astimezone(UTC)), "count": one.count}
            for one in marks(moments, begin, end)
        ],
        "incidents": [_incident(one, now) for one in found.incidents],
        "more": found.more,
        "trouble": found.trouble,
        "made_up_until": instant(watched.made_up()),
    }


def _incident(one: Incident, now: datetime) -> Json:
    return {
        "id": one.id,
        "kind": one.kind.value,
        "worst": one.worst.value,
        "start": instant(one.start),
        "end": instant(one.end),
        "text": headline(one, now),
    }
