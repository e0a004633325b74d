"""What several simulations wrote becomes one configuration, each two a pair."""

from __future__ import annotations

import pytest

from app.cli.arguments import WrongUsage, parse
from app.cli.demo_config import called, together


def test_each_two_are_the_units_of_a_pair_and_the_last_may_be_alone():
    found = [called(at, 3) for at in range(3)]
    assert [one["id"] for one in found] == ["demo-1", "demo-2", "demo-3"]
    assert [one["region"] for one in found] == ["east", "west", "east"]
    assert [one.get("group") for one in found] == ["pair-1", "pair-1", None]


@pytest.mark.parametrize(("count", "ids"), [(1, ["demo"]), (2, ["demo-1", "demo-2"])])
def test_all_are_watched_by_one_dashboard(tmp_path, count, ids):
    files = [tmp_path / f"{number}.yaml" for number in range(count)]
    for number, file in enumerate(files):
        url = f"http://127.0.0.1:{9000 + number}"
        file.write_text(f"deployments: [{{id: demo, consul: {{url: '{url}'}}}}]")
    found = together(files, tmp_path, {})
    assert [one.id for one in found.deployments] == ids
    asked = [one.consul.url for one in found.settings.deployments]
    assert asked == [f"http://127.0.0.1:{9000 + n}" for n in range(count)]
    assert found.notices == ()


@pytest.mark.parametrize("text", ["0", "9", "-1", "two"])
def test_what_is_no_number_of_deployments_is_told(text):
    with pytest.raises(WrongUsage, match="is not a number of deployments, 1 to 8"):
        parse(["demo", f"--deployments={text}"])
