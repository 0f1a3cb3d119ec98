"""LABEL-CREATE, -REMOVE and -SWITCH: files between raw and labelled. Source: ``vos/p2/prog/label``."""

from __future__ import annotations

PIXELS_AT_ONCE = 1 << 22


def copy_records(source, result, count: int | None = None, start: int = 0) -> None:
    """Copy records as they come, binary header and prefixes included, until the input ends."""
    result.write_records(source.read_records(start, count))
