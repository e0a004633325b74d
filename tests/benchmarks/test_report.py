"""The figures of `make bench` come from samples, and what was lost is not hidden."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.chart import FirstChart
from benchmarks.evaluation import AskedAll
from benchmarks.judging import Cost
from benchmarks.judging_many import Round
from benchmarks.moments import Keeping
from benchmarks.page import LIVE, POLLING
from benchmarks.parsing import Parsed
from benchmarks.pixel import Sample
from benchmarks.report import (
    END,
    MACHINE,
    START,
    chart_table,
    evaluation_table,
    judging_table,
    keeping_table,
    parsing_table,
    pixel_table,
    rounds_table,
    stores_table,
    upstream_table,
    write_into,
)
from benchmarks.stores import StoreCost
from benchmarks.upstream import Asked


def sample(
    painted_ms: float | None, page: str = LIVE, activity: str = "quiet"
) -> Sample:
    turned_ms = second_ms = None
    if painted_ms is not None:
        turned_ms, second_ms = painted_ms - 5, painted_ms + 10
    times = turned_ms, painted_ms, second_ms
    return Sample("consul", page, 0, activity, 30, *times)


def rows(table: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in table.splitlines()[2:]
    ]


def test_percentiles_are_those_of_the_events_that_were_seen() -> None:
    told = rows(pixel_table([sample(float(ms)) for ms in range(101)]))
    assert told[0][:5] == ["consul", "live", "0", "quiet", "101 of 101"]
    assert told[0][5:7] == ["45", "90"]
    assert told[0][7:11] == ["50", "95", "99", "100"]
    assert told[0][11:] == ["60", "105"]


def test_an_event_that_never_showed_is_counted() -> None:
    told = rows(pixel_table([sample(10.0), sample(None)]))
    painted = ["10", "10", "10", "10"]
    assert told[0][4:] == ["1 of 2", "5", "5", *painted, "20", "20"]


def test_a_crowd_that_saw_nothing_has_dashes_and_no_zeros() -> None:
    told = rows(pixel_table([sample(None)]))
    assert told[0][4:] == ["0 of 1", *["–"] * 8]


def test_quiet_and_busy_are_told_apart_and_together_under_the_baseline() -> None:
    samples = [sample(1.0), sample(3.0, activity="busy"), sample(500.0, page=POLLING)]
    told = [(row[1], row[3], row[7]) for row in rows(pixel_table(samples))]
    assert told == [
        ("polling 1 s", "quiet", "500"),
        ("polling 1 s", "all", "500"),
        ("live", "quiet", "1"),
        ("live", "busy", "3"),
        ("live", "all", "2"),
    ]


def test_requests_are_listed_by_source_and_viewers() -> None:
    asked = [Asked(500, "consul", 6.0), Asked(1, "consul", 6.04)]
    assert rows(upstream_table(asked)) == [
        ["consul", "1", "6.0"],
        ["consul", "500", "6.0"],
    ]


def test_results_replace_what_stands_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{START}\nnone yet\n{END}\nafter\n")
    write_into(page, {MACHINE: "| m |", "Cold": "old"})
    write_into(page, {MACHINE: "| m |", "Cost": "1"})
    write_into(page, {MACHINE: "| m |", "Cold": "new"})
    told = "### Machine\n\n| m |\n\n### Cold\n\nnew\n\n### Cost\n\n1"
    assert page.read_text() == f"before\n{START}\n\n{told}\n\n{END}\nafter\n"


def test_results_of_another_machine_stay_under_it_until_measured_anew(
    tmp_path: Path,
) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"{START}\n{END}\n")
    write_into(page, {MACHINE: "| one |", "Cold": "old", "Cost": "2"})
    write_into(page, {MACHINE: "| other |", "Cost": "1"})
    write_into(page, {MACHINE: "| one |", "Size": "9"})
    one = "### Machine\n\n| one |\n\n### Cold\n\nold\n\n### Size\n\n9"
    other = "### Machine\n\n| other |\n\n### Cost\n\n1"
    assert page.read_text() == f"{START}\n\n{one}\n\n{other}\n\n{END}\n"


def test_a_machine_of_which_nothing_is_left_is_not_named(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"{START}\n{END}\n")
    write_into(page, {MACHINE: "| one |", "Cost": "2"})
    write_into(page, {MACHINE: "| other |", "Cost": "1"})
    told = "### Machine\n\n| other |\n\n### Cost\n\n1"
    assert page.read_text() == f"{START}\n\n{told}\n\n{END}\n"


def test_what_the_store_itself_spent_is_told_apart() -> None:
    costs = [StoreCost("list", 9, (4.0, 6.0), 1.25)]
    assert rows(stores_table(costs)) == [["list", "9", "2", "5", "6", "1.2"]]


def test_judgements_are_compared_with_the_first() -> None:
    costs = [Cost("anew", 9, (4.0, 4.0)), Cost("again", 9, (1.0, 1.0))]
    assert rows(judging_table(costs)) == [
        ["anew", "9", "2", "4.0", "4.0", "100%"],
        ["again", "9", "2", "1.0", "1.0", "25%"],
    ]


def test_rounds_are_each_compared_with_the_baseline_before_them() -> None:
    told = [
        Round("anew", 1, 1, (4.0, 4.0)), Round("kept", 1, 1, (1.0, 1.0)),
        Round("anew", 100, 5, (8.0, 8.0)), Round("kept", 100, 5, (2.0, 6.0)),
    ]  # fmt: skip
    assert rows(rounds_table(told)) == [
        ["1", "1", "anew", "2", "4.0", "4.0", "100%"],
        ["1", "1", "kept", "2", "1.0", "1.0", "25%"],
        ["100", "5", "anew", "2", "8.0", "8.0", "100%"],
        ["100", "5", "kept", "2", "4.0", "5.8", "50%"],
    ]


def test_what_an_evaluation_asked_received_and_took() -> None:
    ways = [AskedAll("one by one", 31, 4, 651, 2048, (5.0, 7.0), (8.0, 10.0))]
    assert rows(evaluation_table(ways)) == [
        ["one by one", "31", "4", "651", "2", "2", "6", "7", "9"],
    ]


def test_reading_is_a_share_of_the_time_between_two_scrapes() -> None:
    ways = [Parsed("reader", 300, 30_000, 300 * 2048, 15.0, (1.5, 1.5))]
    assert rows(parsing_table(ways)) == [
        ["reader", "300", "15", "100", "2.0", "2", "50.0", "10.0%", "10.0%"],
    ]


def test_a_page_without_marks_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("no marks")
    with pytest.raises(ValueError, match="page.md lacks"):
        write_into(page, {MACHINE: "new"})
    assert page.read_text() == "no marks"


def test_what_the_pipeline_pays_for_a_kept_picture_stands_beside_the_packing() -> None:
    told = rows(keeping_table(Keeping((0.01, 0.03), (2.0, 4.0), (8192, 10240))))
    assert told == [
        ["noted", "2", "0.020", "0.029", "0.030", "–"],
        ["packed", "2", "3.000", "3.900", "4.000", "9.0"],
    ]


def test_a_first_chart_is_told_for_an_empty_and_for_a_warm_cache() -> None:
    def opened(warm: bool, took_ms: float, sent: int) -> FirstChart:
        whole = {"script": 2048, "figures": 4096}
        return FirstChart(warm, took_ms, {"script": sent, "figures": 1024}, whole)

    charts = [opened(False, 300.0, 1024), opened(True, 90.0, 0)]
    assert rows(chart_table(charts)) == [
        ["empty", "1", "300", "300", "300", "1", "2", "1", "4"],
        ["warm", "1", "90", "90", "90", "0", "2", "1", "4"],
    ]
