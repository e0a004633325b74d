"""The shapes of letting a TV in, for `/openapi.json`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from app.web.schema_shape import Sent, Shape

Code = Annotated[
    str,
    Field(
        pattern=r"^[0-9A-Za-z -]{1,20}$",
        description="what the TV shows; case, spaces and dashes do not matter",
    ),
]
Id = Annotated[str, Field(pattern=r"^[a-z0-9-]+$", max_length=63)]
Theme = Literal["dark", "light", "contrast"]
MOST_IN_TURN = 20


class Admission(Sent):
    """Which TV is let in, and what it shows."""

    code: Code
    deployments: list[Id] = Field(
        min_length=1,
        max_length=MOST_IN_TURN,
        description="in turn, the first one first",
    )
    rotate: str | None = Field(
        default=None,
        pattern=r"^[0-9]{1,4}(s|m)$",
        description="how long each is shown, such as 1m; 5 s at least; 30s unless told",
    )
    theme: Theme = "dark"
    sound: StrictBool = False


class Admitted(Shape):
    path: str = Field(description="where the TV goes")
