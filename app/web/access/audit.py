"""The log of acts: `/api/v1/audit`, as CSV, and the page `/admin`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from app.domain import tokens
from app.domain.audit import MOST, SHOWN, Listed, Outcome, Wanted, encode, sheet
from app.domain.tokens import Token
from app.web import schema_access
from app.web.access.access import Access
from app.web.access.tokens import listed
from app.web.api import json, refuses, says
from app.web.api_error import ApiError
from app.web.asked import wrong
from app.web.assets import asset_url
from app.web.site import Site
from layouts import admin

CSV_MOST: Final = 20_000
"""Rows of a file; older ones are asked for by `before`."""
KIND: Final = "text/csv; charset=utf-8; header=present"
AS_FILE: Final = 'attachment; filename="audit.csv"'
EPOCH: Final = datetime.fromtimestamp(0, UTC)
PLACE: Final = r"^[0-9]{14}-[0-9a-f]+~[0-9]{1,20}$"
Who = Annotated[str | None, Query(description="only this subject's", max_length=200)]
What = Annotated[
    str | None,
    Query(description='only this act, such as "note written"', max_length=200),
]
Where = Annotated[
    str | None,
    Query(
        description="only in this deployment", pattern=r"^[a-z0-9-]+$", max_length=63
    ),
]
How = Annotated[Outcome | None, Query(description="only those that went so")]
Before = Annotated[
    str | None,
    Query(description="only older: `next` of the page before", pattern=PLACE),
]
Limit = Annotated[int, Query(description="how many at most", ge=1, le=MOST)]


def audit_router(site: Site, access: Access) -> APIRouter:
    router = APIRouter(tags=["access"])

    @router.get("/api/v1/audit", responses=says(schema_access.Acts, 403, 422))
    async def list_acts(
        who: Who = None,
        what: What = None,
        deployment: Where = None,
        outcome: How = None,
        before: Before = None,
        limit: Limit = SHOWN,
    ) -> Response:
        """Who did what, the newest first."""
        wanted = Wanted(who, what, deployment, outcome, _place(before), limit)
        return json(_told(await asyncio.to_thread(access.register.find, wanted)))

    @router.get(
        "/api/v1/audit.csv",
        response_class=Response,
        responses={
            200: {"content": {"text/csv": {"schema": {"type": "string"}}}},
            **refuses(403, 422),
        },
    )
    async def get_sheet(
        who: Who = None,
        what: What = None,
        deployment: Where = None,
        outcome: How = None,
        before: Before = None,
    ) -> Response:
        """The same as CSV (RFC 4180), the newest 20,000 of it."""
        wanted = Wanted(who, what, deployment, outcome, _place(before), CSV_MOST)
        found = await asyncio.to_thread(access.register.find, wanted)
        headers = {"Content-Disposition": AS_FILE, "Cache-Control": "no-store"}
        text = await asyncio.to_thread(sheet, found.entries)
        return Response(text, headers=headers | {"Content-Type": KIND})

    @router.get(admin.ADDRESS, include_in_schema=False)
    async def show(request: Request) -> Response:
        wanted = _asked(request.query_params)
        found = await asyncio.to_thread(access.register.find, wanted)
        page = admin.page(
            [encode(one) for one in found.entries],
            _next(found),
            found.trouble,
            [_token(one, access.clock()) for one in listed(access)],
            sorted(site.watched),
            dict(request.query_params),
            tokens=not access.opens_to_all,
            asset=asset_url,
        )
        return HTMLResponse(page, headers={"Cache-Control": "no-store"})

    return router


def _token(one: Token, now: datetime) -> dict[str, Any]:
    return tokens.encode(one) | {"holds": one.holds(now)}


def _told(found: Listed) -> dict[str, Any]:
    return {
        "acts": [encode(one) for one in found.entries],
        "next": _next(found),
        "trouble": found.trouble,
    }


def _next(found: Listed) -> str | None:
    """A place as a text: the id, and the moment to the microsecond."""
    if not found.more or not found.entries:
        return None
    last = found.entries[-1]
    return f"{last.id}~{(last.at - EPOCH) // timedelta(microseconds=1)}"


def _place(text: str | None) -> tuple[datetime, str] | None:
    if text is None:
        return None
    name, _, micros = text.partition("~")
    try:
        at = EPOCH + timedelta(microseconds=int(micros))
    except (ValueError, OverflowError) as exc:
        raise wrong("before", "is no `next` of a page of this log") from exc
    return at, name


def _asked(query: Mapping[str, str]) -> Wanted:
    """What the page's own form asks for; what it would not is passed over."""
    outcome = query.get("outcome")
    known = Outcome(outcome) if outcome and outcome in {*Outcome} else None
    who, what = query.get("who") or None, query.get("what") or None
    wanted = Wanted(who, what, outcome=known)
    try:
        return replace(wanted, before=_place(query.get("before")))
    except ApiError:
        return wanted
