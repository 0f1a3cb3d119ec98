"""Results as text for a terminal and as JSON for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any, TextIO

from monitor.verify.verdict import Outcome, Verdict, tally


def detail(outcome: Outcome) -> list[str]:
    """What a person needs to see about one result: how far it got, what caused the difference, the caret."""
    lines = [outcome.summary()]
    if outcome.caret:
        if outcome.cause:
            lines.append(f"    caused by {outcome.cause}")
        lines += [f"    {line}" for line in outcome.caret]
    if outcome.masks:
        used = ", ".join(f"{name} {count}x" for name, count in sorted(outcome.masks.items()))
        lines.append(f"    masked: {used}")
    return lines


def print_report(outcomes: Iterable[Outcome], out: TextIO, verbose: bool = True) -> None:
    """Every result that is not plainly right in full, the others in one line (only when ``verbose``), then the tally."""
    outcomes = list(outcomes)
    for outcome in outcomes:
        if not outcome.verdict.reproduced:
            out.write("\n".join(detail(outcome)) + "\n")
        elif verbose:
            out.write(outcome.summary() + "\n")
    out.write(tally(outcomes) + "\n")
    for line in unlocking(outcomes):
        out.write(line + "\n")


def unlocking(outcomes: Iterable[Outcome], most: int = 10) -> list[str]:
    """Which single missing programs would let most of the others run."""
    single = Counter(
        outcome.missing[0]
        for outcome in outcomes
        if outcome.verdict is Verdict.CANNOT_RUN and len(outcome.missing) == 1
    )
    return [f"one more program: {name} lets {count} run" for name, count in single.most_common(most)]


def as_json(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    outcomes = list(outcomes)
    counts = Counter(outcome.verdict.value for outcome in outcomes)
    return {
        "of": len(outcomes),
        "verdicts": dict(sorted(counts.items())),
        "reproduced": sum(outcome.verdict.reproduced for outcome in outcomes),
        "results": [outcome.as_json() for outcome in outcomes],
    }


def print_json(outcomes: Iterable[Outcome], out: TextIO) -> None:
    json.dump(as_json(outcomes), out, indent=1)
    out.write("\n")


class ProgressBar:
    """A line on a terminal that says how far a long run is; nothing when the stream is no terminal."""

    WIDTH = 30

    def __init__(self, out: TextIO):
        self.out = out
        self.shown = out.isatty()
        self.counts: Counter = Counter()

    def __call__(self, done: int, total: int, outcome: Outcome) -> None:
        self.counts[outcome.verdict.reproduced] += 1
        if not self.shown:
            return
        filled = self.WIDTH * done // total
        bar = "#" * filled + "-" * (self.WIDTH - filled)
        self.out.write(f"\r[{bar}] {done}/{total}  {self.counts[True]} reproduced  {outcome.name[:30]:<30}")
        if done == total:
            self.out.write("\r" + " " * (self.WIDTH + 75) + "\r")
        self.out.flush()
