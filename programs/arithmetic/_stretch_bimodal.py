"""STRETCH of a histogram with two peaks. Source: ``bimodal.f`` of ``vos/p2/prog/stretch``; ``vos/p2/sub/uniflt``."""

from __future__ import annotations

import numpy as np

from programs.arithmetic._saturation import saturation_limits
from vicar.numerics.fortran import edit
from vicar.numerics.rounding import nint

F32 = np.float32
ROUNDS = 5
LEAST_PERCENT = F32(10)


def bimodal(task, stretch, histogram) -> bool:
    """Set the table to five straight lines; False if there are not two proper peaks."""
    counts = histogram.counts[histogram.range()].astype(np.int64)
    limits = peak_limits(task, counts)
    if limits is None:
        task.message("Bimodal option unsuccessful")
        task.message("Reset to default astretch option")
        return False
    task.message("*** BIMODAL OPTIION ***")
    middle = int((stretch.low + stretch.high) / 2)
    targets = [stretch.low, stretch.low, middle, middle + 1, stretch.high, stretch.high]
    targets[0] = task.integer("BIMODAL")
    places = [stretch.in_low, *(place + stretch.in_low for place in limits), stretch.in_high]
    for number in range(5):
        straight_line(stretch, places[number : number + 2], targets[number : number + 2])
    stretch.describe("BIMODAL STRETCH", 16)
    return True


def straight_line(stretch, inputs, outputs) -> None:
    (first, last), (low, high) = inputs, outputs
    scale = F32(high - low) / F32(last - first)
    offset = -scale * F32(first) + F32(low)
    stretch.set(first, stretch.limited(nint(scale * np.arange(first, last + 1).astype(F32) + offset)))


def peak_limits(task, counts: np.ndarray) -> tuple[int, int, int, int] | None:
    """Indices between which the two parts of the histogram are stretched."""
    levels = len(counts)
    tolerance = int(F32(0.01) * F32(counts.sum()) / F32(levels))
    width = int(F32(0.03) * F32(levels)) // 2 * 2 + 1
    task.message(edit("('Filter window NSW=',I4)", width))
    low, high = task.real("LPERCENT"), task.real("HPERCENT")
    found = two_peaks(counts, width, tolerance)
    if found is None:
        return None
    smooth, (first, last) = found
    valley = lowest_between(smooth, min(first, last), max(first, last), width)
    if valley is None:
        return None
    share = F32(100) * F32(counts[:valley].sum()) / F32(counts.sum())
    if share > F32(100) - LEAST_PERCENT or share < LEAST_PERCENT:
        return None
    l1, l2 = saturation_limits(counts[:valley], low, high)
    l1, l2 = max(l1, 0), min(l2, valley - 1)
    if l1 >= l2:
        return None
    h1, h2 = (place + valley for place in saturation_limits(counts[valley:], high, low))
    h1, h2 = max(h1, valley), min(h2, levels - 1)
    return None if h1 >= h2 else (l1, l2, h1, h2)


def two_peaks(counts: np.ndarray, width: int, tolerance: int):
    """Smooth until there are exactly two maxima; the smoothed counts and the peaks (from 1)."""
    smooth = counts
    for _ in range(ROUNDS):
        smooth = running_mean(smooth, 0, len(smooth), width)
        slope = np.diff(smooth, prepend=smooth[:1])
        peaks = maxima(slope, width, tolerance)
        if len(peaks) == 2:
            return smooth, peaks
    return None


def maxima(slope: np.ndarray, width: int, tolerance: int) -> list[int]:
    """Places (from 1) where the slope changes sign clearly; at most three are looked for."""
    margin = max(width // 2, 1)
    peaks: list[int] = []
    for place in range(1 + margin, len(slope) - margin + 1):
        before, after = int(slope[place - 2]), int(slope[place])
        if not (before > 0 > after) or before - after <= tolerance:
            continue
        if peaks and peaks[-1] == place - 1:
            continue
        peaks.append(place)
        if len(peaks) > 2:
            break
    return peaks


def lowest_between(smooth: np.ndarray, first: int, last: int, width: int) -> int | None:
    """The one lowest place between two peaks (all from 1), smoothing until there is only one."""
    smooth = smooth.copy()
    for _ in range(ROUNDS):
        part = running_mean(smooth, first - 1, last - first + 1, width)
        smooth[first - 1 : last] = part
        if (part == 0).any():
            continue
        least = part.min()
        if least < 1000000 and np.count_nonzero(part == least) == 1:
            return first + int(part.argmin())
    return None


def running_mean(values: np.ndarray, start: int, count: int, width: int) -> np.ndarray:
    """UNIFLT of integers: a single precision running sum, edges repeated, rounded quotients."""
    half = width // 2
    source = np.concatenate((values[start:], np.zeros(width + 1, np.int64))).astype(F32)
    first, last = source[0], source[count - 1]
    total = first
    for place in range(half):
        total = total + first + source[place]
    result = np.zeros(max(count, half + 1), np.int64)
    for place in range(half + 1):
        total = total + source[place + half] - first
        result[place] = nint(total / F32(width))
    for place in range(half + 1, count - half):
        total = total + source[place + half] - source[place - half - 1]
        result[place] = nint(total / F32(width))
    for place in range(max(count - half, 0), count):
        before = source[place - half - 1] if place > half else F32(0)
        total = total + last - before
        result[place] = nint(total / F32(width))
    return result[:count]
