"""Compares two logs line by line: how far they agree, where they part, and what was masked to get there."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass, field

from monitor.verify.masks import Convention

END_OF_LOG = None  # stands for the line after the last one


@dataclass
class Comparison:
    """Result of comparing our log with a model.

    ``matched`` lines agree from the top; ``total`` is the number of lines of the model.
    """

    model: list[str]
    ours: list[str]
    matched: int
    exact: bool
    mask_uses: Counter = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return len(self.model)

    @property
    def same(self) -> bool:
        return self.matched == len(self.model) == len(self.ours)

    @property
    def model_line(self) -> str | None:
        """The model's line at the first divergence, None at its end."""
        return self.model[self.matched] if self.matched < len(self.model) else END_OF_LOG

    @property
    def our_line(self) -> str | None:
        return self.ours[self.matched] if self.matched < len(self.ours) else END_OF_LOG

    @property
    def column(self) -> int:
        """Zero-based column in which the two lines at the first divergence part."""
        return first_difference(self.model_line or "", self.our_line or "")

    def caret(self) -> list[str]:
        """The two lines and a caret below the first character that differs."""
        if self.same:
            return []
        shown = ["<end of log>" if line is END_OF_LOG else printable(line) for line in (self.model_line, self.our_line)]
        ended = END_OF_LOG in (self.model_line, self.our_line)
        column = 0 if ended else len(printable((self.model_line or "")[: self.column]))
        return [f"model: {shown[0]}", f"ours:  {shown[1]}", " " * (7 + column) + "^"]


def printable(text: str) -> str:
    """Text with control characters made visible; everything else as it is."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def first_difference(one: str, other: str) -> int:
    """Column in which two strings part (the length of the shorter one if it begins the other)."""
    for column, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return column
    return min(len(one), len(other))


def compare(model: bytes, ours: bytes, convention: Convention) -> Comparison:
    """Compare two logs under the rules of one collection of models.

    ``exact`` means equal without any mask, except that the model may itself be stored masked: then it can only hold for logs
    that have nothing to mask.
    """
    raw_model, raw_ours = convention.lines(model), convention.lines(ours)
    masked_model, _ = convention.mask(raw_model)
    masked_ours, uses = convention.mask(raw_ours)
    masked_model, masked_ours = convention.finish(masked_model), convention.finish(masked_ours)
    matched = 0
    for one, other in zip(masked_model, masked_ours, strict=False):
        if one != other:
            break
        matched += 1
    return Comparison(masked_model, masked_ours, matched, raw_model == raw_ours, uses)


@dataclass(frozen=True)
class Hunk:
    """A stretch of both logs, equal or not; ``model_start`` and ``our_start`` count from 0."""

    equal: bool
    model_start: int
    our_start: int
    model: tuple[str, ...]
    ours: tuple[str, ...]


def hunks(comparison: Comparison, limit: int = 3000) -> list[Hunk]:
    """The two logs aligned as stretches of equal and different lines (for reading; verdicts do not depend on it).

    Beyond ``limit`` lines after the first divergence lines are paired by position, because aligning takes quadratic time.
    """
    start = comparison.matched
    model, ours = comparison.model[start:], comparison.ours[start:]
    result = []
    if start:
        result.append(Hunk(True, 0, 0, tuple(comparison.model[:start]), tuple(comparison.ours[:start])))
    if max(len(model), len(ours)) > limit:
        codes = _by_position(model, ours)
    else:
        codes = [*difflib.SequenceMatcher(None, model, ours, autojunk=False).get_opcodes()]
    for tag, a, b, c, d in codes:
        result.append(Hunk(tag == "equal", start + a, start + c, tuple(model[a:b]), tuple(ours[c:d])))
    return result


def _by_position(model: list[str], ours: list[str]) -> list[tuple[str, int, int, int, int]]:
    common = min(len(model), len(ours))
    codes: list[tuple[str, int, int, int, int]] = []
    begin = 0
    for line in range(1, common + 1):
        if line == common or (model[line] == ours[line]) != (model[begin] == ours[begin]):
            codes.append(("equal" if model[begin] == ours[begin] else "replace", begin, line, begin, line))
            begin = line
    if len(model) != len(ours):
        codes.append(("replace", common, len(model), common, len(ours)))
    return codes
