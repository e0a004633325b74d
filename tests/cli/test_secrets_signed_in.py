"""Nor does a secret of signing in leave the process, nor one of what replicas share.

A web replica whose Redis, PostgreSQL and provider refuse it and repeat what they were
sent; and a small site where people have passwords.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
import yaml

from app.domain.sessions import Session, encode
from app.web.access.seal import Seal, keys_in
from benchmarks.stage import free_port, wait_for
from tests.cli.conftest import Program
from tests.cli.talkative import talkative
from tests.cli.test_secrets import FILLED, USER, leaks_of
from tests.web.access.oidc_provider import CLIENT, Provider, as_json
from tests.web.gate.stage import QUICK, Visitor

PLACES = ("keys", "scraper", "client", "bus", "records", "password", "wrong")
SECRETS = {place: f"Hunter2-{place}-of-signing-in-9f3aQz" for place in PLACES}
HASH = QUICK.hash(SECRETS["password"])
SECRETS |= {"salt": HASH.split("$")[4], "hash": HASH.split("$")[5]}
"""Of the password, as the file of users has it."""
PAGES = (
    "/", "/map/refused", "/fleet", "/wall", "/debug", "/admin", "/metrics", "/nothing",
    "/auth/login", "/readyz", "/healthz", "/_dash-layout",
)  # fmt: skip


def told(text: str) -> str:
    """Checked, and passed on."""
    assert leaks_of(SECRETS, text) == set(), text[:300]
    return text


def answered(answer: requests.Response) -> str:
    return told(f"{answer.url}\n{answer.status_code}\n{answer.headers}\n{answer.text}")


def files(folder: Path) -> dict[str, str]:
    """By what is in it, the path of the file."""
    for place in ("keys", "scraper", "client", "bus", "records"):
        (folder / place).write_text(SECRETS[place])
    (folder / "users").write_text(f"adam:{HASH}:ops\n")
    return {one.name: str(one) for one in folder.iterdir()}


def begun(
    folder: Path, start: Callable[..., Program], config: dict, *more: str
) -> tuple[Program, str]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    server = {"host": "127.0.0.1", "port": port, "public_url": url, "access_log": True,
              "trusted_proxies": ["127.0.0.1"]}  # fmt: skip
    config["server"] = server | config["server"]
    file = folder / "gws.yaml"
    file.write_text(yaml.safe_dump(config))
    program = start("serve", "--config", file, *more)
    program.line("dashboard: ")
    return program, url


def every(visitor: Visitor) -> Iterator[str]:
    """All that can be read over HTTP."""
    described = visitor.get("/openapi.json")
    paths = described.json()["paths"] if described.ok else {}
    for path in (*paths, *PAGES):
        if "get" in paths.get(path, {"get"}) and not path.endswith("/stream"):
            filled = path.format_map({"deployment": "refused", **FILLED})
            yield answered(visitor.get(filled, headers={"Accept": "text/html, */*"}))


def logged(program: Program) -> str:
    program.end()
    return told("\n".join([*program.out, *program.err]))


@pytest.fixture
def provider() -> Iterator[Provider]:
    """It hands back all that it is sent."""
    one = Provider()

    def echo(form: dict[str, str], authorization: str) -> object:
        said = f"{form} {authorization} {urlencode(form)}"
        return as_json({"error": "invalid_request", "error_description": said}, 400)

    one.token = echo  # type: ignore[assignment]
    yield one
    one.close()


@pytest.mark.timeout(120)
def test_none_leaves_a_web_replica(
    tmp_path: Path, start: Callable[..., Program], provider: Provider
) -> None:
    of = files(tmp_path)
    with talkative() as ports:
        auth = {
            "mode": "oidc",
            "secret_file": of["keys"],
            "metrics_token_file": of["scraper"],
            "groups": [{"group": "ops", "role": "admin"}],
            "oidc": {
                "issuer": provider.issuer,
                "client_id": CLIENT,
                "client_secret_file": of["client"],
            },
        }
        storage = {
            "bus": f"redis://127.0.0.1:{ports['redis']}",
            "bus_user": USER,
            "bus_password_file": of["bus"],
            "records": f"postgresql://{USER}@127.0.0.1:{ports['postgresql']}/records",
            "records_password_file": of["records"],
            "history": "none",
        }
        config = {
            "server": {"auth": auth},
            "storage": storage,
            "deployments": [{"id": "refused"}],
        }
        program, url = begun(tmp_path, start, config, "--role", "web")
        stranger, adam = Visitor(url), Visitor(url)
        adam.session.cookies["gws_session"] = session(Path(of["keys"]))
        assert len(list(every(stranger))) > 10
        assert_a_provider_s_refusal_tells_none(stranger)
        assert len(list(every(adam))) > 40
        wait_for("both have refused", lambda: refused(adam).count("***") >= 2)
        for path, body in (
            ("/api/v1/deployments/refused/notes", {"text": "x"}),
            ("/api/v1/tokens", {"name": "x"}),
        ):
            answer = adam.ask("POST", path, json=body)
            assert answer.status_code == 503
            assert "***" in answered(answer)
        scraper = {"Authorization": f"Bearer {SECRETS['scraper']}"}
        assert "gws_observatory" in answered(stranger.get("/metrics", headers=scraper))
        named = {"X-Request-ID": "edge-12345678"}
        answer = stranger.get("/healthz", headers=named)
        assert answer.headers["X-Request-ID"] == named["X-Request-ID"]
        lines = logged(program)
        assert "***" in lines
        assert events(lines) >= {"request", "bus", "records"}, (
            "it logs as one process does"
        )


def events(lines: str) -> set[str]:
    return {json.loads(one)["event"] for one in lines.splitlines() if one[:1] == "{"}


def session(keys: Path) -> str:
    """The cookie of who administers, made by who has the keys."""
    now = datetime.now(UTC)  # noqa: TID251
    made = Session("s-1", "adam", "Adam", ("ops",), now, now)
    return Seal(keys_in(keys)).sealed("session", encode(made))


def refused(adam: Visitor) -> str:
    """What the stores have said, as `/debug` tells it."""
    stores = adam.get("/api/v1/debug").json()["stores"]
    return str([one["trouble"] for one in stores])


def assert_a_provider_s_refusal_tells_none(stranger: Visitor) -> None:
    off = stranger.get("/auth/login")
    state = parse_qs(urlsplit(off.headers["Location"]).query)["state"][0]
    answered(off)
    query = urlencode({"code": "a-code", "state": state})
    back = answered(stranger.get(f"/auth/callback?{query}"))
    assert "invalid_request" in back and "***" in back


def test_none_leaves_a_site_with_passwords(
    tmp_path: Path, start: Callable[..., Program]
) -> None:
    of = files(tmp_path)
    auth = {
        "mode": "basic",
        "secret_file": of["keys"],
        "metrics_token_file": of["scraper"],
        "groups": [{"group": "ops", "role": "admin"}],
        "basic": {"users_file": of["users"]},
    }
    deployment = {"id": "refused", "probes": {"enabled": False}}
    config = {"server": {"auth": auth}, "deployments": [deployment]}
    program, url = begun(tmp_path, start, config)
    adam = Visitor(url)
    answered(adam.sign_in("adam", SECRETS["wrong"]))
    assert adam.sign_in("adam", SECRETS["password"]).status_code == 303
    assert any("token made" in one for one in [*made_one(adam), *every(adam)])
    assert "token made" in logged(program)


def made_one(adam: Visitor) -> Iterator[str]:
    """A token, told once; then the log of acts, which has none of it."""
    secret = adam.ask("POST", "/api/v1/tokens", json={"name": "ci"}).json()["secret"]
    for path in ("/api/v1/tokens", "/api/v1/audit", "/admin", "/debug"):
        text = answered(adam.get(path))
        assert secret not in text
        yield text
