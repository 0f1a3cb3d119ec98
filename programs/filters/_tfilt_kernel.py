"""TFILT's running sums and formulas, pixel after pixel; the numpy way of the same is in ``tfilt``."""

from __future__ import annotations

import numpy as np

from vicar.numerics.compiled import kernel

HIGH, LOW, SCENE, DIVIDE = range(4)


@kernel(above=2_000_000)
def filter_lines(old, new, dn, threshold, sums, counts, nsw, kind, numbers, limits, out):
    """Lines ``dn`` filtered into ``out``; all numbers are single precision.

    Before each line its row of ``old`` leaves the sums and counts of the columns and its row of ``new`` enters them, as far as
    their pixels reach the threshold. ``numbers``: scale, transfer, boost, level and offset.
    """
    scale, transfer, boost, level, offset = numbers
    low, high = limits
    zero = np.float32(0)
    for line in range(out.shape[0]):
        for column in range(len(sums)):
            leaving, entering = old[line, column], new[line, column]
            if leaving >= threshold:
                sums[column] -= leaving
                counts[column] -= 1
            if entering >= threshold:
                sums[column] += entering
                counts[column] += 1
        total, many = zero, 0
        for column in range(nsw):
            total += sums[column]
            many += counts[column]
        for sample in range(out.shape[1]):
            if sample > 0:
                total -= sums[sample - 1]
                total += sums[sample - 1 + nsw]
                many += counts[sample - 1 + nsw] - counts[sample - 1]
            pixel = dn[line, sample]
            if pixel < threshold:
                out[line, sample] = zero
                continue
            count = np.float32(many)
            mean = total / count if many != 0 else total
            if kind == HIGH:
                value = (pixel - mean) * boost + transfer * pixel + level
            elif kind == LOW:
                value = boost * mean + offset
            elif kind == SCENE:
                value = (pixel - mean) * scale / mean + transfer * pixel + level if mean != zero else mean
            else:
                share = count / total if total != zero else count
                if sample == 0 and (many == 0 or total == zero):
                    share = zero
                value = pixel * (scale * share + transfer) + offset
            out[line, sample] = high if value > high else low if value <= low else value
