"""HIST's bins and sums of FULL, REAL and DOUB pixels of large images; does what `hist.wide_table` does block by block."""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import kernel


@kernel(above=8_000_000)
def tally_wide(values, low, width, last, single, total, squares, counts):
    """Count values into bins and go on with their sum, that of their squares (of ``single`` precision), and the zeroes."""
    zeroes = 0
    for n in range(values.shape[0]):
        value = np.float64(values[n])
        zeroes += value == 0.0
        total += value
        if single:
            rounded = np.float32(values[n])
            squares += np.float64(rounded * rounded)
        else:
            squares += value * value
        place = 1.5
        if width != 0.0:
            distance = (value - low) / width + 2.5
            if distance > place:
                place = min(distance, last)
        counts[np.int64(place) - 1] += 1
    return total, squares, zeroes
