"""Watches over real sockets: what they begin with, resume from, and end by."""

from __future__ import annotations

from app.simulator.cluster_store import PODS as POD_RESOURCE
from app.simulator.kubernetes_watch import TOO_MANY, Stream, WatchRequest
from tests.simulator.cluster_at import Still
from tests.simulator.loopback import Loopback
from tests.simulator.simulated_api import PODS, Server


def test_a_watch_resumes_after_the_version_that_it_names(api: Server) -> None:
    version = api.get(PODS).json()["metadata"]["resourceVersion"]
    api.crash("gws-app-workspace")
    watch = api.watch(PODS, resourceVersion=version)
    first = watch.next()
    assert first["type"] == "MODIFIED"
    assert int(first["object"]["metadata"]["resourceVersion"]) > int(version)
    api.crash("gws-platform-voice")
    assert watch.next()["object"]["metadata"]["labels"]["gws"] == "gws-platform-voice"
    watch.close()


def test_a_watch_without_a_version_begins_with_all_there_is(api: Server) -> None:
    watch = api.watch(PODS, timeoutSeconds=1)
    events = watch.rest()
    assert [event["type"] for event in events] == ["ADDED"] * 25


def test_a_watch_ends_at_its_time_out_with_a_bookmark_if_asked(api: Server) -> None:
    version = api.store.version
    query = {"resourceVersion": version, "timeoutSeconds": 1}
    assert api.watch(PODS, **query).rest() == []
    (last,) = api.watch(PODS, **query, allowWatchBookmarks="true").rest()
    assert last["type"] == "BOOKMARK"
    assert last["object"]["metadata"] == {"resourceVersion": str(version)}


def test_bookmarks_come_while_nothing_happens(loopback: Loopback) -> None:
    api = Server(loopback, bookmark_every_s=0.05)
    query = {"resourceVersion": api.store.version, "allowWatchBookmarks": "1"}
    watch = api.watch(PODS, **query)
    assert [watch.next()["type"] for _ in range(3)] == ["BOOKMARK"] * 3
    watch.close()


def test_a_watch_from_a_compacted_version_says_410_inside(api: Server) -> None:
    api.store.advance(5)
    api.store.compact()
    watch = api.watch(PODS, resourceVersion="1")
    (event,) = watch.rest()
    assert watch.response.status_code == 200
    assert event["type"] == "ERROR"
    assert (event["object"]["code"], event["object"]["reason"]) == (410, "Expired")
    assert event["object"]["message"] == (
        f"too old resource version: 1 ({api.store.version})"
    )


def test_a_watch_from_a_compacted_version_can_be_refused_as_http(
    api: Server,
) -> None:
    api.api.gone_as_status = True
    api.store.advance(5)
    api.store.compact()
    watch = api.watch(PODS, resourceVersion="1")
    assert watch.response.status_code == 410


def test_every_change_reaches_a_watcher_before_the_next_is_made(api: Server) -> None:
    watch = api.watch(PODS, resourceVersion=api.store.version)
    for _ in range(20):
        api.crash("gws-app-workspace")
        assert watch.next()["type"] == "MODIFIED"
    watch.close()


def test_a_silent_watch_says_nothing_and_ends_when_it_would_speak_again(
    api: Server,
) -> None:
    watch = api.watch(PODS, resourceVersion=api.store.version)

    async def silence(silent: bool) -> None:
        api.streams.silence(silent=silent)

    api.loopback.run(silence(True))
    api.crash("gws-app-workspace")
    api.loopback.run(silence(False))
    assert watch.rest() == []


def test_an_object_that_stops_to_fit_a_watched_selector_is_deleted(
    api: Server,
) -> None:
    pod = api.still.cluster.works["gws-app-workspace"].living()[0]
    field = f"metadata.name={pod.name},status.phase=Running"
    watch = api.watch(PODS, fieldSelector=field, resourceVersion=api.store.version)

    async def lose_image() -> None:
        cluster = api.still.cluster
        cluster.wait_for_image(cluster.works["gws-app-workspace"], pod)

    api.loopback.run(lose_image())
    assert watch.next()["type"] == "DELETED"
    watch.close()


def test_a_watcher_that_does_not_read_is_ended() -> None:
    still = Still()
    still.cluster.crash(still.cluster.works["iwd"].living()[0], "Error")
    change = still.written()[0]
    stream = Stream(WatchRequest(POD_RESOURCE, "", None, "", False, 60))
    for _ in range(TOO_MANY):
        stream.offer(change)
    assert not stream.ended
    stream.offer(change)
    assert stream.ended
