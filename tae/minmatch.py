"""Abbreviations: names found by a left part of them.

One rule for nearly everything in the language: a full name is always found, a left part when only one entry has it.
Built-in commands have a minimum length instead and take the first entry; subcommand blocks of parameter files do not prefer
the full name (`unique_left_part`).
"""

from __future__ import annotations

from collections.abc import Iterable

from tae.variables import Ambiguous, fold, is_abbreviation

__all__ = ["Ambiguous", "find", "first_with_minimum", "is_abbreviation", "unique_left_part"]


def find(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate meant by ``name``: the equal one, else the only one it abbreviates.

    Returns None when there is none, raises ``Ambiguous`` when there are several.
    """
    folded = fold(name)
    matches = []
    for candidate in candidates:
        upper = fold(candidate)
        if upper == folded:
            return candidate
        if upper.startswith(folded):
            matches.append(candidate)
    if len(matches) > 1:
        raise Ambiguous(name)
    return matches[0] if matches else None


def unique_left_part(name: str, candidates: Iterable[str]) -> str | None:
    """The only candidate that ``name`` is a left part of; a full name counts no more than a part (source: subcmd_do)."""
    matches = [candidate for candidate in candidates if is_abbreviation(name, candidate)]
    if len(matches) > 1:
        raise Ambiguous(name)
    return matches[0] if matches else None


def first_with_minimum(name: str, entries: Iterable[tuple[str, int]]) -> str | None:
    """The first entry that ``name`` is a left part of, at least as long as the entry's minimum (0: in full only)."""
    for entry, minimum in entries:
        if fold(name) == fold(entry) or (minimum and len(name) >= minimum and is_abbreviation(name, entry)):
            return entry
    return None
