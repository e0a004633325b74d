"""Measurements for scripts and notebooks: `/api/v1/deployments/<id>/series`.

It is streamed, a connection or a box after the other, so that a long answer needs no
more memory than a short one. What would be too long is refused before anything is read.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.web.api import Answers, DeploymentPath, says
from app.web.heavy import Heavy
from app.web.measured import StepS, reading, span_of, usual_step
from app.web.schema_series import Exported
from app.web.site import Site
from app.web.times import Moment

USUAL: Final = timedelta(days=1)
_NAME: Final = r"[a-z0-9_-]+"
_LIST: Final = rf"^{_NAME}(?:,{_NAME})*$"
Form = Annotated[
    Literal["csv", "json", "parquet"], Query(alias="format", description="of the file")
]
From = Annotated[
    Moment | None, Query(alias="from", description="a day before `to`, unless told")
]
To = Annotated[Moment | None, Query(description="now, unless told")]
Metrics = Annotated[
    str | None,
    Query(
        description="joined by commas; all of them unless told",
        pattern=_LIST,
        max_length=800,
    ),
]
Subjects = Annotated[
    str | None,
    Query(
        description="numbers of connections and ids of boxes, joined by commas; all of "
        "them unless told",
        pattern=_LIST,
        max_length=800,
    ),
]


def series_router(site: Site, heavy: Heavy) -> APIRouter:
    router = APIRouter(prefix="/api/v1/deployments", tags=["deployments"])

    @router.get(
        "/{deployment}/series", response_class=StreamingResponse, responses=_answers()
    )
    async def get_series(
        request: Request,
        deployment: DeploymentPath,
        since: From = None,
        to: To = None,
        step: StepS = None,
        metrics: Metrics = None,
        subjects: Subjects = None,
        form: Form = "csv",
    ) -> Response:
        """Everything that is kept of measurements, a row for each step, as a file."""
        watched = site.find(deployment)
        begin, end = span_of(since, to, site.clock(), USUAL)
        step_s = usual_step(end - begin) if step is None else int(step)
        await heavy.load()
        from app.web.series_asked import KINDS, Wanted, begun, wanted_of

        pairs = wanted_of(watched.topology, subjects, metrics, (begin, end), step_s)
        wanted = Wanted(form, pairs, begin, end, step_s)
        pieces = await reading(begun, watched, wanted)
        headers = _headers(deployment, form, KINDS[form])
        if request.scope.get("head"):
            return Response(headers=headers)
        return StreamingResponse(pieces, headers=headers)

    return router


def _headers(deployment: str, form: str, kind: str) -> dict[str, str]:
    return {
        "Content-Type": kind,
        "Content-Disposition": f'attachment; filename="series-{deployment}.{form}"',
        "Cache-Control": "no-store",
    }


def _answers() -> Answers:
    text, binary = {"type": "string"}, {"type": "string", "format": "binary"}
    said = says(Exported, 404, 422, 503)
    said[200]["content"] = {
        "text/csv": {"schema": text},
        "application/vnd.apache.parquet": {"schema": binary},
    }
    return said
