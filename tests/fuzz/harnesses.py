"""Every harness by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.fuzz.asked import ASKED
from tests.fuzz.harness import Harness
from tests.fuzz.raw import RAW
from tests.fuzz.wire import WIRE

ALL: Final[Mapping[str, Harness]] = RAW | WIRE | ASKED
