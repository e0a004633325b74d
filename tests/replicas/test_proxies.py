"""Behind HAProxy and nginx: HTTP/2, one replica after another restarted, no delta lost."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.stage import wait_for
from tests.replicas.proxies import haproxy, nginx
from tests.replicas.stage import API, Scene, scene
from tests.replicas.viewers import Viewer, shown

pytestmark = [
    pytest.mark.real,
    pytest.mark.thorough,
    pytest.mark.timeout(900),
    pytest.mark.filterwarnings("ignore:Unverified HTTPS request"),
]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("proxied")) as one:
        one.begin(collectors=1, webs=2)
        yield one


@contextmanager
def watched(url: str, count: int) -> Iterator[list[Viewer]]:
    viewers = [Viewer(url) for _ in range(count)]
    for one in viewers:
        one.start()
    try:
        wait_for("all watch", lambda: all(one.picture for one in viewers))
        yield viewers
    finally:
        for one in viewers:
            one.stop()


def restarted(scene: Scene, viewers: list[Viewer]) -> None:
    """One replica after the other, with news all the while."""
    for turn, web in enumerate(scene.of("web")):
        scene.simulation.inject("pod_crash", ("redis", "voicemail")[turn % 2])
        assert web.process.stop() == 0
        web.start()
        newest = web.snapshot()["version"]
        wait_for("all know", lambda: all(v.version >= newest for v in viewers), 60)  # noqa: B023
        scene.simulation.end_faults()


def agree(scene: Scene, viewers: list[Viewer]) -> bool:
    """All show the same, which is what the API says."""
    told = shown(scene.of("web")[0].snapshot())
    return all(shown(one.picture) == told for one in viewers)


@pytest.mark.parametrize(
    ("proxy", "count"),
    [
        (nginx, 4),
        (haproxy, 4),
        pytest.param(nginx, 200, marks=pytest.mark.thorough),
        pytest.param(haproxy, 200, marks=pytest.mark.thorough),
    ],
)
def test_a_rolling_restart_loses_nobody_a_delta(
    begun: Scene, tmp_path: Path, proxy: Callable, count: int
) -> None:
    with (
        proxy(tmp_path / "proxy", [one.url for one in begun.of("web")]) as url,
        watched(url, count) as viewers,
    ):
        restarted(begun, viewers)
        assert [one.lost for one in viewers if one.lost] == []
        assert all(one.opened >= 2 for one in viewers)
        wait_for("all show the same", lambda: agree(begun, viewers), 60)


@pytest.mark.parametrize("proxy", [nginx, haproxy])
def test_browsers_are_spoken_to_by_http_2(
    begun: Scene, tmp_path: Path, proxy: Callable
) -> None:
    with proxy(tmp_path / "proxy", [one.url for one in begun.of("web")]) as url:
        for path in ("/map/demo", f"{API}/snapshot"):
            asked = [
                "curl",
                "-sk",
                "--http2",
                "-o",
                "/dev/null",
                "-w",
                "%{http_version} %{http_code}",
            ]
            said = subprocess.run(
                [*asked, url + path], capture_output=True, text=True, check=True
            )
            assert said.stdout == "2 200", path
