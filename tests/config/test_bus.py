"""The bus that several processes share."""

from __future__ import annotations

from pathlib import Path

import pytest


def test_a_bus_is_signed_in_to_as_its_address_says(read, problems, tmp_path):
    Path(tmp_path, "secret").write_text("x")
    more = "bus_user: web, bus_password_file: secret, bus_ca_file: secret"
    text = f"storage: {{bus: 'rediss://r:6380/2', {more}}}\ndeployments: [{{id: a}}]\n"
    storage = read(text).settings.storage
    assert (storage.bus, storage.bus_user) == ("rediss://r:6380/2", "web")
    assert read(text).notices == ()


@pytest.mark.parametrize(
    ("storage", "problem"),
    [
        ("bus_user: web", "bus_user: belongs to bus: redis://..."),
        ("bus: 'redis://r', bus_user: web", "bus_user needs bus_password_file"),
        ("bus: 'redis://r', bus_ca_file: secret", "belongs to bus: rediss://..."),
        ("bus: 'redis://:word@r'", "secrets come only from files"),
        ("bus: 'http://r'", "must start with redis:// or rediss://"),
    ],
)
def test_what_a_bus_lacks_is_told(problems, tmp_path, storage, problem):
    Path(tmp_path, "secret").write_text("x")
    text = f"storage: {{{storage}}}\ndeployments: [{{id: a}}]"
    assert any(problem in one for one in problems(text))
