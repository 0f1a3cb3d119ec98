"""The verdict on one procedure, and everything a report needs to say about it."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Verdict(Enum):
    """How a run compares with the original's."""

    EXACT = "exact"
    MASKED = "masked"
    ACCEPTED = "accepted"
    KNOWN_BAD = "known-bad"
    DIFFERENT = "different"
    CRASHED = "crashed"
    CANNOT_RUN = "cannot run"
    NO_DATA = "no data"

    @property
    def reproduced(self) -> bool:
        """Whether the original's result was obtained: equal, or equal after masking. Nothing else counts."""
        return self in (Verdict.EXACT, Verdict.MASKED)

    @property
    def agreeable(self) -> bool:
        """Whether nobody has to act: reproduced, or different for a written reason."""
        return self.reproduced or self is Verdict.ACCEPTED


@dataclass
class Outcome:
    """One compared procedure (or image, or script).

    ``reason`` says why a verdict other than exact/masked was given, in one line. ``matched`` of ``total`` lines agree from
    the top. ``caret`` holds the two lines at the first divergence and the caret below them.
    """

    name: str
    verdict: Verdict
    reason: str = ""
    matched: int = 0
    total: int = 0
    cause: str = ""
    caret: list[str] = field(default_factory=list)
    masks: dict[str, int] = field(default_factory=dict)
    programs: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    seconds: float = 0.0
    model_path: str = ""
    sides: list | None = field(default=None, repr=False)

    def as_json(self) -> dict[str, Any]:
        data = {item.name: getattr(self, item.name) for item in dataclasses.fields(self) if item.name != "sides"}
        data["verdict"] = self.verdict.value
        data["seconds"] = round(self.seconds, 3)
        return data

    def summary(self) -> str:
        """One line for a list of results."""
        extent = f" ({self.matched} of {self.total} lines)" if self.total and not self.verdict.reproduced else ""
        why = f": {self.reason}" if self.reason else ""
        return f"{self.verdict.value:<10} {self.name}{extent}{why}"


def tally(outcomes: Iterable[Outcome]) -> str:
    """``12 exact, 3 masked, 1 known-bad of 16``."""
    outcomes = list(outcomes)
    counts = Counter(one.verdict for one in outcomes)
    parts = [f"{counts[verdict]} {verdict.value}" for verdict in Verdict if counts[verdict]]
    return f"{', '.join(parts) or 'nothing'} of {len(outcomes)}"
