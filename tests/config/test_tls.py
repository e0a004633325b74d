"""Keys of TLS that would do nothing where they stand are told."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "deployments: [{id: a, scrape: {insecure_skip_verify: true, ca_file: x}}]",
            "would not look at ca_file and server_name",
        ),
        (
            "deployments: [{id: a, backends: {redis: {url: 'rediss://r', cert_file: x}}}]",
            "cert_file and key_file belong together",
        ),
        (
            "deployments: [{id: a, backends: {redis: {url: 'redis://r', ca_file: x}}}]",
            "ca_file and cert_file belong to rediss://",
        ),
        (
            "deployments: [{id: a, backends: {postgresql: {dsn_file: x, key_file: x}}}]",
            "cert_file and key_file belong together",
        ),
        (
            "storage: {records: 'postgresql://u@h/d', records_cert_file: x}\ndeployments: [{id: a}]",
            "records_cert_file and records_key_file belong together",
        ),
        (
            "storage: {records: r.db, records_ca_file: x}\ndeployments: [{id: a}]",
            "records_ca_file: belongs to records: postgresql://",
        ),
    ],
)
def test_tls_that_would_do_nothing_is_told(problems, tmp_path, text, problem):
    Path(tmp_path, "x").write_text("x")
    assert any(problem in one for one in problems(text))
