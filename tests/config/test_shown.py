"""What of the settings may be shown."""

from __future__ import annotations

import pytest

from app.config.shown import HIDDEN, address, in_force, shown


def test_what_is_set_is_shown_and_no_default(read, tmp_path):
    token = tmp_path / "consul-token"
    token.write_text("s3cret")
    settings = read(f"""
server: {{port: 9000}}
deployments:
  - id: east
    consul: {{url: "https://consul:8501/v", token_file: {token}}}
""").settings
    found = in_force(settings)
    assert found["server"] == {"port": 9000}
    (east,) = found["deployments"]
    assert east["consul"] == {"url": "https://consul:8501/v", "token_file": str(token)}
    assert "s3cret" not in str(found)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("https://me:pass@host:1/p?q=secret#f", f"https://host:1/p?{HIDDEN}"),
        ("postgresql://user@db/gws", "postgresql://db/gws"),
        ("redis://r:6379/0", "redis://r:6379/0"),
        ("http://[broken", HIDDEN),
        ("no address: at all", "no address: at all"),
    ],
)
def test_an_address_is_shown_without_who_and_what_is_asked(text, told):
    assert address(text) == told


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("password", "x"),
        ("client_secret", "x"),
        ("api_key", "x"),
        ("users", {"anna": {"password_hash": "$argon2id$..."}}),
        ("auth", [{"token": "x"}, {"cookie_secret": "y"}]),
    ],
)
def test_what_sounds_like_a_secret_is_left_out(key, value):
    told = str(shown(key, value))
    assert HIDDEN in told
    assert "'x'" not in told and "argon2" not in told


def test_a_file_is_named_and_never_read():
    assert shown("password_file", "/run/secrets/p") == "/run/secrets/p"
    assert shown("interval", 15.0) == 15.0
