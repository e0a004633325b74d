"""What the dashboard can do without: a role from before it was asked for, an old API."""

import pytest

from collectors.kubernetes_errors import Forbidden, NotServed
from collectors.kubernetes_feed import WITHHELD_S
from collectors.kubernetes_resources import RESOURCES
from tests.collectors.kubernetes_server import listed, pod, refused, server
from tests.collectors.kubernetes_watcher import names, watching

__all__ = ["server"]

PLURAL = "horizontalpodautoscalers"
FEED = f"{PLURAL}/gws"
NO = 'horizontalpodautoscalers.autoscaling is forbidden: User "viewer" cannot list'
LOST = "how many replicas autoscalers may make is unknown"


def scaler(name):
    return {
        "metadata": {"name": name, "namespace": "gws", "resourceVersion": "101"},
        "spec": {
            "scaleTargetRef": {"kind": "Deployment", "name": "gws-app-workspace-blue"},
            "maxReplicas": 6,
        },
    }


def test_autoscalers_are_asked_for_where_the_api_has_them(server):
    server.on(f"list {PLURAL}", listed(PLURAL, scaler("a")))
    with watching(server.url) as heard:
        reading = heard.wait(FEED, lambda r: names(r) == ["a"])
    asked = server.wait_for(f"list {PLURAL}")
    assert asked.path == f"/apis/autoscaling/v2/namespaces/gws/{PLURAL}"
    assert reading.facts[0].most == 6
    assert reading.feed.optional


def test_only_autoscalers_can_be_done_without():
    assert [one.plural for one in RESOURCES if one.lost] == [PLURAL]


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (refused(403, "Forbidden", NO), "refused", f"not allowed to list {PLURAL}"),
        (refused(404, "NotFound", "no"), "misread", "it does not serve this resource"),
    ],
)
def test_what_is_lacking_is_said_once_and_the_server_left_in_peace(
    server, answer, kind, words
):
    server.on(f"list {PLURAL}", answer)
    server.on("list events", refused(403, "Forbidden", "no"))
    server.on("list pods", listed("pods", pod("a")))
    with watching(server.url) as heard:
        text = heard.trouble(FEED, kind)
        heard.wait("pods/gws", lambda r: names(r) == ["a"])
        # By then another feed that is refused has asked again and again.
        server.wait_for("list events", 5)
    assert text.startswith(f"{LOST}: ") and words in text
    assert server.count(f"list {PLURAL}") == 1
    assert WITHHELD_S == 600


@pytest.mark.parametrize("error", [Forbidden, NotServed])
def test_both_are_what_they_were_to_everybody_else(error):
    assert error("x").kind in ("refused", "misread")


def test_a_watch_that_may_not_be_had_is_lacking_too(server):
    server.on(f"watch {PLURAL}", refused(403, "Forbidden", NO))
    with watching(server.url) as heard:
        text = heard.trouble(FEED, "refused")
    assert text == f"{LOST}: not allowed to watch {PLURAL} in namespace gws: {NO}"
