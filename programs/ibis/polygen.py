"""POLYGEN: a graphics file from points given as parameters. Source: ``vos/p2/prog/polygen`` (Fortran).

known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._graphics import write_graphics

FORTRAN = True

f32 = np.float32


def main(task):
    if task.defaulted("DATA") and task.defaulted("MDATA"):
        task.abend()
    points = []
    if not task.defaulted("DATA"):
        points.append(groups(task.reals("DATA"), 2))
    if not task.defaulted("MDATA"):
        points += [divided(*line) for line in groups(task.reals("MDATA"), 5)]
    write_graphics(task, np.concatenate(points), told=False)


def groups(values: np.ndarray, size: int) -> np.ndarray:
    """Rows of ``size`` values, the last one filled up with zeros."""
    return np.pad(values, (0, -len(values) % size)).reshape(-1, size)


def divided(line, sample, last_line, last_sample, count) -> np.ndarray:
    """``count`` points along a line, and the zeros that end it; float32 rows."""
    number = np.arange(max(int(count), 0), dtype=np.float32)
    parts = f32(int(count) - 1)
    with np.errstate(all="ignore"):
        lines = line + number * ((last_line - line) / parts)
        samples = sample + number * ((last_sample - sample) / parts)
    return np.append(np.stack([lines, samples], axis=1), np.zeros((1, 2), np.float32), axis=0)
