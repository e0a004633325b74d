"""Consul over TLS: whom the collector trusts, how it shows who it is."""

import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from collectors.consul import ConsulAddress, Pace
from tests.collectors.consul_watching import Watch, ask_once
from tests.collectors.scripted_consul import ScriptedConsul
from tests.collectors.tls_server import replace


class Authority:
    """Signs certificates for 127.0.0.1 into a directory."""

    def __init__(self, directory, name):
        self.directory = directory
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.file = directory / f"{name}.pem"
        signed = self._signed(self.name, self.key, x509.BasicConstraints(True, None))
        self.file.write_bytes(signed)

    def issue(self, name):
        """The files of a new certificate and of its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = self.directory / f"{name}.pem"
        certificate.write_bytes(
            self._signed(subject, key, x509.BasicConstraints(False, None))
        )
        key_file = self.directory / f"{name}.key"
        key_file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return str(certificate), str(key_file)

    def _signed(self, subject, key, constraints):
        now = datetime.fromtimestamp(time.time(), UTC)
        here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(here, critical=False)
            .add_extension(constraints, critical=True)
        )
        certificate = builder.sign(self.key, hashes.SHA256())
        return certificate.public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path, "authority")


@pytest.fixture
def server_context(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("server"))
    return context


@pytest.fixture
def consul(server_context):
    with ScriptedConsul(server_context) as server:
        yield server


def trouble(address):
    told = ask_once(address)["checks"].trouble
    return f"{told.kind}: {told.text.partition(': ')[2]}"


def test_a_configured_authority_is_trusted(consul, authority):
    readings = ask_once(ConsulAddress(consul.url, ca_file=str(authority.file)))
    assert not [reading.trouble for reading in readings.values() if reading.trouble]


def test_a_change_is_heard_over_tls_and_stopping_cuts_it(consul, authority):
    address = ConsulAddress(consul.url, ca_file=str(authority.file))
    with Watch(address, Pace(wait_s=60.0)) as heard:
        heard.wait("checks")
        consul.change([])
        assert heard.trouble("checks").startswith("empty: ")
        started = time.monotonic()
    assert time.monotonic() - started < 20


def test_an_unknown_authority_is_refused_with_the_reason(consul, tmp_path):
    other = Authority(tmp_path, "other")
    said = trouble(ConsulAddress(consul.url, ca_file=str(other.file)))
    assert said.startswith("refused: TLS certificate not trusted: ")


def test_an_authority_file_that_is_missing_is_named(consul, tmp_path):
    missing = tmp_path / "none.pem"
    said = trouble(ConsulAddress(consul.url, ca_file=str(missing)))
    assert said == (
        f"refused: the TLS file {missing} can't be read: No such file or directory"
    )


def test_an_authority_that_is_replaced_is_taken_up_by_what_runs(
    consul, authority, tmp_path
):
    file = tmp_path / "ca.pem"
    file.write_bytes(Authority(tmp_path, "other").file.read_bytes())
    with Watch(ConsulAddress(consul.url, ca_file=str(file))) as heard:
        assert "TLS certificate not trusted" in heard.trouble("checks")
        replace(file, authority.file.read_bytes())
        heard.wait("checks", lambda reading: reading.facts)


def test_a_server_that_speaks_no_tls_is_named():
    with ScriptedConsul() as plain:
        said = trouble(ConsulAddress(plain.url.replace("http:", "https:")))
    assert said.startswith("refused: TLS failed: ")


def test_a_client_certificate_is_shown_where_one_is_asked_for(
    consul, server_context, authority
):
    server_context.verify_mode = ssl.CERT_REQUIRED
    server_context.load_verify_locations(authority.file)
    trusting = {"url": consul.url, "ca_file": str(authority.file)}
    known = ConsulAddress(**trusting, client_cert=authority.issue("client"))
    assert ask_once(known)["checks"].facts
    # Without one the server hangs up, perhaps before its alert is read.
    assert ask_once(ConsulAddress(**trusting))["checks"].trouble


def test_a_handshake_that_is_never_answered_can_be_stopped():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        watch = Watch(ConsulAddress(url), Pace(connect_s=30.0, list_s=30.0))
        with watch:
            accepted = [listener.accept()[0] for _ in range(3)]
            started = time.monotonic()
        assert time.monotonic() - started < 15
        for connection in accepted:
            connection.close()
