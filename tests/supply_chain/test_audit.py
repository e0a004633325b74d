"""An audit says what is known, and never takes silence for good news."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.supply_chain.audit import NO_DATA, NONE, SOME, main

Answer = Callable[[list[dict]], tuple[int, object]]


@contextmanager
def service(answer: Answer) -> Iterator[str]:
    """Who has OSV's data, and answers all questions with `answer`."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            status, told = answer(json.loads(self.rfile.read(length))["queries"])
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """It keeps no log."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_what_is_known_is_told_with_its_names(capsys):
    def answer(queries):
        told = [{} for _ in queries]
        at = [one["package"]["name"] for one in queries].index("dash")
        told[at] = {"vulns": [{"id": "GHSA-2"}, {"id": "GHSA-1"}]}
        return 200, {"results": told}

    with service(answer) as where:
        assert main(["--service", where]) == SOME
    assert "dash 4.4.1: GHSA-1, GHSA-2\n" in capsys.readouterr().out


def test_nothing_known_is_said_of_so_many_parts(capsys):
    with service(lambda queries: (200, {"results": [{} for _ in queries]})) as where:
        assert main(["--service", where]) == NONE
    assert "0 with a known vulnerability" in capsys.readouterr().out


def test_no_data_is_no_good_news(capsys):
    for status, told in ((503, {}), (200, {"results": []}), (200, "what?"), (200, {})):
        with service(lambda _, s=status, t=told: (s, t)) as where:
            assert main(["--service", where]) == NO_DATA
    assert main(["--service", "http://127.0.0.1:9"]) == NO_DATA
    assert capsys.readouterr().out.count("NOT AUDITED") == 5
