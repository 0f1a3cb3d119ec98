"""GRIDCOMP: two transformations in one: the old points of the second grid go through the first. Source:
``vos/p2/prog/gridcomp`` (C, 2016-01-08).

known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._grids import read_columns, write_columns
from vicar.numerics.conversion import to_int32

TOLERANCE = 0.002


def main(task):
    task.if_message("gridcomp version 2016-01-08")
    grid = read_columns(task, 1, task.integers("ACOLS"))
    lines, samples, line_step, sample_step = geometry(task, grid[0], grid[1])
    task.if_message(f"First input grid grid OK: nah = {samples - 1} nav = {lines - 1}")
    new_line, new_sample, old_line, old_sample = read_columns(task, 2, task.integers("BCOLS"))
    shape = (lines, samples)
    line, sample = through(old_line, old_sample, [part.reshape(shape) for part in grid], line_step, sample_step)
    write_columns(task, [new_line, new_sample, line, sample])


def geometry(task, line: np.ndarray, sample: np.ndarray) -> tuple[int, int, float, float]:
    """Lines and samples of a grid and its steps; ends the program if it is not regular."""
    count = len(line)
    different = line != line[0]
    samples = int(different.argmax()) if different.any() else count - 1
    lines = count // samples if samples else 0
    if lines * samples != count or lines < 2 or samples < 2:
        task.abend("First input grid not rectangular-1")
    line, sample = line.reshape(lines, samples), sample.reshape(lines, samples)
    if not (np.abs(sample - sample[0]) < TOLERANCE).all():
        task.abend("First input grid not rectangular-2")
    if not (np.abs(line - line[:, :1]) < TOLERANCE).all():
        task.abend("First input grid not rectangular-3")
    line_step = (line[-1, -1] - line[0, 0]) / float(lines - 1)
    sample_step = (sample[-1, -1] - sample[0, 0]) / float(samples - 1)
    if (np.abs(line[1:, 0] - line[:-1, 0] - line_step) > TOLERANCE).any():
        task.abend("First input grid not evenly spaced vertically")
    if (np.abs(sample[0, 1:] - sample[0, :-1] - sample_step) > TOLERANCE).any():
        task.abend("First input grid not evenly spaced horizontally")
    return lines, samples, line_step, sample_step


def through(x, y, grid, line_step: float, sample_step: float) -> tuple[np.ndarray, np.ndarray]:
    """Bilinear transformation by a grid; beyond its edges the outermost cells go on."""
    line, sample, to_line, to_sample = grid
    lines, samples = line.shape
    with np.errstate(all="ignore"):
        i = np.clip(to_int32((x - line[0, 0]) / line_step), 0, lines - 2)
        j = np.clip(to_int32((y - sample[0, 0]) / sample_step), 0, samples - 2)
        down, across = (x - line[i, j]) / line_step, (y - sample[i, j]) / sample_step

    def mixed(table):
        left = (1.0 - down) * table[i, j] + down * table[i + 1, j]
        right = (1.0 - down) * table[i, j + 1] + down * table[i + 1, j + 1]
        return (1.0 - across) * left + across * right

    return mixed(to_line), mixed(to_sample)
