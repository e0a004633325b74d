"""The interpreter's own pauses, kept away from the start and from changes on their way
to a screen."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

TURN_S: Final = 0.001
"""How long a busy thread may keep the others waiting. Python's own 5 ms would be paid
at every step of a change on its way to the screen, whenever a page is being parsed."""
LONGEST_TURN_S: Final = 0.005
"""Whoever waits for the processor asks for it once in every turn. Where a hundred wait,
asking must not take more of it than all the work."""
FEW: Final = 20
"""Deployments; of more, hundreds of threads may wait."""
SELDOM: Final = (10_000, 10, 5)
"""When garbage is looked for. A judgement makes thousands of objects and lets go of as
many, which must not count as growth. To look through all that a hundred deployments
are known by stops every thread for half a second, and by Python's own measure it would
be done every few seconds."""


@contextmanager
def loading() -> Iterator[None]:
    """Nothing of what is loaded is garbage. To look for it would take a sixth of the
    time meanwhile, and stop all threads for some 40 ms in every full collection from
    then on."""
    gc.disable()
    try:
        yield
    finally:
        keep_what_is_made()
        gc.enable()


def keep_what_is_made() -> None:
    """It lives until the end."""
    gc.freeze()


def stay_prompt(deployments: int) -> None:
    """Before threads begin."""
    many = deployments > FEW
    sys.setswitchinterval(LONGEST_TURN_S if many else TURN_S)
    if many:
        gc.set_threshold(*SELDOM)
