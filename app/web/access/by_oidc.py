"""The two ends of a sign-in with a provider: off to it, and back with its answer."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from app.web.access.access import Access
from app.web.access.oidc import PENDING_S, Identity, Oidc, Pending
from app.web.access.refusal import Refused
from app.web.access.seal import Seal

COOKIE: Final = "gws_signin"
WHAT: Final = "sign-in"
FRESH: Final = {"Cache-Control": "no-store"}


async def off(
    access: Access, oidc: Oidc, seal: Seal, request: Request, wanted: str
) -> Response | Refused:
    """What was begun is kept in a cookie until the browser is back."""
    began = await oidc.begin(wanted)
    if isinstance(began, Refused):
        return began
    response = RedirectResponse(began.url, 303, headers=FRESH)
    response.set_cookie(
        COOKIE,
        seal.sealed(WHAT, asdict(began.pending)),
        max_age=int(PENDING_S),
        path="/",
        secure=access.secure(request),
        httponly=True,
        samesite="lax",
    )
    return response


async def back(
    oidc: Oidc, seal: Seal, request: Request
) -> tuple[Identity | Refused, str | None]:
    """Who it is, and the page that was asked for."""
    pending = _pending(seal, request.cookies.get(COOKIE))
    found = await oidc.finish(dict(request.query_params), pending)
    return found, None if pending is None else pending.next_page


def _pending(seal: Seal, cookie: str | None) -> Pending | None:
    told = seal.opened(WHAT, cookie) if cookie else None
    try:
        return None if told is None else Pending(**told)
    except TypeError:
        return None  # Of another release.
