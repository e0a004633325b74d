"""No secret leaves the process, whatever it is asked and whoever repeats it.

A secret of its own is planted in every place of a configuration that can hold one. The
sources are the simulated deployment, and servers that refuse every sign-in and repeat in
their refusal all that they were sent.
"""

from __future__ import annotations

import base64
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml

from benchmarks.stage import TOP, Json, Stage, open_stage, wait_for
from tests.cli.talkative import talkative

PLACES = (
    "kubernetes", "consul", "prometheus", "alertmanager", "redis", "postgresql",
    "prov", "elasticsearch", "history", "records",
)  # fmt: skip
USER = "observer"


def secret(place: str) -> str:
    return f"Hunter2-{place}-9f3aQz"


SECRETS = {place: secret(place) for place in PLACES}
TYPED = "Hunter2-typed-into-yaml"
"""What somebody wrote where no secret may stand."""


def leaks(text: str) -> set[str]:
    return leaks_of({**SECRETS, "typed": TYPED}, text)


def leaks_of(secrets: dict[str, str], text: str) -> set[str]:
    """Which are in it: plain, as an address writes them, or encoded."""
    found = set()
    for place, word in secrets.items():
        pair = base64.b64encode(f"{USER}:{word}".encode()).decode()
        alone = base64.b64encode(word.encode()).decode().rstrip("=")
        if any(form in text for form in (word, quote(word), pair, alone, word.lower())):
            found.add(place)
    return found


@dataclass
class Planted:
    """A running dashboard, its configuration, and the simulation's own secrets."""

    stage: Stage
    file: Path
    own: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    folder = tmp_path_factory.mktemp("secrets")
    own: list[str] = []
    with ExitStack() as stack:
        ports = stack.enter_context(talkative())

        def edit(config: Json) -> None:
            demo = config["deployments"][0]
            own.extend(simulated_secrets(demo))
            config["deployments"].append(refused(folder, ports))
            config["storage"] = storage(folder, ports)

        running = stack.enter_context(open_stage(folder, edit))
        yield Planted(running, folder / "watched.yaml", own)


def simulated_secrets(demo: Json) -> Iterator[str]:
    """What the simulation itself signs people in with."""
    kubeconfig = yaml.safe_load(Path(demo["kubernetes"]["kubeconfig"]).read_text())
    yield kubeconfig["users"][0]["user"]["token"]
    dsn = Path(demo["backends"]["postgresql"]["dsn_file"]).read_text()
    yield dsn.partition("@")[0].rpartition(":")[2]


def kept(folder: Path, place: str, text: str | None = None) -> str:
    file = folder / f"{place}.secret"
    file.write_text(text or SECRETS[place])
    return str(file)


def refused(folder: Path, ports: dict[str, int]) -> Json:
    """A deployment whose every source refuses, and repeats what it was sent."""
    http, broken = (f"http://127.0.0.1:{ports[name]}" for name in ("http", "broken"))

    def dsn(place: str) -> str:
        word = SECRETS[place]
        return f"postgresql://{USER}:{word}@127.0.0.1:{ports['postgresql']}/gws"

    kubeconfig = {
        "apiVersion": "v1", "kind": "Config", "current-context": "x",
        "clusters": [{"name": "x", "cluster": {"server": http}}],
        "users": [{"name": "x", "user": {"token": SECRETS["kubernetes"]}}],
        "contexts": [{"name": "x", "context": {"cluster": "x", "user": "x"}}],
    }  # fmt: skip
    signed = {"user": USER, "interval": "1s"}
    return {
        "id": "refused",
        "kubernetes": {
            "kubeconfig": kept(folder, "kubeconfig", yaml.safe_dump(kubeconfig))
        },
        "consul": {"url": http, "token_file": kept(folder, "consul")},
        "prometheus": {
            "url": broken, "password_file": kept(folder, "prometheus"), **signed,
        },
        "alertmanager": {
            "url": http, "token_file": kept(folder, "alertmanager"), "interval": "1s",
        },
        "backends": {
            "redis": {
                "url": f"redis://127.0.0.1:{ports['redis']}",
                "password_file": kept(folder, "redis"), **signed,
            },
            "postgresql": {
                "dsn_file": kept(folder, "postgresql", dsn("postgresql")),
                "prov_dsn_file": kept(folder, "prov", dsn("prov")), "interval": "1s",
            },
            "elasticsearch": {
                "url": http, "password_file": kept(folder, "elasticsearch"), **signed,
            },
        },
    }  # fmt: skip


def storage(folder: Path, ports: dict[str, int]) -> Json:
    return {
        "history": f"prometheus+http://127.0.0.1:{ports['broken']}",
        "history_user": USER,
        "history_password_file": kept(folder, "history"),
        "history_push": f"http://127.0.0.1:{ports['http']}",
        "records": f"postgresql://{USER}@127.0.0.1:{ports['postgresql']}/records",
        "records_password_file": kept(folder, "records"),
    }


