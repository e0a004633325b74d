"""What a command loads before it begins: nearly all of its start is that."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = {"dash", "fastapi", "plotly", "starlette", "uvicorn"}
REVIEWS = {"numpy", "pandas", "pyarrow", "reportlab", "statsmodels"}
SOME_STORES = {"alembic", "psycopg", "redis"}
SOME_DOORS = {"authlib", "joserfc"}
SOME_ANSWERS = {"cryptography", "markdown_it"}
SELDOM = REVIEWS | SOME_STORES | SOME_DOORS | SOME_ANSWERS
SOURCES = {"kubernetes", "sqlalchemy"}
TOLD = """
import json, sys
from importlib import import_module
for name in sys.argv[1:]:
    import_module(name)
    print(json.dumps(sorted(name for name in sys.modules if "." not in name)))
"""
BEGUN = """
import json, os, sys, threading
from app.__main__ import main

def hear(event, given):
    if event == "import" and given[0] == "app.web.factory":
        names = [one.name for one in threading.enumerate()]
        print(json.dumps(names), flush=True)
        os._exit(0)

sys.addaudithook(hear)
main()
"""


def python(code: str, *arguments: str) -> list[list[str]]:
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [json.loads(line) for line in ended.stdout.splitlines()]


@pytest.mark.parametrize(
    "without",
    [
        {
            "app.cli.main": {*PAGES, *SELDOM, *SOURCES, "pydantic"},
            "app.cli.check_config": PAGES | SELDOM | SOURCES,
            "app.cli.doctor": PAGES | SELDOM,
            "app.cli.serve": PAGES | SELDOM,
            "app.cli.serve_pages": SELDOM | {"flask"},
        },
        {"app.cli.simulate": {"dash", "fastapi", *REVIEWS, *SOME_STORES, *SOURCES}},
    ],
)
def test_nothing_is_loaded_that_is_not_needed_yet(without):
    """One after the other, since each of them needs what stands before it."""
    loaded = python(TOLD, *without)
    for (name, unwanted), found in zip(without.items(), loaded, strict=True):
        assert not unwanted & set(found), name


def test_what_is_watched_is_asked_while_the_pages_are_loaded(lonely):
    (threads,) = python(BEGUN, "serve", "--config", str(lonely))
    assert {"pipeline-demo", "records"} <= set(threads)
