"""A person mends a file from top to bottom: every problem at once, each in its place."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "deployments:\n  - id: a\n    kubernets: {}\n",
            'gws.yaml:3:5: deployments[0].kubernets: unknown key "kubernets"; did you mean "kubernetes"?',
            id="unknown-key-names-the-nearest",
        ),
        pytest.param(
            "deployments:\n  - id: a\n    backends: {redis: {ulr: x, url: 'redis://r'}}\n",
            'gws.yaml:3:24: deployments[0].backends.redis.ulr: unknown key "ulr"; did you mean "url"?',
            id="unknown-key-deep-inside",
        ),
        pytest.param(
            "deployments:\n  - id: a\n    consul: {kv_prefix: /, url: http://c:8500}\n",
            "gws.yaml:3:25: deployments[0].consul.kv_prefix: must name a folder of keys, such as settings/",
            id="no-folder-of-keys",
        ),
        pytest.param(
            "deployments:\n  - id: a\n    probes: {dns: [{name: a.b, node: consull}]}\n",
            'gws.yaml:3:38: deployments[0].probes.dns[0].node: no box is called "consull"; did you mean "consul"?',
            id="a-name-of-no-box",
        ),
        pytest.param(
            "deployments:\n  - id: a\n    consul: {qqqqqq: 1, url: http://c:8500}\n",
            'gws.yaml:3:14: deployments[0].consul.qqqqqq: unknown key "qqqqqq"; known here: ca_file, cert_file, datacenter, key_file, kv_prefix, stale, token_file, url',
            id="nothing-near-lists-what-is-known",
        ),
        pytest.param(
            "deployments:\n  - name: x\n",
            "gws.yaml:2:5: deployments[0].id: is required",
            id="missing",
        ),
        pytest.param(
            "deployments:\n  - id: Prod East\n",
            "gws.yaml:2:9: deployments[0].id: may hold only a-z, 0-9 and -, at most 63 of them",
            id="id-pattern",
        ),
        pytest.param(
            "deployments:\n  - id: a\n    scrape: {interval: soon}\n",
            'gws.yaml:3:24: deployments[0].scrape.interval: must be a duration such as "15s", "500ms" or "2m"',
            id="duration",
        ),
        pytest.param(
            "deployments:\n  - id: a\n    probes: {interval: 5h}\n",
            "gws.yaml:3:24: deployments[0].probes.interval: must be between 1s and 1h",
            id="duration-out-of-range",
        ),
        pytest.param(
            "deployments:\n  - id: a\n    consul: {url: consul:8500}\n",
            "gws.yaml:3:19: deployments[0].consul.url: must start with http:// or https://",
            id="address-without-scheme",
        ),
        pytest.param(
            "deployments:\n  - id: a\n    consul: {url: 'http://me:hunter2@consul'}\n",
            "gws.yaml:3:19: deployments[0].consul.url: holds a password; secrets come only from files",
            id="password-in-an-address",
        ),
        pytest.param(
            "deployments:\n  - id: a\n    consul: {url: http://c, cert_file: gws.yaml}\n",
            "gws.yaml:3:40: deployments[0].consul.cert_file: no such file: {folder}/gws.yaml",
            id="file-that-is-not-there",
        ),
        pytest.param(
            "deployments:\n  - id: a\n    kubernetes: {in_cluster: true, context: x}\n",
            "gws.yaml:3:17: deployments[0].kubernetes: context belongs to a kubeconfig, not to in_cluster",
            id="context-in-cluster",
        ),
        pytest.param(
            "deployments:\n  - id: a\n    kubernetes: {namespaces: {gws: Not_A_Name}}\n",
            "gws.yaml:3:36: deployments[0].kubernetes.namespaces.gws: is not the name of a Kubernetes namespace",
            id="namespace",
        ),
        pytest.param(
            "server: {auth: {mode: open, groups: [{group: a}]}}\ndeployments: [{id: a}]\n",
            "gws.yaml:1:16: server.auth: groups and everybody have no use with mode: open",
            id="auth-that-would-protect-nothing",
        ),
        pytest.param(
            "deployments: []\n",
            "gws.yaml:1:14: deployments: must list at least one deployment",
            id="no-deployment",
        ),
        pytest.param(
            "deployments: 3\n",
            "gws.yaml:1:14: deployments: must be a list",
            id="not-a-list",
        ),
        pytest.param(
            "deployments: [7]\n",
            "gws.yaml:1:15: deployments[0]: must be a mapping of keys",
            id="not-a-mapping",
        ),
        pytest.param(
            "server: {}\n",
            "gws.yaml:1:1: deployments: is required",
            id="nothing-to-watch",
        ),
        pytest.param(
            "[1, 2]\n", "gws.yaml: must be a mapping: server, deployments", id="a-list"
        ),
        pytest.param(
            "a: [1\n",
            "gws.yaml:2:1: not YAML: expected ',' or ']', but got '<stream end>'",
            id="not-yaml",
        ),
        pytest.param(
            "a: &x [*x]\n",
            "gws.yaml:1:4: not YAML: contains itself",
            id="contains-itself",
        ),
        pytest.param(
            "deployments: [{id: a}]\nserver: {port: 1, port: 2}\n",
            "gws.yaml:2:19: server.port: written twice",
            id="written-twice",
        ),
        pytest.param(
            "deployments:\n  - id: a\n    topology: {nodes: {rediss: {}}}\n",
            "gws.yaml:3:24: deployments[0].topology.nodes.rediss: names nothing of the picture; did you mean redis?",
            id="topology-that-names-nothing",
        ),
        pytest.param(
            "deployments:\n  - id: a\n    probes: {targets: [{node: rediss, url: 'tcp://r:1'}]}\n",
            'gws.yaml:3:31: deployments[0].probes.targets[0].node: no box is called "rediss"; did you mean "redis"?',
            id="target-of-no-box",
        ),
        pytest.param(
            "deployments:\n  - id: a\n    probes: {targets: [{node: redis, url: 'tcp://r'}]}\n",
            "gws.yaml:3:43: deployments[0].probes.targets[0].url: needs a port: tcp://host:6379",
            id="target-without-a-port",
        ),
    ],
)
def test_a_problem_is_told_with_its_place(text, said, problems, tmp_path):
    assert problems(text) == [said.replace("{folder}", str(tmp_path))]


def test_every_problem_is_told_at_once_in_the_order_of_the_file(problems):
    text = """
