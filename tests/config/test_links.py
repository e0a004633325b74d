"""Links in the configuration: each problem in its place, and what can never be shown."""

from __future__ import annotations

import pytest

BEGIN = "deployments:\n  - id: a\n    links:\n"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://g/{namespce}", 'no field is called "namespce"; did you mean "namespace"?'),
        ("https://g/{namespace.x}", 'no field is called "namespace.x"; did you mean "namespace"?'),
        ("https://g/{namespace", "has a brace that stands alone; {{ and }} are braces that are meant"),
        ("https://g/{}", "has braces without a plain name of a field in them"),
        ("https://{datacenter}.g/x", "the host must be written out, without a field"),
        ("https://me:{node}@g/x", "the host must be written out, without a field"),
        ("{node}", "must start with http:// or https://"),
        ("javascript:alert({node})", "must start with http:// or https://"),
        ("//g/{node}", "must start with http:// or https://"),
        ("https:///{node}", "has no host"),
        ("https://me:hunter2@g/", "holds a password; secrets come only from files"),
        ("https://g/a b", "must be an address: one word, without \\"),
        ("https://g\\\\@h/", "must be an address: one word, without \\"),
    ],
)  # fmt: skip
def test_a_template_that_will_not_do(problems, url, said):
    (problem,) = problems(f'{BEGIN}      Tool: "{url}"\n')
    assert problem == f"gws.yaml:4:13: deployments[0].links.Tool: {said}"


def test_every_link_is_checked(problems):
    text = f'{BEGIN}      A: "ftp://g"\n      B: "https://g/{{x}}/{{y}}"\n'
    assert len(problems(text)) == 2


def test_a_link_has_a_name_and_there_are_not_too_many(problems):
    assert problems(f'{BEGIN}      "": "https://g/"\n')
    many = "".join(f"      l{at}: https://g/{at}\n" for at in range(13))
    (problem,) = problems(BEGIN + many)
    assert problem.endswith("has more than 12 links")


def test_what_is_well_is_kept_as_it_is_written(read):
    url = "https://g/d?ns={namespace}&from={from_ms}"
    (one,) = read(f'{BEGIN}      Grafana: "{url}"\n').settings.deployments
    assert dict(one.links) == {"Grafana": url}
    assert read("deployments: [{id: a, links: }]").settings.deployments[0].links == {}


def test_what_can_never_be_shown_is_told(read):
    text = f'{BEGIN}      Consul: "https://c/{{datacenter}}/{{datacenter}}"\n      K: "https://k/{{context}}"\n'
    assert [str(notice) for notice in read(text).notices] == [
        "gws.yaml:4:7: deployments[0].links.Consul: is never shown: {datacenter} needs consul.datacenter, which is not set",
        "gws.yaml:5:7: deployments[0].links.K: is never shown: {context} needs kubernetes.context, which is not set",
    ]
    given = "    consul: {url: http://c, datacenter: d}\n    kubernetes: {context: k}\n"
    assert read(text + given).notices == ()
