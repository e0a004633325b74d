"""Names, uids and addresses that Kubernetes makes up; here from a seed."""

from __future__ import annotations

import random
from typing import Final
from uuid import UUID

ALPHABET: Final = "bcdfghjklmnpqrstvwxz2456789"
"""The letters of generated names: no vowels, nothing that is mistaken."""


class Names:
    """The same seed gives the same cluster."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def uid(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def suffix(self, length: int = 5) -> str:
        return "".join(self._random.choices(ALPHABET, k=length))

    def event(self) -> str:
        return f"{self._random.getrandbits(64):016x}"

    def cluster_ip(self) -> str:
        low, high = self._random.randint(1, 254), self._random.randint(0, 254)
        return f"10.96.{high}.{low}"
