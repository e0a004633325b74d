"""Who is spoken of, and who speaks."""

from __future__ import annotations

from enum import StrEnum
from typing import NewType

NodeId = NewType("NodeId", str)
FactKey = tuple[str, ...]
Subject = NodeId | int
"""A box by its id, or a connection by its number."""


class Witness(StrEnum):
    """An independent way of knowing."""

    KUBERNETES = "kubernetes"
    CONSUL = "consul"
    TRAFFIC = "traffic"
    PROBE = "probe"
    BACKEND = "backend"
    ALERTS = "alerts"
