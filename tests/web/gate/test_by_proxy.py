"""A proxy signs people in: it is believed, and nobody else is."""

from __future__ import annotations

import structlog

from tests.web.gate.stage import PAGE, Guarded, led_to

ME = "/api/v1/me"
ANA = {
    "X-Forwarded-User": "ana",
    "X-Forwarded-Groups": "x, ops-east",
    "X-Forwarded-Name": "Ana Müller",
}
FOR = {"X-Forwarded-For": "192.0.2.7"}


def said(headers: dict[str, str]) -> dict[str, bytes]:
    return {name: value.encode() for name, value in headers.items()}


def test_who_it_names_is_let_in_for_what_the_groups_are_granted(behind: Guarded):
    me = behind.live.get(ME, headers=said(ANA | FOR)).json()
    assert (me["subject"], me["name"], me["mode"]) == ("ana", "Ana Müller", "proxy")
    assert me["deployments"] == [{"id": "east", "role": "operator"}]
    assert behind.live.get(ME, headers=said(ANA)).status_code == 200
    with_port = {"X-Forwarded-For": "192.0.2.7:4711"}
    assert behind.live.get(ME, headers=said(ANA | with_port)).status_code == 200
    assert "Set-Cookie" not in behind.live.get(ME, headers=said(ANA)).headers


def test_what_it_does_is_written_down_with_the_address_it_came_from(behind: Guarded):
    path, own = "/api/v1/deployments/east/notes", {"Origin": behind.url}
    headers = said(ANA | FOR | own)
    answer = behind.live.ask("POST", path, json={"text": "x"}, headers=headers)
    assert answer.json()["by"] == "Ana Müller"
    (act,) = behind.register.acts
    assert (act.who, act.name, act.address) == ("ana", "Ana Müller", "192.0.2.7")
    answer = behind.live.ask("POST", path, json={"text": "x"}, headers=said(ANA))
    assert answer.status_code == 403, "a proxied browser says where a page is from"


def test_headers_that_name_nobody_or_two_are_nobody(behind: Guarded):
    for headers in ({}, {"X-Forwarded-User": ""}, {"X-Forwarded-User": "a" * 201}):
        assert behind.live.get(ME, headers=headers).status_code == 401
    two = [("X-Forwarded-User", "ana"), ("X-Forwarded-User", "adam")]
    status = _raw(behind.url, two)
    assert status == 401
    answer = behind.live.get(ME, headers={"X-Forwarded-User": "eve"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_let_in")


def _raw(url: str, headers: list[tuple[str, str]]) -> int:
    import http.client
    from urllib.parse import urlsplit

    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.putrequest("GET", ME)
    for name, value in headers:
        connection.putheader(name, value)
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


def test_a_name_from_somebody_else_is_ignored_and_logged(elsewhere: Guarded):
    with structlog.testing.capture_logs() as logs:
        for told in (
            ANA,
            ANA | {"X-Forwarded-For": "10.1.0.9"},
            ANA | {"X-Real-IP": "10.1.0.9"},
        ):
            answer = elsewhere.live.get(ME, headers=said(told))
            assert answer.status_code == 401
    ignored = [one for one in logs if one["event"] == "identity headers ignored"]
    assert [one["peer"] for one in ignored] == ["127.0.0.1"], "once a minute"


def test_a_browser_is_told_to_come_through_the_proxy(elsewhere: Guarded):
    answer = elsewhere.live.get("/map/east", headers=PAGE)
    assert answer.status_code == 401
    assert "come through the proxy that signs people in" in answer.text
    page = elsewhere.live.get("/auth/login", headers=PAGE)
    assert "The proxy in front of the dashboard signs people in" in page.text


def test_signing_out_is_the_proxys(behind: Guarded):
    answer = behind.live.ask(
        "POST", "/auth/logout", headers=said(ANA | {"Origin": behind.url})
    )
    assert led_to(answer) == "/oauth2/sign_out"
