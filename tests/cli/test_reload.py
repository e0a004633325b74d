"""What a look at the configuration file comes to, without a thread and a process."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.cli.reload import FollowedFile, Follower, Standing
from app.domain.status import Status

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
GOOD = "deployments: [{id: demo}]\n"
TIGHT = "deployments: [{id: demo, limits: {connections: {17: {enter: 3}}}}]\n"
BROKEN = "server: {prot: 1}\ndeployments: [{id: demo, colour: red}]\n"
MOVED = "server: {port: 1}\ndeployments: [{id: demo, name: Demo}]\n"
SEEN_TWICE = 2


class Following:
    """A file that is followed, a clock that is turned by hand, and all that was told."""

    def __init__(self, path: Path) -> None:
        self.path, self.now = path, NOON
        self.file = FollowedFile(path, {})
        self.told: list[tuple[bool, datetime]] = []
        self.handed_on: list[tuple[float, float]] = []
        self.standing = Standing(
            self.file.load(), lambda: self.now, lambda *how: self.told.append(how)
        )
        self.follower = Follower(self.file, self.standing, self._heard)

    def _heard(self, deployments) -> None:
        (limits,) = [one.limits for one in deployments]
        self.handed_on.append((limits.of(16).enter, limits.of(17).enter))

    def write(self, text: str) -> None:
        self.path.write_text(text)

    def look(self, times: int = SEEN_TWICE) -> list[dict]:
        """What is logged meanwhile."""
        with capture_logs() as logged:
            for _ in range(times):
                self.now += timedelta(seconds=1)
                self.follower.look()
        return logged

    @property
    def shown(self) -> tuple[Status, str | None]:
        (state,) = self.standing.sources()
        return state.status, state.error


@pytest.fixture
def following(tmp_path: Path) -> Following:
    file = tmp_path / "gws.yaml"
    file.write_text(GOOD)
    return Following(file)


def test_a_file_that_stays_as_it_is_is_no_news(following):
    assert following.look(5) == []
    assert following.handed_on == []
    assert following.told == [(True, NOON)]
    assert following.standing.sources() == ()


def test_a_new_limit_is_handed_on_once_and_shown_nowhere(following):
    following.write(TIGHT)
    (logged,) = following.look(5)
    assert following.handed_on == [(10, 3)]
    assert logged["event"] == "configuration taken"
    assert logged["changed"] == ("deployments[0].limits.connections",)
    assert following.told[-1] == (True, NOON + timedelta(seconds=2))
    assert following.standing.sources() == ()


def test_a_file_that_is_still_being_written_is_not_read(following):
    following.write("deployments: [{id: demo, limits: {conn")
    assert following.look(1) == []
    following.write(TIGHT)
    assert following.look(1) == []
    assert following.look(1)[0]["event"] == "configuration taken"
    assert following.handed_on == [(10, 3)]


def test_who_asks_does_not_wait_for_a_second_look(following):
    following.write(TIGHT)
    following.follower.look(asked=True)
    assert following.handed_on == [(10, 3)]
    following.follower.look(asked=True)
    assert following.handed_on == [(10, 3)] * 2
    assert following.look(5) == []


def test_a_broken_file_leaves_the_old_one_in_force_until_it_is_mended(following):
    following.write(TIGHT)
    following.look()
    following.write(BROKEN)
    logged = following.look(5)
    places = [f"{following.path}:1:10: server.prot: ", f"{following.path}:2:26: "]
    assert [one["log_level"] for one in logged] == ["error", "error"]
    for one, place in zip(logged, places, strict=True):
        assert one["event"] == "configuration refused"
        assert one["problem"].startswith(place)
    status, text = following.shown
    assert status is Status.FAILING
    assert all(place in text for place in places)
    assert following.handed_on == [(10, 3)] * 2, "told to show it, judged as before"
    assert following.told[-1] == (False, NOON + timedelta(seconds=2))

    following.write(TIGHT)
    assert following.look()[0]["event"] == "configuration taken"
    assert following.shown == (Status.OK, None)
    assert following.told[-1] == (True, following.now)


def test_every_problem_is_logged_and_the_page_tells_the_first_few(following):
    wrong = ", ".join(f"x{at}: 1" for at in range(8))
    following.write(f"server: {{{wrong}}}\n{GOOD}")
    assert len(following.look()) == 8
    _status, text = following.shown
    assert text.count("unknown key") == 5
    assert text.endswith("(and 3 more, see the log)")


def test_a_problem_that_ends_elsewhere_is_seen_to_end(following):
    """A file that is named comes later, as a Secret does that is mounted beside."""
    token = following.path.with_name("token")
    consul = f"consul: {{url: 'http://c', token_file: {token}}}"
    following.write(f"deployments: [{{id: demo, limits: {{enter: 2}}, {consul}}}]")
    assert [one["log_level"] for one in following.look(5)] == ["error"]
    token.write_text("x")
    assert following.look(1)[0]["event"] == "configuration taken"
    assert following.handed_on[-1] == (2, 2)


def test_a_file_that_is_gone_is_told_and_may_come_back(following):
    following.path.unlink()
    (logged,) = following.look(5)
    assert logged["problem"] == f"{following.path}: no such file"
    following.write(GOOD)
    assert following.look()[0]["event"] == "configuration taken"
    assert following.shown == (Status.OK, None)


def test_what_needs_a_restart_is_named_until_it_is_taken_back(following):
    following.write(MOVED)
    taken, waits = following.look(5)
    text = "takes effect after a restart: server.port, deployments[0].name"
    assert (taken["event"], taken["changed"]) == ("configuration taken", ())
    assert (waits["log_level"], waits["problem"]) == ("warning", text)
    assert following.shown == (Status.DEGRADED, text)
    assert following.told[-1][0] is True
    following.write(GOOD)
    following.look()
    assert following.shown == (Status.OK, None)


def test_what_waits_goes_on_waiting_when_something_else_changes(following):
    following.write(MOVED)
    following.look()
    following.write(MOVED.replace("name: Demo", "name: Demo, limits: {enter: 2}"))
    logged = following.look()
    assert logged[0]["changed"] == ("deployments[0].limits.enter",)
    assert following.shown[1].endswith("server.port, deployments[0].name")
    assert following.handed_on[-1] == (2, 2)


def test_a_deployment_that_comes_back_is_held_against_what_is_in_force(following):
    following.write("deployments: [{id: other, limits: {enter: 1}}]")
    logged = following.look()
    assert logged[0]["changed"] == ()
    assert (
        "deployments[0] (added: other), deployments (removed: demo)"
        in (following.shown[1])
    )
    following.write("deployments: [{id: demo, limits: {enter: 2}}]")
    assert following.look()[0]["changed"] == ("deployments[0].limits.enter",)
    assert following.shown == (Status.OK, None)


def test_what_a_new_file_says_in_vain_is_logged(following):
    following.write("deployments: [{id: demo, group: alone}]")
    assert "no other deployment is in the group" in str(following.look())


def in_place(path: Path) -> Callable[[str], None]:
    def write(text: str) -> None:
        path.write_text(text)

    write(GOOD)
    return write


def by_rename(path: Path) -> Callable[[str], None]:
    """As editors and `sed -i` do."""
    path.write_text(GOOD)

    def write(text: str) -> None:
        beside = path.with_name(".gws.yaml.swp")
        beside.write_text(text)
        beside.replace(path)

    return write


def as_config_map(path: Path) -> Callable[[str], None]:
    """As the kubelet does: the file is a link into `..data`, which is swapped."""
    versions = iter(range(99))

    def write(text: str) -> None:
        version = path.with_name(f"..version-{next(versions)}")
        version.mkdir()
        (version / path.name).write_text(text)
        beside = path.with_name("..data_tmp")
        os.symlink(version.name, beside)
        beside.replace(path.with_name("..data"))

    write(GOOD)
    os.symlink(Path("..data", path.name), path)
    return write


@pytest.mark.parametrize("way", [in_place, by_rename, as_config_map])
def test_however_a_file_is_replaced_it_is_seen(way, tmp_path):
    file = tmp_path / "gws.yaml"
    write = way(file)
    following = Following(file)
    assert following.look() == []
    for text, limits in ((TIGHT, (10, 3)), (GOOD, (10, 10)), (TIGHT, (10, 3))):
        write(text)
        following.look()
        assert following.handed_on[-1] == limits
