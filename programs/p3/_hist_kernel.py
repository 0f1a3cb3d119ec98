"""Bins and sums of p3's HIST for FULL and REAL pixels of large images; does what `hist.tally` does block by block."""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import kernel


@kernel(above=2_000_000)
def tally_single(values, low, width, last, total, squares, counts):
    """Count values into bins, in single precision, and go on with their sum and that of their squares; gives the zeroes, too."""
    zeroes = 0
    for n in range(values.shape[0]):
        value = np.float32(values[n])
        zeroes += values[n] == 0
        total += np.float64(values[n])
        squares += np.float64(value * value)
        place = np.float32(1.0)
        distance = (value - low) / width
        if distance > place:
            place = min(distance, last)
        counts[np.int64(place) - 1] += 1
    return total, squares, zeroes
