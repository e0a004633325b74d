"""The last hour as a line, and in words."""

from datetime import timedelta

import pytest

from app.domain.hour import Point
from layouts.panel import panel
from layouts.sparkline import span, sparkline, words
from layouts.strings import USES
from tests.layouts.test_panel import properties, texts


def points(now, *values, back=0):
    """The newest last, 15 s apart; `None` is a gap."""
    last = int(now.timestamp()) // 15 * 15 - 15 * back
    first = last - 15 * (len(values) - 1)
    return [Point(first + 15 * i, v) for i, v in enumerate(values) if v is not None]


def test_nothing_measured_draws_nothing(now):
    assert sparkline("request_rate", [], now) is None
    assert sparkline("request_rate", points(now, 1.0, back=300), now) is None


def test_the_newest_value_stands_at_the_right_edge_and_zero_at_the_bottom(now):
    drawn = sparkline("request_rate", points(now, 0.0, 10.0), now)
    assert drawn.line == "M239 20L240 1.8"
    assert drawn.newest == "M240 1.8h0"
    assert drawn.area == "M239 20L239 20L240 1.8L240 20Z"


def test_a_gap_is_a_gap_and_a_lonely_point_a_dot(now):
    drawn = sparkline("request_rate", points(now, 5.0, None, 5.0, 5.0), now)
    assert drawn.line.count("M") == 2
    assert drawn.line.startswith("M237 1.8h0M239 1.8L240")
    assert "with gaps" in drawn.label


def test_only_zeros_lie_on_the_ground(now):
    assert sparkline("error_ratio", points(now, 0.0, 0.0), now).line == "M239 20L240 20"


def test_what_can_be_full_is_drawn_against_being_full(now):
    assert sparkline("saturation", points(now, 0.25), now).newest == "M240 15h0"


def test_old_points_stand_where_their_age_puts_them(now):
    assert sparkline("saturation", points(now, 0.5, back=120), now).line[:4] == "M120"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([10.0] * 3, "Requests: 10/s within 45 s; last 10/s"),
        ([10.0] * 8, "Requests: 10/s within 2 min, steady; last 10/s"),
        ([*[10.0] * 6, *[14.0] * 6], "Requests: 10/s to 14/s within 3 min, rising; last 14/s"),
        ([*[14.0] * 6, *[10.0] * 6], "Requests: 10/s to 14/s within 3 min, falling; last 10/s"),
        ([0.0] * 8, "Requests: 0/s within 2 min, steady; last 0/s"),
    ],
)  # fmt: skip
def test_range_and_trend_are_said_in_words(values, said, now):
    assert words("request_rate", points(now, *values)) == said


def test_it_is_said_since_when_anything_is_known(now):
    young = {"request_rate": points(now, 1.0, 1.0), "saturation": []}
    assert span(young, now).endswith("Known since 10:42 UTC.")
    old = {"request_rate": points(now, *[1.0] * 241)}
    assert "Known" not in span(old, now)


def test_it_is_said_what_somebody_else_told_afterwards(now):
    own, more = points(now, 1.0, 2.0), points(now, 3.0, 4.0, 5.0, back=4)
    told = [one._replace(by="prometheus") for one in more]
    said = span({"request_rate": [*told, *own], "saturation": []}, now)
    assert said.endswith(" Filled in from Prometheus between 10:41 UTC and 10:41 UTC.")
    assert "Filled" not in span({"request_rate": own}, now)


def test_the_panel_has_a_line_beside_each_number_that_was_measured(
    topology, mixed, now
):
    asked = []

    def hour(number):
        asked.append(number)
        return {"request_rate": points(now, 1.0, 2.0), "error_ratio": []}

    tree = panel(topology, mixed, {"connection": 12}, now, hour)
    assert asked == [12]
    assert len(properties(tree, "line")) == 1
    assert "Lines: the last hour" in "\n".join(texts(tree))
    without = panel(topology, mixed, {"connection": 12}, now + timedelta(seconds=1))
    assert properties(without, "line") == []
    assert "Lines:" not in "\n".join(texts(without))


def test_witnesses_that_contradict_each_other_are_marked(topology, mixed, now):
    said = "\n".join(texts(panel(topology, mixed, {"connection": 12}, now)))
    assert "≠ Disagreement. Failing: Probe from here. Ok: Kubernetes." in said
    calm = "\n".join(texts(panel(topology, mixed, {"connection": 13}, now)))
    assert "≠" not in calm


def test_a_box_says_how_far_its_replicas_are_behind(topology, mixed, now):
    store = next(n for n in mixed["nodes"] if n["id"] == "postgresql")
    store["lag_s"] = 75
    said = texts(panel(topology, mixed, {"node": "postgresql"}, now))
    assert said[said.index("Replicas behind") + 1] == "1 min"
    store["lag_s"] = None
    said = texts(panel(topology, mixed, {"node": "postgresql"}, now))
    assert "Replicas behind" not in said


def test_a_box_says_what_its_pods_use(topology, mixed, now):
    box = next(n for n in mixed["nodes"] if n["id"] == "workspace")
    before = texts(panel(topology, mixed, {"node": "workspace"}, now))
    assert not {*USES.values()} & {*before}
    box |= {
        "users": 342, "users_most": 130, "users_marks": [450, 900],
        "cpu": 0.336, "cpu_limit": 2.4, "pods_memory": 900 * 2**20,
        "pods_memory_limit": 2100 * 2**20, "replicas_max": 6,
    }  # fmt: skip
    said = texts(panel(topology, mixed, {"node": "workspace"}, now))
    told = dict(zip(said, said[1:], strict=False))
    assert {name: told[name] for name in USES.values()} == {
        "Users": "342, 130 on the fullest pod; marks 450 and 900",
        "Processor": "0.34 of 2.4 cores",
        "Memory of its pods": "900 MiB of 2.1 GiB",
        "Autoscaled to": "6 pods at most",
    }


def test_a_box_says_its_version_memory_and_clients(topology, mixed, now):
    redis = next(n for n in mixed["nodes"] if n["id"] == "redis")
    redis |= {
        "version": "7.0.15",
        "memory": 120 * 2**20,
        "memory_limit": 2**30 * 3 // 2,
        "clients": 40,
    }
    said = texts(panel(topology, mixed, {"node": "redis"}, now))
    told = said[said.index("At a glance") + 1 : said.index("Pods")]
    assert told == [
        "Ready", "0/2 ready", "Restarts", "4", "Version", "7.0.15",
        "Memory", "120 MiB of 1.5 GiB", "Clients", "40",
    ]  # fmt: skip
