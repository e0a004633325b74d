"""The security model names tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

TOP = Path(__file__).parents[2]
DOC = (TOP / "docs" / "security.md").read_text()


def test_every_answer_to_a_threat_names_a_test_that_there_is() -> None:
    table = DOC.partition("## Threats and answers")[2].partition("\n## ")[0]
    rows = [row for row in table.splitlines() if row.startswith("| ")][2:]
    assert len(rows) > 20
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", row)
        assert named, row
        for file, test in named:
            assert f"def {test}(" in (TOP / file).read_text(), (file, test)
