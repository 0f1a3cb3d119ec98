"""APPEND: put images below each other.

Source: ``vos/p2/prog/append`` (C). The output has the widest format and the longest line of the inputs. Of each input as many
records are taken as it has lines, so of several bands the first. Shorter lines are filled up from a buffer that is cleared
for each input over the longest line counted in the inputs' own formats: beyond that, values of longer lines before remain.
"""

from __future__ import annotations

import numpy as np

from vicar.image.formats import DTYPES, modern
from vicar.image.records import write_rows
from vicar.image.sweep import line_blocks

WIDER = ("BYTE", "HALF", "FULL", "REAL", "DOUB", "COMP")


def main(task):
    fmt, nl, ns, cleared, number = survey(task)
    task.message(f" OUTPUT: NL={nl:6d}, NS={ns:6d}, FORMAT={fmt}.\n")
    with task.create("OUT", nl=nl, ns=ns, format=fmt, u_format=fmt) as result:
        size = result.dtype.itemsize
        buffer = np.zeros(max(ns * size, cleared), np.uint8)
        for instance in range(1, number + 1):
            buffer[:cleared] = 0
            with task.open("INP", instance, u_format=fmt) as image:
                for block in records(image):
                    raw = np.ascontiguousarray(block).view(np.uint8)
                    rows = np.repeat(buffer[np.newaxis], len(raw), axis=0)
                    used = min(raw.shape[1], len(buffer))
                    rows[:, :used] = raw[:, :used]
                    buffer = rows[-1].copy()
                    write_rows(result, np.ascontiguousarray(rows[:, : result.n1 * size]).view(result.dtype))
                    task.progress(result.record_number, nl)


def survey(task) -> tuple[str, int, int, int, int]:
    """Format, lines and samples of the output, bytes of the longest input line, number of inputs."""
    number = task.count("INP")
    first = fmt = ""
    nl = ns = longest = 0
    for instance in range(1, number + 1):
        with task.open("INP", instance) as image:
            if instance == 1:
                first = fmt = image.format
            elif image.format != first:
                task.message("** WARNING: YOU ARE MIXING DATA TYPES **")
                fmt = wider(task, fmt, image.format)
            nl, ns = nl + image.nl, max(ns, image.ns)
            longest = max(longest, image.ns * DTYPES[modern(image.format)].itemsize)
    return fmt, nl, ns, longest, number


def wider(task, fmt: str, other: str) -> str:
    rank = WIDER.index(fmt) if fmt in WIDER else -1
    if other not in WIDER:
        if rank < WIDER.index("HALF"):
            task.message(f"** ERROR: UNRECOGNIZED TYPE {other} **\n")
        return fmt
    return other if WIDER.index(other) > rank else fmt


def records(image):
    """The first records of a file, as many as it has lines."""
    if image.org == "BSQ":
        for _, block in line_blocks(image, 1, 1, image.nl, image.n1):
            yield block
        return
    for _ in range(image.nl):
        yield image.read()[np.newaxis]
