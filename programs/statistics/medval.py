"""MEDVAL: median of an image, from a histogram. Source: ``vos/p2/prog/medval`` (C, 2020-12-21).

known: nothing. accepted: an image of one value has a bin of width zero; its median is that value here as there.
"""

from __future__ import annotations

import numpy as np

from vicar.image.sweep import line_blocks
from vicar.numerics.cformat import sprintf
from vicar.numerics.conversion import to_int32

f32 = np.float32


def main(task):
    task.if_message("MEDVAL version 2020-12-21")
    with task.open("INP", u_format="REAL") as source:
        window = task.size_field()
        bins = task.integer("BINCNT")
        part = (source, window.sl, window.ss, window.nl, window.ns, None)
        low, high = np.finfo(np.float32).max, -np.finfo(np.float32).max
        for _, block in line_blocks(*part):
            low, high = min(low, np.fmin.reduce(block, None)), max(high, np.fmax.reduce(block, None))
        if bins < 0:  # the original dies
            task.abend("BINCNT must not be negative.")
        with np.errstate(all="ignore"):
            width = (high - low) / f32(bins)
        if not bins:  # the original counts before its list
            return tell(task, low + width * f32(0))
        counts = np.zeros(bins, np.int64)
        with np.errstate(all="ignore"):
            for _, block in line_blocks(*part):
                counts += np.bincount(np.clip(to_int32((block - low) / width), 0, bins - 1).ravel(), minlength=bins)
    reached = np.cumsum(counts) >= window.nl * window.ns // 2
    place = int(reached.argmax()) if reached.any() else bins
    tell(task, low + width * f32(place))


def tell(task, median: np.float32) -> None:
    task.if_message(sprintf("Median: %10.5f", float(median)))
    task.output("VAL", float(median))
