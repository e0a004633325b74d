"""What can go wrong while collecting, in our words rather than a client's.

* CollectorError         anything below
  + SourceUnreachable    no answer: refused, DNS, time-out, cut
  + SourceRefused        an answer we may not use: 401, 403, TLS not trusted
  + SourceMisread        an answer that we do not understand
  + SourceEmpty          an answer without things that must be in it
  + SourceSilent         a watch that no longer speaks
  + SourceTooLarge       an answer larger than we accept

Adapters raise these `from` the client's own; `trouble` makes the value that a reading
carries. No text ever holds a token, a password or a header.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from app.domain.reading import Trouble


class CollectorError(Exception):
    """`str()` of it is a sentence that an operator can act on."""

    kind: ClassVar[str] = "bug"

    def trouble(self) -> Trouble:
        return Trouble(self.kind, str(self))


class SourceUnreachable(CollectorError):
    kind = "unreachable"


class SourceRefused(CollectorError):
    kind = "refused"


class SourceMisread(CollectorError):
    kind = "misread"


@contextmanager
def shaped(what: str) -> Iterator[None]:
    """Reading an answer whose parts may be of any kind: what can't be done with them is
    a `SourceMisread`, and no bug of ours."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as exc:
        text = f"{what}: not of the shape that is known ({type(exc).__name__})"
        raise SourceMisread(text) from exc


class SourceEmpty(CollectorError):
    kind = "empty"


class SourceSilent(CollectorError):
    kind = "silent"


class SourceTooLarge(CollectorError):
    kind = "limit"
