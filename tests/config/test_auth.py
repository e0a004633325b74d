"""`server.auth`: who may come in, and every way of saying it wrongly."""

from __future__ import annotations

import textwrap

import pytest

from app.config.auth import is_loopback
from app.config.problems import ConfigError
from app.domain.access import Grant, Role, Rule

HASH = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaGhhc2g"
BELOW = "\ndeployments: [{id: east}, {id: west}]\n"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "keys").write_text("k" * 40 + "\n")
    (tmp_path / "users").write_text(f"ana:{HASH}:ops\n")
    (tmp_path / "short").write_text("# mine\nshort\n")
    (tmp_path / "odd").write_text(f"ana:{HASH}\nben:secret\n")
    (tmp_path / "token").write_text("t" * 40)


def problems(read, server: str) -> list[str]:
    with pytest.raises(ConfigError) as found:
        read(f"server: {server}{BELOW}")
    return [str(one) for one in found.value.problems]


def test_without_it_only_this_machine_is_served(read):
    assert read(BELOW).settings.server.host == "127.0.0.1"
    assert read(f"server: {{host: '::1'}}{BELOW}").settings.server.auth is None
    (told,) = problems(read, "{host: 0.0.0.0}")
    assert told.startswith(
        "gws.yaml:1:9: server: listens on 0.0.0.0, beyond this machine, and nobody signs in"
    )
    assert read(f"server: {{host: 0.0.0.0, auth: {{mode: open}}}}{BELOW}")


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("127.3.2.1", True), ("::1", True), ("[::1]", True),
     ("localhost", True), ("0.0.0.0", False), ("::", False), ("10.0.0.1", False),
     ("gws.example", False)],
)  # fmt: skip
def test_what_is_this_machine_alone(host, here):
    assert is_loopback(host) is here


def test_basic_and_what_groups_are_granted(read, files):
    text = """
        server:
          auth:
            mode: basic
            secret_file: keys
            session_idle: 30m
            session_longest: 2d
            everybody: {deployments: [west]}
            groups:
              - {group: ops, role: operator, deployments: [east]}
              - {group: admins, role: admin}
            basic: {users_file: users}
            metrics_token_file: token
    """
    auth = read(textwrap.dedent(text) + BELOW).settings.server.auth
    assert auth.rules() == (
        Rule(None, Grant(Role.VIEWER, frozenset({"west"}))),
        Rule("ops", Grant(Role.OPERATOR, frozenset({"east"}))),
        Rule("admins", Grant(Role.ADMIN)),
    )
    assert auth.session_idle.total_seconds() == 1800


def test_what_is_remembered_without_records_is_told(read, files):
    auth = "{mode: basic, secret_file: keys, basic: {users_file: users}, everybody: {}}"
    (told,) = read(f"server: {{auth: {auth}}}{BELOW}").notices
    assert str(told).startswith(
        "gws.yaml:1:10: server.auth: tokens, TVs that were let in"
    )
    assert (
        read(f"server: {{auth: {auth}}}\nstorage: {{records: r.db}}{BELOW}").notices
        == ()
    )


def test_each_key_comes_from_the_environment_too(read, files):
    environ = {
        "GWS_OBSERVATORY__SERVER__AUTH__MODE": "basic",
        "GWS_OBSERVATORY__SERVER__AUTH__SECRET_FILE": "keys",
        "GWS_OBSERVATORY__SERVER__AUTH__BASIC__USERS_FILE": "users",
        "GWS_OBSERVATORY__SERVER__AUTH__EVERYBODY__ROLE": "operator",
        "GWS_OBSERVATORY__SERVER__AUTH__GROUPS": "[{group: admins, role: admin}]",
    }
    auth = read(BELOW, **environ).settings.server.auth
    assert auth.rules()[0].grant == Grant(Role.OPERATOR)
    assert auth.rules()[1] == Rule("admins", Grant(Role.ADMIN))


ANYBODY = "everybody: {}"


@pytest.mark.parametrize(
    ("auth", "told"),
    [
        ("{}", "server.auth.mode: is required"),
        ("{mode: opne}", 'server.auth.mode: no mode is called "opne"; did you mean "open"?'),
        ("{mode: open, secert_file: x}", 'unknown key "secert_file"; did you mean "secret_file"?'),
        ("{mode: open, groups: [{group: a}]}", "groups and everybody have no use with mode: open"),
        ("{mode: open, secret_file: keys}", "secret_file has no use with mode: open"),
        (f"{{mode: open, {ANYBODY}}}", "have no use with mode: open"),
        ("{mode: basic}", "mode: basic needs the section basic; secret_file is missing: the keys that sessions are signed with; nobody would be let in: give groups, or everybody"),
        (f"{{mode: basic, {ANYBODY}, secret_file: keys, basic: {{users_file: users}}, proxy: {{}}}}", "proxy belongs to mode: proxy"),
        (f"{{mode: oidc, {ANYBODY}, secret_file: keys}}", "mode: oidc needs the section oidc"),
        (f"{{mode: proxy, {ANYBODY}}}", "auth.mode: proxy needs trusted_proxies"),
        (f"{{mode: oidc, {ANYBODY}, secret_file: keys, oidc: {{issuer: 'https://i.example', client_id: c}}}}", "auth.mode: oidc needs public_url"),
        (f"{{mode: proxy, {ANYBODY}, proxy: {{user_header: 'a b'}}}}", "server.auth.proxy.user_header: must be the name of a header"),
        ("{mode: open, groups: [{group: a, role: boss}]}", 'server.auth.groups[0].role: no role is called "boss"'),
        ("{mode: open, everybody: {deployments: []}}", "names none: leave it out for every deployment"),
        ("{mode: open, session_idle: 1m}", 'server.auth.session_idle: must be a time such as "30m"'),
        ("{mode: open, session_idle: 2d, session_longest: 1d}", "session_idle is longer than session_longest"),
        ("{mode: open, metrics_open: true}", "metrics are open with mode: open"),
        ("{mode: open, metrics_open: true, metrics_token_file: token}", "give metrics_open or metrics_token_file, not both"),
        ("{mode: open, metrics_token_file: nowhere}", "server.auth.metrics_token_file: no such file"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_where_it_stands(read, files, auth, told):
    said = problems(read, f"{{auth: {auth}}}")
    assert any(told in one for one in said), said
    assert all(one.startswith("gws.yaml:1:") for one in said)


def test_deployments_that_there_are_not_and_lines_of_its_files(read, files):
    auth = "{mode: basic, secret_file: short, basic: {users_file: odd}, everybody: {deployments: [eastt]}, groups: [{group: a, deployments: [east, nowhere]}]}"
    said = problems(read, f"{{auth: {auth}}}")
    assert any(
        'server.auth.everybody.deployments[0]: no deployment is "eastt"; did you mean "east"?'
        in one
        for one in said
    )
    assert any(
        'server.auth.groups[0].deployments[1]: no deployment is "nowhere"' in one
        for one in said
    )
    assert any("short:2: a key needs 32 characters or more" in one for one in said)
    assert any("odd:2: the password must be an Argon2id hash" in one for one in said)
    assert not any("secret" in one.replace("secret_file", "") for one in said)
    assert len(said) == 4


@pytest.mark.parametrize("network", ["10.0.0.1/8", "proxy", "0.0.0.0/0"])
def test_a_proxy_is_an_address_or_a_network(read, network):
    (told,) = problems(read, f"{{trusted_proxies: ['{network}']}}")
    assert "server.trusted_proxies[0]" in told
