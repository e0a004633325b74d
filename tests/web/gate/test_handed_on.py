"""What a web replica hands on is judged by the collector once more."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from app.domain.topology import standard
from app.web.access.peers import PEER
from app.web.errands import doing, packed
from app.web.errands_wall import STATE
from app.web.factory import create_errands_app
from app.web.site import Site, Watched
from tests.web.gate.stage import Guarded, carry

NOTES = "/api/v1/deployments/east/notes"


def handed_on(
    site: Guarded, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, dict]:
    watched = Watched("east", "East", standard(), room=site.live.room)
    there = Site({"east": watched}, site.live.bus, lambda: site.live.now[0])
    do = doing(create_errands_app(there, site.access), lambda: None)
    told = {"host": "gws.example", "content-type": "application/json"} | headers
    scope = {
        "type": "http", "method": method, "path": path, "query_string": b"",
        "headers": [(k.lower().encode(), v.encode()) for k, v in told.items()],
        "client": ("10.0.0.9", 0), "state": {PEER: ("127.0.0.1", 4711)},
    }  # fmt: skip
    said = orjson.loads(do(packed(scope, orjson.dumps(body))))
    return said["status"], orjson.loads(said["body"])


def test_what_is_handed_on_is_judged_again(site: Guarded):
    own, asked = {"origin": "http://gws.example"}, {"text": "up again"}
    assert handed_on(site, "POST", NOTES, asked, **own)[0] == 401
    vic = carry(site.signed_in("vic").cookie) | own
    assert handed_on(site, "POST", NOTES, asked, **vic)[0] == 403
    ana = carry(site.signed_in("ana").cookie)
    foreign = {"origin": "https://evil.example"}
    assert handed_on(site, "POST", NOTES, asked, **ana, **foreign)[0] == 403
    assert site.live.room.kept == {}
    status, note = handed_on(site, "POST", NOTES, asked, **ana, **own)
    assert (status, note["by"]) == (201, "ana")
    done = [one for one in site.register.acts if one.what == "note written"]
    assert [(one.who, one.address) for one in done] == [
        ("vic", "10.0.0.9"),
        ("ana", "10.0.0.9"),
    ]


@pytest.mark.parametrize("name", ["ana", ""])
def test_a_proxy_that_signs_people_in_is_known_there_too(behind: Guarded, name: str):
    said = {"x-forwarded-user": name, "x-forwarded-groups": "ops-east"}
    own = {"origin": "http://gws.example"}
    status, _ = handed_on(behind, "POST", NOTES, {"text": "x"}, **said, **own)
    assert status == (201 if name else 401)


def test_a_tv_that_waits_need_not_be_known(site: Guarded):
    """It asks by way of its replica how far its pairing is."""
    assert handed_on(site, "GET", STATE) == (200, {"state": "gone"})
