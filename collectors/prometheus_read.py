"""What a Prometheus-compatible engine answered, read. Pure.

An engine that could ask only a part of its stores says so in `warnings`, and answers
with what it has. Such an answer is not learnt from: what it lacks would look silent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from collectors.errors import CollectorError, SourceMisread
from collectors.http_errors import quoted, refusal
from collectors.telemetry import Series

REMARK: Final = "PromQL"
"""How a remark on the question begins (`PromQL info:`, `PromQL warning:`)."""


def read_answer(body: bytes) -> tuple[Series, ...]:
    """The series of an answer to an instant query: of a vector the value of each, of a
    range of samples these too. Raises `SourceMisread`."""
    data = _data(body)
    kind, rows = data.get("resultType"), data.get("result")
    if not isinstance(rows, list) or kind not in ("vector", "matrix"):
        raise SourceMisread(f"a {kind} where series were asked for")
    try:
        return tuple(_series(row, kind == "matrix") for row in rows)
    except (AttributeError, LookupError, TypeError, ValueError) as exc:
        raise SourceMisread(f"a series that can't be read: {exc!r}") from exc


def _series(row: Mapping[str, Any], ranged: bool) -> Series:
    labels: dict[str, str] = {str(k): str(v) for k, v in row["metric"].items()}
    if not ranged:
        return Series(labels, float(row["value"][1]))
    samples = tuple((float(at), float(value)) for at, value in row["values"])
    return Series(labels, samples[-1][1], samples)


def _data(body: bytes) -> Mapping[str, Any]:
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError as exc:
        raise SourceMisread(f"not JSON: {quoted(body, '')}") from exc
    if not isinstance(answer, dict) or not isinstance(answer.get("data"), dict):
        raise SourceMisread(f"not an answer of a query API: {quoted(body, '')}")
    told = _warnings(answer)
    if told or answer.get("isPartial"):
        said = quoted("; ".join(told).encode(), "")
        raise SourceMisread(f"answered in part only: {said}")
    data: Mapping[str, Any] = answer["data"]
    return data


def _warnings(answer: Mapping[str, Any]) -> Sequence[str]:
    warnings = answer.get("warnings")
    texts = [str(text) for text in warnings] if isinstance(warnings, list) else []
    return [text for text in texts if not text.startswith(REMARK)]


def refused(
    status: int, body: bytes, location: str | None, secret: str
) -> CollectorError:
    """What a status other than 200 means; the engine's own words where it has some."""
    try:
        said = orjson.loads(body)["error"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return refusal(status, body, location, secret, "Prometheus")
    words = str(said).encode()
    if status in (400, 422):
        return SourceMisread(f"the query is refused: {quoted(words, secret)}")
    return refusal(status, words, location, secret, "Prometheus")
