"""Why a connection stands where it stands:
`/api/v1/deployments/<id>/connections/<n>/explain`.
"""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Response

from app.domain.explain_past import explain_past
from app.domain.plain import plain
from app.web.api import DeploymentPath, NumberPath, json, one_of, part_of, says
from app.web.api_error import ApiError
from app.web.past import seen
from app.web.schema_explain import Explanation
from app.web.site import Site
from app.web.times import At

OF: Final = ("connections", "number")


def explain_router(site: Site) -> APIRouter:
    router = APIRouter(prefix="/api/v1/deployments", tags=["deployments"])

    @router.get(
        "/{deployment}/connections/{number}/explain",
        responses=says(Explanation, 404, 422, 503),
    )
    async def get_explanation(
        deployment: DeploymentPath, number: NumberPath, at: At = None
    ) -> Response:
        """Each fact and its age, what each rule makes of it, the limits it was held
        against, which rule decides, and what would change the verdict. Of a moment of
        the past, what its picture tells."""
        watched = site.find(deployment)
        if at is not None:
            picture = await seen(site, deployment, at)
            one_of(picture, OF, number)
            limits = watched.limits()
            return json(plain(explain_past(picture, watched.topology, limits, number)))
        part_of(site, deployment, OF, number)
        found = watched.explained(number)
        if found is None:
            text = f"{deployment}: nothing was judged yet"
            raise ApiError(503, "not_ready", text, headers={"Retry-After": "1"})
        return json(found)

    return router
