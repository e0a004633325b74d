"""The interpreter's own pauses, kept away from changes on their way to a screen."""

from __future__ import annotations

import gc
import sys
from typing import Final

TURN_S: Final = 0.001
"""How long a busy thread may keep the others waiting. Python's own 5 ms would be paid
at every step of a change on its way to the screen, whenever a page is being parsed."""
LONGEST_TURN_S: Final = 0.005
"""Whoever waits for the processor asks for it once in every turn. Where a hundred wait,
asking must not take more of it than all the work."""
FEW: Final = 20
"""Deployments; of more, hundreds of threads may wait."""


def stay_prompt(deployments: int) -> None:
    """What was made until now lives until the end: looking through it again in every
    full collection would stop all threads for some 40 ms."""
    sys.setswitchinterval(TURN_S if deployments <= FEW else LONGEST_TURN_S)
    gc.collect()
    gc.freeze()
