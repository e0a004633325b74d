"""What is shipped may be: every part of the runtime has a licence that is allowed."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, metadata

from tests.supply_chain.locked import RUNTIME, locked

ALLOWED = {
    "0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CNRI-Python", "ISC",
    "LGPL-3.0-only", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Python-2.0", "Unlicense",
    "Zlib", "CC0-1.0",
}  # fmt: skip
"""Permissive ones; the MPL and the LGPL bind who changes the part itself, which is
installed unchanged and apart."""
WORDED = {
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache License Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "Apache": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "BSD License": "BSD",
    "BSD 3-Clause": "BSD-3-Clause",
    "BSD-3-Clause License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "The MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}
"""As authors write them who do not use the names of SPDX."""


def licences(name: str) -> set[str]:
    """Every licence that the installed package names, by SPDX where it is known."""
    told = metadata(name)
    expression = told.get("License-Expression")
    if expression:
        return {
            part
            for part in re.split(r"[\s()]+|\b(?:AND|OR|WITH)\b", expression)
            if part
        }
    named = [
        entry.rpartition(" :: ")[2]
        for entry in told.get_all("Classifier", ())
        if entry.startswith("License ::") and not entry.endswith("OSI Approved")
    ]
    if not named:
        named = [(told.get("License") or "nothing").strip().splitlines()[0]]
    return {WORDED.get(one, one) for one in named}


def test_every_part_of_the_runtime_has_a_licence_that_is_allowed():
    seen = 0
    for one in locked(RUNTIME):
        try:
            found = licences(one.name)
        except PackageNotFoundError:
            assert not one.applies, f"{one.name} is not installed"
            continue
        seen += 1
        assert found, one.name
        assert found <= ALLOWED, f"{one.name}: {found - ALLOWED}"
    assert seen > 40
