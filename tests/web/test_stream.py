"""The event stream over a real socket."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import orjson
import pytest

from tests.web.conftest import Live, picture, start


@pytest.fixture
def fresh() -> Iterator[Live]:
    for running in start("demo"):
        running.bus.publish(picture(), None)
        yield running


def blocks(response) -> Iterator[list[str]]:
    """The stream's blocks, each as its lines."""
    block: list[str] = []
    for line in response.iter_lines(chunk_size=1, decode_unicode=True):
        if line:
            block.append(line)
        elif block:
            yield block
            block = []


def told(read: Iterator[list[str]], count: int) -> list[tuple[str, str, dict]]:
    found = []
    for block in read:
        fields = dict(line.split(": ", 1) for line in block)
        if "data" in fields:
            found.append((fields["event"], fields["id"], orjson.loads(fields["data"])))
        if len(found) == count:
            return found
    raise AssertionError("the stream ended early")


def test_snapshot_then_deltas_with_the_version_as_id(fresh):
    with fresh.stream() as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in response.headers
        assert "no-transform" in response.headers["cache-control"]
        assert response.headers["x-accel-buffering"] == "no"
        read = blocks(response)
        ((name, event_id, data),) = told(read, 1)
        assert (name, event_id, data["version"]) == ("snapshot", "test-1", 1)
        fresh.bus.publish(picture(version=2), {"version": 2, "connections": []})
        ((name, event_id, data),) = told(read, 1)
        assert (name, event_id, data["version"]) == ("delta", "test-2", 2)


def test_a_quiet_stream_gives_signs_of_life(fresh):
    with fresh.stream() as response:
        lines = list(itertools.islice((b[0] for b in blocks(response)), 4))
    assert lines[0].startswith("retry: ")
    assert lines[2].startswith(": ")
    assert lines[3].startswith(": ")


def test_last_event_id_resumes(fresh):
    fresh.bus.publish(picture(version=2), {"version": 2})
    fresh.bus.publish(picture(version=3), {"version": 3})
    with fresh.stream(**{"Last-Event-ID": "test-1"}) as response:
        heard = told(blocks(response), 2)
    assert [(name, data["version"]) for name, _, data in heard] == [
        ("delta", 2),
        ("delta", 3),
    ]


def test_an_id_of_another_process_gets_a_snapshot(fresh):
    with fresh.stream(**{"Last-Event-ID": "older-1"}) as response:
        assert told(blocks(response), 1)[0][0] == "snapshot"


def test_a_viewer_that_leaves_is_no_longer_counted(fresh):
    streams = [fresh.stream() for _ in range(5)]
    assert fresh.bus.viewers("demo") == 5
    for stream in streams:
        stream.close()
    deadline = time.monotonic() + 30
    while fresh.bus.viewers("demo"):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_stream_opened_before_the_first_snapshot_is_told_it(empty):
    with empty.stream("east") as response:
        empty.bus.publish(picture("east"), None)
        assert told(blocks(response), 1)[0][0] == "snapshot"
