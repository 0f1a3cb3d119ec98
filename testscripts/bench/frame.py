"""How a row is declared, measured and printed."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROWS: list[Row] = []


@dataclass(frozen=True)
class Row:
    """One benchmark. ``prepare(folder)`` returns (work, reference): two callables, the second perhaps None.

    A callable may return a number (megabytes, milliseconds measured inside); otherwise its own run time counts. ``limit`` is in
    ``unit``, ``most`` is the highest ratio to the reference. ``Missing`` says that something the row needs is not installed.
    """

    name: str
    what: str
    prepare: Callable[[Path], tuple[Callable, Callable | None]]
    limit: float | None = None
    most: float | None = None
    unit: str = "ms"
    against: str = ""
    repeat: int = 7
    native: float | None = None  # the original's time, from another run


class Missing(Exception):
    """A row compares with something that is not here: it is left out, and says so."""


@dataclass
class Measured:
    row: Row
    missing: str = ""
    value: float = 0.0
    reference: float | None = None
    spread: float = 0.0
    problem: str = ""
    values: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float | None:
        return self.value / self.reference if self.reference else None

    @property
    def within(self) -> bool:
        if self.problem or self.missing:
            return not self.problem
        return self.value <= (self.row.limit or math.inf) and (self.ratio or 0.0) <= (self.row.most or math.inf)

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.row.name,
            "value": self.value,
            "unit": self.row.unit,
            "limit": self.row.limit,
            "most": self.row.most,
            "reference": self.reference,
            "against": self.row.against,
            "ratio": self.ratio,
            "native": self.row.native,
            "within": self.within,
            "problem": self.problem,
            "missing": self.missing,
            "values": self.values,
        }


def declare(one: Row) -> None:
    ROWS.append(one)


def row(name: str, what: str, **more: Any) -> Callable:
    """Declare a benchmark: decorates its ``prepare``."""

    def decorate(prepare: Callable) -> Callable:
        declare(Row(name, what, prepare, **more))
        return prepare

    return decorate


def clock(work: Callable) -> float:
    """Milliseconds, or the number the work returns."""
    begin = time.perf_counter()
    given = work()
    return given if isinstance(given, float) else 1000.0 * (time.perf_counter() - begin)


def measure(one: Row, folder: Path, repeat: int | None = None) -> Measured:
    """Fastest of several runs, work and reference by turns, after one run of each that does not count.

    What else a machine does can only add to a run: the fastest one is the nearest to what the work itself takes.
    """
    result = Measured(one)
    try:
        work, reference = one.prepare(folder)
        works, references = [], []
        for turn in range((repeat or one.repeat) + 1):
            gc.collect()
            works.append(clock(work))
            if reference is not None:
                references.append(clock(reference))
            if turn == 0:
                works.clear()
                references.clear()
    except Missing as reason:
        result.missing = str(reason)
        return result
    except Exception as error:  # a row that cannot run is reported, the others go on
        result.problem = f"{type(error).__name__}: {error}"
        return result
    result.values = works
    result.value, result.spread = min(works), max(works) - min(works)
    result.reference = min(references) if references else None
    return result


def line(measured: Measured) -> str:
    one = measured.row
    if measured.problem:
        return f"{one.name:<16} {'':>10}     cannot run: {measured.problem}"
    if measured.missing:
        return f"{one.name:<16} {'':>10}     left out: {measured.missing}"
    limit = f"limit {one.limit:g} {one.unit}: {'ok' if measured.within else 'EXCEEDED'}" if one.limit else ""
    if one.most:
        limit = f"at most {one.most:g} x: {'ok' if measured.within else 'EXCEEDED'}"
    if one.native:
        limit = f"{measured.value / one.native:.2f} x the original"
    ratio = f"{measured.ratio:.2f} x {one.against}" if measured.ratio else ""
    return f"{one.name:<16} {measured.value:>10.3f} {one.unit:<3} {ratio:<34} {limit:<28} {one.what}"
