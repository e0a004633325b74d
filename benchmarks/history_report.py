"""What history costs, as a table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from benchmarks.history import Cost
from benchmarks.report import table


def history_table(costs: Sequence[Cost]) -> str:
    """Each question to whoever keeps a history, ours first."""
    rows = []
    for cost in costs:
        values = pd.Series(cost.values)
        told = [f"{values.quantile(q):.1f}" for q in (0.50, 0.95, 0.99)]
        rows.append((cost.what, cost.keeper, len(values), *told, cost.unit))
    rows.sort(key=lambda row: [cost.what for cost in costs].index(row[0]))
    return table(["what", "kept in", "times", "p50", "p95", "p99", "unit"], rows)
