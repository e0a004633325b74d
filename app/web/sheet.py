"""The table of connections for scripts: `/api/v1/deployments/<id>/connections.csv`.

The columns, and every byte, are those of the page's own download.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from app.web.api import DeploymentPath, refuses
from app.web.past import seen
from app.web.site import Site
from app.web.times import At
from layouts import columns
from layouts.sheet import sheet

KIND: Final = "text/csv; charset=utf-8; header=present"
_KEY: Final = f"(?:{'|'.join(columns.KEYS)})"
Columns = Annotated[
    str | None,
    Query(
        alias="columns",
        description="of which columns, joined by commas; all of them unless told. "
        "Number and ends are always there, and the order is the table's.",
        pattern=f"^{_KEY}(?:,{_KEY})*$",
        max_length=400,
    ),
]


def sheet_router(site: Site) -> APIRouter:
    router = APIRouter(prefix="/api/v1/deployments", tags=["deployments"])

    @router.get(
        "/{deployment}/connections.csv",
        response_class=Response,
        responses={
            200: {"content": {"text/csv": {"schema": {"type": "string"}}}},
            **refuses(404, 422, 503),
        },
    )
    async def get_connections(
        deployment: DeploymentPath, asked: Columns = None, at: At = None
    ) -> Response:
        """The connections of the snapshot as CSV (RFC 4180), a line each, by number."""
        found = (await seen(site, deployment, at))["connections"]
        chosen = columns.KEYS if asked is None else asked.split(",")
        topology = site.find(deployment).topology
        text = sheet(topology, found, columns.chosen(chosen))
        return Response(text, headers=_headers(deployment))

    return router


def _headers(deployment: str) -> dict[str, str]:
    return {
        "Content-Type": KIND,
        "Content-Disposition": f'attachment; filename="connections-{deployment}.csv"',
        "Cache-Control": "no-store",
    }
