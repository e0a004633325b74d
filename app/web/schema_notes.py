"""The shapes of what people tell us, for `/openapi.json`: a note, and who does it."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import ConfigDict, Field, StrictBool

from app.domain.notes import NAME_MOST, TEXT_MOST
from app.web.history import Moment
from app.web.schema_maintenance import WHO, Node, Number
from app.web.schema_shape import Sent, Shape

ID: Final = r"^[0-9a-z-]+$"
Name = Annotated[str, Field(min_length=1, max_length=NAME_MOST)]


class Subject(Shape):
    """Exactly one of them."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"minProperties": 1, "maxProperties": 1}
    )

    connection: Number | None = None
    node: Node | None = None
    incident: str | None = Field(default=None, pattern=ID, max_length=63)
    moment: Moment | None = None


class NewNote(Sent):
    about: Subject | None = Field(default=None, description="without it, this moment")
    text: str = Field(min_length=1, max_length=TEXT_MOST, description="Markdown")
    by: Name | None = Field(default=None, description=WHO)
    pinned: StrictBool = Field(default=False, description="pin it as the summary")


class Who(Sent):
    by: Name | None = Field(default=None, description=WHO)


class Assignment(Sent):
    name: Name = Field(description="to whom it is assigned")
    by: Name | None = Field(default=None, description=WHO)
