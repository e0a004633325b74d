"""Who is asking, as everything that answers knows it.

It is known for as long as one request is answered, in threads too that do part of it.
Where nobody said who asks, it is somebody who sees nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from app.domain.access import NOBODY, Person
from app.domain.sessions import Session


@dataclass(slots=True)
class Visit:
    """One request. `session`, `digest`: by what the person is known, if by that;
    `until`: how long a stream that is begun now may go on without being asked again;
    `ambient`: is it told by what a browser sends along by itself?"""

    person: Person
    address: str = ""
    session: Session | None = None
    digest: str | None = None
    until: datetime | None = None
    ambient: bool = False
    about: str = ""
    """What the log of acts says it was about; whoever answers may add to it."""
    signed: str = ""
    """What somebody who did not sign in called himself."""
    noted: bool = False
    """Has the process that it was handed on to written it into the log of acts?"""


_VISIT: ContextVar[Visit | None] = ContextVar("visit", default=None)


def visit() -> Visit:
    return _VISIT.get() or Visit(NOBODY)


def caller() -> Person:
    return visit().person


def noted() -> None:
    """Another process has written down what was asked for here."""
    visit().noted = True


def remark(about: str) -> None:
    """For the log of acts: which one, or to whom."""
    found = visit()
    found.about = f"{found.about} {about}".strip()


@contextmanager
def visiting(by: Visit) -> Iterator[None]:
    """Everything inside is asked by this one."""
    token = _VISIT.set(by)
    try:
        yield
    finally:
        _VISIT.reset(token)
