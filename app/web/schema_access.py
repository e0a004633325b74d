"""The shapes of who somebody is, of tokens, and of the log of acts, for
`/openapi.json`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from app.domain.access import Kind, Role
from app.domain.audit import Outcome
from app.domain.tokens import LONGEST, NAME_MOST
from app.web.schema_maintenance import number
from app.web.schema_shape import Sent, Shape

Id = Annotated[str, Field(pattern=r"^[a-z0-9-]+$", max_length=63)]
Made = Literal["viewer", "operator", "admin"]


class Held(Shape):
    id: str = Field(description="a deployment's id")
    role: Role


class Me(Shape):
    """Who asks, and what for."""

    subject: str = Field(description="what tells people apart; (nobody): not signed in")
    name: str
    kind: Kind
    mode: str = Field(description="how people come in: open, basic, proxy or oidc")
    deployments: list[Held]


LETTERS: Final = "0-9A-Za-z_\u00c0-\u024f"


class NewToken(Sent):
    name: str = Field(
        # Spelt out: what `\w` is differs between those who check it.
        pattern=f"^[{LETTERS}][{LETTERS} .,:()/+@-]*$",
        max_length=NAME_MOST,
        description="what it is for: Latin letters, digits, and some signs",
    )
    role: Made = "viewer"
    deployments: list[Id] | None = Field(
        default=None, min_length=1, max_length=200, description="null: every one"
    )
    days: Annotated[int, BeforeValidator(number)] = Field(
        default=90, ge=1, le=LONGEST.days, description="how long it holds"
    )


class Token(Shape):
    id: str
    name: str
    kind: Kind
    role: Role
    deployments: list[str] | None = Field(description="null: every one")
    made_by: str
    made_at: datetime
    until: datetime
    revoked_at: datetime | None


class MadeToken(Token):
    secret: str = Field(description="told this once")


class Tokens(Shape):
    tokens: list[Token]


class Act(Shape):
    """Who did what."""

    id: str
    at: datetime
    who: str = Field(description="the subject; of a failed sign-in what was typed")
    name: str
    what: str
    outcome: Outcome
    deployment: str | None
    about: str = Field(description="which one, or to whom")
    address: str = Field(description="from where")


class Acts(Shape):
    acts: list[Act]
    next: str | None = Field(description="`before` of the next page; null: no more")
    trouble: str | None = Field(
        description="why only what is in memory could be told; null: all is here"
    )
