"""How much the simulated deployment has to do, and what its pods have counted.

Pure: a `Meter` is what one pod has counted since it started; `advance` brings it to a
later moment under the `Strain` that the faults put on the pod. Counters only grow,
whatever the strain, and a restarted pod starts a new meter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

NOBODY: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Strain:
    """What the faults, and the pod's share of the work, do to it at the moment.

    Peers are named as in `PEERS[workload]`: a store or a service that it calls.
    """

    share: float = 1.0
    """The part of the workload's demand that this pod takes: 1 / ready pods."""
    slow_s: float = 0.0
    """Added to each request that it serves."""
    error_ratio: float = 0.0
    """Of the requests that it serves, how many end in 500."""
    peer_slow_s: Mapping[str, float] = field(default_factory=lambda: NOBODY)
    peer_errors: Mapping[str, float] = field(default_factory=lambda: NOBODY)
    """Of the calls to a peer, how many fail: 1.0 is a partition or a peer that is
    down. Failed calls to a peer that a request needs make the request fail too."""
    full: Mapping[str, float] = field(default_factory=lambda: NOBODY)
    """How full a store is for this pod, 0 to 1: a pool with nothing left is 1."""
