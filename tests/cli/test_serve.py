"""`serve` as a process: it begins clearly and ends in time."""

from __future__ import annotations

import json
import signal
import socket

import pytest
import requests

from tests.cli.conftest import ready


def test_sigterm_ends_it_within_seconds_with_streams_open(start, lonely):
    program = start("serve", "--config", lonely)
    url = program.line("dashboard: ")
    ready(url)
    streams = [
        requests.get(f"{url}api/v1/deployments/demo/stream", stream=True, timeout=30)
        for _ in range(20)
    ]
    assert program.end() < 5
    assert program.process.returncode == 0
    for stream in streams:
        assert b"event: snapshot" in stream.content
    levels = {json.loads(line)["level"] for line in program.err}
    assert "error" not in levels


def test_a_viewer_that_never_reads_does_not_hold_it_back(start, lonely):
    program = start("serve", "--config", lonely)
    url = program.line("dashboard: ")
    ready(url)
    host, port = url.removeprefix("http://").rstrip("/").split(":")
    deaf = []
    for _ in range(5):
        deaf.append(socket.socket())
        deaf[-1].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        deaf[-1].connect((host, int(port)))
        deaf[-1].sendall(
            b"GET /api/v1/deployments/demo/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
            * 1
        )
    viewers = f"{url}metrics"
    while (
        'gws_observatory_viewers{deployment="demo"} 5.0'
        not in requests.get(viewers, timeout=30).text
    ):
        pass
    assert program.end() < 5
    assert program.process.returncode == 0
    for viewer in deaf:
        viewer.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_may_be_ended_before_it_has_begun(number, start, lonely):
    program = start("serve", "--config", lonely)
    program.line("dashboard: ")
    assert program.end(number) < 5
    assert program.process.returncode == 0
    assert "Traceback" not in "".join(program.err)


def test_a_port_that_is_taken_is_told_in_one_line(start, lonely):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        program = start(
            "serve", "--config", lonely, GWS_OBSERVATORY__SERVER__PORT=str(port)
        )
        assert program.wait() == 1
    assert program.err == [
        f"gws-observatory: cannot listen on 127.0.0.1 port {port}: address already in use\n"
    ]


def test_the_log_is_json_lines_and_tells_what_cannot_be_heard(start, lonely):
    program = start("serve", "--config", lonely)
    ready(program.line("dashboard: "))
    program.end()
    told = [json.loads(line) for line in program.err]
    (consul,) = [entry for entry in told if entry.get("source") == "consul"]
    assert (consul["level"], consul["status"]) == ("warning", "failing")
    assert "connection refused" in consul["error"]


def test_a_console_log_is_for_people(start, lonely):
    program = start("serve", "--config", lonely, "--log-format", "console")
    ready(program.line("dashboard: "))
    program.end()
    assert any("source" in line and not line.startswith("{") for line in program.err)


def test_what_is_configured_and_not_used_is_logged(start, lonely):
    with lonely.open("a") as file:
        file.write("storage: {bus: 'redis://r'}\n")
    program = start("serve", "--config", lonely)
    program.line("dashboard: ")
    program.end()
    problems = [json.loads(line).get("problem") for line in program.err]
    told = "storage.bus: not used by --role all, which is one process"
    assert told in problems


def test_the_public_address_is_the_one_that_is_printed(start, lonely):
    program = start(
        "serve",
        "--config",
        lonely,
        GWS_OBSERVATORY__SERVER__PUBLIC_URL="https://gws.example/",
    )
    assert program.line("dashboard: ") == "https://gws.example"
    program.end()
