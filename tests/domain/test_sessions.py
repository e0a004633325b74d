"""How long a session holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.sessions import Session, Terms, decode, encode

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
TERMS = Terms(timedelta(hours=12), timedelta(days=7))
HOUR = timedelta(hours=1)


def session(began: datetime = NOW, renewed: datetime | None = None) -> Session:
    return Session("i", "ana", "Ana", ("ops",), began, renewed or began, "m", "h")


def test_it_is_over_when_nobody_used_it_and_in_the_end_in_any_case():
    assert session().holds(NOW + 11 * HOUR, TERMS)
    assert not session().holds(NOW + 12 * HOUR, TERMS)
    used = session(renewed=NOW + timedelta(days=6, hours=23))
    assert used.holds(NOW + timedelta(days=6, hours=23), TERMS)
    assert not used.holds(NOW + timedelta(days=7), TERMS)


def test_it_is_renewed_once_a_part_of_its_time_is_over_and_while_that_is_of_use():
    assert not session().due(NOW + 2 * HOUR, TERMS)
    assert session().due(NOW + 3 * HOUR, TERMS)
    assert session().used(NOW + 3 * HOUR).until(TERMS) == NOW + 15 * HOUR
    late = session(renewed=NOW + timedelta(days=6, hours=13))
    assert not late.due(NOW + timedelta(days=6, hours=23), TERMS)


moments = st.integers(1_577_836_800, 4_102_444_800).map(
    lambda at: datetime.fromtimestamp(at, UTC)
)
texts = st.text(max_size=20)


@given(
    st.builds(
        Session,
        texts, texts, texts, st.lists(texts).map(tuple), moments, moments, texts, texts,
    )
)  # fmt: skip
def test_what_is_written_is_read(written):
    assert decode(encode(written)) == written