server: {port: 99999, hots: x}
deployments:
  - id: UPPER
    consul: {}
    scrape: {interval: never}
"""
    places = [problem.split(": ")[0] for problem in problems(text)]
    assert places == [
        "gws.yaml:2:16",
        "gws.yaml:2:23",
        "gws.yaml:4:9",
        "gws.yaml:5:13",
        "gws.yaml:6:24",
    ]


def test_two_deployments_may_not_share_an_id(problems):
    said = problems("deployments:\n  - id: a\n  - id: b\n  - id: a\n")
    assert said == [
        'gws.yaml:2:9: deployments[0].id: another deployment is called "a"',
        'gws.yaml:4:9: deployments[2].id: another deployment is called "a"',
    ]


def test_limits_that_name_nothing_are_problems(problems):
    (said,) = problems("deployments:\n  - id: a\n    limits: {error_ration: 1}\n")
    assert said.startswith("gws.yaml:3:14: deployments[0].limits.error_ration: ")


def test_many_aliases_are_refused_rather_than_expanded(problems):
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 9)]
    (said,) = problems("\n".join(["l0: &l0 [x]", *levels]))
    assert "too many values" in said


def test_no_problem_shows_a_value_that_may_be_secret(problems):
    said = problems(
        "deployments:\n  - id: a\n    consul: {url: 'http://me:hunter2@c', token: hunter2}\n"
    )
    assert len(said) == 2
    assert "hunter2" not in "".join(said)
