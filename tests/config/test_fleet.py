"""Where a deployment is and what it belongs to, and how a wrong name is told."""

from __future__ import annotations

import pytest


def test_both_may_be_left_out(read):
    one = read("deployments: [{id: a}]").settings.deployments[0]
    assert (one.region, one.group) == (None, None)


def test_units_of_a_pair_share_a_group(read):
    text = "deployments: [{id: a, region: EU West 1, group: pair}, {id: b, region: Zürich, group: pair}]"
    found = read(text)
    assert [one.region for one in found.settings.deployments] == ["EU West 1", "Zürich"]
    assert {one.group for one in found.settings.deployments} == {"pair"}
    assert found.notices == ()


def test_a_number_is_a_name_too(read):
    assert (
        read("deployments: [{id: a, region: 7}]").settings.deployments[0].region == "7"
    )


@pytest.mark.parametrize("written", ['""', '" "', "-a", "a/b", '"a\\nb"', "x" * 64])
@pytest.mark.parametrize("key", ["region", "group"])
def test_what_no_name_may_be_is_told_with_its_place(key, written, problems):
    (said,) = problems(f"deployments:\n  - id: a\n    {key}: {written}\n")
    place = f"gws.yaml:3:{len(key) + 7}: deployments[0].{key}: "
    assert said.startswith(f"{place}may hold only letters, digits, spaces")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (
            "pair-east",
            'no other deployment is in the group "pair-eats"; did you mean "pair-east"?',
        ),
        ("xyz", 'no other deployment is in the group "pair-eats"'),
    ],
)
def test_who_is_alone_in_a_group_is_told(other, said, read):
    text = f"deployments: [{{id: a, group: {other}}}, {{id: b, group: {other}}}, {{id: c, group: pair-eats}}]"
    (notice,) = read(text).notices
    assert (
        str(notice)
        == f"gws.yaml:1:{text.index('group: pair-eats') + 1}: deployments[2].group: {said}"
    )


def test_a_misspelt_key_names_the_nearest(problems):
    (said,) = problems("deployments: [{id: a, regoin: eu}]")
    assert said.endswith('unknown key "regoin"; did you mean "region"?')
