"""The three variables that are read of a pod template, and nothing beside them."""

import pytest

from app.domain.facts_settings import SettingFact
from app.domain.locate import locator
from app.domain.topology import standard
from collectors.kubernetes_lines import Change
from collectors.kubernetes_picture import Picture
from collectors.kubernetes_read import read_facts

LOCATOR = locator(standard())
PROXY = "gws-service-proxy"
PROVISIONING = "gws-app-provisioning-blue"


def deployment(name, *env, **more):
    container = {"name": "main", "env": list(env)}
    return {
        "metadata": {"name": name, "namespace": "gws", "resourceVersion": "7"},
        "spec": {"template": {"spec": {"containers": [container]} | more}},
        "status": {},
    }


def settings(obj):
    found = read_facts("Deployment", obj, LOCATOR)
    return {f.variable: f.value for f in found if isinstance(f, SettingFact)}


def plain(name, value):
    return {"name": name, "value": value}


def test_only_what_the_picture_has_a_say_in_is_read():
    off = plain("GWS_NGINX_CONSUL_ENABLED", "off")
    secret = plain("GWS_CONSUL_ACL_TOKEN", "a secret")
    assert settings(deployment(PROXY, secret, off)) == {
        "GWS_NGINX_CONSUL_ENABLED": "off"
    }
    assert settings(deployment(PROVISIONING, off)) == {}, "another box's variable"
    assert settings(deployment("somebody-else", off)) == {}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("http://gws-service-proxy.gws:80", "http://gws-service-proxy.gws:80"),
        ("http://u:secret@conf:80/a?b=secret#c", "http://conf:80"),
        ("u:secret@conf", None),
        ("http://[", None),
        ("", None),
        (None, None),
        ("x" * 300, "x" * 200),
    ],
)
def test_of_an_address_neither_password_nor_path_is_kept(value, shown):
    entry = {"name": "GWS_SERVICE_CONF_URL", "value": value}
    expected = {} if shown is None else {"GWS_SERVICE_CONF_URL": shown}
    assert settings(deployment(PROVISIONING, entry)) == expected


def test_what_comes_from_elsewhere_is_passed_over():
    origin = {"secretKeyRef": {"name": "s", "key": "k"}}
    entry = {"name": "GWS_SERVICE_VOICEMAIL_URL", "valueFrom": origin}
    obj = deployment(PROVISIONING, entry, initContainers=[{"env": [plain("X", "y")]}])
    assert settings(obj) == {}


def test_a_variable_that_is_taken_out_is_gone_and_one_that_stays_is_no_news():
    picture = Picture("Deployment", LOCATOR)
    off = plain("GWS_NGINX_CONSUL_ENABLED", "off")
    listed = picture.listed([picture.read(deployment(PROXY, off))])
    workload, setting = listed
    assert setting.value == "off"
    same = picture.changed(Change.MODIFIED, deployment(PROXY, off))
    assert (same.facts, same.gone) == ((), ())
    less = picture.changed(Change.MODIFIED, deployment(PROXY))
    assert (less.facts, less.gone) == ((), (setting.key,))
    more = picture.changed(Change.MODIFIED, deployment(PROXY, off))
    assert more.facts == (setting,)
    gone = picture.changed(Change.DELETED, deployment(PROXY, off))
    assert gone.gone == (workload.key, setting.key)
