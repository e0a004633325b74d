"""What is read from a good file, and what the environment changes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

CONTRACT = """
server: {host: 0.0.0.0, port: 8050, public_url: https://gws.example/, auth: {mode: open}}
deployments:
  - id: prod-east
    name: Production East
    kubernetes: {kubeconfig: kubeconfig, context: null, in_cluster: false,
                 namespaces: {gws: gws, gauth: gauth, voice: voice, ucsx: ucsx, nexus: nexus, iwd: iwd, infra: infra}}
    consul: {url: "http://127.0.0.1:8500", token_file: null, ca_file: null, datacenter: null}
    scrape: {enabled: true, interval: 15s}
    prometheus: {url: "http://prometheus:9090", token_file: null, sources: [vendor, istio]}
    alertmanager: {url: "http://alertmanager:9093"}
    probes: {enabled: true, interval: 10s}
    backends: {redis: {url: "redis://r:6379", password_file: null}, postgresql: {dsn_file: null}, elasticsearch: {url: "http://e:9200"}}
    topology: {}
    limits: {}
"""


def test_the_published_example_is_accepted(read, tmp_path):
    Path(tmp_path, "kubeconfig").write_text("")
    found = read(CONTRACT)
    one = found.settings.deployments[0]
    assert (one.id, one.title) == ("prod-east", "Production East")
    assert (one.scrape.interval, one.probes.interval) == (15.0, 10.0)
    assert one.kubernetes.kubeconfig == tmp_path / "kubeconfig"
    assert found.deployments[0].sources == (
        "kubernetes",
        "consul",
        "scrape",
        "probe",
        "redis",
        "elasticsearch",
        "alertmanager",
        "prometheus",
    )
    assert found.notices == ()


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        ("sources: [isto]", 'no telemetry is called "isto"; did you mean "istio"?'),
        ("user: jane", "user and password_file belong together"),
        (
            "user: jane, password_file: secret, token_file: secret",
            "give token_file, or user and password_file, not both",
        ),
    ],
)
def test_half_a_way_into_prometheus_is_told(problems, tmp_path, section, problem):
    Path(tmp_path, "secret").write_text("x")
    text = f"deployments: [{{id: a, prometheus: {{url: 'http://p', {section}}}}}]"
    assert any(problem in one for one in problems(text))


def test_an_engine_keeps_the_history(read):
    text = (
        "storage: {history: 'prometheus+http://p:9090/select/0/', history_push: 'http://p:8480/insert/0',"
        " history_interval: 30s}\ndeployments: [{id: a}]\n"
    )
    storage = read(text).settings.storage
    assert storage.history_engine == "http://p:9090/select/0"
    assert storage.history_file is None
    assert (storage.history_push, storage.history_interval) == (
        "http://p:8480/insert/0",
        30,
    )


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        ("history_push: 'http://p'", "history_push: belongs to history: prometheus+"),
        (
            "history: h.db, history_user: a",
            "history_user: belongs to history: prometheus+",
        ),
        (
            "history: 'prometheus+http://p', history_user: a",
            "user and password_file belong together",
        ),
        ("history: 'prometheus+http://a:b@p'", "secrets come only from files"),
    ],
)
def test_what_belongs_to_an_engine_is_told(section, problem, problems):
    found = problems(f"storage: {{{section}}}\ndeployments: [{{id: a}}]")
    assert any(problem in one for one in found), found


def test_a_second_server_of_postgresql_needs_the_first(problems, tmp_path):
    (tmp_path / "dsn").write_text("host=db")
    section = "{postgresql: {prov_dsn_file: dsn}}"
    found = problems(f"deployments: [{{id: a, backends: {section}}}]")
    assert any("prov_dsn_file comes beside dsn_file" in one for one in found), found


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("sqlite:///var/lib/gws/records.db", "sqlite:///var/lib/gws/records.db"),
        ("/var/lib/gws/records.db", "sqlite:///var/lib/gws/records.db"),
        ("postgresql://me@db/records", "postgresql://me@db/records"),
    ],
)
def test_records_are_a_file_or_a_database(written, meant, read):
    found = read(f"storage: {{records: '{written}'}}\ndeployments: [{{id: a}}]")
    assert found.settings.storage.records == meant
    assert found.notices == ()


def test_a_relative_file_of_records_is_beside_the_configuration(read, tmp_path):
    found = read("storage: {records: 'kept/../records.db'}\ndeployments: [{id: a}]")
    assert found.settings.storage.records == f"sqlite://{tmp_path}/records.db"


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        ("records: 'mysql://db/x'", "must start with sqlite:// or postgresql://"),
        ("records: 'postgresql://me:secret@db/x'", "holds a password"),
        ("records: 'sqlite://records.db'", "names a host; write sqlite:///path"),
        (
            "records: x.db, records_password_file: word",
            "belongs to records: postgresql",
        ),
    ],
)
def test_what_records_must_not_be_is_told(section, problem, problems, tmp_path):
    (tmp_path / "word").write_text("secret")
    found = problems(f"storage: {{{section}}}\ndeployments: [{{id: a}}]")
    assert any(problem in one for one in found), found


@pytest.mark.parametrize(
    ("written", "meant"),
    [("90d", timedelta(days=90)), ("forever", None), (None, timedelta(days=400))],
)
def test_records_are_kept_for_days_or_for_ever(written, meant, read):
    storage = f"storage: {{records_keep: {written}}}\n" if written else ""
    found = read(f"{storage}deployments: [{{id: a}}]").settings.storage
    assert found.records_keep == meant


@pytest.mark.parametrize("written", ["90", "0d", "-1d", "1h", "null", "999999d"])
def test_what_is_no_number_of_days_is_told(written, problems):
    found = problems(f"storage: {{records_keep: {written}}}\ndeployments: [{{id: a}}]")
    assert any('must be days such as "400d", or forever' in one for one in found), found


def test_an_id_is_enough(read):
    found = read("deployments: [{id: a}]")
    assert found.deployments[0].sources == ()
    assert found.notices == ()
    assert found.settings.deployments[0].title == "a"


def test_a_configured_target_alone_can_be_probed(read):
    text = "deployments: [{id: a, probes: {targets: [{node: redis, url: 'tcp://r:6379'}]}}]"
    assert read(text).deployments[0].sources == ("probe",)


def test_overrides_reach_the_picture_and_the_limits(read):
    text = "deployments: [{id: a, topology: {absent: [iwd]}, limits: {enter: 30s}}]"
    deployment = read(text).deployments[0]
    assert "iwd" in deployment.topology.absent
    assert deployment.limits.enter == 30


def test_zones_of_cluster_nodes_are_handed_on(read):
    text = "deployments: [{id: a, kubernetes: {in_cluster: true, zones: {worker-1: east}}}]"
    assert read(text).deployments[0].zones == {"worker-1": "east"}


def test_namespaces_reach_the_picture(read):
    text = "deployments: [{id: a, kubernetes: {in_cluster: true, namespaces: {gws: contact}}}]"
    assert read(text).deployments[0].topology.namespace_of("gws") == "contact"


@pytest.mark.parametrize(
    ("name", "value", "want"),
    [
        ("GWS_OBSERVATORY__SERVER__PORT", "8051", lambda s: s.server.port == 8051),
        ("GWS_OBSERVATORY__SERVER", "{port: 8052}", lambda s: s.server.port == 8052),
        (
            "GWS_OBSERVATORY__DEPLOYMENTS__0__NAME",
            "East: one",
            lambda s: s.deployments[0].name == "East: one",
        ),
        (
            "GWS_OBSERVATORY__DEPLOYMENTS__0__NAME",
            "42",
            lambda s: s.deployments[0].name == "42",
        ),
        (
            "GWS_OBSERVATORY__DEPLOYMENTS__0__CONSUL__URL",
            "http://c:1",
            lambda s: s.deployments[0].consul.url == "http://c:1",
        ),
        (
            "GWS_OBSERVATORY__DEPLOYMENTS__1__ID",
            "b",
            lambda s: s.deployments[1].id == "b",
        ),
        (
            "GWS_OBSERVATORY__DEPLOYMENTS__0__SCRAPE__INTERVAL",
            "30s",
            lambda s: s.deployments[0].scrape.interval == 30,
        ),
    ],
)
def test_the_environment_overrides_the_file(name, value, want, read):
    assert want(
        read("server: {port: 1}\ndeployments: [{id: a}]", **{name: value}).settings
    )


def test_an_underscore_in_a_variable_stands_for_the_hyphen_of_a_name(read):
    text = "deployments: [{id: a, topology: {nodes: {service-proxy: {port: 1}}}}]"
    name = "GWS_OBSERVATORY__DEPLOYMENTS__0__TOPOLOGY__NODES__SERVICE_PROXY__PORT"
    box = read(text, **{name: "8443"}).deployments[0].topology.box("service-proxy")
    assert box.workloads[0].port == 8443


def test_the_environment_alone_is_enough(read):
    assert (
        read("", GWS_OBSERVATORY__DEPLOYMENTS__0__ID="a").settings.deployments[0].id
        == "a"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "GWS_OBSERVATORY__SERVR__PORT",
            'GWS_OBSERVATORY__SERVR__PORT: servr: unknown key "servr"; did you mean "server"?',
        ),
        (
            "GWS_OBSERVATORY__SERVER__PORT",
            "GWS_OBSERVATORY__SERVER__PORT: server.port: input should be a valid integer",
        ),
        (
            "GWS_OBSERVATORY__DEPLOYMENTS__7__ID",
            'GWS_OBSERVATORY__DEPLOYMENTS__7__ID: deployments: "7" is not a place in a list of that length',
        ),
    ],
)
def test_a_wrong_variable_is_blamed_by_its_name(name, said, problems):
    (line,) = problems("deployments: [{id: a}]", **{name: "x"})
    assert line.startswith(said)


def test_other_variables_are_nothing_to_us(read):
    assert (
        read("deployments: [{id: a}]", PATH="/bin", GWS_OBSERVATORY="x").notices == ()
    )


def test_settings_are_frozen(read):
    settings = read("deployments: [{id: a}]").settings
    with pytest.raises(ValueError, match="frozen"):
        settings.server.port = 1


def test_merge_keys_of_yaml_are_understood(read):
    found = read(
        "deployments:\n  - &first {id: a, consul: {url: 'http://c'}}\n  - {<<: *first, id: b}\n"
    )
    assert found.settings.deployments[1].consul.url == "http://c"


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("gws", "gws/"),
        ("/gws/settings/", "gws/settings/"),
        ("null", None),
    ],
)
def test_a_key_prefix_is_a_folder(read, written, asked):
    text = (
        f"deployments: [{{id: a, consul: {{url: 'http://c', kv_prefix: {written}}}}}]"
    )
    assert read(text).settings.deployments[0].consul.kv_prefix == asked
