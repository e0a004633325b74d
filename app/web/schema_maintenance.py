"""The shapes of maintenance windows, for `/openapi.json`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from app.domain.windows import WORDS_MOST
from app.web.history import Moment
from app.web.schema import Shape, Window
from app.web.schema_shape import Sent


def number(value: Any) -> Any:
    """Pydantic would also take a text, and a yes."""
    if isinstance(value, str | bool):
        raise ValueError("not a number")
    return value


Number = Annotated[int, Field(ge=1, le=9999), BeforeValidator(number)]
Node = Annotated[str, Field(pattern=r"^[a-z0-9-]+$", max_length=63)]
Words = Annotated[str, Field(min_length=1, max_length=WORDS_MOST)]
WHO = "who does it; left out by who is signed in, and needed where nobody is"
MOST_NAMED = 100


class Windows(Shape):
    windows: list[Window]
    trouble: str | None = Field(
        description="why only what is in memory could be told; null: all is here"
    )


class NewWindow(Sent):
    """It begins now, and lasts 7 days at most. Without boxes and connections it is over
    the whole deployment."""

    connections: list[Number] | None = Field(
        default=None, min_length=1, max_length=MOST_NAMED
    )
    nodes: list[Node] | None = Field(
        default=None, min_length=1, max_length=MOST_NAMED, description="ids of boxes"
    )
    until: Moment | None = Field(default=None, description="this, or `for`")
    lasting: str | None = Field(
        default=None,
        alias="for",
        pattern=r"^[0-9]{1,6}(s|m|h)$",
        description="how long, such as 2h",
    )
    why: Words
    by: Words | None = Field(default=None, description=WHO)
