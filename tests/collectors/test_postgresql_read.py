"""What PostgreSQL's answers about its replicas say."""

from __future__ import annotations

import pytest

from app.domain.facts_stores import Follower
from collectors.errors import SourceRefused
from collectors.postgresql_read import Receiver, Sender, read_receiver, read_senders


@pytest.mark.parametrize(
    ("sender", "follower"),
    [
        # Nothing is sent for a while: PostgreSQL measures no more.
        (Sender("a", True, None, 0, False), Follower("a", 0.0, 0)),
        # An old measurement, and all is replayed since.
        (Sender("a", True, 9.0, 0, False), Follower("a", 0.0, 0)),
        (Sender("a", True, 9.0, 7, False), Follower("a", 9.0, 7)),
        (Sender("a", True, None, 7, False), Follower("a", None, 7)),
        (Sender("slot", False, None, 0, False), Follower("slot", None, 0, False)),
        (Sender(None, True, 1.0, 1, False), Follower("", 1.0, 1)),
    ],
)
def test_a_replica_is_as_far_behind_as_its_primary_says(
    sender: Sender, follower: Follower
) -> None:
    assert read_senders([sender]) == (follower,)


def test_replicas_are_told_in_the_order_of_their_names() -> None:
    senders = [Sender(name, True, 0.0, 1, False) for name in ("b", "a")]
    assert [one.name for one in read_senders(senders)] == ["a", "b"]


@pytest.mark.parametrize(
    ("receiver", "lag_s", "lag_bytes", "streaming"),
    [
        # A quiet primary: the last commit is long ago, and nothing is missing.
        (Receiver(900.0, 0, "streaming", False), 0.0, 0, True),
        (Receiver(900.0, 5, "streaming", False), 900.0, 5, True),
        (Receiver(900.0, 0, None, False), 900.0, 0, False),
        (Receiver(900.0, 0, "waiting", False), 900.0, 0, False),
        # After a restart: all is replayed from the disk, less is received since.
        (Receiver(9.0, -5, "streaming", False), 0.0, 0, True),
        # Its clock is behind that of its primary.
        (Receiver(-2.0, 5, "streaming", False), 0.0, 5, True),
        (Receiver(None, None, None, False), None, None, False),
    ],
)
def test_a_replica_tells_how_far_it_is_behind(
    receiver: Receiver, lag_s: float | None, lag_bytes: int | None, streaming: bool
) -> None:
    (found,) = read_receiver(receiver)
    assert found == Follower("", lag_s, lag_bytes, streaming)


def test_what_is_hidden_is_not_taken_for_nothing() -> None:
    with pytest.raises(SourceRefused, match="pg_read_all_stats"):
        read_senders([Sender(None, True, None, None, True)])
    with pytest.raises(SourceRefused, match="pg_read_all_stats"):
        read_receiver(Receiver(1.0, 0, None, True))
