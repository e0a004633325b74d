"""How fast Consul is asked: which index next, when again, and how long after a cut.

Rules of Consul's documentation ("Blocking Queries"): go on from the index of the last
answer, start from 0 when it goes backwards or is not a positive number, and limit the
rate, since a query may return at once with nothing new.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SIZE: Final = 40.0
PER_S: Final = 20.0
"""Of the bucket (`app.domain.bucket`) that limits the rate: a server that keeps
answering at once is slowed to so many changes a second, a tenth of it without news."""
NEWS: Final = 1.0
"""Tokens for an answer with a new index."""
NO_NEWS: Final = 10.0
"""Tokens for an answer that repeats the last index, or has none."""
JUDGED_S: Final = 0.02
"""Left to whoever judges an answer with news: to ask again takes the same processor for
milliseconds, and nothing is missed meanwhile, since the next question has the index."""
BACKOFF_FIRST_S: Final = 0.25
BACKOFF_MOST_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds.

    `wait_s`: how long Consul may hold a question without news. `list_s`: how long it
    may take over one that is not to be held; it looks for a leader for 7 s before it
    says that there is none. `answer_s`: how long a polled answer may take. `agent_s`:
    an agent's own metrics cover ten seconds. `refused_s`: how long an agent that
    refuses to tell them is left in peace.
    """

    wait_s: float = 10.0
    list_s: float = 9.0
    poll_s: float = 2.0
    answer_s: float = 4.0
    autopilot_s: float = 10.0
    keys_s: float = 5.0
    agent_s: float = 10.0
    refused_s: float = 600.0
    connect_s: float = 1.5
    margin_s: float = 2.0

    @property
    def held_s(self) -> float:
        """How long a held question may take: Consul adds up to a sixteenth to the
        wait, to spread its clients."""
        return self.wait_s + self.wait_s / 16 + self.margin_s


def next_index(asked: int, answered: int | None, *, held_on: bool) -> int:
    """The index to ask with, after asking with `asked`; 0 does not block.

    `held_on`: the wait was over. Woken earlier without a newer index, Consul has
    restored a snapshot: it answers with what was before, and would then hold a question
    with an index that the restored state has not reached.
    """
    if answered is None or answered <= 0 or answered < asked:
        return 0
    if answered == asked and not held_on:
        return 0
    return answered


def jittered(seconds: float, chance: float) -> float:
    """Up to a tenth less, so that many dashboards never ask in step."""
    return seconds * (1 - 0.1 * chance)


def backoff(failures: int, chance: float) -> float:
    """Seconds to wait after so many failures in a row: none after the first."""
    if failures <= 1:
        return 0.0
    longest = min(BACKOFF_MOST_S, BACKOFF_FIRST_S * 2.0 ** min(failures - 2, 16))
    return longest * (0.5 + 0.5 * chance)
