"""What callers and clusters write stays what it is: text, in whatever it is put."""

from __future__ import annotations

import http.client
import io
import json
import re
from pathlib import Path
from urllib.parse import quote, urlsplit

import openpyxl
import pypdf
import pytest
import structlog
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.cli import logs
from app.export.capacity import _lines as csv_lines
from app.export.capacity import _sheet as xlsx_sheet
from app.export.pdf import pdf
from app.warned import Warned
from collectors.telemetry import filled
from layouts.capacity_sheets import Row, Sheet
from layouts.markup import Markup
from layouts.report import Note, Report
from layouts.report_markdown import markdown
from layouts.sheet import FORMULA
from tests.web.conftest import Live
from tests.web.routes import every

TOP = Path(__file__).parents[2]
SECRET = (TOP / "pyproject.toml").read_text().splitlines()[0]
CLIMBS = (
    "/assets/../../pyproject.toml",
    "/assets/..%2f..%2fpyproject.toml",
    "/assets/%2e%2e/%2e%2e/pyproject.toml",
    "/assets/..%5c..%5cpyproject.toml",
    "/assets/%252e%252e/pyproject.toml",
    "/assets//etc/passwd",
    "/assets/%00/etc/passwd",
    "/assets/gws.css%00.js",
    "/_dash-component-suites/../../../../etc/passwd",
    "/_dash-component-suites/dash/..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
    "/_dash-component-suites/os/__init__.py",
    "/map/..%2f..%2fetc%2fpasswd",
    "/api/v1/deployments/..%2f..%2fetc/snapshot",
    "/api/v1/deployments/demo/incidents/..%2f..%2fx/postmortem.pdf",
    "/etc/passwd",
    "/.git/config",
    "//etc/passwd",
)
SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"


def asked(live: Live, path: str) -> tuple[int, dict[str, str], bytes]:
    """As it is written: no client tidies the path."""
    connection = http.client.HTTPConnection(urlsplit(live.url).netloc, timeout=30)
    try:
        connection.putrequest("GET", path, skip_accept_encoding=True)
        connection.putheader("Accept", "text/html")
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("path", CLIMBS)
def test_no_path_climbs_out_of_what_is_served(live, path):
    status, _, body = asked(live, path)
    assert status in (400, 404, 422), path
    assert b"root:" not in body
    assert SECRET.encode() not in body


def test_a_line_break_in_an_address_makes_no_header(live):
    evil = quote("x\r\nSet-Cookie: evil=1\r\n\r\n<script>", safe="")
    for method, path in every(live.web):
        if method == "GET" and not path.endswith("/stream"):
            for whole in (f"{path}?{evil}&at={evil}", path.replace("demo", evil)):
                _, headers, _ = asked(live, whole)
                assert "set-cookie" not in {name.lower() for name in headers}, whole


def test_a_file_s_name_holds_nothing_of_the_caller(live):
    for name in ("connections.csv", "series", "capacity.csv"):
        for deployment in ("demo", 'de"mo', "demo%0d%0aX: y", "../demo", "d\u00e9mo"):
            path = f"/api/v1/deployments/{quote(deployment)}/{name}"
            told = live.get(path).headers.get("content-disposition")
            if told is not None:
                assert re.fullmatch(r'attachment; filename="[a-z0-9.-]+"', told)
                assert deployment == "demo"


def test_no_page_repeats_what_an_address_says_as_markup(live):
    shown = re.compile(r"<script>alert|<img src=x")
    for method, path in every(live.web):
        if method != "GET" or path.endswith("/stream"):
            continue
        names = ("at", "with", "v", "c", "node", "span", "from", "to", "order", "theme",
                 "columns", "hours", "agents", "lens", "q", "of", "subjects")  # fmt: skip
        query = "&".join(f"{name}={quote(SCRIPT)}" for name in names)
        for whole in (f"{path}?{query}", re.sub("demo|redis|9|x", quote(SCRIPT), path)):
            _, headers, body = asked(live, whole)
            if "html" in {k.lower(): v for k, v in headers.items()}.get(
                "content-type", ""
            ):
                assert not shown.search(body.decode()), whole


@pytest.mark.parametrize("form", ["json", "console"])
@given(text=st.text(max_size=60))
def test_what_is_logged_is_one_line_whatever_it_says(form, text):
    """A second line would be taken for an entry of its own; an escape sequence would
    write over those before it."""
    kept = structlog.get_config()
    stream = io.StringIO()
    try:
        logs.configure(form, stream, Warned())
        structlog.get_logger().info("asked", path=f"/x{text}\r\n\x1b[2J\x00forged")
    finally:
        structlog.configure(**kept)
    (line,) = stream.getvalue().splitlines()
    assert line.isprintable()
    if form == "json":
        assert json.loads(line)["path"].endswith("forged")


def unescaped(written: str) -> str:
    """As PromQL reads what stands between quotes."""
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], written)


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_label_s_value_stays_within_its_quotes_in_promql(first, second):
    asked_ = filled('up{a="b",$M}[$W]', 60, {"x": first, "y": second})
    found = re.fullmatch(
        r'up\{a="b",x="((?:[^"\\\n]|\\.)*)",y="((?:[^"\\\n]|\\.)*)"\}\[60s\]', asked_
    )
    values = (first.replace("$W", "60s"), second.replace("$W", "60s"))
    assert found is not None
    assert (unescaped(found[1]), unescaped(found[2])) == values


NOTES = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](&#106;avascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "[x]: javascript:alert(1)\n[x]",
    "<javascript:alert(1)>",
    "</blockquote>\n\n# taken over",
)


@pytest.mark.parametrize("text", NOTES)
def test_a_note_in_markdown_is_harmless_where_it_is_pasted(text):
    """A wiki may take HTML, and links of every kind."""
    report = Report("title", "under", (Note("me, 10:00", text, Markup("")),))
    made = MarkdownIt("commonmark", {"html": True}).render(markdown(report))
    assert not re.search(r"<(script|img|iframe)|href=\"(?!https?:)", made, re.I), made
    assert made.count("</blockquote>") == 1


def test_and_an_honest_link_stays_one():
    report = Report(
        "t", "u", (Note("h", "see [wiki](https://w.example/a?b=1) a < b", Markup("")),)
    )
    assert "[wiki](https://w.example/a?b=1) a < b" in markdown(report)


FORMULAS = ("=cmd|' /C calc'!A0", "+1", "-1+2", "@SUM(A1)", "\t=1", "=HYPERLINK(1)")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_report_is_a_formula(text):
    made = Sheet("limits", "Limits", ("Use",), (Row(9, text, (text,)),))
    for line in csv_lines(made):
        assert not str(line[2]).startswith(FORMULA)
        assert not str(line[-1]).startswith(FORMULA)
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False}
    with xlsxwriter.Workbook(file, options) as book:
        xlsx_sheet(book, made)
    cells = [cell for row in openpyxl.load_workbook(file).active.rows for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}


def test_nothing_of_a_note_is_markup_in_a_pdf():
    text = "<img src='file:///etc/passwd'/> <font size='99'>x</font> &amp; {{x}}"
    report = Report("t<b>", "u", (Note("h", text, Markup("")),))
    (page,) = pypdf.PdfReader(io.BytesIO(pdf(report))).pages
    assert text in page.extract_text()
