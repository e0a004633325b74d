"""How much processor and memory a process uses, by its own metrics page. Pure.

* Micrometer (Java) tells `process_cpu_usage`, a share of the processors that it sees,
  and how many these are. Its memory it tells by parts, which leave out what the JVM
  takes for itself: no number of the pod's can be made of them.
* prom-client (Node.js) tells seconds of processor time and resident memory.

Exporters tell the same of themselves, who are not the pod's service: a page must show
that its process is a JVM's or Node.js's.
"""

from __future__ import annotations

import math
from typing import Final

from app.domain.facts_usage import UsageFact
from app.domain.subject import NodeId
from collectors.exposition import Page
from collectors.rates import Increases

SHARE: Final = "process_cpu_usage"
PROCESSORS: Final = "system_cpu_count"
SPENT: Final = "process_cpu_seconds"
RESIDENT: Final = "process_resident_memory_bytes"
NODE_JS: Final = "nodejs_eventloop_lag_seconds"
NAMES: Final = frozenset({SHARE, PROCESSORS, SPENT, RESIDENT, NODE_JS})


def is_spent(name: str) -> bool:
    """Whether this is the counter of processor time."""
    return name == SPENT


def usage_of(
    node: NodeId, target: str, page: Page, grown: Increases | None
) -> tuple[UsageFact, ...]:
    """`grown`: since the last page; `None`: there is none to compare with."""
    told = {name: sample.value for (name, _), sample in page.samples.items()}
    if SHARE in told:
        cpu = _of_processors(told[SHARE], told.get(PROCESSORS))
        return () if cpu is None else (UsageFact(node, target, cpu),)
    cpu, memory = _cores(grown), told.get(RESIDENT)
    if NODE_JS not in told or cpu is memory is None:
        return ()
    return (UsageFact(node, target, cpu, memory),)


def _of_processors(share: float, processors: float | None) -> float | None:
    """A JVM that can't tell (yet) gives a negative share."""
    return None if processors is None or share < 0 else share * processors


def _cores(grown: Increases | None) -> float | None:
    if grown is None:
        return None
    spent = [value for (name, _), value in grown.by_series.items() if name == SPENT]
    return math.fsum(spent) / grown.window_s if spent else None
