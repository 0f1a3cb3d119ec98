"""Bands in images of their own, as STATS and USTATS take them."""

from __future__ import annotations


def announced_format(task) -> str:
    """Format of the first input, said in a message; ends the program if it is neither BYTE nor HALF."""
    with task.open("INP") as first:
        kind = {"WORD": "HALF"}.get(first.format, first.format)
    if kind not in ("BYTE", "HALF", "FULL", "REAL"):
        task.abend("??E - Unknown data format for input image")
    if kind in ("FULL", "REAL"):
        task.abend("??E - Only BYTE and HALF images supported")
    task.message(f"INPUT DATA IS {kind} FORMAT")
    return kind
