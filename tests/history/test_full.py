"""A disk without room: what is live goes on, and history says so and comes back."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.history.sqlite import SqliteHistory
from tests.history.stage import BEGIN, Clock, picture, reader, until

SIZE = 3 * 2**20
MOST_WAITING = 20


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few MiB, which only root can mount (CI is)."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)],
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("mounting needs root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """All that is left of it."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(os.urandom(4096))
        except OSError as exc:
            assert exc.errno == errno.ENOSPC
    return ballast


def test_a_full_disk_pauses_history_and_damages_nothing(
    small: Path, begin: Callable[..., SqliteHistory], clock: Clock
) -> None:
    path = small / "history.db"
    history = begin(path, most_waiting=MOST_WAITING)
    history.note("demo", picture(clock()), None)
    until(lambda: history.first("demo"))
    ballast = fill(small)

    def seen() -> None:
        clock.go(seconds=20)
        history.note("demo", picture(clock(), {17: "failing"}), {"status": "failing"})

    def paused() -> str | None:
        seen()
        return history.health().paused

    said = until(paused)
    assert "no space is left on its disk" in said
    lost_from = until(lambda: seen() or history.health().lost_from)
    for _ in range(2 * MOST_WAITING):
        seen()
    ballast.unlink()
    until(lambda: history.health().paused is None)
    health = until(lambda: seen() or (h := history.health()).remark and h)
    assert lost_from <= health.lost_from < health.lost_until
    seen()
    until(lambda: history.moments("demo", clock(), clock()))
    kept = [at for at, _ in history.moments("demo", BEGIN, clock())]
    assert kept[0] == BEGIN
    assert not [at for at in kept if health.lost_from <= at < health.lost_until]
    with reader(path)._file.reading() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