def every_source_is_heard(stage: Stage) -> bool:
    snapshot = stage.get("/api/v1/deployments/refused/snapshot").json()
    sources = {one["name"]: one for one in snapshot["sources"]}
    wanted = {"kubernetes", "consul", "prometheus", "alertmanager", "redis", "postgresql", "elasticsearch"}  # fmt: skip
    return all(sources[name]["error"] for name in wanted)


FILLED = {"number": "9", "node": "redis", "form": "csv", "incident": "x", "note": "x"}


def asked(stage: Stage) -> Iterator[str]:
    """All that can be read over HTTP, of both deployments."""
    described = stage.get("/openapi.json").json()["paths"]
    paths = [path for path, ways in described.items() if "get" in ways]
    paths += [
        "/fleet", "/wall", "/", "/nothing", "/_dash-layout", "/_dash-dependencies",
        *(f"/{page}/{{deployment}}" for page in ("map", "connections", "timeline",
          "capacity", "compare", "wall")),
    ]  # fmt: skip
    for path in paths:
        if path.endswith("/stream"):
            continue
        for deployment in ("demo", "refused"):
            filled = {"deployment": deployment, **FILLED}
            answer = stage.get(path.format_map(filled))
            yield f"{path}\n{answer.headers}\n{answer.text}"


def test_none_is_in_any_answer_nor_in_any_log(planted: Planted) -> None:
    stage = planted.stage
    wait_for("every source says why", lambda: every_source_is_heard(stage))
    for text in asked(stage):
        assert leaks(text) == set(), text[:80]
        assert not [word for word in planted.own if word in text], text[:80]
    said = stage.server.log.read_text() + stage.simulator.log.read_text()
    assert "refused" in said
    assert leaks(said) == set()
    assert not [word for word in planted.own if word in said]


def test_what_they_repeated_was_there_to_be_hidden(planted: Planted) -> None:
    """Otherwise the test above would show nothing."""
    snapshot = planted.stage.get("/api/v1/deployments/refused/snapshot").json()
    told = str([one["error"] for one in snapshot["sources"]])
    assert told.count("***") >= 3, told


@pytest.mark.parametrize(
    "more", [pytest.param((), marks=pytest.mark.thorough), ("--json",)]
)
def test_none_is_in_what_the_doctor_says(
    planted: Planted, more: tuple[str, ...]
) -> None:
    said = program("doctor", "--config", planted.file, *more)
    assert "refused" in said
    assert leaks(said) == set()
    assert not [word for word in planted.own if word in said]


TYPOS = [
    "consul: {url: 'http://me:SECRET@consul'}",
    "consul: {url: 'http://SECRET@consul'}",
    "consul: {url: 'http://consul/?token=SECRET'}",
    "consul: {url: 'http://c', token: SECRET}",
    "consul: {url: SECRET}",
    "backends: {redis: {url: 'redis://:SECRET@r'}}",
    "backends: {postgresql: {dsn: 'postgresql://me:SECRET@db/x'}}",
    "backends: {elasticsearch: {url: 'https://me:SECRET@es'}}",
    "links: {Grafana: 'https://me:SECRET@g/'}",
    "probes: {targets: [{node: redis, url: 'tcp://me:SECRET@r:1'}]}",
    "prometheus: {url: 'http://p', interval: SECRET}",
]


@pytest.mark.parametrize("line", TYPOS)
def test_one_that_is_typed_where_none_may_stand_is_not_repeated(
    line: str, tmp_path: Path
) -> None:
    file = tmp_path / "gws.yaml"
    file.write_text(f"deployments:\n  - id: a\n    {line.replace('SECRET', TYPED)}\n")
    said = program("check-config", file, code=2)
    assert "gws.yaml:3:" in said
    assert leaks(said) == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STORAGE__RECORDS", f"postgresql://me:{TYPED}@db/x"),
        ("STORAGE__RECORDS", f"postgresql://me@db/x?password={TYPED}"),
        ("STORAGE__HISTORY", f"prometheus+https://me:{TYPED}@p"),
        ("DEPLOYMENTS__0__CONSUL__TOKEN", TYPED),
        ("DEPLOYMENTS__0__CONSUL", f"{{url: http://c, token: {TYPED}}}"),
    ],
)
def test_nor_one_in_the_environment(name: str, value: str, tmp_path: Path) -> None:
    file = tmp_path / "gws.yaml"
    file.write_text("deployments: [{id: a}]\n")
    said = program(
        "check-config", file, code=2, environ={f"GWS_OBSERVATORY__{name}": value}
    )
    assert leaks(said) == set()


def program(
    *arguments: Any, code: int | None = None, environ: dict[str, str] | None = None
) -> str:
    """Both outputs of one command."""
    variables = [f"{name}={value}" for name, value in (environ or {}).items()]
    ended = subprocess.run(
        ["env", *variables, sys.executable, "-m", "app", *map(str, arguments)],
        cwd=TOP, capture_output=True, text=True, timeout=90,
    )  # fmt: skip
    assert code is None or ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stdout + ended.stderr
