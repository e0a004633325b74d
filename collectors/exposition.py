"""A metrics page, read: the samples that somebody wants, and remarks on the others.

prometheus-client parses, in the text format and in OpenMetrics. Around it stands what
it lacks: which line was wrong, that a page may end in the middle of a line, that two
lines may give one series, that NaN is no count. A page is read whole or not at all.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TextIO, cast

from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics.parser import (
    text_fd_to_metric_families as parse_openmetrics,
)
from prometheus_client.parser import text_fd_to_metric_families as parse_text

from collectors.errors import SourceMisread, SourceTooLarge

Labels = tuple[tuple[str, str], ...]
Series = tuple[str, Labels]

ACCEPT: Final = (
    "text/plain;version=0.0.4, application/openmetrics-text;version=1.0.0;q=0.5,"
    " */*;q=0.1"
)
PLAIN_SAMPLE: Final = re.compile(
    r"(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)"
    r'(?:\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\.)*",?)*\})?'
    r"[ \t]+[-+]?(?:[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?|Inf|NaN)"
    r"(?:[ \t]+-?[0-9]+)?\s*"
)
HELP: Final = re.compile(r"# HELP [a-zA-Z_:][a-zA-Z0-9_:]*(?: .*)?\s*")
SHOWN: Final = 80
MOST_SERIES: Final = 20_000
"""Of those that somebody wants; they are remembered until the next scrape."""


@dataclass(frozen=True, slots=True)
class Sample:
    """`stamp`: the exporter's own time of it, in its own clock's seconds."""

    value: float
    stamp: float | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Samples by series. A name is without `_total`: formats differ in that."""

    samples: Mapping[Series, Sample]
    notes: tuple[str, ...] = ()


def read_page(
    body: bytes,
    content_type: str,
    wanted: Container[str],
    counts: Callable[[str, Labels], bool],
) -> Page:
    """Read a page; `counts` says whether a series is a counter.

    Raises `SourceMisread`, naming the line, when the page is not what it should be,
    and `SourceTooLarge` when it has more series than can be remembered.
    """
    text = _text(body, content_type)
    openmetrics = "openmetrics-text" in content_type.lower()
    lines = _Lines(text, None if openmetrics else wanted)
    parse = parse_openmetrics if openmetrics else parse_text
    families = parse(cast(TextIO, lines))  # all it does is to iterate
    samples: dict[Series, Sample] = {}
    remarks: Counter[str] = Counter()
    for series, sample in _samples(families, lines):
        if series[0] not in wanted:
            continue
        remark = _remark(series, sample, samples, counts)
        if remark is None:
            samples[series] = sample
        else:
            remarks[remark] += 1
        if len(samples) > MOST_SERIES:
            raise SourceTooLarge(f"the page has more than {MOST_SERIES} series of ours")
    return Page(samples, tuple(_told(remark, n) for remark, n in remarks.items()))


def bare(name: str) -> str:
    """A metric's name as tables write it."""
    return name.removesuffix("_total")


class _Lines:
    """Hands lines to the parser and remembers how far it came.

    With `wanted`, lines that are plainly well formed and about something else are
    passed over: the parser takes 30 us a line and most lines of a page are such.
    Anything unusual is left for the parser to judge.
    """

    def __init__(self, text: str, wanted: Container[str] | None) -> None:
        self._text = text
        self._wanted = wanted
        self.number = 0
        self.line = ""

    def __iter__(self) -> Iterator[str]:
        for line in self._text.split("\n")[:-1]:
            self.number += 1
            self.line = line
            if self._wanted is None or not self._passed_over(line):
                yield line + "\n"

    def _passed_over(self, line: str) -> bool:
        if line.startswith("#"):
            return HELP.fullmatch(line) is not None
        plain = PLAIN_SAMPLE.fullmatch(line)
        return plain is not None and bare(plain["name"]) not in (self._wanted or ())


def _text(body: bytes, content_type: str) -> str:
    start = body[:200].lstrip().lower()
    if "html" in content_type.lower() or start.startswith((b"<!doctype", b"<html")):
        raise SourceMisread("an HTML page where metrics should be")
    try:
        text = body.decode()
    except UnicodeDecodeError as exc:
        line = body.count(b"\n", 0, exc.start) + 1
        raise SourceMisread(f"line {line} is not UTF-8") from exc
    if text and not text.endswith("\n"):
        line = text.count("\n") + 1
        raise SourceMisread(f"the page ends in the middle of line {line}")
    return text


def _samples(
    families: Iterable[Metric], lines: _Lines
) -> Iterator[tuple[Series, Sample]]:
    try:
        for family in families:
            for sample in family.samples:
                series = bare(sample.name), tuple(sorted(sample.labels.items()))
                stamp = None if sample.timestamp is None else float(sample.timestamp)
                yield series, Sample(float(sample.value), stamp)
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as exc:
        # The parser's own errors: most are ValueError, odd input finds the others.
        shown = lines.line[:SHOWN].encode("unicode_escape").decode()
        raise SourceMisread(f"line {lines.number} is not a metric: {shown!r}") from exc


def _remark(
    series: Series,
    sample: Sample,
    seen: Mapping[Series, Sample],
    counts: Callable[[str, Labels], bool],
) -> str | None:
    """Why a sample is left out; `None`: it isn't."""
    name, labels = series
    if series in seen:
        return f"{name}: given twice, the first is used"
    if not math.isfinite(sample.value):
        return f"{name}: {sample.value} is no measurement"
    if sample.value < 0 and counts(name, labels):
        return f"{name}: a counter below zero"
    return None


def _told(remark: str, times: int) -> str:
    return remark if times == 1 else f"{remark} ({times} series)"
