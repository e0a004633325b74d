"""Probes, from where the dashboard runs: can a client get there, and how fast?

TCP connects, and says hello to a store; TLS shakes hands and reads the certificate;
HTTP asks a health path; DNS asks for a name. Each target has its own schedule and
deadline. As long as the newest outcomes of a target disagree or are not yet three, and
one of them is bad, it is asked again a second later (at most twice a turn): three of
three failed is known after some 3 s, and so is the recovery. A connect that runs into
its time-out takes as long as that, three times.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.facts import ProbeFact, ProbeOutcome
from app.domain.reading import Feed, Reading
from app.domain.targets import ProbeTarget
from collectors.base import Clock, Report
from collectors.probes_once import Prober
from collectors.rounds import AT_ONCE, Asked, InRounds, Rounds
from collectors.sockets import Lines, Patience

PATIENCE: Final = Patience(connect_s=3.0, read_s=3.0, total_s=5.0)
KEPT: Final = 3
AGAIN_S: Final = 1.0
AGAIN_AT_MOST: Final = 2


@dataclass(frozen=True, slots=True)
class _History:
    target: ProbeTarget
    outcomes: tuple[ProbeOutcome, ...] = ()
    again: int = 0
    """How often it was asked again in this turn."""


class ProbeCollector(InRounds):
    name: Final = "probe"

    def __init__(
        self,
        targets: Callable[[], Sequence[ProbeTarget]],
        report: Report,
        clock: Clock,
        *,
        interval_s: float = 10.0,
        patience: Patience = PATIENCE,
        ca_file: str | None = None,
        at_once: int = AT_ONCE,
    ) -> None:
        self._clock = clock
        self._interval_s = interval_s
        self._lines = Lines()
        self._probe = Prober(self._lines, clock, patience, ca_file)
        self._histories: dict[str, _History] = {}
        self._rounds = Rounds(
            targets=targets,
            feed=self.feed,
            ask=self.ask,
            retired=self._forget,
            report=report,
            clock=clock,
            interval_s=interval_s,
            at_once=at_once,
        )

    def feed(self, target: ProbeTarget) -> Feed:
        name = f"{target.kind} {target.name}"
        return Feed(self.name, name, max_age_s=3 * self._interval_s)

    def stop(self) -> None:
        super().stop()
        self._lines.cut()

    def ask_once(self) -> tuple[Reading, ...]:
        return self._rounds.once()

    def ask(self, target: ProbeTarget) -> Asked:
        """Probe one target now, and say whether to do so again soon."""
        feed = self.feed(target)
        history = self._histories.get(feed.name)
        if history is None or history.target != target:
            history = _History(target)
        probed = self._probe(target)
        outcomes = (*history.outcomes, probed.outcome)[-KEPT:]
        again = unsettled(outcomes) and history.again < AGAIN_AT_MOST
        times = history.again + 1 if again else 0
        self._histories[feed.name] = _History(target, outcomes, times)
        fact = ProbeFact(
            target.node, target.kind, target.name, outcomes, probed.certificate_days
        )
        reading = Reading(feed, self._clock(), (fact,))
        return Asked(reading, AGAIN_S if again else None)

    def _forget(self, target: ProbeTarget) -> None:
        self._histories.pop(self.feed(target).name, None)


def unsettled(outcomes: tuple[ProbeOutcome, ...]) -> bool:
    """Whether something failed and the outcomes do not yet agree about it."""
    failed = sum(not outcome.ok for outcome in outcomes)
    return failed > 0 and not (failed == len(outcomes) == KEPT)
