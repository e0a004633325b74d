"""Why a connection stands where it stands:
`/api/v1/deployments/<id>/connections/<n>/explain`.
"""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response

from app.web.api import DeploymentPath, NumberPath, json, no_history, part_of, says
from app.web.errors import ApiError
from app.web.schema_explain import Explanation
from app.web.site import Site


def explain_router(site: Site) -> APIRouter:
    router = APIRouter(prefix="/api/v1/deployments", tags=["deployments"])

    @router.get(
        "/{deployment}/connections/{number}/explain",
        responses=says(Explanation, 404, 422, 503),
        dependencies=[Depends(no_history)],
    )
    async def get_explanation(
        deployment: DeploymentPath, number: NumberPath
    ) -> Response:
        """Each fact and its age, what each rule makes of it, the limits it was held
        against, which rule decides, and what would change the verdict."""
        part_of(site, deployment, ("connections", "number"), number)
        found = site.find(deployment).explained(number)
        if found is None:
            text = f"{deployment}: nothing was judged yet"
            raise ApiError(503, "not_ready", text, headers={"Retry-After": "1"})
        return json(found)

    return router
