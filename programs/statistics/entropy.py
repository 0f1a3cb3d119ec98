"""ENTROPY: information content of an image from the differences of neighbouring samples.

Source: ``vos/p2/prog/entropy``, ``vos/p2/sub/phist`` (Fortran). All sums are single precision in the order of the pixels.

known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from programs._reading import read_lines
from programs.statistics._phist import print_histogram
from vicar.errors import VicarError
from vicar.numerics import fortran, libm
from vicar.numerics.compiled import kernel

FORTRAN = True
LARGEST = 4095


def main(task):
    task.message("ENTROPY version April 22, 2000")
    labelling = task.keyword("LABEL")
    with task.open("INP", op="UPDATE" if labelling else "READ", u_format="HALF") as source:
        run(task, source)


def cancel(task, text: str):
    task.abend(text, "***Entropy task cancelled")


def run(task, source) -> None:
    file_name = task.string("DISTFILE")
    if file_name is not None:
        try:
            distribution = task.path(file_name).open("w")
        except OSError:
            cancel(task, "***Error opening distribution output file")
        distribution.close()
    if source.format not in ("BYTE", "HALF"):
        cancel(task, "***Input image must be byte or halfword format")
    given = list(task.integers("AREA"))
    sl, ss, nl, ns = (given + [0, 0, 0])[:4] if given else (1, 1, source.nl, source.ns)
    if max(sl, sl + nl - 1) > source.nl or max(ss, ss + ns - 1) > source.ns:
        cancel(task, "***Selected area is outside of image")
    counts, total, squares = difference_histogram(task, source, sl, ss, nl, ns)
    zeroes = task.keyword("ZEROES")
    if task.keyword("PHIST"):
        print_histogram(task, counts, len(counts), -LARGEST, 1, zeroes)
    elif zeroes:
        task.message("The ZEROES keyword is ignored, because PHIST is not specified.")
    area = np.float32(nl * (ns - 1))
    with np.errstate(all="ignore"):
        shares = counts.astype(np.float32) / area
        value = entropy(counts, shares)
        mean = total / area
        sigma = np.sqrt((squares - area * (mean * mean)) / (area - np.float32(1)))
    if file_name is not None:
        lines = (
            f" {fortran.integer(j, 5)}   {fortran.fixed(p, 7, 5)}\n"
            for j, p in zip(range(-LARGEST, LARGEST + 1), shares.tolist())
        )
        task.path(file_name).write_text("".join(lines))
    task.message(
        "ENTROPY =" + fortran.fixed(value, 8, 5) + "   SIGMA_DELTA_DN = " + fortran.fixed(sigma, 9, 5)
        + "   #_OF_PIXELS = " + fortran.integer(int(area), 8)
    )
    task.output("VALUE", value)
    if task.keyword("NOLABEL"):
        return
    if (sl, ss, nl, ns) != (1, 1, source.nl, source.ns):
        task.message("AREA not equal to image size.  ITEM NOT ADDED")
        return
    try:
        source.label.add("ENTROPY", value, task="", mode="REPLACE", format="REAL")
    except VicarError:
        cancel(task, "***Error writing history label item")
    task.message("ENTROPY ADDED TO HISTORY LABEL")


def difference_histogram(task, source, sl, ss, nl, ns) -> tuple[np.ndarray, np.float32, np.float32]:
    """Counts of the differences -4095..4095, their sum and the sum of their squares."""
    counts = np.zeros(2 * LARGEST + 1, np.int64)
    total = squares = np.float32(0)
    step = max(1, (1 << 19) // max(ns, 1))
    for line in range(sl, sl + nl, step):
        if ns < 1:
            break
        dn = read_lines(source, line, ss, min(step, sl + nl - line), ns).astype(np.int32)
        if dn.min() < 0 or dn.max() > LARGEST:
            cancel(task, "***Invalid DN values")
        steps = np.diff(dn, axis=1).ravel()
        if not len(steps):
            continue
        compiled = tally_steps.pick(nl * ns)
        if compiled is not None:
            total, squares = compiled(steps, total, squares, counts)
            continue
        counts += np.bincount(steps + LARGEST, minlength=len(counts))
        total = continued_sum(total, steps)
        squares = continued_sum(squares, steps * steps)
    return counts, total, squares


@kernel(above=8_000_000)
def tally_steps(steps, total, squares, counts):
    """Count differences, and go on with their sum and that of their squares in single precision."""
    for n in range(steps.shape[0]):
        counts[steps[n] + LARGEST] += 1
        total += np.float32(steps[n])
        squares += np.float32(steps[n] * steps[n])
    return total, squares


def continued_sum(start: np.float32, terms: np.ndarray) -> np.float32:
    values = np.concatenate(([start], terms)).astype(np.float32)
    return np.add.accumulate(values, dtype=np.float32)[-1]


def entropy(counts: np.ndarray, shares: np.ndarray) -> np.float32:
    """Bits per pixel; the terms are taken off in the order of the differences."""
    present = shares[counts > 0]
    terms = present * libm.log(present) / np.float32(np.log(2.0))
    return np.subtract.reduce(np.concatenate((np.zeros(1, np.float32), terms)), dtype=np.float32)
