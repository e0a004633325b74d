"""Debian's PostgreSQL over TLS: who is trusted, and that replaced files are taken up."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.records.address import Address
from app.records.store import Store
from app.records.trouble import Trouble
from collectors.postgresql_store import PostgresqlCollector
from collectors.postgresql_tls import checked
from tests.collectors.kubernetes_authority import Authority
from tests.collectors.scrape.conftest import Heard
from tests.collectors.tls_server import authority_in, replace
from tests.real.postgresql_servers import Server

pytestmark = pytest.mark.real
RULES = """\
hostssl all shown all cert
hostssl all all all trust
hostnossl all admin all trust
"""


class Encrypted(Server):
    """Everybody is trusted over TLS; `shown` by a client certificate alone."""

    def __init__(self, authority: Authority) -> None:
        super().__init__()
        self._authority = authority

    def start(self, *more: str) -> None:
        certificate, key = self._authority.issue("server")
        written = {
            "server.pem": certificate,
            "server.key": key,
            "ca.pem": self._authority.pem.encode(),
            "pg_hba.conf": RULES.encode(),
        }
        for name, content in written.items():
            file = self.data / name
            file.write_bytes(content)
            file.chmod(0o600)
            if self._owner is not None:
                os.chown(file, self._owner.pw_uid, self._owner.pw_gid)
        super().start(
            "ssl=on",
            "ssl_cert_file=server.pem",
            "ssl_key_file=server.key",
            "ssl_ca_file=ca.pem",
            *more,
        )


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def server(authority: Authority) -> Iterator[Encrypted]:
    with Encrypted(authority) as server:
        with server.admin() as admin:
            admin.execute("CREATE ROLE shown LOGIN")
            admin.execute("CREATE DATABASE records")
        yield server


@pytest.fixture
def ca(tmp_path: Path) -> Path:
    """The file of an authority that did not sign for the server."""
    file = tmp_path / "ca.pem"
    file.write_text(authority_in(tmp_path / "other").pem)
    return file


def collector(
    server: Server, folder: Path, ca: Path | str, heard: Heard, **more: object
) -> PostgresqlCollector:
    dsn = folder / "dsn"
    user = "shown" if more else "admin"
    dsn.write_text(f"host=127.0.0.1 port={server.port} user={user} dbname=gws")
    return PostgresqlCollector(
        str(dsn),
        dict,
        heard,
        lambda: datetime(2026, 11, 24, tzinfo=UTC),
        interval_s=0.1,
        ca_file=str(ca),
        **more,  # type: ignore[arg-type]
    )


def test_an_authority_that_is_replaced_is_taken_up_by_what_runs(
    server: Server, authority: Authority, ca: Path, tmp_path: Path
) -> None:
    heard = Heard()
    one = collector(server, tmp_path, ca, heard)
    one.start()
    try:
        (trouble,) = heard.until(lambda got: [r.trouble for r in got if r.trouble][:1])
        assert trouble.kind == "refused"
        assert "certificate verify failed" in trouble.text
        replace(ca, authority.pem)
        heard.until(lambda got: any(reading.facts for reading in got))
    finally:
        one.stop()
        one.join(30)


def test_a_client_certificate_signs_in_as_its_file_is_now(
    server: Server, authority: Authority, tmp_path: Path
) -> None:
    certificate, key = tmp_path / "me.pem", tmp_path / "me.key"
    other = authority_in(tmp_path / "other")
    pair = {"client_cert": (str(certificate), str(key))}
    one = collector(server, tmp_path, authority.file(), Heard(), **pair)
    for issued, well in (
        (other.issue("shown"), False),
        (authority.issue("shown"), True),
    ):
        replace(certificate, issued[0])
        replace(key, issued[1])
        (reading,) = one.ask_once()
        assert (reading.trouble is None) == well, reading.trouble


def test_the_records_are_kept_by_a_server_that_is_trusted(
    server: Server, authority: Authority, ca: Path
) -> None:
    url = f"postgresql://admin@127.0.0.1:{server.port}/records"
    store = Store(Address(url, tls=checked({"host": "127.0.0.1"}, str(ca))), ["demo"])
    with pytest.raises(Trouble, match="certificate verify failed.*records_ca_file"):
        store.open()
    replace(ca, authority.pem)
    store.open()
    store.close()
