"""Who has the open incident in hand: a button while nobody has, two quiet lines then."""

import pytest
from playwright.sync_api import expect

from app.domain.care import Care
from app.domain.incidents_wire import summary
from layouts import care
from tests.domain.story import FAILING, Story, after
from tests.layouts.test_incident import HTML, PAINTED, outage, painted
from tests.layouts.test_pages import Reader

OTHER = Story().at(5, {4: FAILING}).only


def told(*cared):
    """Two open ones, each with who has it in hand."""
    opened = [
        summary(one, after(60), who)
        for one, who in zip((outage().only, OTHER), cared, strict=True)
    ]
    return {"incident": opened[0]["id"], "incidents": opened}


def seen(by="Ana", assigned=None):
    return Care("x", after(0)).acknowledge(by, after(0)).assign(assigned, after(0))


def shown(text, name):
    (found,) = Reader(text).having(f"data-{name}")
    return "hidden" not in found


def test_the_gravest_that_nobody_acknowledged_is_shown():
    first, other = told(None, None)["incidents"]
    assert care.first([first, other]) is first
    first, other = told(seen(), None)["incidents"]
    assert care.first([first, other]) is other
    first, other = told(seen(), seen())["incidents"]
    assert care.first([first, other]) is first
    assert care.first([]) is None


def test_while_nobody_has_it_there_is_a_button(topology, well, now):
    text = painted(topology, well | told(None, None), now)
    assert shown(text, "acknowledge")
    assert not shown(text, "seen")
    assert not shown(text, "withdraw")
    assert "Assign…" in text


def test_who_has_it_is_told_quietly(topology, well, now):
    text = painted(topology, well | told(seen(assigned="Ben"), seen("Eva")), now)
    (place,) = Reader(text).having("data-incident")
    assert "data-acknowledged" in place
    assert not shown(text, "acknowledge")
    assert shown(text, "seen")
    assert shown(text, "withdraw")
    assert "acknowledged by Ana</span>" in text
    assert "Ben has it" in text
    assert "Hand over…" in text
    others = text.split("data-also")[1].split("</div>")[0]
    assert OTHER.id in others
    assert "acknowledged by Eva" in others


@pytest.mark.browser
def test_it_is_painted_live_as_the_server_would_paint_it(open_page, stage, well):
    page = open_page()
    for cared in ((None, None), (seen(), None), (seen(assigned="Ben"), seen("Eva"))):
        news = told(*cared)
        stage.become(well | news)
        named = care.first(news["incidents"])["id"]
        place = page.locator(f"[data-incident='{named}']")
        expect(place).to_be_visible()
        if cared[1]:
            expect(place).to_contain_text("Ben has it")
        fresh = page.evaluate("() => fetch(location.href).then((r) => r.text())")
        ages = "(text) => text.replace(/>\\d[^<]* ago</g, '>ago<')"
        live = page.evaluate(ages, page.evaluate(HTML))
        assert live == page.evaluate(ages, page.evaluate(PAINTED, fresh))


@pytest.mark.browser
def test_the_other_open_ones_can_be_looked_at(open_page, stage, well):
    page = open_page()
    stage.become(well | told(seen(), None))
    place = page.locator("[data-incident]")
    expect(place).to_have_attribute("data-incident", OTHER.id)
    page.locator(".incident summary").click()
    page.locator("[data-incident-show]").click()
    expect(place).to_have_attribute("data-incident", outage().only.id)
    expect(place).to_have_attribute("data-acknowledged", "")
    stage.become(well | told(seen(), seen("Eva")))
    expect(place).to_have_attribute("data-incident", outage().only.id)
