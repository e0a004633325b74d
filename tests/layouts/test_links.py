"""What leads out of the panel: links that can be followed, commands that can be copied."""

from app.domain.links import Outside
from layouts.panel import panel
from tests.layouts.test_panel import properties, texts

OUTSIDE = Outside(
    {
        "Grafana": "https://grafana.example/d/gws?ns={namespace}&from={from_ms}&to={to_ms}",
        "Runbook": "https://wiki.example/{deployment}/{connection}",
        "Consul": "https://consul.example/ui/{datacenter}/services/{consul_name}",
    },
    kubernetes=True,
    context="prod",
)


def shown(topology, snapshot, choice, now, outside=OUTSIDE):
    return panel(topology, snapshot, choice, now, outside=outside)


def test_links_of_a_connection_are_filled_in(topology, mixed, now):
    tree = shown(topology, mixed, {"connection": 12}, now)
    assert properties(tree, "href") == [
        "https://grafana.example/d/gws?ns=infra&from=1795513350000&to=1795516950000",
        "https://wiki.example/demo/12",
    ]
    assert {*properties(tree, "rel")} == {"noopener noreferrer"}


def test_links_of_a_box_leave_out_what_is_not_known_of_it(topology, mixed, now):
    tree = shown(topology, mixed, {"node": "redis"}, now)
    assert len(properties(tree, "href")) == 1
    assert "Grafana" in texts(tree)
    assert properties(shown(topology, mixed, {"node": "clients"}, now), "href") == []


def test_a_box_has_commands_for_a_terminal(topology, mixed, now):
    tree = shown(topology, mixed, {"node": "redis"}, now)
    commands = [one for one in properties(tree, "text") if one.startswith("kubectl")]
    assert commands[0].startswith(
        "kubectl --context=prod --namespace=infra get pods --output=wide infra-redis"
    )
    assert properties(tree, "name")[:3] == [
        "Copy: Pods",
        "Copy: Describe",
        "Copy: Logs",
    ]


def test_without_a_cluster_there_is_no_command(topology, mixed, now):
    tree = shown(topology, mixed, {"node": "redis"}, now, Outside())
    assert "In a terminal" not in texts(tree)
    assert "Elsewhere" not in texts(tree)
