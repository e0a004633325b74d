"""What the Consul agent that is asked counts of itself: a store's own view.

Asked only where the token may (`agent:read`). Consul logs every refusal as an error, so
after one it is left in peace for a while: what it would have told is then not known,
and that is said; nothing is blind for it. What the answers mean is read in
`collectors.consul_agent_read`.
"""

from __future__ import annotations

import time
from typing import Final

from app.domain.facts import Fact
from app.domain.facts_stores import StoreFact, UnreadFact
from app.domain.knowledge import CONSUL
from collectors.consul_agent_read import (
    Interval,
    Self,
    followed,
    measured,
    read_metrics,
    read_self,
)
from collectors.consul_errors import Denied, Forbidden, NotThere
from collectors.consul_feeds import LEADER, Chance, Heard
from collectors.consul_http import ConsulLine
from collectors.consul_pace import Pace, jittered
from collectors.http_errors import SourceUnsupported

SELF: Final = "/v1/agent/self"
METRICS: Final = "/v1/agent/metrics"
WHAT: Final = "what Consul's agent counts of itself"
GRANT: Final = 'the token lacks agent_prefix "" { policy = "read" }'
NOT_LET: Final = f"something in front of it does not let {SELF} and {METRICS} through"


class Agent:
    """Asks now and then; a `Question` of `collectors.consul_feeds`."""

    def __init__(self, datacenter: str | None, pace: Pace, chance: Chance) -> None:
        """`datacenter`: the one that is watched; `None`: the agent's own."""
        self._datacenter = datacenter
        self._pace = pace
        self._chance = chance
        self._agent: Self | None = None
        self._intervals: tuple[Interval, ...] = ()
        self._refused: Fact | None = None
        self._refused_until_s = 0.0

    def ask(self, line: ConsulLine) -> Heard:
        if self._refused is None or time.monotonic() >= self._refused_until_s:
            fact = self._told(line)
        else:
            # Who is left in peace may be gone: this one everybody may ask.
            line.query(LEADER, {}, self._pace.answer_s)
            fact = self._refused
        return Heard((fact,), jittered(self._pace.agent_s, self._chance()))

    def forget(self) -> None:
        """It may be another agent that answers next."""
        self._refused, self._intervals = None, ()

    def _told(self, line: ConsulLine) -> Fact:
        self._refused = None
        try:
            return self._asked(line)
        except Denied:
            self._refused = UnreadFact(CONSUL, WHAT, GRANT)
        except (Forbidden, NotThere, SourceUnsupported):
            self._refused = UnreadFact(CONSUL, WHAT, NOT_LET)
        self._refused_until_s = time.monotonic() + self._pace.refused_s
        return self._refused

    def _asked(self, line: ConsulLine) -> Fact:
        agent = read_self(line.query(SELF, {}, self._pace.answer_s).body)
        if self._datacenter not in (None, agent.datacenter):
            why = (
                f"it belongs to {agent.datacenter}, another datacenter than is watched"
            )
            return UnreadFact(CONSUL, WHAT, why)
        newest = read_metrics(line.query(METRICS, {}, self._pace.answer_s).body)
        before = self._intervals if agent == self._agent else ()
        self._agent, self._intervals = agent, followed(before, newest)
        return StoreFact(
            CONSUL,
            target=agent.title,
            version="",
            role=agent.told,
            clients=None,
            names_callers=False,
            measures=measured(agent, self._intervals),
        )
