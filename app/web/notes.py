"""Notes, read, written, pinned and deleted: `/api/v1/deployments/<id>/notes`."""

from __future__ import annotations

import asyncio
import secrets
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

import structlog
from fastapi import APIRouter, Depends, Path, Query, Response

from app.domain.instants import instant
from app.domain.notes import (
    SHOWN,
    About,
    Note,
    Wanted,
    What,
    encode,
    is_text,
    pinned_in,
)
from app.web.access.visit import remark
from app.web.api import DeploymentPath, json, says
from app.web.api_error import ApiError
from app.web.asked import By, answers, author, written, wrong
from app.web.origin import json_only
from app.web.schema_notes import ID, NewNote, Subject, Who
from app.web.schema_room import Note as NoteShape
from app.web.schema_room import Notes
from app.web.site import Site, Watched

PATH: Final = "/{deployment}/notes"
MOST: Final = 200
MOST_A_MINUTE: Final = 30
"""More are a program's mistake: nobody reads so fast."""
MINUTE: Final = timedelta(minutes=1)
AHEAD: Final = timedelta(minutes=1)
"""How much a browser's clock may be before ours."""
ONE_OF: Final = "give exactly one of connection, node, incident and moment"

NotePath = Annotated[str, Path(description="a note's id", pattern=ID, max_length=63)]
Number = Annotated[
    int | None, Query(description="only about this connection", ge=1, le=9999)
]
Node = Annotated[
    str | None,
    Query(description="only about this box", pattern=r"^[a-z0-9-]+$", max_length=63),
]
Incident = Annotated[
    str | None,
    Query(description="only about this incident", pattern=ID, max_length=63),
]
Before = Annotated[
    str | None,
    Query(
        description="only older than this note: `next` of the page before",
        pattern=ID,
        max_length=63,
    ),
]
Limit = Annotated[int, Query(description="how many at most", ge=1, le=MOST)]

log = structlog.get_logger(__name__)


def notes_router(site: Site) -> APIRouter:
    router = APIRouter(prefix="/api/v1/deployments", tags=["notes"])
    _reading(router, site)
    _writing(router, site)
    _pinning(router, site)
    return router


def _reading(router: APIRouter, site: Site) -> None:
    @router.get(PATH, responses=says(Notes, 404, 422))
    async def list_notes(
        deployment: DeploymentPath,
        connection: Number = None,
        node: Node = None,
        incident: Incident = None,
        before: Before = None,
        limit: Limit = SHOWN,
    ) -> Response:
        """Notes, the newest first."""
        watched = site.find(deployment)
        about = _only(connection, node, incident)
        return json(await asyncio.to_thread(_listed, watched, about, before, limit))


def _writing(router: APIRouter, site: Site) -> None:
    @router.post(
        PATH,
        status_code=201,
        responses=answers(NoteShape, 201, 400, 403, 404, 415, 422, 429),
        dependencies=[Depends(json_only)],
    )
    async def write_note(deployment: DeploymentPath, asked: NewNote) -> Response:
        """Everybody who watches sees it at once."""
        watched, now = site.find(deployment), site.clock()
        about = await _about(watched, asked.about, now)
        _not_too_many(watched, now)
        made = _made(asked, about, now)
        remark(made.id)
        changed = pinned_in(watched.room.talk().notes, made, asked.pinned)
        watched.room.put(*changed)
        _tell("note written", deployment, made, made.by)
        return written(encode(changed[-1]), 201)

    @router.delete(
        PATH + "/{note}",
        responses=answers(NoteShape, 200, 403, 404, 422),
    )
    async def delete_note(
        deployment: DeploymentPath, note: NotePath, by: By = None
    ) -> Response:
        """Delete a note of one's own."""
        watched, who = site.find(deployment), author(by)
        found = await _found(watched, note)
        if who != found.by:
            text = f"{note} is a note of {found.by}: only its own writer deletes it"
            raise ApiError(403, "not_yours", text, "by")
        watched.room.put(found.deleted())
        _tell("note deleted", deployment, found, who)
        return written(encode(found))


