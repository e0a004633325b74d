"""Asking an OIDC provider: JSON, bounded in time and size, failures as `Refusal`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

from app.web.access.refusal import Refusal, quoted
from collectors.errors import CollectorError, SourceMisread, SourceRefused
from collectors.http_errors import refusal as usual_refusal
from collectors.http_line import Dialect, HttpAddress, HttpLine

CONNECT_S: Final = 3.0
ANSWER_S: Final = 5.0
LARGEST: Final = 1024 * 1024
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """`what`: is asked, as it is called in a reason. `secrets`: are sent in a form;
    like an `Authorization` they are never repeated."""

    what: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()

    @property
    def sent(self) -> tuple[str, ...]:
        return (*self.secrets, *self.headers.get("Authorization", "").split()[1:])


class Wire:
    """To one provider; from any thread. Each question has a connection of its own, as
    sign-ins are rare and the provider's endpoints may stand on several hosts."""

    def __init__(
        self,
        ca_file: str | None = None,
        connect_s: float = CONNECT_S,
        answer_s: float = ANSWER_S,
    ) -> None:
        self._ca_file = ca_file
        self._connect_s, self._answer_s = connect_s, answer_s

    def get(self, asked: Asked) -> Json:
        with self._line(asked) as (line, path):
            answer = line.ask(path, {}, self._answer_s, headers=asked.headers)
            return _read(answer.body)

    def post(self, asked: Asked, form: str) -> Json:
        """Never twice: a code is good for one use."""
        with self._line(asked) as (line, path):
            answer = line.tell(path, form.encode(), asked.headers, self._answer_s)
            return _read(answer.body)

    @contextmanager
    def _line(self, asked: Asked) -> Iterator[tuple[HttpLine, str]]:
        parts = urlsplit(asked.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        address = HttpAddress(origin, ca_file=self._ca_file)
        dialect = Dialect("token", lambda token: {}, _refused)
        try:
            line = HttpLine(address, dialect, self._connect_s, LARGEST)
            with closing(line):
                yield line, asked.url.removeprefix(origin)
        except CollectorError as exc:
            said = quoted(exc, asked.sent)
            raise Refusal(f"{asked.what} at {address.shown}: {said}") from exc


def _read(body: bytes) -> Json:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as exc:
        raise SourceMisread("the answer is not JSON") from exc
    if not isinstance(found, dict):
        raise SourceMisread("the answer is not a JSON object")
    return found


def _refused(
    status: int, body: bytes, location: str | None, secret: str
) -> CollectorError:
    """An OAuth error (RFC 6749, 5.2) is told by its own words."""
    try:
        error = _read(body).get("error")
    except SourceMisread:
        error = None
    if not isinstance(error, str):
        return usual_refusal(status, body, location, secret, "the provider")
    said = _read(body).get("error_description") or ""
    return SourceRefused(f"HTTP {status}, {error}: {said}".rstrip(": "))
