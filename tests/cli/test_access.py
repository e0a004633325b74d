"""From `server.auth` to a dashboard that people sign in to; the hash of a password."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from starlette.requests import Request

from app.cli.access import access_of
from app.config.models import Server
from app.domain.access import Act, Role
from app.domain.credentials import users
from app.web.access.peers import PEER
from app.web.access.register import NoRegister
from app.web.access.visit import Visit

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)


def server(folder: Path, **auth: object) -> Server:
    (folder / "keys").write_text("k" * 40)
    (folder / "token").write_text("t" * 40)
    (folder / "users").write_text(
        "ana:$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA:ops"
    )
    said = {
        "public_url": "https://gws.example",
        "trusted_proxies": ["10.0.0.0/8"],
        **({"auth": auth} if auth else {}),
    }
    return Server.model_validate(said, context={"folder": folder})


def asks(peer: str = "127.0.0.1", **headers: str) -> Request:
    told = [(n.replace("_", "-").encode(), v.encode()) for n, v in headers.items()]
    return Request(
        {"type": "http", "method": "GET", "path": "/", "query_string": b"",
         "scheme": "http", "client": ("192.0.2.7", 0), "headers": told,
         "state": {PEER: (peer, 1)}}
    )  # fmt: skip


def access(folder: Path, **auth: object):
    return access_of(server(folder, **auth), NoRegister(), lambda: NOW)


def test_without_the_section_whoever_comes_may_do_everything(tmp_path):
    found = access(tmp_path).found(asks(), NOW)
    assert found.person.everywhere() is Role.ADMIN
    assert access(tmp_path).metrics.let_in(asks())


def test_open_is_to_look_and_no_more(tmp_path):
    made = access(tmp_path, mode="open")
    person = made.found(asks(authorization="Bearer x"), NOW).person
    assert person.may(Act.SEE)
    assert not person.may_somewhere(Act.TEND)
    assert made.metrics.let_in(asks())
    assert not made.signs_in


def test_by_a_proxy_its_headers_count(tmp_path):
    made = access(tmp_path, mode="proxy", everybody={"deployments": ["east"]})
    who = {"x_forwarded_user": "ana"}
    assert isinstance(made.found(asks("10.1.2.3", **who), NOW), Visit)
    assert isinstance(made.found(asks("::ffff:10.1.2.3", **who), NOW), Visit)
    for peer in ("192.0.2.1", "", "odd"):
        assert not isinstance(made.found(asks(peer, **who), NOW), Visit)
    assert not made.metrics.let_in(asks())


def test_by_a_file_and_by_a_provider_there_are_sessions(tmp_path):
    common = {
        "secret_file": "keys",
        "metrics_token_file": "token",
        "groups": [{"group": "ops", "role": "operator"}],
    }
    basic = access(tmp_path, mode="basic", basic={"users_file": "users"}, **common)
    assert basic.basic is not None
    assert basic.oidc is None
    assert basic.secure(asks())
    assert basic.metrics.let_in(asks(authorization=f"Bearer {'t' * 40}"))
    (tmp_path / "token").unlink()
    assert not basic.metrics.let_in(asks(authorization=f"Bearer {'t' * 40}"))
    assert not basic.metrics.let_in(asks(authorization="Bearer "))
    section = {"issuer": "https://idp.example", "client_id": "gws"}
    oidc = access(tmp_path, mode="oidc", oidc=section, **common)
    assert oidc.oidc is not None
    session = oidc.sessions.begun("sub", "Ana", ("ops",), NOW)
    assert oidc.sessions.grants(session)[0].role is Role.OPERATOR


def hashed(typed: str, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app", "hash-password", "ana", *more]
    return subprocess.run(
        command, input=typed, text=True, capture_output=True, timeout=60, check=False
    )


def test_a_password_becomes_a_line_of_the_users_file():
    made = hashed("correct horse\n", "--group", "ops", "--group", "noc east")
    assert made.returncode == 0, made.stderr
    found, wrong = users(made.stdout)
    assert wrong == []
    assert found["ana"].groups == ("ops", "noc east")
    assert "correct" not in made.stdout
    short = hashed("short\n")
    assert short.returncode == 1
    assert "8 to 1000 characters" in short.stderr
