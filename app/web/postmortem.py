"""An incident as a post-mortem: a page, Markdown and PDF.

The page is `/incident/<deployment>/<incident>`; the files stand under the incident's
own address in the API.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from app.domain.care import encode as care_of
from app.domain.incidents import Incident
from app.domain.notes import About, Note, Wanted, What, encode
from app.domain.postmortem import BESIDE, noted
from app.web import schema
from app.web.api import DeploymentPath, says
from app.web.api_error import ApiError
from app.web.assets import asset_url
from app.web.incidents import NamePath, only
from app.web.messages import missing
from app.web.site import Site, Watched
from layouts.markup import Markup
from layouts.plain import plain_page
from layouts.postmortem import Moment, Story, moments_of, postmortem
from layouts.report import Report
from layouts.report_markdown import markdown
from layouts.report_page import article
from layouts.strings_postmortem import (
    AS_MARKDOWN,
    AS_PDF,
    BACK_TO_MAP,
    NOT_SHOWN,
)

MARKDOWN: Final = "text/markdown; charset=utf-8"
PDF: Final = "application/pdf"
MOST_NOTES: Final = 500
LAST: Final = "~"
"""After every id: all notes of that moment stand before it."""
STYLES: Final = ("gws.css", "report.css")


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where reports are made: of one site."""

    site: Site

    def report(self, deployment: str, incident: str) -> tuple[Watched, Report]:
        """Raises a 404, or a 503 where the records can't be read. Blocks."""
        watched = self.site.find(deployment)
        found = only(watched.records.one(incident), incident, "incident")
        now = self.site.clock()
        return watched, postmortem(_story(watched, found, now), now)


def postmortem_router(site: Site) -> APIRouter:
    router = APIRouter(tags=["incidents"])
    desk = _Desk(site)
    files = "/api/v1/deployments/{deployment}/incidents/{incident}"

    @router.get(f"{files}/postmortem.md", responses=_file(MARKDOWN))
    async def get_markdown(deployment: DeploymentPath, incident: NamePath) -> Response:
        """One incident as a post-mortem in Markdown."""
        _, report = await asyncio.to_thread(desk.report, deployment, incident)
        return Response(
            markdown(report), media_type=MARKDOWN, headers=_as(incident, "md")
        )

    @router.get(f"{files}/postmortem.pdf", responses=_file(PDF))
    async def get_pdf(deployment: DeploymentPath, incident: NamePath) -> Response:
        """One incident as a post-mortem to print, with the picture before, at its worst
        and after."""
        _, report = await asyncio.to_thread(desk.report, deployment, incident)
        body = await asyncio.to_thread(_printed, report)
        return Response(body, media_type=PDF, headers=_as(incident, "pdf"))

    @router.get("/incident/{deployment}/{incident}", include_in_schema=False)
    async def show_page(deployment: DeploymentPath, incident: NamePath) -> Response:
        try:
            watched, report = await asyncio.to_thread(desk.report, deployment, incident)
        except ApiError as exc:
            return missing(str(exc), status=exc.status, heading=NOT_SHOWN)
        shown = article(report, _ways(deployment, incident))
        return _page(shown, f"{report.title} · {watched.name}")

    return router


def _story(watched: Watched, incident: Incident, now: datetime) -> Story:
    moments = tuple(
        Moment(title, at, watched.moment(at)) for title, at in moments_of(incident, now)
    )
    notes = [encode(one) for one in noted(incident, _written(watched, incident, now))]
    care = care_of(watched.room.cares([incident.id]).get(incident.id))
    return Story(watched.name, watched.topology, incident, moments, notes, **care)


def _written(watched: Watched, incident: Incident, now: datetime) -> list[Note]:
    """Every note of its time, and those about it of any time."""
    about = Wanted(about=About(What.INCIDENT, incident.id), limit=MOST_NOTES)
    found = {one.id: one for one in watched.room.find(about).notes}
    before = ((incident.end or now) + BESIDE, LAST)
    within = watched.room.find(Wanted(before=before, limit=MOST_NOTES))
    return [*(found | {one.id: one for one in within.notes}).values()]


def _printed(report: Report) -> bytes:
    # Loads what writes PDF, which nobody needs who never prints one.
    from app.export.pdf import pdf

    return pdf(report)


def _page(shown: Markup, title: str) -> HTMLResponse:
    text = plain_page(shown, title=title, styles=STYLES, asset=asset_url)
    return HTMLResponse(text, headers={"Cache-Control": "no-store"})


def _ways(deployment: str, incident: str) -> tuple[tuple[str, str], ...]:
    files = f"/api/v1/deployments/{quote(deployment)}/incidents/{quote(incident)}"
    return (
        (AS_MARKDOWN, f"{files}/postmortem.md"),
        (AS_PDF, f"{files}/postmortem.pdf"),
        (BACK_TO_MAP, f"/map/{quote(deployment)}"),
    )


def _as(incident: str, ending: str) -> dict[str, str]:
    name = f"postmortem-{incident}.{ending}"
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }


def _file(kind: str) -> dict[int | str, dict[str, Any]]:
    return says(schema.Error, 404, 422, 503) | {200: {"content": {kind: {}}}}
