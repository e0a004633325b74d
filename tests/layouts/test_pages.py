"""Header, table, list and document: what a page says before any script runs."""

import json
import re
from html.parser import HTMLParser

import pytest

from app.cli.history import HISTORY
from app.cli.reload import CONFIG
from app.config.deployments import sources
from app.config.models import DeploymentSettings
from app.domain.status import Status
from app.domain.unwatched import COLLECTOR
from app.pipeline.casebook import RECORDS
from app.pipeline.numbering import OURSELVES
from layouts import header
from layouts.components import LiveMap, Sign
from layouts.document import OWN_ASSETS, DashParts, document, first_paint
from layouts.markup import Markup, join, tag
from layouts.pages import CONNECTIONS, MAP, locate
from layouts.shell import shell
from layouts.strings import BLIND, SOURCES
from layouts.table import table

DASH = DashParts("<i>entry</i>", ("/assets/one.js", "/assets/two.js"))


class Reader(HTMLParser):
    """Every element with its attributes; what a `template` holds is not in the page."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.shelved, self.templates = [], [], 0
        self.feed(text)

    def handle_starttag(self, name, attributes):
        kept = self.shelved if self.templates else self.elements
        kept.append((name, dict(attributes)))
        self.templates += name == "template"

    def handle_endtag(self, name):
        self.templates -= name == "template"

    def having(self, attribute):
        return [found for _, found in self.elements if attribute in found]


def page(topology, snapshot, now, shown=MAP):
    return first_paint(topology, snapshot, shown, now, name="Demo & Co")


@pytest.mark.parametrize("shown", [MAP, CONNECTIONS])
def test_each_connection_is_once_in_the_page(topology, mixed, now, shown):
    reader = Reader(page(topology, mixed, now, shown))
    numbers = [
        int(found["data-connection"]) for found in reader.having("data-connection")
    ]
    assert sorted(numbers) == list(range(1, 32))


def test_the_map_keeps_the_list_aside_worst_first(topology, mixed, now):
    shelved = Reader(page(topology, mixed, now)).shelved
    rows = [found for _, found in shelved if "data-connection" in found]
    ranks = [Status(found["data-status"]).rank for found in rows]
    assert len(rows) == 31
    assert ranks == sorted(ranks, reverse=True)


def test_main_says_what_is_painted(topology, mixed, now):
    (main,) = [
        found
        for name, found in Reader(page(topology, mixed, now)).elements
        if name == "main"
    ]
    assert main["data-deployment"] == "demo"
    assert main["data-version"] == "421"
    assert main["data-at"] == "2026-11-24T10:42:30.000Z"


def test_every_source_carries_its_status(topology, mixed, now):
    sources = Reader(page(topology, mixed, now)).having("data-source")
    told = [s for s in sources if "hidden" not in s]
    assert {s["data-source"]: s["data-status"] for s in told} == {
        "kubernetes": "ok", "consul": "failing", "scrape": "ok", "probe": "ok",
    }  # fmt: skip


def test_every_source_that_there_can_be_has_a_place_and_words():
    everything = DeploymentSettings.model_validate(
        {
            "id": "a",
            "kubernetes": {},
            "consul": {"url": "http://c"},
            "alertmanager": {"url": "http://a"},
            "prometheus": {"url": "http://p"},
            "backends": {
                "redis": {"url": "redis://r"},
                "postgresql": {"dsn_file": __file__},
                "elasticsearch": {"url": "http://e"},
            },
        },
    )
    ours = {HISTORY, RECORDS, CONFIG, OURSELVES, COLLECTOR}
    assert set(SOURCES) == {*sources(everything), *ours}
    assert set(BLIND) == set(SOURCES)


def test_a_source_that_is_not_configured_is_not_shown(topology, empty, now):
    sources = Reader(page(topology, empty, now)).having("data-source")
    assert all("hidden" in source for source in sources)


def test_a_blind_source_is_named_with_what_it_means(topology, mixed, well, now):
    shown = [
        b
        for b in Reader(page(topology, mixed, now)).having("data-blind")
        if "hidden" not in b
    ]
    assert [banner["data-blind"] for banner in shown] == ["consul"]
    said = page(topology, mixed, now)
    assert "403 from http://consul:8500, the token may not read health" in said
    assert "Nothing turns red for that" in said
    assert all(
        "hidden" in b for b in Reader(page(topology, well, now)).having("data-blind")
    )


def test_a_broken_configuration_is_called_so_and_nothing_rests_on_it(
    topology, well, now
):
    broken = well["sources"][0] | {"name": CONFIG, "status": "failing", "error": "x:3"}
    said = page(topology, well | {"sources": [broken]}, now)
    shown = [b for b in Reader(said).having("data-blind") if "hidden" not in b]
    assert [banner["data-blind"] for banner in shown] == [CONFIG]
    said = re.sub(r"<[^>]+>", "", said)
    told = "The configuration file is broken: x:3. What was in force before stays in force."
    assert told in said
    assert f"{told} Nothing" not in said


def test_being_cut_off_is_not_said_before_it_happens(topology, well, now):
    (lost,) = Reader(page(topology, well, now)).having("data-lost")
    assert "hidden" in lost
    assert lost["role"] == "alert"


def test_counts_are_those_of_the_snapshot(topology, mixed, now):
    text = header.header(mixed, MAP, now, "Demo")
    by_word = {
        word: int(number)
        for number, word in re.findall(
            r'"count">(\d+)</span><span class="word"> ([a-z ]+)<', text
        )
    }
    assert by_word == {
        "failing": 5, "degraded": 3, "stale": 1, "no data": 2, "maintenance": 1,
        "idle": 2, "ok": 15, "not installed": 2,
    }  # fmt: skip


def test_the_overall_status_has_a_word_and_a_since(topology, mixed, well, now):
    assert header.overall_since(mixed) == "2026-11-24T10:31:15.000Z"
    assert header.overall_since(well) == "2026-11-24T10:42:03.000Z"
    assert "for 11 min" in header.header(mixed, MAP, now, "Demo")


def test_before_the_first_snapshot_there_is_no_since(empty):
    assert header.overall_since(empty) is None


def test_the_suspect_is_named_and_what_it_explains(topology, mixed):
    text = header.look_here_first(topology, mixed)
    assert 'data-goto-node="redis">Redis</button>' in text
    assert "it explains 12 at 10:41:01" in text


def test_without_a_suspect_it_says_so(topology, well, mixed):
    assert "Nothing needs a look." in header.look_here_first(topology, well)
    blamed = mixed | {"suspects": []}
    assert "No single cause found" in header.look_here_first(topology, blamed)


def test_the_table_says_number_ends_protocol_status_reason_and_numbers(
    topology, mixed, now
):
    text = re.sub(r"<[^>]+>", "|", table(topology, mixed, now))
    row = re.sub(r"\|+", "|", text[text.index("GWS Data Collector Service") :])
    for words in ("Redis", "TCP:6379", "failing", "for 5 min", "connect timed out, 3 of 3",
                  "Kubernetes: ok", "Probe from here: failing", "150/s", "57 ms"):  # fmt: skip
        assert words in row


def test_an_unknown_protocol_is_a_dash_and_a_port_alone_stands_alone(
    topology, well, now
):
    text = table(topology, well, now)
    cells = re.findall(r'data-column="protocol">([^<]*)</td>', text)
    assert cells[3] == "–"
    assert cells[4] == ":80"


def test_names_are_escaped(topology, mixed, now):
    assert "<h1>Demo &amp; Co</h1>" in page(topology, mixed, now)


def test_the_document_holds_dashs_parts_after_the_picture(topology, well, now):
    text = document(
        page(topology, well, now),
        DASH,
        page=MAP,
        title="T",
        asset=lambda name: f"/assets/{name}",
    )
    assert text.startswith("<!DOCTYPE html><html")
    places = [
        text.index(mark)
        for mark in (
            "<main",
            "<i>entry",
            '["/assets/bundle/map.js","/assets/one.js","/assets/two.js"]<',
            'src="/assets/later.js"',
        )
    ]
    assert places == sorted(places)


def test_nothing_comes_from_elsewhere_and_nothing_is_inline(topology, mixed, now):
    text = document(
        page(topology, mixed, now),
        DASH,
        page=MAP,
        title="T",
        asset=lambda name: f"/assets/{name}",
    )
    reader = Reader(text)
    addresses = [
        found.get(key)
        for _, found in reader.elements
        for key in ("src", "href")
        if found.get(key)
    ]
    assert not [address for address in addresses if re.match(r"https?:|//", address)]
    styled = [one for one in reader.elements if "style" in (one[0], *one[1])]
    assert not styled
    own = [one for name, one in reader.elements if name == "script"]
    assert {one["type"] for one in own if "src" not in one} == {"application/json"}


def test_words_for_the_browser_are_json_that_can_not_end_the_script(
    topology, well, now
):
    text = page(topology, well, now)
    (words,) = re.findall(
        r'<script type="application/json" id="gws-words">(.*?)</script>', text
    )
    assert json.loads(words)["words"]["no_data"] == "no data"


def test_dash_is_told_which_files_the_document_names_itself():
    own = [*MAP.scripts, *MAP.styles, "theme.js", "favicon.svg"]
    assert all(re.search(OWN_ASSETS, name) for name in own)
    dash_s = ["map.js", "panel.js", "charts.js", "plot.js"]
    assert not any(re.search(OWN_ASSETS, name) for name in dash_s)
    assert re.search(OWN_ASSETS, "plotly-basic.min.js")


@pytest.mark.parametrize(
    ("path", "found"),
    [("/map/demo", (MAP, "demo")), ("/connections/prod-east", (CONNECTIONS, "prod-east")),
     ("/", None), ("/map", None), ("/map/", None), ("/other/demo", None), ("/map/a/b", None)],
)  # fmt: skip
def test_an_address_names_a_page_and_a_deployment(path, found):
    assert locate(path) == found


def test_the_shell_serves_dash_its_three_places():
    tree = shell("/plotly.js").to_plotly_json()["props"]["children"]
    assert [child.id for child in tree] == ["live-map", "panel", "charts"]


def test_our_components_are_found_under_one_name():
    described = [LiveMap(id="a").to_plotly_json(), Sign(status="ok").to_plotly_json()]
    assert [(one["namespace"], one["type"]) for one in described] == [
        ("gws_observatory", "LiveMap"), ("gws_observatory", "Sign"),
    ]  # fmt: skip


def test_markup_is_escaped_unless_it_is_markup():
    assert tag("p", "<b>", title='"&') == '<p title="&quot;&amp;">&lt;b&gt;</p>'
    assert (
        tag("p", Markup("<b></b>"), hidden=True, class_=None) == "<p hidden><b></b></p>"
    )
    assert join(["a", ["<", None, 3]]) == "a&lt;3"
    assert tag("br") == "<br>"
