"""Contexts made of files: which files, when anew, and what is said of those that won't do."""

import ssl

import pytest

from collectors.errors import SourceRefused
from collectors.trust import Trust, system_authorities
from tests.collectors.tls_server import authority_in, replace


@pytest.fixture
def ours(tmp_path):
    return authority_in(tmp_path / "ours")


def subjects(context):
    return {dict(part[0] for part in one["subject"]).get("commonName") for one in context.get_ca_certs()}  # fmt: skip


def pair_in(folder, authority, name="me"):
    certificate, key = authority.issue(name)
    (folder / "cert.pem").write_bytes(certificate)
    (folder / "key.pem").write_bytes(key)
    return str(folder / "cert.pem"), str(folder / "key.pem")


def test_who_is_not_told_whom_to_trust_trusts_the_system():
    context = Trust().context()
    assert context.verify_mode is ssl.CERT_REQUIRED and context.check_hostname
    assert "tests" not in subjects(context)
    known = ssl.create_default_context(cafile=system_authorities())
    assert context.cert_store_stats() == known.cert_store_stats()


def test_an_authority_of_ones_own_is_the_only_one_unless_it_stands_beside(ours):
    alone = Trust(ours.file()).context()
    assert subjects(alone) == {"tests"}
    assert alone.verify_mode is ssl.CERT_REQUIRED and alone.check_hostname
    beside = subjects(Trust(ours.file(), beside_system=True).context())
    assert "tests" in beside and len(beside) > 1


def test_equal_files_share_a_context_until_one_is_replaced(ours, tmp_path):
    ca, pair = tmp_path / "ca.pem", pair_in(tmp_path, ours)
    ca.write_text(ours.pem)
    first = Trust(str(ca), pair).context()
    assert Trust(str(ca), pair).context() is first
    replace(ca, ours.pem)
    second = Trust(str(ca), pair).context()
    assert second is not first
    replace(tmp_path / "cert.pem", (tmp_path / "cert.pem").read_bytes())
    assert Trust(str(ca), pair).context() is not second


@pytest.mark.parametrize("content", ["", "no PEM", "-----BEGIN CERTIFICATE-----\nx"])
def test_a_file_without_an_authority_is_named(tmp_path, content):
    (tmp_path / "ca.pem").write_text(content)
    with pytest.raises(SourceRefused, match="ca.pem holds no certificate authority"):
        Trust(str(tmp_path / "ca.pem")).context()


def test_a_file_that_is_gone_is_named_and_taken_up_once_it_is_back(ours, tmp_path):
    trust = Trust(str(tmp_path / "ca.pem"))
    with pytest.raises(SourceRefused, match="ca.pem can't be read: No such file"):
        trust.context()
    (tmp_path / "ca.pem").write_text(ours.pem)
    assert subjects(trust.context()) == {"tests"}


def test_a_certificate_with_another_ones_key_is_told(ours, tmp_path):
    certificate, key = pair_in(tmp_path, ours)
    replace(tmp_path / "key.pem", ours.issue("other")[1])
    with pytest.raises(SourceRefused, match="are not a pair in PEM, or the key has a"):
        Trust(ours.file(), (certificate, key)).context()


def test_a_key_with_a_passphrase_is_told_and_never_asked_for(ours, tmp_path):
    from cryptography.hazmat.primitives import serialization as pem

    certificate, key = pair_in(tmp_path, ours)
    loaded = pem.load_pem_private_key((tmp_path / "key.pem").read_bytes(), None)
    locked = loaded.private_bytes(
        pem.Encoding.PEM,
        pem.PrivateFormat.PKCS8,
        pem.BestAvailableEncryption(b"passphrase"),
    )
    replace(tmp_path / "key.pem", locked)
    with pytest.raises(SourceRefused, match="the key has a passphrase"):
        Trust(ours.file(), (certificate, key)).context()
