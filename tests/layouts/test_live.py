"""The state that streams in is painted as the server would paint it, at once."""

import pytest
from playwright.sync_api import expect

from layouts import figures
from layouts.pages import CONNECTIONS, MAP
from layouts.strings import METRICS

pytestmark = pytest.mark.browser


def connection(page, number):
    return page.locator(f'[data-connection="{number}"]')


def test_a_delta_turns_the_connection_and_nothing_else(open_page, stage):
    page = open_page()
    page.evaluate("""() => { window.turned = [];
        new MutationObserver((all) => all.forEach((m) => window.turned.push(m.target.dataset.connection)))
          .observe(document.querySelector('main'), {subtree: true, attributeFilter: ['data-status']}); }""")
    stage.turn(17, "failing", "connect timed out")
    expect(connection(page, 17)).to_have_attribute("data-status", "failing")
    expect(connection(page, 17)).to_have_attribute(
        "aria-label",
        "17, GWS Workspace Service to Voicemail: failing since 10:42:30 UTC, connect timed out",
    )
    assert (
        connection(page, 17).locator("use").get_attribute("href") == "#gws-sign-failing"
    )
    assert page.evaluate("window.turned") == ["17"]
    expect(page.locator("main")).to_have_attribute("data-version", "422")


def test_the_picture_the_server_painted_is_kept(open_page, stage):
    page = open_page()
    page.evaluate("document.querySelector('.picture').mine = true")
    stage.turn(17, "failing")
    expect(connection(page, 17)).to_have_attribute("data-status", "failing")
    assert page.evaluate("document.querySelector('.picture').mine") is True


@pytest.mark.parametrize("shown", (MAP, CONNECTIONS), ids=lambda page: page.key)
def test_every_part_painted_live_is_as_the_server_would_paint_it(
    open_page, stage, mixed, shown
):
    """The two painters, Python and JavaScript, agree on everything."""
    say_everything(mixed)
    page = open_page(shown.path("demo"))
    page.evaluate("window.gwsLive.now = () => Date.parse('2026-11-24T10:42:30Z')")
    page.evaluate("window.gwsPaint.again()")  # ages that were told by the true clock
    stage.become(mixed)
    expect(connection(page, 12)).to_have_attribute("data-status", "failing")
    live = page.evaluate(READ)
    fresh = page.evaluate("() => fetch(location.href).then((r) => r.text())")
    painted = page.evaluate(
        f"(text) => ({READ})(new DOMParser().parseFromString(text, 'text/html'))", fresh
    )
    assert [
        pair for pair in zip(live, painted, strict=True) if pair[0] != pair[1]
    ] == []


def say_everything(mixed):
    """Of boxes and witnesses whatever can be said."""
    sayings = (
        {"memory": 2**28, "memory_limit": 2**30, "version": "6.2.7"},
        {"clients": 18, "clients_limit": 30000, "version": "9.0.1, 9.0.2"},
        {"memory": 206 * 2**20, "clients": 1, "restarts": 1},
        {"version": "100.0.001.0026-hotfix.17-20261124", "restarts": 12, "users": 342},
    )
    for i, node in enumerate(mixed["nodes"]):
        node |= sayings[i % 4]
    opinions = ("ok", "failing", "degraded", "stale", "no_data", "idle")
    for i, state in enumerate(mixed["connections"][::2]):
        names = ("kubernetes", "consul", "traffic", "probe", "backend", "alerts")
        state["witnesses"] = {
            name: opinions[(i + at * 5) % 6]
            for at, name in enumerate(names[: 2 + i % 5])
        }
    mixed["sources"][2] |= {"status": "degraded", "error": "half of it"}


READ = """(doc) => [...(doc || document).querySelectorAll(
    '[data-part], [data-connection], [data-node], [data-mirror], [data-source], [data-chip], [data-sources-button], [data-summary], [data-summary-names], [data-blind], [data-suspect], [data-count], [data-witness], [data-health], [data-overall], [data-quiet]')]
  .map((el) => [el.tagName.toLowerCase(), el.dataset.part || '', el.dataset.status || '', el.dataset.health || '',
    el.hasAttribute('hidden'), el.title || '', el.dataset.status === 'none' ? '' : el.getAttribute('transform') || '',
    el.getAttribute('aria-label') || '', el.getAttribute('href') || '',
    el.dataset.since || '', el.dataset.observedAt || '', el.children.length ? '' : el.textContent])"""


