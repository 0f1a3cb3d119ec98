"""GTSTAT: mean or standard deviation of a moving window. Source: ``vos/p2/prog/gtstat`` (C).

Squares of differences are summed in the order of the original's ring of line buffers (line number modulo the window).
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import kernel
from vicar.numerics.conversion import cast


def main(task):
    task.if_message("gtstat version 2015-10-23")
    window = task.integer("WINDOW")
    if window % 2 == 0:
        task.abend("window size must be odd")
    factor = float(task.real("FACTOR"))
    deviation = task.keyword("SDEV")
    with task.open("INP", u_format="HALF") as source:
        if source.format not in ("BYTE", "HALF"):
            task.abend("Invalid input data format image 1.  Use BYTE or HALF.")
        nl, ns, half = source.nl, source.ns, window // 2
        with task.create("OUT", nl=nl, ns=ns, u_format="HALF") as result:
            quick = _deviations.pick(nl * ns * window) if deviation else None
            rows = {n: source.read(line=n + 1) for n in range(half)}
            for line in range(nl):
                if line + half < nl:
                    rows[line + half] = source.read(line=line + half + 1)
                rows.pop(line - half - 1, None)
                if quick is not None:
                    values = np.empty(ns)
                    quick(np.stack(ring(rows, window)), half, values)
                else:
                    values = statistics(ring(rows, window), half, ns, deviation)
                result.write(cast(values * factor + 0.5, np.int16), line=line + 1)


def ring(rows: dict[int, np.ndarray], window: int) -> list[np.ndarray]:
    return [rows[n] for n in sorted(rows, key=lambda n: n % window)]


def statistics(rows: list[np.ndarray], half: int, ns: int, deviation: bool) -> np.ndarray:
    """Mean or standard deviation of the window around every sample of one line."""
    padded = np.zeros((len(rows), ns + 2 * half))
    padded[:, half : half + ns] = rows
    inside = np.zeros(ns + 2 * half, bool)
    inside[half : half + ns] = True
    steps = range(2 * half + 1)
    count = len(rows) * sum(inside[j : j + ns].astype(np.int64) for j in steps)
    column = padded.sum(axis=0)  # whole numbers: exact in any order
    mean = sum(column[j : j + ns] for j in steps) / count
    if not deviation:
        return mean
    total = np.zeros(ns)
    for row in padded:
        for j in steps:
            difference = row[j : j + ns] - mean
            total += np.where(inside[j : j + ns], difference * difference, 0.0)
    return np.sqrt(total / (count - 1))


@kernel()
def _deviations(rows, half, result):
    """Standard deviations of the windows around every sample of one line, whose lines are ``rows``."""
    lines, ns = rows.shape
    for x in range(ns):
        left, right = max(x - half, 0), min(x + half + 1, ns)
        count, whole = lines * (right - left), 0
        for y in range(lines):
            for i in range(left, right):
                whole += rows[y, i]
        mean, total = whole / count, 0.0
        for y in range(lines):
            for i in range(left, right):
                difference = rows[y, i] - mean
                total += difference * difference
        result[x] = np.sqrt(total / (count - 1))
