"""What history costs, as a table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from benchmarks.history import Cost
from benchmarks.report import table


def history_table(costs: Sequence[Cost]) -> str:
    """Each question to whoever keeps a history, ours first."""
    whats = list(dict.fromkeys(cost.what for cost in costs))
    rows = []
    for cost in sorted(costs, key=lambda cost: whats.index(cost.what)):
        values = pd.Series(cost.values)
        told = [f"{values.quantile(q):.1f}" for q in (0.50, 0.95, 0.99)]
        rows.append((cost.what, cost.keeper, len(values), *told, cost.unit))
    return table(["what", "kept in", "times", "p50", "p95", "p99", "unit"], rows)
