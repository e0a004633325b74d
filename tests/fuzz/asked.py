"""Everything that reads what callers ask, and what is configured."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

from pydantic import ValidationError

from app.config.load import check
from app.config.problems import ConfigError
from app.domain.expected import Calendar
from app.domain.links import address, parsed
from app.domain.markdown import html, plain
from app.domain.topology import standard
from app.web.api_error import ApiError
from app.web.capacity_asked import choices, wanted
from app.web.origin import _place as origin_place
from app.web.schema_maintenance import NewWindow
from app.web.schema_notes import NewNote
from app.web.schema_wall import Admission
from app.web.series_asked import wanted_of
from app.web.sizes import _host
from app.web.timeline_asked import Wanted
from app.web.times import moment_of
from layouts import values
from tests.fuzz.harness import Harness, seed

NOW: Final = datetime(2026, 11, 24, 10, tzinfo=UTC)
HOUR_AGO: Final = datetime(2026, 11, 24, 9, tzinfo=UTC)
PICTURE: Final = standard()
NOWHERE: Final = Path("/nowhere")
YAML: Final = b"""
server: {host: 127.0.0.1, port: 8050, limits: {body: 64KiB}, trusted_proxies: [10.0.0.0/8]}
storage: {history: none, records_keep: 400d, history_limit: 10GiB}
deployments:
  - id: prod-east
    name: Production East
    kubernetes: {in_cluster: true, namespaces: {gws: gws}}
    consul: {url: "https://consul.infra:8501"}
    scrape: {interval: 15s, rules: [{node: redis, port: 9121}]}
    prometheus: {url: "http://prom:9090", labels: {cluster: east}}
    probes: {targets: [{node: service-proxy, url: "https://gws.example/"}]}
    topology: {absent: [iwd], nodes: {redis: {port: 6380}}}
    limits: {error_ratio: {degraded: 0.02}, connections: {17: {enter: 5s}}}
    traffic: {zone: Europe/Berlin, expected: [{days: mon-fri, hours: "08:00-20:00"}]}
    maintenance: [{from: 2026-11-24T10:00:00Z, to: 2026-11-24T11:00:00Z, why: x}]
    links: {Grafana: "https://g/d?ns={namespace}&from={from_ms}"}
"""


def configuration(body: bytes) -> None:
    check(body.decode(errors="replace"), "gws.yaml", NOWHERE, {})


def environment(body: bytes) -> None:
    """Each line a variable: what comes before `=` names the place."""
    environ = {}
    for row in body.decode(errors="replace").splitlines():
        name, _, value = row.partition("=")
        environ[f"GWS_OBSERVATORY__{name}"] = value
    check(YAML.decode(), "gws.yaml", NOWHERE, environ)


def query(body: bytes) -> None:
    asked: Mapping[str, str] = dict(parse_qsl(body.decode(errors="replace")))
    view = Wanted.of(asked)
    view.view("demo", NOW, "1h")
    shown = wanted("demo", asked, NOW.date())
    choices(shown, Calendar(), NOW)
    values.known(asked.get("v"))


def subjects(body: bytes) -> None:
    asked = body.decode(errors="replace").split("&")
    metrics = asked[1] if len(asked) > 1 else None
    wanted_of(PICTURE, asked[0], metrics, (HOUR_AGO, NOW), 60)


def moment(body: bytes) -> None:
    moment_of(body.decode(errors="replace"))


def bodies(body: bytes) -> None:
    """Of requests that change something."""
    for shape in (NewNote, NewWindow, Admission):
        try:
            shape.model_validate_json(body)
        except ValidationError:
            pass


def note(body: bytes) -> None:
    text = body.decode(errors="replace")[:2000]
    made = html(text)
    assert "<script" not in made.lower()
    assert "\n" not in plain(text)


def link(body: bytes) -> None:
    """A value never changes where an address leads."""
    text = body.decode(errors="replace")
    made = address(parsed("https://g.example/d/{node}?ns={namespace}"), {
        "node": text, "namespace": text,
    })  # fmt: skip
    assert made is None or made.startswith("https://g.example/d/")
    assert made is None or (made.count("/") == 4 and made.count("?") == 1)
    parsed(text)


def headers(body: bytes) -> None:
    origin_place(body.decode("latin-1"))
    _host({"headers": [(b"host", body)]})


ASKED: Final = {
    "configuration": Harness(configuration, (YAML,), (ConfigError,)),
    "environment": Harness(
        environment,
        (b"SERVER__PORT=8051", b"DEPLOYMENTS__0__CONSUL__URL=http://c\nSERVER={port: 1}"),
        (ConfigError,),
    ),
    "query": Harness(
        query,
        (
            b"span=7d&from=2026-11-01&to=2026-11-02&agents=20&hours=all&c=17&v=age",
            b"from=2026-11-24T09:00:00Z&to=2026-11-24T10:00:00Z&at=2026-11-24T09:30:00Z",
        ),
        (),
    ),
    "subjects": Harness(
        subjects, (b"9,12,redis&request_rate", b"9"), (ApiError,)
    ),
    "moment": Harness(moment, (b"2026-11-24T10:00:00.123+01:00",), (ValueError,)),
    "bodies": Harness(
        bodies,
        (
            seed({"text": "x", "by": "me", "about": {"connection": 17}, "pinned": True}),
            seed({"nodes": ["redis"], "for": "2h", "why": "disks", "by": "me"}),
            seed({"code": "ABC123", "deployments": ["demo"], "rotate": "1m"}),
        ),
        (),
        is_json=True,
    ),
    "note": Harness(
        note,
        (b"**b** [x](https://a.example) <script>x</script>\n1. a\n> q\n```\nc\n```",),
        (),
    ),
    "link": Harness(link, (b"redis/../..?x=1#y", b"https://g/{node}"), (ValueError,)),
    "headers": Harness(headers, (b"https://gws.example:8443", b"[::1]:80"), ()),
}  # fmt: skip
