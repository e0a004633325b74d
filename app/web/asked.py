"""What operations that change something have in common: how they are asked, how what is
wrong with it is told, and how they answer."""

from __future__ import annotations

from typing import Annotated, Any, Final

import orjson
from fastapi import Query, Response

from app.domain.notes import NAME_MOST
from app.domain.windows import is_line
from app.web.access.visit import caller, visit
from app.web.api import Answers, says
from app.web.api_error import ApiError
from app.web.schema import Shape

By = Annotated[
    str | None,
    Query(
        description="who does it; left out by who is signed in",
        min_length=1,
        max_length=NAME_MOST,
    ),
]
NOBODY: Final = "required where nobody signs in: say who you are"


def line(text: str, field: str) -> str:
    """A name or a reason; raises a 422 for what is none."""
    if not is_line(text):
        raise wrong(field, "must be one line of text, without control characters")
    return text.strip()


def author(typed: str | None) -> str:
    """Who does it: the person who is signed in, whatever was typed; else who he says
    he is. Raises a 422 where neither is known."""
    person = caller()
    if person.named:
        return person.name
    if typed is None:
        raise wrong("by", NOBODY)
    name = visit().signed = line(typed, "by")
    return name


def wrong(field: str, text: str) -> ApiError:
    return ApiError(422, "invalid", f"{field}: {text}", field)


def written(value: Any, status: int = 200) -> Response:
    """What there is now."""
    return Response(
        orjson.dumps(value),
        status,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def answers(model: type[Shape], good: int, *errors: int) -> Answers:
    """As `says`, for an operation that does not answer with 200."""
    said = says(model, *errors)
    return {good: said[200]} | {code: one for code, one in said.items() if code != 200}
