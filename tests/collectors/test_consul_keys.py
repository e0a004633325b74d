"""Consul's keys: counted by their names, and never taken for gone when we are blind."""

import pytest

from app.domain.facts import KeysFact
from collectors.consul import ConsulAddress
from tests.collectors.consul_watching import Watch, ask_once
from tests.collectors.scripted_consul import ScriptedConsul

PREFIX = "settings/"
KEYS = "/v1/kv/settings/"
NOBODYS = "/v1/kv/settings/.gws-observatory"


@pytest.fixture
def consul():
    with ScriptedConsul() as server:
        yield server


def asked(consul, **more):
    return ask_once(ConsulAddress(consul.url, **more), kv_prefix=PREFIX)["keys"]


def test_only_names_right_under_the_prefix_are_asked_for(consul):
    consul.script(KEYS, lambda r: r.json(["settings/common", "settings/workspace/"]))
    assert asked(consul).facts == (KeysFact(PREFIX, 2),)
    assert consul.asked(KEYS) == [{"keys": "", "separator": "/"}]
    assert consul.asked(NOBODYS) == []


@pytest.mark.parametrize(
    ("answer", "count"),
    [
        pytest.param(lambda r: r.text("", status=404), 0, id="may-read"),
        pytest.param(lambda r: r.json([]), 0, id="nobodys-key-is-there"),
        pytest.param(
            lambda r: r.text("Permission denied", status=403), None, id="may-not"
        ),
    ],
)
def test_no_key_is_believed_only_of_one_that_may_be_asked_for(consul, answer, count):
    consul.script(KEYS, always=lambda r: r.json([]))
    consul.script(NOBODYS, always=answer)
    assert asked(consul, stale=True).facts == (KeysFact(PREFIX, count),)
    assert consul.asked(NOBODYS) == [{"stale": ""}]


def test_a_right_that_comes_between_two_answers_loses_no_key(consul):
    hidden, shown = (lambda r: r.json([])), (lambda r: r.json(["settings/a"]))
    consul.script(KEYS, hidden, shown)
    consul.script(NOBODYS, always=lambda r: r.text("", status=404))
    assert asked(consul).facts == (KeysFact(PREFIX, 1),)


def test_a_refused_list_says_that_we_may_not_read(consul):
    consul.script(KEYS, lambda r: r.text("Permission denied", status=403))
    assert asked(consul).facts == (KeysFact(PREFIX, None),)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param(lambda r: r.text("no"), "not JSON", id="text"),
        pytest.param(lambda r: r.json({}), "not a list of names", id="object"),
        pytest.param(lambda r: r.json([1]), "not a list of names", id="numbers"),
        pytest.param(
            lambda r: r.text("lost page", status=404), "is this Consul?", id="404-page"
        ),
        pytest.param(
            lambda r: r.text("ACL not found", status=403), "ACL not found", id="token"
        ),
    ],
)
def test_what_is_no_answer_is_trouble(consul, answer, said):
    consul.script(KEYS, answer)
    assert said in asked(consul).trouble.text


def test_they_are_asked_for_again_and_again(consul):
    with Watch(ConsulAddress(consul.url), kv_prefix=PREFIX) as heard:
        heard.wait("keys", lambda r: r.facts == (KeysFact(PREFIX, 0),))
        consul.script(KEYS, lambda r: r.cut(), always=lambda r: r.json(["settings/a"]))
        heard.wait("keys", lambda r: r.facts == (KeysFact(PREFIX, 1),))
    assert not [reading for reading in heard.of("keys") if reading.trouble]
