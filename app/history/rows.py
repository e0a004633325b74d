"""One moment's numbers of one deployment as one blob, and back."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Final

import orjson
import zstandard

from app.domain.measures import CONNECTION_METRICS, NODE_METRICS
from app.history.base import Json

NOT_MEASURED: Final = float("nan")
LEVEL: Final = 1


def subjects(picture: Json) -> Iterator[tuple[str, Json]]:
    """Everything that has a status, by its name in the file."""
    for item in picture["connections"]:
        yield str(item["number"]), item
    for item in picture["nodes"]:
        yield item["id"], item


def statuses(picture: Json) -> dict[str, str]:
    return {name: item["status"] for name, item in subjects(picture)}


def columns(picture: Json) -> bytes:
    """What stands where in `packed`."""
    found = [
        *((str(item["number"]), CONNECTION_METRICS) for item in picture["connections"]),
        *((item["id"], NODE_METRICS) for item in picture["nodes"]),
    ]
    return orjson.dumps(
        [[name, metric] for name, metrics in found for metric in metrics]
    )


def packed(picture: Json) -> bytes:
    """Its numbers in single precision, not a number where nobody measured one."""
    values = array("f")
    for item in picture["connections"]:
        measured = item["metrics"]
        values.extend(_number(measured.get(name)) for name in CONNECTION_METRICS)
    for item in picture["nodes"]:
        values.extend(_number(item.get(name)) for name in NODE_METRICS)
    return shrunk(values.tobytes())


def shrunk(values: bytes) -> bytes:
    """Numbers in single precision, as they stand in a row."""
    compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
    return compressor.compress(values)


def _number(value: float | None) -> float:
    return NOT_MEASURED if value is None else value
