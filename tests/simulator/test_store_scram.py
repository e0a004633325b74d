"""SCRAM-SHA-256 as its RFC has it."""

from __future__ import annotations

import base64

import pytest

from app.simulator.stores_pgwire import Refused
from app.simulator.stores_scram import Challenge, challenge, secret

SALT = base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
KNOWN = secret("pencil", SALT)
FIRST = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
FINAL = (
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
    "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
)


def begun() -> Challenge:
    return challenge(FIRST, KNOWN, NONCE)


def test_the_conversation_of_rfc_7677_is_answered_as_it_says() -> None:
    assert begun().text == (
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
        "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    )
    assert begun().answer(FINAL) == "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


@pytest.mark.parametrize("other", ["pencils", "", "PENCIL"])
def test_another_password_proves_nothing(other: str) -> None:
    assert challenge(FIRST, secret(other, SALT), NONCE).answer(FINAL) is None


@pytest.mark.parametrize("proof", ["", "dHzb"])
def test_a_proof_that_is_too_short_proves_nothing(proof: str) -> None:
    assert begun().answer(FINAL.partition(",p=")[0] + f",p={proof}") is None


@pytest.mark.parametrize(
    "first", ["", "n", "n,,", "n,,n=user,r=", "p=tls-unique,,n=u,r=x"]
)
def test_a_beginning_that_is_none_is_refused(first: str) -> None:
    with pytest.raises(Refused, match="malformed SCRAM message") as caught:
        challenge(first, KNOWN, NONCE)
    assert caught.value.code == "08P01"


@pytest.mark.parametrize(
    "final",
    [
        "",
        FINAL.replace("c=biws", "c=eSws"),
        FINAL.replace("r=rOpr", "r=other"),
        FINAL.partition(",p=")[0],
        FINAL.partition(",p=")[0] + ",p=***",
    ],
)
def test_an_end_that_does_not_fit_its_beginning_is_refused(final: str) -> None:
    with pytest.raises(Refused, match="malformed SCRAM message"):
        begun().answer(final)
