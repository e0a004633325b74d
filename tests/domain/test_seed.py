"""The table in the code is the vendor's table, row by row and cell by cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.seed import NODE_OF, ROWS, Row
from app.domain.topology import BOXES, CONNECTIONS

TABLE = Path(__file__).parents[1] / "recorded" / "seed" / "connections.tsv"


def rows_of_the_vendor() -> list[Row]:
    """The printed table, its page breaks and split cells put together again."""
    rows: list[list[str]] = []
    for line in TABLE.read_text().splitlines():
        if not line.strip() or line.strip() == "---" or line.startswith("Connection\t"):
            continue
        cells = line.split("\t")
        if cells[0]:
            rows.append(cells + [""] * (7 - len(cells)))
        else:
            rows[-1][6] += " " + cells[-1].strip()
    return [
        Row(
            int(cells[0]), cells[1], cells[2], cells[3] or None,
            int(cells[4]) if cells[4] else None, cells[5], cells[6].strip() or None,
        )
        for cells in rows
    ]  # fmt: skip


def test_the_vendor_prints_31_rows() -> None:
    assert [row.number for row in rows_of_the_vendor()] == list(range(1, 32))


@pytest.mark.parametrize("row", rows_of_the_vendor(), ids=lambda row: str(row.number))
def test_row_is_the_vendors(row: Row) -> None:
    assert ROWS[row.number - 1] == row


@pytest.mark.parametrize("row", rows_of_the_vendor(), ids=lambda row: str(row.number))
def test_connection_says_what_its_row_says(row: Row) -> None:
    connection = CONNECTIONS[row.number - 1]
    assert connection.source == NODE_OF[row.source]
    assert connection.destination == NODE_OF[row.destination]
    assert (connection.protocol, connection.port) == (row.protocol, row.port)
    assert connection.classification == row.classification.lower()
    assert connection.data == row.data


def test_the_picture_has_the_contracts_23_boxes() -> None:
    names = (
        "clients service-proxy platform-services consul gplus-adapter agent-setup "
        "workspace provisioning setting data-collector configuration interaction voice "
        "statistics postgresql redis elasticsearch tenant authentication voicemail iwd "
        "digital-channels ucs"
    )
    assert {str(box.id) for box in BOXES} == set(names.split())
    assert len(BOXES) == 23
