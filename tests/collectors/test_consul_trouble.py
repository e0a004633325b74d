"""Every way in which Consul, or what stands before it, can fail: named, no secret told."""

import pytest

from collectors.consul import ConsulAddress, Pace
from collectors.consul_http import ConsulLine
from collectors.errors import SourceTooLarge
from tests.collectors.consul_watching import Watch, ask_once
from tests.collectors.scripted_consul import CATALOG, CHECKS, ScriptedConsul, check

SECRET = "b1gs8ecr-4e2f-70ce-a11b-5ec4e7000001"


@pytest.fixture
def consul():
    with ScriptedConsul() as server:
        yield server


@pytest.fixture
def token_file(tmp_path):
    file = tmp_path / "token"
    file.write_text(f"{SECRET}\n")
    return file


def says(text, status=200, kind="text/plain", **headers):
    return lambda request: request.text(text, kind, status=status, **headers)


@pytest.mark.parametrize(
    ("step", "wanted"),
    [
        pytest.param(
            says("ACL not found", 403),
            "refused: {}: HTTP 403, ACL not found: Consul does not know this ACL token",
            id="unknown-token",
        ),
        pytest.param(
            says("Permission denied", 403),
            "refused: {}: HTTP 403, the ACL token lacks a right (Permission denied); it "
            "needs node:read and service:read",
            id="permission-denied",
        ),
        pytest.param(
            says("rpc error making call: ACL not found", 403),
            "refused: {}: HTTP 403, ACL not found: Consul does not know this ACL token",
            id="unknown-token-behind-an-agent",
        ),
        pytest.param(says("no", 403), "refused: {}: HTTP 403: no", id="another-403"),
        pytest.param(
            says("", 401),
            "refused: {}: HTTP 401, a sign-in is asked for: nothing said",
            id="401",
        ),
        pytest.param(
            says("slow down", 429),
            "refused: {}: HTTP 429, too many requests or connections: slow down",
            id="429",
        ),
        pytest.param(
            says("404 page not found", 404),
            "misread: {}: HTTP 404, is this Consul? 404 page not found",
            id="404",
        ),
        pytest.param(
            says("Client sent an HTTP request to an HTTPS server.", 400),
            "misread: {}: HTTP 400, is this Consul? Client sent an HTTP request to "
            "an HTTPS server.",
            id="plain-to-a-tls-port",
        ),
        pytest.param(
            says("No path to datacenter", 500),
            "refused: {}: Consul knows no such datacenter",
            id="datacenter",
        ),
        pytest.param(
            says("No known Consul servers", 500),
            "unreachable: {}: HTTP 500: No known Consul servers",
            id="agent-without-servers",
        ),
        pytest.param(
            says("", 302, Location="https://user:pw@elsewhere:8501/ui?token=x"),
            "misread: {}: redirects (HTTP 302) to https://elsewhere:8501; give Consul's "
            "own address, the token is never sent to another one",
            id="redirect",
        ),
        pytest.param(
            says("", 301, Location="/ui/"),
            "misread: {}: redirects (HTTP 301) to another path; give Consul's own "
            "address, the token is never sent to another one",
            id="redirect-to-a-path",
        ),
        pytest.param(
            says("<html><b>Sign in</b>", 200, "text/html; charset=utf-8"),
            "misread: {}: a web page, not JSON: <html><b>Sign in</b>",
            id="html",
        ),
        pytest.param(
            says("certainly!", 200, "application/json"),
            "misread: {}: not JSON: ",
            id="garbage",
        ),
        pytest.param(
            says('{"a": 1}', 200, "application/json"),
            "misread: {}: the list of checks is not a list",
            id="another-shape",
        ),
        pytest.param(
            says("[]", 200, "application/json"),
            "empty: {}: an empty list of checks, which no Consul gives to a token that "
            "may read: the ACL token lacks node:read or service:read",
            id="default-deny",
        ),
        pytest.param(
            lambda request: request.raw(b"HTTP/1.1 200 OK\r\nContent-Le"),
            "unreachable: {}: the connection was cut in the middle of an answer",
            id="cut-in-the-head",
        ),
        pytest.param(
            lambda request: request.raw(
                b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n[{"
            ),
            "unreachable: {}: the connection was cut in the middle of an answer",
            id="truncated",
        ),
        pytest.param(
            lambda request: request.raw(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[{"
            ),
            "unreachable: {}: the connection was cut in the middle of an answer",
            id="truncated-chunks",
        ),
        pytest.param(
            lambda request: request.raw(b"SSH-2.0-OpenSSH_9.2\r\n"),
            "unreachable: {}: no answer: BadStatusLine",
            id="not-http",
        ),
        pytest.param(
            lambda request: request.cut(),
            "unreachable: {}: the connection was cut in the middle of an answer",
            id="cut",
        ),
        pytest.param(
            lambda request: request.hang(),
            "unreachable: {}: no whole answer within 1 s",
            id="silent",
        ),
        pytest.param(
            lambda request: request.trickle(
                b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n["
            ),
            "unreachable: {}: no whole answer within 1 s",
            id="slow-body",
        ),
        pytest.param(
            lambda request: request.trickle(b"HTTP/1.0 200 OK\r\n\r\n["),
            "unreachable: {}: no whole answer within 1 s",
            id="slow-body-without-end",
        ),
        pytest.param(
            lambda request: request.trickle(b"HTTP/1.1 200 OK\r\nX-Slow: "),
            "unreachable: {}: no whole answer within 1 s",
            id="slow-head",
        ),
    ],
)
def test_a_failure_is_named_with_the_address(consul, step, wanted):
    consul.script(CHECKS, always=step)
    with Watch(ConsulAddress(consul.url)) as heard:
        said = heard.trouble("checks")
    assert said.startswith(wanted.format(f"Consul at {consul.url}"))


def test_a_catalog_without_even_consul_is_blindness_at_the_first_answer(consul):
    consul.catalog = {}
    said = str(ask_once(ConsulAddress(consul.url))["catalog"].trouble)
    assert "empty" in said and "service:read" in said


def test_a_port_that_nobody_listens_on(consul):
    with ScriptedConsul() as gone:
        url = gone.url
    with Watch(ConsulAddress(url)) as heard:
        for feed in ("checks", "catalog", "cluster"):
            said = f"unreachable: Consul at {url}: connection refused"
            assert heard.trouble(feed) == said


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("http://consul.invalid:8500", "the host name can't be resolved"),
        ("ftp://127.0.0.1:8500", "neither http nor https"),
        ("127.0.0.1:8500", "neither http nor https"),
        ("http://127.0.0.1:port", "not an address that can be asked"),
    ],
)
def test_an_address_that_leads_nowhere(url, wanted):
    trouble = ask_once(ConsulAddress(url))["checks"].trouble
    assert trouble.kind == "unreachable"
    assert wanted in trouble.text


def test_an_answer_past_the_limit_is_not_kept(consul):
    consul.script(CHECKS, always=says("[" * 200_000))
    line = ConsulLine(ConsulAddress(consul.url), connect_s=1.0, limit=100_000)
    with pytest.raises(SourceTooLarge, match="larger than 100000 bytes"):
        line.query(CHECKS, {}, 1.0)
    line.close()


def test_a_held_question_that_is_never_answered_ends_after_a_sixteenth_and_a_margin(
    consul,
):
    pace = Pace(wait_s=0.8, margin_s=0.25)
    consul.script(CHECKS, lambda r: r.json([check()], index=4), lambda r: r.hang())
    with Watch(ConsulAddress(consul.url), pace) as heard:
        _, listed = heard.wait("checks")
        reading, told = heard.wait("checks", lambda r: r.trouble)
    assert reading.trouble.text.endswith("no whole answer within 1.1 s")
    assert told - listed > 1.0


def test_the_token_is_sent_as_a_header_and_never_told(consul, token_file):
    consul.script(CHECKS, always=says(f"who is {SECRET}?", 403))
    consul.script(CATALOG, always=says(f"<p>{SECRET}", 200, "text/html"))
    url = consul.url.replace("//", "//admin:pa55word@")
    readings = ask_once(ConsulAddress(url, token_file=str(token_file)))
    assert consul.questions[0][2]["X-Consul-Token"] == SECRET
    assert SECRET not in str(consul.questions[0][:2])
    told = str([reading.trouble for reading in readings.values()])
    assert "who is ***?" in told
    assert SECRET not in told and "pa55word" not in told


def test_a_changed_token_file_is_read_again(consul, token_file):
    with Watch(ConsulAddress(consul.url, token_file=str(token_file))) as heard:
        heard.wait("cluster")
        token_file.write_text("another-token")
        heard.wait("cluster", after=len(heard.of("cluster")) + 2)
    sent = [headers["X-Consul-Token"] for _, _, headers in consul.questions]
    assert (sent[0], sent[-1]) == (SECRET, "another-token")


@pytest.mark.parametrize(
    "content", [b"", b" \n", b"two words", b"a\r\nX-Evil: b", b"\xff", b"a" * 5000]
)
def test_a_token_file_without_a_token_is_refused_before_anything_is_sent(
    consul, tmp_path, content
):
    file = tmp_path / "token"
    file.write_bytes(content)
    trouble = ask_once(ConsulAddress(consul.url, token_file=str(file)))[
        "checks"
    ].trouble
    assert trouble.kind == "refused"
    assert trouble.text.endswith(f"the file {file} holds no ACL token (one word)")
    assert not consul.questions


def test_a_missing_token_file_is_named(consul, tmp_path):
    file = tmp_path / "none"
    trouble = ask_once(ConsulAddress(consul.url, token_file=str(file)))[
        "checks"
    ].trouble
    assert trouble.text.endswith(f"{file} can't be read: No such file or directory")
