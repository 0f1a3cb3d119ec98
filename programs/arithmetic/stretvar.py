"""STRETVAR: a linear stretch that changes from line to line. Source: ``vos/p2/prog/stretvar`` (Fortran, 02-MAY-94).

Kept: the input is read from its first line and sample, whatever the window; slopes are added up from line to line.
known: nothing. accepted: limits outside 0..255 with more than two rows make the original write over the rows that follow.
"""

from __future__ import annotations

from contextlib import nullcontext

import numpy as np

from vicar.errors import VicarError
from vicar.numerics.prnt import prnt

FORTRAN = True

f32 = np.float32


def main(task):
    task.if_message("STRETVAR version 02-MAY-94")
    try:
        source = task.open("INP")
    except VicarError:
        read_strips(task, 0)  # nobody looks at the status: an image that is not there has no lines
    if source.format != "BYTE":
        cancel(task, "***Input image must be in byte format")
    try:
        result = task.create("OUT")
    except VicarError:
        result = nullcontext()  # nor at this one: nothing is written
    window = task.size_field()
    strips = read_strips(task, window.nl)
    with source, result as target:
        for number in range(len(strips) - 1):
            stretch_strip(task, strips, number, source, target, window.ns)
    task.message("STRETVAR task completed")


def cancel(task, text: str):
    task.message(text)
    task.abend("***STRETVAR task cancelled")


def read_strips(task, nl: int) -> np.ndarray:
    """Rows of TABLE: line, and two pairs of input and output values."""
    values = [] if task.defaulted("TABLE") else task.integers("TABLE")
    if len(values) % 5:
        cancel(task, "***TABLE entries must be in multiples of 5")
    strips = np.array(values).reshape(-1, 5)
    if len(strips) < 2:
        cancel(task, "***TABLE must include lines 1 and NL")
    if (np.diff(strips[:, 0]) <= 0).any():
        cancel(task, "***TABLE line numbers must increase")
    if strips[0, 0] != 1 or strips[-1, 0] != nl:
        cancel(task, "***TABLE must include lines 1 and NL")
    return strips


def stretch_strip(task, strips: np.ndarray, number: int, source, result, ns: int) -> None:
    """Lines from one row of the table to the next; the last strip has its last line too."""
    last = number == len(strips) - 2
    first_line, end_line = int(strips[number, 0]), int(strips[number + 1, 0])
    gap = f32(end_line - first_line)
    now = strips[number, 1:].astype(np.float32)
    with np.errstate(all="ignore"):
        step = (strips[number + 1, 1:].astype(np.float32) - now) / gap
    whole = strips[number, 1:].copy()
    for line in range(first_line, end_line + last):
        if line % 100 == 0:
            task.messages(*prnt("FULL", line, " LINE."))
        table = lookup(whole, now)
        values = source.read()
        values[:ns] = table[values[:ns]]
        if result is not None:
            result.write(values[: result.ns])
        now = now + step
        whole = (now + f32(0.5)).astype(np.int32)


def lookup(whole: np.ndarray, exact: np.ndarray) -> np.ndarray:
    """The stretch of one line; ``whole`` and ``exact`` are input and output value of both ends, x1 y1 x2 y2."""
    x1, y1, x2, y2 = whole.tolist()
    table = np.zeros(256, np.uint8)
    table[: max(x1 + 1, 0)] = min(max(y1, 0), 255)
    table[max(x2, 0) :] = min(max(y2, 0), 255)
    if x2 > x1 + 1:
        slope = (exact[3] - exact[1]) / (exact[2] - exact[0])
        steps = np.full(x2 - x1, slope, np.float32)
        steps[0] = f32(y1) + f32(0.5)
        first, end = max(x1 + 1, 0), min(x2, 256)
        ramp = np.add.accumulate(steps, dtype=np.float32)[first - x1 : end - x1]
        table[first:end] = ramp.astype(np.int32).astype(np.uint8)
    return table
