"""The script that draws charts is the one that its version says, and fits the figures."""

import hashlib
import re
from pathlib import Path

from plotly.offline import get_plotlyjs_version

import layouts
from app.web.pages import PLOTLY

FILE = Path(layouts.__file__).parent / "assets" / PLOTLY
SUM = "99784e3abfb07b142a15e521a439e6d9addceadb3f79553fd24c72774f0649ba"


def test_it_is_of_the_version_that_figures_are_written_for():
    head = FILE.read_text()[:200]
    assert re.search(r"plotly\.js \(basic - minified\) v(\S+)", head)[1] == (
        get_plotlyjs_version()
    )


def test_it_is_unchanged_and_brings_its_licence():
    assert hashlib.sha256(FILE.read_bytes()).hexdigest() == SUM
    assert "MIT" in (FILE.parent / "LICENSE").read_text()
