"""What probes of a rig would meet: pods, and the ingress with its certificate.

Nothing is connected to: how the simulation's listeners are at the moment decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from app.domain.facts import ProbeFact, ProbeOutcome
from app.domain.knowledge import Knowledge
from app.domain.reading import Feed, Reading
from app.domain.subject import NodeId
from app.domain.targets import ProbeTarget, probe_targets
from app.domain.topology import Topology
from app.simulator.faults_effects import certificate_ends
from app.simulator.listeners import Mode
from app.simulator.run_simulation import CERTIFICATE_LASTS
from benchmarks.rig import Rig

PROBE_S: Final = 10
KEPT: Final = 3
CONNECT_S: Final = 0.001
ANSWER_S: Final = 0.002
PATIENCE_S: Final = 3.0
INGRESS: Final = ProbeTarget(
    NodeId("service-proxy"), "http", "gws.example:443/health", "gws.example", 443,
    "/health", tls=True, verify=True,
)  # fmt: skip
"""What users call, as in the configuration that `simulate` writes."""


@dataclass
class Probes:
    """`hear` probes everything once."""

    rig: Rig
    topology: Topology
    _outcomes: dict[str, tuple[ProbeOutcome, ...]] = field(default_factory=dict)

    def unsettled(self) -> bool:
        """Some failed, and not yet three times: they are tried again at once."""
        return any(
            0 < sum(not one.ok for one in outcomes) < KEPT
            for outcomes in self._outcomes.values()
        )

    def hear(self, known: Knowledge) -> Iterator[Reading]:
        for target in probe_targets(self.topology, known, [INGRESS]):
            feed = Feed("probe", f"{target.kind} {target.name}", 3 * PROBE_S)
            before = self._outcomes.get(feed.name, ())
            outcomes = (*before, self._probe(target))[-KEPT:]
            self._outcomes[feed.name] = outcomes
            days = self._certificate_days() if target.tls else None
            fact = ProbeFact(target.node, target.kind, target.name, outcomes, days)
            yield Reading(feed, self.rig.now, (fact,))

    def _certificate_days(self) -> float:
        ends = certificate_ends(self.rig.faults())
        left = CERTIFICATE_LASTS if ends is None else ends - self.rig.now
        return left / timedelta(days=1)

    def _probe(self, target: ProbeTarget) -> ProbeOutcome:
        return self._entered() if target == INGRESS else self._connected(target)

    def _entered(self) -> ProbeOutcome:
        """The ingress is always there; it needs a proxy to pass on to."""
        node = INGRESS.node
        ready = any(pod.ready for pod in self.rig.pods() if pod.spec.box == node)
        said = "answers" if ready else "HTTP 503"
        return ProbeOutcome(self.rig.now, ready, said, CONNECT_S, ANSWER_S)

    def _connected(self, target: ProbeTarget) -> ProbeOutcome:
        now = self.rig.now
        pod = self.rig.pod_at(target.host, target.port)
        if pod is None:
            return ProbeOutcome(now, False, "connect timed out", PATIENCE_S)
        mode, delay_s = self.rig.way(pod, target.port)
        if mode is Mode.REFUSE:
            return ProbeOutcome(now, False, "connection refused", CONNECT_S)
        if delay_s > PATIENCE_S:
            return ProbeOutcome(now, False, "no answer within 3 s", CONNECT_S)
        if target.kind == "http" and not pod.ready:
            return ProbeOutcome(now, False, "HTTP 503", CONNECT_S, ANSWER_S)
        return ProbeOutcome(now, True, "answers", CONNECT_S, ANSWER_S + delay_s)
