"""What is added to a connection string, so that who answers is who should."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime

import pytest
from psycopg.conninfo import conninfo_to_dict

from app.cli.wiring_records import records_tls
from app.config.storage import Storage
from collectors.postgresql_store import PostgresqlCollector
from collectors.postgresql_tls import checked
from collectors.trust import system_authorities

CHECKED = {"sslmode": "verify-full", "sslrootcert": system_authorities()}
OURS = {"sslmode": "verify-full", "sslrootcert": "/ca.pem"}
PAIR = ("/me.pem", "/me.key")


@pytest.mark.parametrize(
    ("said", "ca_file", "added"),
    [
        ("host=db", None, CHECKED),
        ("postgresql://me@db.example:5432/gws", None, CHECKED),
        ("host=db", "/ca.pem", OURS),
        ("host=127.0.0.1,db", None, CHECKED),
        ("host=db hostaddr=10.1.2.3", None, CHECKED),
        ("host=127.0.0.1", None, {}),
        ("host=localhost,::1", None, {}),
        ("postgresql://me@[::1]/gws", None, {}),
        ("host=/run/postgresql", None, {}),
        ("dbname=gws", None, {}),
        ("host=127.0.0.1", "/ca.pem", OURS),
        ("host=db sslmode=disable", None, {}),
        ("host=db sslmode=require", None, {}),
        ("host=db sslmode=verify-ca", "/ca.pem", {"sslrootcert": "/ca.pem"}),
        ("host=db sslrootcert=/own.pem", "/ca.pem", {"sslmode": "verify-full"}),
        ("host=db sslmode=verify-full sslrootcert=system", "/ca.pem", {}),
    ],
)
def test_the_server_is_checked_unless_it_is_said_otherwise(said, ca_file, added):
    assert checked(conninfo_to_dict(said), ca_file) == added


def test_a_client_certificate_is_shown_unless_another_one_is_said():
    pair = {"sslcert": "/me.pem", "sslkey": "/me.key"}
    assert checked({"host": "localhost"}, None, PAIR) == pair
    said = {"host": "localhost", "sslcert": "/a.pem", "sslkey": "/a.key"}
    assert checked(said, None, PAIR) == {}


@pytest.mark.parametrize(
    ("written", "added"),
    [
        ({"records": "postgresql://me@db/records"}, CHECKED),
        ({"records": "postgresql://me@db/records?sslmode=disable"}, {}),
        ({"records": "postgresql://me@127.0.0.1/records"}, {}),
        ({"records": "/var/lib/records.db"}, {}),
        ({}, {}),
    ],
)
def test_the_records_are_reached_likewise(written, added):
    assert records_tls(Storage.model_validate(written)) == added


def test_the_records_have_files_of_their_own(tmp_path):
    for name in ("ca", "cert", "key"):
        (tmp_path / name).write_text("x")
    written = {"records": "postgresql://me@127.0.0.1/records"}
    named = {f"records_{name}_file": name for name in ("ca", "cert", "key")}
    storage = Storage.model_validate(written | named, context={"folder": tmp_path})
    assert records_tls(storage) == {
        "sslmode": "verify-full",
        "sslrootcert": str(tmp_path / "ca"),
        "sslcert": str(tmp_path / "cert"),
        "sslkey": str(tmp_path / "key"),
    }


def test_a_server_without_tls_is_told_with_what_to_say(tmp_path):
    ca, dsn = tmp_path / "ca.pem", tmp_path / "dsn"
    ca.write_text("x")
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def speak_no_tls():
            connection, _ = listener.accept()
            with connection:
                connection.recv(8)
                connection.sendall(b"N")
                connection.recv(1)

        thread = threading.Thread(target=speak_no_tls)
        thread.start()
        dsn.write_text(f"host=127.0.0.1 port={listener.getsockname()[1]} user=me")
        (reading,) = PostgresqlCollector(
            str(dsn),
            dict,
            lambda reading: None,
            lambda: datetime(2026, 11, 24, tzinfo=UTC),
            ca_file=str(ca),
        ).ask_once()
        thread.join(30)
    assert reading.trouble.kind == "refused"
    assert "say sslmode=disable in dsn_file" in reading.trouble.text
