"""The printed histogram of ENTROPY and others. Source: ``vos/p2/sub/phist`` (Fortran)."""

from __future__ import annotations

import numpy as np

from vicar.numerics import fortran

LARGEST_MAXIMUM = 747520
HEADING = (
    " GRAY      FREQ   PERCENT   0        10        20        30        40        50        60        70        80"
    "        90       100"
)


def print_histogram(task, counts: np.ndarray, elements: int, low: int, spikes: int, zeroes: bool) -> None:
    """One line for each level with its share and a bar, then mean and deviation of the level's index.

    ``elements`` is the number the shares refer to; the bar is scaled to the count after the ``spikes`` largest.
    """
    counts = np.asarray(counts)
    levels = len(counts)
    if levels <= 0 or elements <= 0:
        task.message(" **ERR IN PHIST ARGUMENT LIST")
        task.message(" NO HISTOGRAM WILL BE PRINTED")
        return
    task.message(HEADING)
    largest = bar_maximum(counts, spikes)
    if not largest:
        task.message(" ***Histogram contains all zeroes")
        return
    share = np.float32(1) / np.float32(elements)
    percent = np.float32(100) * share
    gap = False
    for index in np.arange(levels) if zeroes else shown(counts):
        if index < 0:
            if not gap:
                task.message(" ")
            gap = True
            continue
        gap = False
        task.message(bar_line(low + int(index), int(counts[index]), percent, largest))
    print_moments(task, counts, share, elements, zeroes)


def shown(counts: np.ndarray) -> np.ndarray:
    """Indices of the levels that occur, -1 for each gap between them."""
    return np.where(counts > 0, np.arange(len(counts)), -1)


def bar_maximum(counts: np.ndarray, spikes: int) -> int:
    """The largest count after leaving out ``spikes`` larger ones (the outermost levels do not count); 0 if all are 0."""
    inner = np.unique(counts[1:-1])
    inner = inner[(inner > 0) & (inner < LARGEST_MAXIMUM)][::-1]
    for wanted in range(spikes, -1, -1):
        if wanted < len(inner):
            return int(inner[wanted])
    return int(max(counts[0], counts[-1]))


def bar_line(level: int, count: int, percent: np.float32, largest: int) -> str:
    share = np.float32(count) * percent + np.float32(0.0005)
    stars = max(100 * count // largest + 1, 1)
    line = list(fortran.integer(level, 5).ljust(10) + fortran.integer(count, 5) + " ")
    line += list(fortran.fixed(share, 8, 3).ljust(9)) + [" "] * 4
    line = list("".join(line)[:29].ljust(29)) + [" "] * 100
    for column in range(38, 129, 10):
        line[column] = "+"
    bar = min(stars, 101)
    line[28 : 28 + bar] = ["*"] * bar
    return "".join(line) + (" *" if stars > 101 else "")


def print_moments(task, counts: np.ndarray, share: np.float32, elements: int, zeroes: bool) -> None:
    """Mean and deviation of the level's index from 0, in single precision and in order."""
    used = np.arange(len(counts)) if zeroes else np.flatnonzero(counts > 0)
    frequency = counts[used].astype(np.float32)
    index = used.astype(np.float32)
    zero = np.zeros(1, np.float32)
    total = np.add.accumulate(np.concatenate((zero, frequency * index)), dtype=np.float32)[-1]
    squares = np.add.accumulate(np.concatenate((zero, frequency * index * index)), dtype=np.float32)[-1]
    sigma = (squares - total * total * share) * share
    if sigma > 0:
        sigma = np.sqrt(sigma)
    task.message(" ")
    task.message("AVERAGE GRAY LEVEL = " + fortran.exponent(total * share, 11, 4))
    task.message(" ")
    task.message("STANDARD DEVIATION = " + fortran.exponent(sigma, 11, 4))
    task.message(" ")
    task.message("NUMBER OF ELEMENTS = " + fortran.integer(elements, 9))
    task.message(" ")
