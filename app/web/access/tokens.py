"""Who somebody is, and tokens for scripts: `/api/v1/me`, `/api/v1/tokens`."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Response

from app.domain.access import Kind, Person, Role
from app.domain.tokens import Token, Wanted, encode
from app.web import schema_access as shapes
from app.web.access.access import Access
from app.web.access.bearer import new_secret
from app.web.access.visit import caller, remark
from app.web.api import json, says
from app.web.api_error import AGAIN_S, ApiError
from app.web.asked import answers, line, written
from app.web.origin import json_only
from app.web.site import Site

MOST: Final = 1000
TOO_MANY: Final = "there are {most} tokens that hold already: revoke some first"
NOT_MADE: Final = "no token is made while no other replica would know of it: {why}"
HERE_ALONE: Final = (
    "it opens nothing at this replica any more; the others learn of it once the "
    "records can be written: {why}"
)
TokenPath = Annotated[
    str, Path(description="a token's id", pattern=r"^[0-9a-f]+$", max_length=63)
]


def tokens_router(site: Site, access: Access) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["access"])

    @router.get("/me", responses=says(shapes.Me))
    async def get_me() -> Response:
        """Who asks, and which role that is in each deployment."""
        return json(me(caller(), access.mode, site))

    @router.get("/tokens", responses=says(shapes.Tokens, 403))
    async def list_tokens() -> Response:
        """Those of scripts and of TVs that were let in, the newest first."""
        return json({"tokens": [encode(one) for one in listed(access)]})

    _changing(router, site, access)
    return router


def _changing(router: APIRouter, site: Site, access: Access) -> None:
    @router.post(
        "/tokens",
        status_code=201,
        responses=answers(shapes.MadeToken, 201, 400, 403, 404, 409, 415, 422, 503),
        dependencies=[Depends(json_only)],
    )
    async def make_token(asked: shapes.NewToken) -> Response:
        """Its secret is in this answer, and never told again."""
        wanted, now = _wanted(asked, site), access.clock()
        if sum(one.holds(now) for one in access.register.tokens()) >= MOST:
            raise ApiError(409, "too_many", TOO_MANY.format(most=MOST))
        secret = new_secret()
        token = access.bearers.make(wanted, now, secret)
        remark(f"{token.id} {token.name} ({asked.role})")
        if (late := await access.register.caught_up()) is not None:
            access.register.put(token.revoked(now))
            raise _not_kept(NOT_MADE, late)
        return written(encode(token) | {"secret": secret}, 201)

    @router.delete(
        "/tokens/{token}", responses=answers(shapes.Token, 200, 403, 404, 422, 503)
    )
    async def revoke_token(token: TokenPath) -> Response:
        """It opens nothing from now on, and the streams that it holds end."""
        found = next((one for one in access.register.tokens() if one.id == token), None)
        if found is None:
            raise ApiError(404, "not_found", f"no token is called {token}", "token")
        gone = found.revoked(access.clock())
        access.register.put(gone)
        remark(found.name)
        if (late := await access.register.caught_up()) is not None:
            raise _not_kept(HERE_ALONE, late)
        return written(encode(gone))


def _wanted(asked: shapes.NewToken, site: Site) -> Wanted:
    """Raises a 404 for a deployment that is none."""
    name, within = line(asked.name, "name"), asked.deployments
    for one in within or ():
        site.find(one)
    return Wanted(
        name,
        Kind.TOKEN,
        Role(asked.role),
        None if within is None else frozenset(within),
        caller().subject,
        timedelta(days=asked.days),
    )


def _not_kept(text: str, why: str) -> ApiError:
    told = text.format(why=why)
    return ApiError(503, "no_records", told, headers={"Retry-After": AGAIN_S})


def listed(access: Access) -> list[Token]:
    return sorted(access.register.tokens(), key=lambda one: one.made_at, reverse=True)


def me(person: Person, mode: str, site: Site) -> dict[str, Any]:
    held = [(name, person.role(name)) for name in site.watched]
    return {
        "subject": person.subject,
        "name": person.name,
        "kind": person.kind.value,
        "mode": mode,
        "deployments": [
            {"id": name, "role": role.value} for name, role in held if role is not None
        ],
    }
