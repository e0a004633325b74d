"""The wall: `/wall/<deployment>`, its stream, and `/wall` for a TV that waits.

A wall hears two streams: that of the deployment which it shows, as every page does, and
one of its own, which says how those in turn are and which build this server is.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from app.bus import frames
from app.bus.base import Json
from app.bus.together import together
from app.domain.instants import instant
from app.web.api import STREAM_HEADERS
from app.web.api_error import ApiError
from app.web.assets import ASSETS, asset_url
from app.web.no_moment import present
from app.web.past import NotKept, made_at, recalled
from app.web.site import Site, Watched
from app.web.times import moment_of
from layouts import wall, wall_code
from layouts.frozen import Held
from layouts.strings_moments import NONE_OF_IT, NOT_A_TIME
from layouts.strings_plain import NO_DEPLOYMENT
from layouts.wall_document import plain

BEAT: Final = timedelta(seconds=5)
"""At least so long between two signs of life; by what wakes a stream, 15 s at most."""
MOST_HEARD: Final = 20
NO_STORE: Final = {"Cache-Control": "no-store"}
Ids = Annotated[str, Query(alias="of", pattern=r"^[a-z0-9,-]{1,1500}$")]


def wall_router(site: Site, build: str) -> APIRouter:
    """`build`: what changes with every release of what the pages are made of."""
    router = APIRouter(include_in_schema=False)

    @router.get("/wall")
    async def wait() -> Response:
        """What a TV shows until it is let in."""
        return HTMLResponse(wall_code.page(asset_url), headers=NO_STORE)

    @router.get("/wall/{deployment}")
    async def show(
        request: Request, deployment: str, theme: str = "dark", at: str | None = None
    ) -> Response:
        watched = site.watched.get(deployment)
        if watched is None:
            return _missing(NO_DEPLOYMENT.format(name=deployment))
        if at is not None:
            return await _frozen(site, watched, theme, at, present(request)[0])
        return HTMLResponse(_painted(site, watched, theme, build), headers=NO_STORE)

    @router.get("/api/v1/wall/stream")
    async def stream(request: Request, of: Ids) -> Response:
        ids = list(dict.fromkeys(filter(None, of.split(","))))
        if not 0 < len(ids) <= MOST_HEARD:
            text = f"of: give 1 to {MOST_HEARD} deployments"
            raise ApiError(422, "invalid", text, "of")
        known = [site.watched[one] for one in ids if one in site.watched]
        if not known:
            site.find(ids[0])
        return streamed(request, _told(site, known, build))

    return router


def streamed(request: Request, told: AsyncIterator[bytes]) -> Response:
    """Server-Sent Events; to who asks for the head alone, that."""
    kind = "text/event-stream"
    if request.scope.get("head"):
        return Response(media_type=kind, headers=STREAM_HEADERS)
    return StreamingResponse(told, media_type=kind, headers=STREAM_HEADERS)


def build_of(version: str) -> str:
    """What names this release: it changes when a file does that a page loads."""
    names = sorted(path.name for path in ASSETS.iterdir() if path.is_file())
    told = [version, *map(asset_url, names)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]


def _known(theme: str) -> str:
    return theme if theme in wall.THEMES else wall.THEMES[0]


def _painted(site: Site, watched: Watched, theme: str, build: str) -> str:
    return wall.page(
        watched.topology,
        site.picture(watched),
        site.clock(),
        name=watched.name,
        theme=_known(theme),
        build=build,
        asset=asset_url,
    )


async def _frozen(
    site: Site, watched: Watched, theme: str, asked: str, live: str
) -> Response:
    """The wall as it was; `live`: where it is as it is."""
    now = site.clock()
    try:
        picture = await asyncio.to_thread(recalled, watched, moment_of(asked), now)
    except ValueError as exc:
        return _missing(NOT_A_TIME.format(asked=asked, problem=exc), 400)
    except NotKept as exc:
        code = 503 if exc.passing else 404
        return _missing(NONE_OF_IT.format(asked=asked, problem=exc), code)
    shown = wall.past_page(
        watched.topology,
        picture,
        Held(made_at(picture), now, live),
        name=watched.name,
        theme=_known(theme),
        asset=asset_url,
    )
    return HTMLResponse(shown, headers=NO_STORE)


def _missing(text: str, code: int = 404) -> Response:
    return HTMLResponse(plain(text, asset_url), code, headers=NO_STORE)


async def _told(
    site: Site, known: Iterable[Watched], build: str
) -> AsyncIterator[bytes]:
    """How they are, whenever that changes, and a sign of life in between."""
    shown = list(known)
    wakes = together(*(site.bus.subscribe(one.id, None) for one in shown))
    said, said_at = b"", site.clock()
    yield frames.RETRY
    async for _ in wakes:
        states = [_state(site, one) for one in shown]
        news = frames.dump({"build": build, "deployments": states})
        now = site.clock()
        # A clock may be set back: what lies ahead is no reason to be silent.
        if news == said and timedelta(0) <= now - said_at < BEAT:
            continue
        beat = _event("beat", frames.dump({"now": instant(now)}))
        yield beat if news == said else _event("wall", news) + beat
        said, said_at = news, now


def _state(site: Site, watched: Watched) -> Json:
    """`acknowledged`: somebody has said that the gravest incident is in hand."""
    latest = site.bus.latest(watched.id)
    incidents: list[Any] = latest.snapshot["incidents"] if latest else []
    return {
        "id": watched.id,
        "name": watched.name,
        "status": site.status(watched.id),
        "acknowledged": bool(incidents and incidents[0].get("acknowledged")),
    }


def _event(name: str, body: bytes) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (name.encode(), body)