def test_figures_are_the_same_in_the_browser(open_page):
    page = open_page()
    values = [
        None,
        0,
        0.004,
        0.0949,
        0.1,
        0.999,
        1,
        2.55,
        9.949,
        9.95,
        14.5,
        99.5,
        999.4,
        999.5,
        1249,
        9949,
        9950,
        123456,
    ]
    ages = [-1, 0, 59.9, 60, 3599, 3600, 7500, 86399, 86400, 273600]
    there = page.evaluate(
        "([names, values, ages]) => [names.map((n) => values.map((v) => gwsFigures.metric(n, v))), ages.map(gwsFigures.duration), ages.map(gwsFigures.shortAge)]",
        [list(METRICS), values, ages],
    )
    assert there == [
        [[figures.metric(name, value) for value in values] for name in METRICS],
        [figures.duration(age) for age in ages],
        [figures.short_age(age) for age in ages],
    ]
    sizes = [0, 1, 2**20, 206 * 2**20, 1023 * 2**20, 2**30, 12 * 2**30, 2**44]
    limits = [None, 1, 2**20, 768 * 2**20, 2**30, 64 * 2**30]
    shares = page.evaluate(
        "([sizes, limits]) => sizes.map((s) => limits.map((l) => [gwsFigures.memoryShare(s, l), gwsFigures.clientShare(s, l), gwsFigures.restarted(s)]))",
        [sizes, limits],
    )
    assert shares == [
        [
            [figures.memory_share(size, limit), figures.client_share(size, limit),
             figures.restarted(size)]
            for limit in limits
        ]
        for size in sizes
    ]  # fmt: skip
    amounts = [0, 0.004, 0.0949, 0.336, 0.5, 0.995, 1, 2.4, 12.345, 100]
    counts, marks = [0, 1, 342, 9999, 12000], [[], [450], [450, 900]]
    used = page.evaluate(
        "([amounts, counts, marks]) => [amounts.map((a) => [null, ...amounts].map((l) => gwsFigures.cores(a, l))), counts.map((c) => [gwsFigures.users(c), ...marks.map((m) => gwsFigures.usersShared(c, c || null, m))])]",
        [amounts, counts, marks],
    )
    assert used == [
        [[figures.cores(a, limit) for limit in (None, *amounts)] for a in amounts],
        [
            [figures.users(c), *(figures.users_shared(c, c or None, m) for m in marks)]
            for c in counts
        ],
    ]


def test_being_cut_off_is_said_loudly_and_the_picture_stays(open_page, stage):
    page = open_page(expected=("503",))
    stage.cut()
    lost = page.locator("[data-lost]")
    expect(lost).to_be_visible(timeout=30_000)
    expect(lost).to_contain_text("Connection to the server lost, showing ")
    assert connection(page, 17).get_attribute("data-status") == "ok"
    stage.reachable = True
    expect(lost).to_be_hidden(timeout=30_000)


def test_after_a_cut_the_page_knows_what_happened_meanwhile(open_page, stage):
    page = open_page(expected=("503",))
    stage.cut()
    stage.turn(12, "failing")
    stage.reachable = True
    expect(connection(page, 12)).to_have_attribute(
        "data-status", "failing", timeout=30_000
    )


def test_a_blind_source_is_named_and_forgotten_when_it_is_back(
    open_page, stage, mixed, well
):
    page = open_page()
    banner = page.locator('[data-blind="consul"]')
    expect(banner).to_be_hidden()
    stage.become(mixed)
    expect(banner).to_contain_text("Consul can't be heard: consul: 403")
    expect(page.locator('[data-source="consul"]')).to_have_attribute(
        "data-status", "failing"
    )
    stage.become(well)
    expect(banner).to_be_hidden()


def test_the_list_of_trouble_is_worst_first(open_page, stage, mixed):
    page = open_page()
    stage.become(mixed)
    items = page.locator("[data-mirror]:visible")
    expect(items).to_have_count(11)
    numbers = [item.get_attribute("data-mirror") for item in items.all()]
    assert numbers == ["8", "12", "18", "24", "25", "3", "13", "17", "9", "7", "16"]


def test_ages_and_numbers_in_the_panel_are_kept_without_asking(open_page, stage, mixed):
    page = open_page()
    page.evaluate("""() => document.body.insertAdjacentHTML('beforeend', `<aside data-explains="12">
        <time data-witness-heard="probe" data-observed-at=""></time><b data-metric="request_rate"></b></aside>`)""")
    stage.become(mixed)
    number, heard = page.locator("[data-metric]"), page.locator("[data-witness-heard]")
    expect(number).to_have_text("150/s")
    expect(heard).to_have_attribute("data-observed-at", "2026-11-24T10:42:26.000Z")


def test_a_witness_that_spoke_again_repaints_nothing(open_page, stage):
    page = open_page()
    page.evaluate("""() => { window.touched = 0;
        new MutationObserver((all) => { window.touched += all.length; })
          .observe(document.querySelector('.picture'), {subtree: true, attributes: true, childList: true, characterData: true}); }""")
    again = [
        c | {"observed_at": "2026-11-24T10:42:31.000Z"}
        for c in stage.snapshot["connections"]
    ]
    stage.become(stage.snapshot | {"connections": again})
    expect(page.locator("main")).to_have_attribute("data-version", "422")
    assert page.evaluate("window.touched") == 0


def test_a_stream_that_is_open_but_dead_is_found_out_and_replaced(
    open_page, stage, mixed
):
    page = open_page(prepare=lambda page: page.clock.install())
    stage.become_unheard(mixed)
    assert connection(page, 12).get_attribute("data-status") == "ok"
    page.clock.fast_forward(32_000)
    expect(connection(page, 12)).to_have_attribute("data-status", "failing")
    expect(page.locator("[data-lost]")).to_be_hidden()


def test_a_quiet_deployment_is_not_taken_for_a_lost_server(open_page, stage):
    page = open_page(prepare=lambda page: page.clock.install())
    # The answer takes its time of the real clock, which the page's own is ahead of.
    with page.expect_response("**/snapshot") as asked:
        page.clock.fast_forward(32_000)
    asked.value.finished()
    page.clock.run_for(5_000)
    expect(page.locator("[data-lost]")).to_be_hidden()
    assert len(stage.viewers) == 1
