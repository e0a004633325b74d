"""A watch as it comes: bytes, lines of JSON, changes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import orjson

from collectors.errors import CollectorError, SourceMisread, SourceTooLarge
from collectors.kubernetes_json import Json, count, field, fields, needed_text, text

LINE_LIMIT: Final = 8 * 2**20
"""etcd takes no object larger than 1.5 MiB; JSON with its escapes can be some more."""
MESSAGE_LENGTH: Final = 300


class Change(StrEnum):
    ADDED = "ADDED"
    MODIFIED = "MODIFIED"
    DELETED = "DELETED"
    BOOKMARK = "BOOKMARK"
    ERROR = "ERROR"


@dataclass(frozen=True, slots=True)
class Status:
    """What an API server says when it does not do what was asked."""

    code: int
    reason: str
    message: str


class Lines:
    """Bytes in, whole lines out."""

    def __init__(self, limit: int = LINE_LIMIT) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that `data` completes. Raises `SourceTooLarge`."""
        head, newline, tail = data.rpartition(b"\n")
        if not newline:
            return self._keep(data)
        whole = b"".join([*self._parts, head])
        self._parts, self._size = [tail], len(tail)
        return [line for line in whole.split(b"\n") if line.strip()]

    def _keep(self, data: bytes) -> list[bytes]:
        self._parts.append(data)
        self._size += len(data)
        if self._size > self._limit:
            raise SourceTooLarge(
                f"a line of the watch is longer than {self._limit} bytes"
            )
        return []

    @property
    def unfinished(self) -> bool:
        """Whether the last line has begun and not ended."""
        return bool(b"".join(self._parts).strip())


def parse_json(body: bytes, what: str) -> Json:
    """Raises `SourceMisread`, saying HTML where a proxy or a sign-in page answered."""
    try:
        return orjson.loads(body)
    except ValueError as exc:
        is_html = body.lstrip()[:1] == b"<"
        found = (
            "HTML: is a proxy or a sign-in page in between?" if is_html else "broken"
        )
        raise SourceMisread(f"{what} is not JSON but {found}") from exc


def read_line(line: bytes) -> tuple[Change, Json]:
    """One change and its object. Raises `SourceMisread`."""
    event = fields(parse_json(line, "a line of the watch"), "a line of the watch")
    kind = needed_text(event, "type")
    try:
        return Change(kind), fields(event.get("object"), "object")
    except ValueError as exc:
        raise SourceMisread(f"a change of unknown type {kind[:40]!r}") from exc


def version_of(obj: Json) -> str:
    """The resourceVersion of an object or a list. Raises `SourceMisread`."""
    return needed_text(field(fields(obj, "object"), "metadata"), "resourceVersion")


def read_status(body: Json) -> Status | None:
    """The `Status` in an answer; `None` where it is something else."""
    try:
        found = fields(body, "Status")
        if text(found, "kind") != "Status":
            return None
        return Status(
            code=count(found, "code"),
            reason=_shown(text(found, "reason")),
            message=_shown(text(found, "message")) or "(no reason given)",
        )
    except CollectorError:
        return None


def _shown(said: str | None) -> str:
    """One line of printable characters, cut to a length that fits a page."""
    printable = "".join(char if char.isprintable() else " " for char in said or "")
    return " ".join(printable.split())[:MESSAGE_LENGTH]
