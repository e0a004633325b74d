"""Measurements for scripts and notebooks: `/api/v1/deployments/<id>/series`.

It is streamed, a connection or a box after the other, so that a long answer needs no
more memory than a short one. What would be too long is refused before anything is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.domain.rollups import CONNECTION_METRICS, NODE_METRICS, Answer, Ask
from app.domain.series import MOST_ROWS, Pair, fitting_step, most_rows, pairs
from app.domain.subject import NodeId, Subject
from app.domain.topology import Topology
from app.web import schema
from app.web.api import Answers, DeploymentPath, says
from app.web.asked import wrong
from app.web.heavy import Heavy
from app.web.measured import StepS, only_kept, reading, span_of, usual_step
from app.web.schema_series import Exported
from app.web.site import Site, Watched
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


@dataclass(frozen=True, slots=True)
class _Wanted:
    form: str
    pairs: tuple[Pair, ...]
    begin: datetime
    end: datetime
    step_s: int

    def asks(self) -> Iterator[Ask]:
        for subject, metrics in self.pairs:
            yield Ask(self.begin, self.end, self.step_s, (subject,), metrics)


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
        asked = _pairs(watched.topology, subjects, metrics)
        step_s = usual_step(end - begin) if step is None else int(step)
        _bounded(asked, (end - begin).total_seconds(), step_s)
        wanted = _Wanted(form, asked, begin, end, step_s)
        await heavy.load()
        pieces = await reading(_begun, watched, wanted)
        headers = _headers(deployment, form)
        if request.scope.get("head"):
            return Response(headers=headers)
        return StreamingResponse(pieces, headers=headers)

    return router


def _begun(watched: Watched, wanted: _Wanted) -> Iterator[bytes]:
    """The file's pieces. The first part is read at once: what is wrong with all of it
    is told as an error, not as a file that breaks off."""
    # Loads Arrow, which nobody needs who never exports.
    from app.export.series import written

    asks = wanted.asks()
    first = watched.measured(next(asks))
    only_kept(first, wanted.end)
    rest: Iterator[Answer] = map(watched.measured, asks)
    answers = chain((first,), rest)
    return written(wanted.form, answers, wanted.step_s, wanted.begin, wanted.end)


def _pairs(
    topology: Topology, subjects: str | None, metrics: str | None
) -> tuple[Pair, ...]:
    """Raises a 422 for a name that nothing has."""
    known: list[Subject] = [one.number for one in topology.connections]
    known += [box.id for box in topology.boxes]
    chosen = known if subjects is None else _subjects(subjects, known)
    named = [] if metrics is None else _metrics(metrics)
    found = pairs(chosen, named)
    if not found:
        raise wrong("metrics", "none of `subjects` has such a metric")
    return found


def _subjects(text: str, known: Sequence[Subject]) -> list[Subject]:
    found: list[Subject] = []
    for name in dict.fromkeys(text.split(",")):
        subject: Subject = int(name) if _is_number(name) else NodeId(name)
        if subject not in known:
            raise wrong("subjects", f"no connection or box is {name}")
        found.append(subject)
    return found


def _is_number(name: str) -> bool:
    return name.isdecimal() and len(name) < 5


def _metrics(text: str) -> list[str]:
    known = {*CONNECTION_METRICS, *NODE_METRICS}
    named = text.split(",")
    for name in named:
        if name not in known:
            told = ", ".join(dict.fromkeys((*CONNECTION_METRICS, *NODE_METRICS)))
            raise wrong("metrics", f"no metric is {name}; there are {told}")
    return named


def _bounded(asked: Sequence[Pair], span_s: float, step_s: int) -> None:
    """Raises a 422 that says what would do."""
    most = most_rows(asked, span_s, step_s)
    if most <= MOST_ROWS:
        return
    step = fitting_step(asked, span_s, step_s)
    way = "ask for " if step is None else f"ask for step={step}, or for "
    text = (
        f"up to {most:,} rows, and {MOST_ROWS:,} is the most at once: {way}fewer days, "
        "subjects or metrics"
    )
    raise wrong("step", text)


def _headers(deployment: str, form: str) -> dict[str, str]:
    from app.export.series import KINDS

    return {
        "Content-Type": KINDS[form],
        "Content-Disposition": f'attachment; filename="series-{deployment}.{form}"',
        "Cache-Control": "no-store",
    }


def _answers() -> Answers:
    text, binary = {"type": "string"}, {"type": "string", "format": "binary"}
    content = {
        "text/csv": {"schema": text},
        "application/json": {"schema": Exported.model_json_schema()},
        "application/vnd.apache.parquet": {"schema": binary},
    }
    return says(schema.Error, 404, 422, 503) | {200: {"content": content}}
