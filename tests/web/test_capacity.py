"""The capacity review: as a page, for scripts, and as a report in three forms."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import openpyxl
import pypdf
import pytest

from app.web import schema
from app.web.schema_capacity import Capacity
from tests.web.conftest import NOW
from tests.web.grown import Grown

PAGE = "/capacity/demo"
API = "/api/v1/deployments/demo/capacity"
ASKED = "span=30d&agents=30"


@pytest.fixture(scope="module", autouse=True)
def grown(live):
    live.kept.grown = Grown(NOW - timedelta(days=100), growth=0.15)
    # Once, so that no test waits for it.
    live.get(f"{API}?{ASKED}")
    yield live.kept
    live.kept.grown = None


@pytest.fixture(scope="module")
def files(live):
    """Made once: each takes a second or two."""
    return {form: live.get(f"{API}.{form}?{ASKED}") for form in ("pdf", "xlsx", "csv")}


def body(live, query=ASKED):
    return live.get(f"{PAGE}?{query}&part=1").text


def words(html):
    """What is read, without what a browser does not show."""
    html = re.sub(r"<script.*?</script>", "", html, flags=re.S)
    return unescape(re.sub(r"<[^>]+>", "\n", html))


def test_the_api_tells_what_its_description_says(live):
    answer = live.get(f"{API}?{ASKED}&points=true")
    found = Capacity.model_validate(answer.json())
    assert len(found.subjects) == 31 + 23
    assert found.what_if.growth == 30
    assert (found.since, found.whole) == (NOW - timedelta(days=100), True)
    redis = next(one for one in found.subjects if one.node == "redis")
    assert redis.trend.points and len(redis.week) == 7
    plain = live.get(f"{API}?{ASKED}").json()
    assert all(one["week"] is None for one in plain["subjects"])


def test_what_fills_up_first_comes_first_and_in_words(live):
    first, second, *_ = live.get(f"{API}?{ASKED}").json()["first"]
    assert "full" in first["when"] and "p95:" in first["used"]
    shown = words(body(live))
    assert shown.index(first["label"]) < shown.index(second["label"])
    assert first["when"] in shown


@pytest.mark.timeout(180)  # whoever is first has the files made, every branch counted
def test_page_pdf_workbook_and_csv_have_the_same_numbers(live, files):
    """Of every limit: what is used of it, what it is, and when it is full."""
    files = {form: answer.content for form, answer in files.items()}
    shown = [text.strip() for text in words(body(live)).split("\n") if text.strip()]
    pages = "\n".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(files["pdf"])).pages
    )
    printed = " ".join(pages.split())
    rows = list(csv.DictReader(io.StringIO(files["csv"].decode())))
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]), read_only=True)
    cells = list(book["Limits"].iter_rows(values_only=True))
    head = cells[0]
    api = {
        (str(one["connection"] or one["node"]), room["limit"]): room
        for one in live.get(f"{API}?{ASKED}").json()["subjects"] for room in one["limits"]
    }  # fmt: skip
    limits = [row for row in rows if row["table"] == "limits"]
    assert len({(row["subject"], row["row"]) for row in limits}) == len(api)
    for column, field in (
        ("Used (p95)", "used"),
        ("Most", "most"),
        ("Headroom", "free"),
    ):
        told = [row for row in limits if row["column"] == column]
        in_book = [line[head.index(column)] for line in cells[1:]]
        assert [float(row["number"]) for row in told] == in_book
        assert sorted(in_book) == sorted(room[field] for room in api.values())
        assert all(row["text"] in printed for row in told), column
    summary = [row for row in rows if row["table"] == "summary"]
    for column in ("p95", "Peak", "Headroom"):
        told = [row["text"] for row in summary if row["column"] == column]
        assert len(told) == 54
        assert set(told) <= set(shown), column
    words_of = {row["text"] for row in limits if row["column"].startswith("Until")}
    assert all(text in printed for text in words_of)


@pytest.mark.parametrize("title", ["Days", "Hours of the week"])
def test_every_day_and_hour_is_the_same_in_workbook_csv_and_api(title, live, files):
    files = {form: answer.content for form, answer in files.items()}
    key = {"Days": "days", "Hours of the week": "hours"}[title]
    told = csv.DictReader(io.StringIO(files["csv"].decode()))
    rows = [row for row in told if row["table"] == key]
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]), read_only=True)
    head, *lines = book[title].iter_rows(values_only=True)
    assert len(rows) == len(lines) * (len(head) - 1)
    numbers = [float(row["number"]) for row in rows if row["number"]]
    in_book = [v for line in lines for v in line if isinstance(v, int | float)]
    assert numbers == in_book
    if key == "hours":
        api = live.get(f"{API}?{ASKED}&points=true").json()["subjects"]
        weeks = [value for one in api for day in one["week"] or [] for value in day]
        assert numbers == [value for value in weeks if value is not None]


def test_a_workbook_holds_numbers_with_their_units(files):
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"].content))
    assert [name for name in book.sheetnames][:2] == ["What fills up first", "Summary"]
    sheet = book["Measures"]
    cell = sheet.cell(2, 3)
    assert isinstance(cell.value, float | int)
    assert "requests/s" in cell.number_format
    assert {"Days", "Hours of the week", "Trends"} <= set(book.sheetnames)


def test_a_report_says_of_whom_and_when_it_is(files):
    answer = files["pdf"]
    assert (
        answer.headers["content-disposition"]
        == 'attachment; filename="capacity-demo.pdf"'
    )
    document = pypdf.PdfReader(io.BytesIO(answer.content))
    first = document.pages[0].extract_text()
    assert "Capacity: Demo" in first and "2026-10-25" in first
    # The map is on the same page as what fills up first.
    assert "On the line: days until the limit" in first


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("span=2d", "span"),
        ("agents=900", "agents"),
        ("outages=maybe", "outages"),
        ("hours=some", "hours"),
        ("from=2020-01-01T00:00:00Z", "from"),
        ("from=2026-11-24T10:00:00Z", "from"),
    ],
)
def test_what_can_not_be_reviewed_is_refused(query, field, live):
    answer = live.get(f"{API}?{query}")
    assert answer.status_code == 422
    assert schema.Error.model_validate(answer.json()).error.field == field


def test_the_page_holds_its_choices_in_its_address(live):
    query = "span=90d&hours=all&outages=in&agents=30&node=redis"
    page = live.get(f"{PAGE}?{query}").text
    for name, value in (("span", "90d"), ("hours", "all"), ("outages", "in")):
        chosen = re.search(rf'<select name="{name}">.*?</select>', page, re.S)[0]
        assert f'value="{value}" selected' in chosen
    assert 'name="agents"' in page and 'value="30"' in page
    part = live.get(f"{PAGE}?{query}&part=1").text
    assert "<h2>Redis</h2>" in part
    assert (
        "/capacity/demo?span=90d&amp;hours=all&amp;outages=in&amp;agents=30&amp;c=17"
        in part
    )
    assert "capacity.pdf?span=90d&amp;hours=all" in part


def test_a_span_of_ones_own_is_days_of_the_calendar(live):
    page = words(body(live, "from=2026-10-01&to=2026-10-31"))
    assert "2026-10-01 00:00 to 2026-11-01 00:00" in page


def test_what_can_not_be_read_of_an_address_is_said(live):
    assert "could not be read" not in body(live)
    for query in ("span=9d", "agents=many", "from=yesterday&to=2026-10-31"):
        assert "could not be read" in body(live, query)


def test_one_subject_is_told_in_detail(live):
    part = live.get(f"{PAGE}?{ASKED}&part=subject&node=redis").text
    assert part.count("data-cap-plot") == 2
    assert part.count("data-shade") == 7 * 24
    told = words(part)
    assert "Tried on these data at" in told and "Limits and headroom" in told
    assert "all hours of all days" in words(body(live))


def test_the_lens_has_a_mark_for_each_connection(live):
    found = live.get(f"{PAGE}?part=lens").json()
    assert set(found["marks"]) == {str(number) for number in range(1, 32)}
    one = found["marks"]["17"]
    assert set(one) == {"width", "fill", "label", "told"} and one["width"] in range(6)
    assert found["empty"] is None


def test_what_was_made_is_kept_for_the_next(live, grown):
    live.get(f"{API}?span=7d")
    before = len(grown.asked)
    live.get(f"{API}?span=7d&points=true")
    live.get(f"{PAGE}?span=7d&part=1")
    live.get(f"{API}.csv?span=7d")
    assert len(grown.asked) == before
    live.get(f"{API}?span=7d&agents=21")
    assert len(grown.asked) == before + 1


def test_nothing_kept_and_too_little_are_said(live, grown):
    kept, grown.grown = grown.grown, None
    try:
        page = words(body(live, "span=7d&agents=1"))
        assert "No history is kept" in page
        assert live.get(f"{API}?span=7d&agents=1").json()["since"] is None
        grown.grown = Grown(NOW - timedelta(days=5))
        page = words(body(live, "span=30d&agents=2"))
        assert "History begins on 2026-11-19" in page
        assert "not enough history" in page
    finally:
        grown.grown = kept


def test_what_can_not_be_read_now_is_a_503_and_tried_again(live, grown):
    grown.trouble = "the engine gives no answer"
    for path in (f"{API}?agents=3", f"{API}.pdf?agents=3", f"{PAGE}?part=1&agents=3"):
        answer = live.get(path)
        assert answer.status_code == 503
        message = answer.json()["error"]["message"]
        assert message == "the history can't be read: the engine gives no answer"
    # The page itself comes all the same, and asks again.
    assert "data-pending" in live.get(f"{PAGE}?agents=3").text
    grown.trouble = None
    assert live.get(f"{API}?agents=3").status_code == 200


def test_a_moment_is_looked_back_from(live):
    found = live.get(f"{PAGE}?at=2026-11-01T10:20:00Z&part=1").text
    assert "2026-10-02 10:00 to 2026-11-01 10:00" in found
    refused = live.get(f"{PAGE}?at=nonsense&part=1")
    assert (refused.status_code, "not an RFC 3339 time" in refused.text) == (400, True)


def test_nobody_has_no_capacity(live):
    assert live.get("/capacity/nobody").status_code == 404
    assert live.get("/api/v1/deployments/nobody/capacity").status_code == 404
