"""The parser's wrapper: whole or not at all, and the line that is to blame."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collectors.errors import SourceMisread, SourceTooLarge
from collectors.exposition import MOST_SERIES, PLAIN_SAMPLE, Page, bare, read_page

OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
TEXT = "text/plain; version=0.0.4"
WANTED = frozenset({"jetty_responses", "jetty_requests_seconds_bucket", "lag", "count"})


def read(text, content_type=TEXT, wanted=WANTED, counters=("jetty_responses", "count")):
    body = text if isinstance(text, bytes) else text.encode()
    return read_page(body, content_type, wanted, lambda name, _: name in counters)


def values(page):
    return {series: sample.value for series, sample in page.samples.items()}


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("prometheus-client-0.26.0.txt", TEXT),
        ("prometheus-client-0.26.0.openmetrics", OPENMETRICS),
    ],
)
def test_both_formats_of_a_real_page_give_the_same(name, content_type, recorded):
    page = read(recorded(name), content_type)
    assert values(page) == {
        ("jetty_responses", (("status", "2xx"),)): 100,
        ("jetty_responses", (("status", "5xx"),)): 3,
        **{
            ("jetty_requests_seconds_bucket", (("le", le), ("method", "GET"))): count
            for le, count in [
                ("0.01", 1),
                ("0.1", 3),
                ("1.0", 4),
                ("5.0", 4),
                ("+Inf", 5),
            ]
        },
    }
    assert page.notes == ()


def test_a_series_given_twice_is_read_once_with_a_note():
    page = read("lag 1\nlag 2\n")
    assert values(page) == {("lag", ()): 1}
    assert page.notes == ("lag: given twice, the first is used",)


@pytest.mark.parametrize("value", ["NaN", "+Inf", "-Inf", "1e999"])
def test_what_is_no_number_is_left_out_with_a_note(value):
    page = read(f"lag {value}\ncount {value}\n")
    assert values(page) == {}
    assert len(page.notes) == 2


def test_a_counter_below_zero_is_left_out_and_a_gauge_is_not():
    page = read('jetty_responses_total{status="2xx"} -1\nlag -1\n')
    assert values(page) == {("lag", ()): -1}
    assert page.notes == ("jetty_responses: a counter below zero",)


def test_many_bad_series_of_one_metric_make_one_note():
    page = read("".join(f'lag{{i="{i}"}} NaN\n' for i in range(50)))
    assert page.notes == ("lag: nan is no measurement (50 series)",)


def test_the_exporters_time_stamps_are_kept_in_seconds():
    page = read("lag 1 1764000000500\n")
    assert page.samples["lag", ()].stamp == 1764000000.5
    page = read("# TYPE lag gauge\nlag 1 1764000000.5\n# EOF\n", OPENMETRICS)
    assert page.samples["lag", ()].stamp == 1764000000.5


def test_openmetrics_without_its_end_is_refused():
    with pytest.raises(SourceMisread, match="line 2"):
        read("# TYPE lag gauge\nlag 1\n", OPENMETRICS)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param('lag 1\nlag{a="b 2\n', 2, id="open-quote"),
        pytest.param("lag 1\n\n\nlag one\n", 4, id="word-for-value"),
        pytest.param("lag\n", 1, id="no-value"),
        pytest.param("# plain\nlag 1\n# TYPE lag\n", 3, id="type-without-type"),
        pytest.param('lag{a="1",a="2"} 1\n', 1, id="label-twice"),
        pytest.param("other 1\nother two\n", 2, id="unwanted-metric"),
        pytest.param("lag 1\n{} 2\n", 2, id="no-name"),
        pytest.param("lag 1_000\n", 1, id="underscore"),
    ],
)
def test_a_malformed_line_is_named_by_its_number(text, line):
    with pytest.raises(SourceMisread, match=f"line {line} "):
        read(text)


def test_a_shown_line_is_short_and_prints_safely():
    with pytest.raises(SourceMisread) as caught:
        read("lag \x1b[31m" + "x" * 500 + "\n")
    assert len(str(caught.value)) < 150
    assert "\x1b" not in str(caught.value)


def test_labels_without_end_are_refused():
    with pytest.raises(SourceTooLarge, match="more than 20000 series"):
        read("".join(f'lag{{i="{i}"}} 1\n' for i in range(MOST_SERIES + 1)))


NAMES = st.sampled_from(["lag", "count", "jetty_responses_total", "other", "process_x"])
LABELS = st.dictionaries(
    st.from_regex(r"[a-z_][a-z0-9_]{0,5}", fullmatch=True).filter(
        lambda name: not name.startswith("__")
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=8),
    max_size=3,
)
SERIES = st.dictionaries(
    st.tuples(NAMES, LABELS.map(lambda labels: tuple(sorted(labels.items())))),
    st.floats(min_value=0, allow_nan=False, allow_infinity=False),
    max_size=12,
)


def escaped(text):
    return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")


def line(name, labels, value):
    inner = ",".join(f'{key}="{escaped(text)}"' for key, text in labels)
    return f"{name}{{{inner}}} {value!r}\n" if labels else f"{name} {value!r}\n"


@given(SERIES)
def test_what_is_written_is_read_and_the_rest_passed_over(series):
    text = "".join(line(name, labels, v) for (name, labels), v in series.items())
    assert values(read(text)) == {
        (bare(name), labels): value
        for (name, labels), value in series.items()
        if bare(name) in WANTED
    }


@given(SERIES)
def test_passing_lines_over_changes_nothing_that_is_wanted(series):
    text = "".join(line(name, labels, v) for (name, labels), v in series.items())
    everything = read(text, wanted=WANTED | {"other", "process_x"})
    kept = {key: v for key, v in values(everything).items() if key[0] in WANTED}
    assert values(read(text)) == kept


@given(st.binary(max_size=300))
@example(b'lag{="} 1\n')
@example(b'{"lag"} 1\n')
@example(b'# TYPE "\n')
def test_whatever_the_bytes_a_page_or_a_misreading_comes_out(body):
    for content_type in (TEXT, OPENMETRICS):
        try:
            page = read(body, content_type)
        except SourceMisread as exc:
            assert str(exc)
        else:
            assert isinstance(page, Page)


@given(st.text(alphabet='lag{}="\\#, 0.1eE+-NaInf_totalTYPEHELP\n\t', max_size=80))
def test_near_misses_of_the_format_never_escape_as_another_error(text):
    for content_type in (TEXT, OPENMETRICS):
        try:
            read(text + "\n", content_type)
        except SourceMisread as exc:
            assert "line" in str(exc) or "HTML" in str(exc)


@given(st.text(alphabet='a{}="\\, 01\t', max_size=60))
def test_a_line_is_only_passed_over_when_the_parser_would_take_it(text):
    if PLAIN_SAMPLE.fullmatch(text) is not None:
        try:
            read(text + "\n", wanted={"nothing", bare(text.split("{")[0].split()[0])})
        except SourceMisread as exc:
            assert "duplicate" in str(exc.__cause__)