def _pinning(router: APIRouter, site: Site) -> None:
    @router.put(
        PATH + "/{note}/pin",
        responses=answers(NoteShape, 200, 400, 403, 404, 415, 422),
        dependencies=[Depends(json_only)],
    )
    async def pin_note(
        deployment: DeploymentPath, note: NotePath, who: Who
    ) -> Response:
        """Make it the summary; the one before is no longer pinned."""
        return await _pin(site, deployment, note, who.by, True)

    @router.delete(
        PATH + "/{note}/pin",
        responses=answers(NoteShape, 200, 403, 404, 422),
    )
    async def unpin_note(
        deployment: DeploymentPath, note: NotePath, by: By = None
    ) -> Response:
        """It stays a note."""
        return await _pin(site, deployment, note, by, False)


async def _pin(
    site: Site, deployment: str, name: str, by: str | None, yes: bool
) -> Response:
    watched, who = site.find(deployment), author(by)
    found = await _found(watched, name)
    changed = pinned_in(watched.room.talk().notes, found, yes)
    if found.pinned is not yes:
        watched.room.put(*changed)
        _tell("note pinned" if yes else "note unpinned", deployment, found, who)
    return written(encode(changed[-1]))


async def _found(watched: Watched, name: str) -> Note:
    found = await asyncio.to_thread(watched.room.one, name)
    if found is None:
        raise ApiError(404, "not_found", f"no note is called {name}", "note")
    return found


def _listed(
    watched: Watched, about: About | None, before: str | None, limit: int
) -> dict[str, Any]:
    after = None
    if before is not None:
        last = watched.room.one(before)
        if last is None:
            text = f"before: no note is called {before}"
            raise ApiError(404, "not_found", text, "before")
        after = last.place
    listed = watched.room.find(Wanted(about, after, limit))
    return {
        "notes": [encode(one) for one in listed.notes],
        "next": listed.notes[-1].id if listed.more else None,
        "trouble": listed.trouble,
    }


def _only(number: int | None, node: str | None, incident: str | None) -> About | None:
    given = [
        About(what, str(which))
        for what, which in (
            (What.CONNECTION, number),
            (What.NODE, node),
            (What.INCIDENT, incident),
        )
        if which is not None
    ]
    if len(given) > 1:
        raise wrong("node", "ask for a connection, for a box or for an incident")
    return given[0] if given else None


async def _about(watched: Watched, asked: Subject | None, now: datetime) -> About:
    """What a new note is about; raises a 422 where there is no such thing."""
    if asked is None:
        return About(What.MOMENT, str(instant(now)))
    given = {name: value for name, value in asked if value is not None}
    if len(given) != 1:
        raise wrong("about", ONE_OF)
    ((name, value),) = given.items()
    what = What(name)
    if what is What.MOMENT:
        return About(what, str(instant(_past(value, now))))
    if what is What.INCIDENT:
        page = await asyncio.to_thread(watched.records.one, value)
        known = bool(page.incidents) or page.trouble is not None
    else:
        topology = watched.topology
        numbers = [connection.number for connection in topology.connections]
        known = value in (*numbers, *(box.id for box in topology.boxes))
    if not known:
        raise wrong("about", f"there is no {name} {value}")
    return About(what, str(value))


def _past(moment: datetime, now: datetime) -> datetime:
    try:
        found = moment.astimezone(UTC)
    except OverflowError as exc:
        raise wrong("moment", "no calendar reaches so far") from exc
    if found > now + AHEAD:
        raise wrong("moment", "it lies ahead")
    return found


def _made(asked: NewNote, about: About, now: datetime) -> Note:
    text = asked.text.replace("\r\n", "\n").strip()
    if not is_text(text):
        raise wrong("text", "must be lines of text, without control characters")
    # As it is told: to the millisecond.
    at = now.replace(microsecond=now.microsecond // 1000 * 1000)
    name = f"{at:%Y-%m-%d-%H%M}-{secrets.token_hex(4)}"
    return Note(name, at, author(asked.by), about, text)


def _not_too_many(watched: Watched, now: datetime) -> None:
    lately = [one for one in watched.room.talk().notes if now - one.at < MINUTE]
    if len(lately) >= MOST_A_MINUTE:
        text = f"there were {MOST_A_MINUTE} notes within a minute: wait for one"
        raise ApiError(429, "too_many_notes", text, headers={"Retry-After": "60"})


def _tell(event: str, deployment: str, note: Note, by: str) -> None:
    about = f"{note.about.what} {note.about.which}"
    remark(f"on {about}")
    log.info(event, deployment=deployment, note=note.id, by=by, about=about)
