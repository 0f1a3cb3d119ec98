"""Where a histogram saturates at given percentages. Source: ``vos/p2/sub/astrch`` (Fortran)."""

from __future__ import annotations

import numpy as np

F32 = np.float32


def saturation_limits(counts: np.ndarray, low, high) -> tuple[int, int]:
    """ASTRCH: indices from 0 of the bins that leave ``low`` and ``high`` percent of the counts beyond them."""
    number = len(counts)
    total = int(counts.sum())
    if not total:
        return 0, 1
    low_sum = int(F32(total) * low * F32(0.01) + F32(0.5))
    high_sum = int(F32(total) * high * F32(0.01) + F32(0.5))
    filled = np.flatnonzero(counts > 0)
    if filled[0] >= number - 1:
        return number - 2, number - 1
    place, last = int(filled[0]), int(filled[-1])
    so_far = F32(counts[place])
    while True:
        total = int(so_far + F32(counts[place + 1]))
        if total >= low_sum:
            if F32(low_sum) - so_far > total - low_sum:
                place += 1
            break
        so_far = F32(total)
        place += 1
        if place >= number - 2:
            break
    start, place = place, last
    so_far = F32(counts[place])
    while True:
        total = int(so_far + F32(counts[place - 1]))
        if total > high_sum:
            if F32(high_sum) - so_far > total - high_sum:
                place -= 1
            break
        so_far = F32(total)
        place -= 1
        if place <= 1:
            break
    if start < place:
        return start, place
    return (start - 1, place) if start > 0 else (start, place + 1)
