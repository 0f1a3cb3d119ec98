"""Inversion of a vidicon's light-transfer curves, pixel by pixel.

Every pixel has its own curve: a few points ``d[0] .. d[n-1]`` (int16, signal) that belong to common luminances. A signal
is turned into a luminance by the straight line between the two points that enclose it. The original keeps the place it
last found and walks up or down the next pixel's points from there, so where points do not rise the result depends on the
pixel before. Facts of that walk (source: ``vos/p2/prog/ficor77``, routine FCOR):

* It only ever asks which points lie below the signal. If those are the first few points and no others, it ends at the
  same pair from any start. Only for other pixels does the start matter; they are few and are resolved afterwards, in
  order, from a table indexed by which points lie below.
* A signal of zero or less puts the walk back at the first pair; a pixel whose last point is 0 (dead) leaves it alone.
* The walk begins at the first pair wherever the original begins a new piece: at each line of the window and wherever
  the curves of the next pixels come from the next record of the file.

All arithmetic is single precision, one rounding an operation, in the original's order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

TOP = 0  # entry of the search table: the signal is above every point from the start upwards
SATURATED = 255


@dataclass(frozen=True)
class Transfer:
    """What all pixels share.

    luminance : float32 (n,), luminance of each point, in output units
    excess : float32, luminance given to a signal above a curve that nowhere rises
    maxdn : float32, largest output value; negative values are limited to ``-maxdn``
    noneg : negative values become 0
    """

    luminance: np.ndarray
    excess: np.float32
    maxdn: np.float32
    noneg: bool = False

    @property
    def steps(self) -> np.ndarray:
        """Luminance differences of neighbouring points, float32 (n-1,)."""
        return self.luminance[1:] - self.luminance[:-1]


class Statistics:
    """What the original counts while it works."""

    def __init__(self, maxdn: np.float32):
        self.least_saturated = np.float32(maxdn)
        self.most_unsaturated = np.float32(0)
        self.saturated = 0
        self.negative = 0
        self._dark_sum = 0

    def add_dark(self, dark: np.ndarray) -> None:
        self._dark_sum += int(dark.sum(dtype=np.int64))

    @property
    def dark_sum(self) -> int:
        """Sum of all dark-frame values as the original's 32-bit counter holds it."""
        return (self._dark_sum + 2**31) % 2**32 - 2**31


@lru_cache(maxsize=4)
def search_table(count: int) -> np.ndarray:
    """Where the walk ends, for each set of points below the signal and each start.

    Returns uint8 (2**count, count + 1): pair numbers 1 .. count-1 (pair k joins points k and k+1), or `TOP`. First index:
    bit k-1 set if point k lies below the signal; second index: start, 1 .. count.
    """
    sets = np.arange(1 << count)
    below = ((sets[:, None] >> np.arange(count)) & 1).astype(bool)
    table = np.ones((1 << count, count + 1), np.uint8)
    last_below = np.ones(1 << count, np.uint8)  # nearest point under the start that lies below; pair 1 if none does
    for start in range(1, count + 1):
        table[:, start] = last_below
        last_below[below[:, start - 1]] = start
    upward = np.full(1 << count, TOP, np.uint8)  # nearest pair from the start up whose upper point is not below
    for start in range(count, 0, -1):
        if start < count:
            upward[~below[:, start]] = start
        climbs = below[:, start - 1]
        table[climbs, start] = upward[climbs]
    return table


@dataclass(frozen=True)
class Pieces:
    """Where the walk begins anew.

    first : number (from 0) of the block's first pixel in the frame
    samples : samples a line of the block
    width : samples a line of the frame
    per_record : pixels whose curves share a record
    """

    first: int
    samples: int
    width: int
    per_record: int

    def begin(self, index: np.ndarray) -> np.ndarray:
        """Whether pixels (numbers in the block) are the first of a piece."""
        line, sample = np.divmod(index, self.samples)
        return (sample == 0) | ((self.first + line * self.width + sample) % self.per_record == 0)


def luminance(dn, dark, points, pieces: Pieces, table, dark_scale, transfer: Transfer, statistics: Statistics) -> np.ndarray:
    """Turn raw values into output values.

    Parameters
    ----------
    dn : uint8 (lines, samples), the frame
    dark : int16 (lines, samples), the dark frame
    points : int16 (lines, samples, n), light-transfer points of each pixel
    pieces : where the walk begins anew
    table : float32 (256,), signal of each raw value
    dark_scale : float32, signal of one unit of the dark frame
    statistics : added to

    Returns float32 (lines, samples).
    """
    with np.errstate(all="ignore"):  # zero and huge factors are allowed; they give inf and nan as in the original
        return _luminance(dn, dark, points, pieces, table, np.float32(dark_scale), transfer, statistics)


def _luminance(dn, dark, points, pieces, table, dark_scale, transfer, statistics):
    shape, count = dn.shape, points.shape[-1]
    dn, dark = dn.ravel(), dark.ravel()
    curves = points.reshape(-1, count)
    statistics.add_dark(dark)

    signal = table.take(dn)
    signal -= dark_scale * dark.astype(np.float32)
    whole = _truncate(signal)
    pair, above = _find_pairs(whole, curves, pieces)

    place = np.arange(0, len(dn) * count, count, dtype=np.intp)
    place += pair
    flat = curves.reshape(-1)
    upper = flat.take(place)
    place -= 1
    lower = flat.take(place)
    pair -= 1
    signal -= lower
    signal *= transfer.steps.take(pair)
    upper -= lower  # 16-bit, as in the original
    signal /= upper
    signal += transfer.luminance.take(pair)
    result = signal
    result[above] = transfer.excess

    idle = whole == 0
    idle |= curves[:, -1] == 0
    result[idle] = 0
    return _limit(result, dn, idle, transfer, statistics).reshape(shape)


def _truncate(signal: np.ndarray) -> np.ndarray:
    """INT() of float32 as the processor does it: outside the range (and nan) -2**31."""
    whole = signal.astype(np.int32)
    if not (signal.max() < 2**31 and signal.min() > -(2**31)):
        whole[~(np.abs(signal) < np.float32(2**31))] = -(2**31)
    return whole


def _find_pairs(whole, curves, pieces):
    """Pair of points (1 .. n-1) for each pixel, and the numbers of pixels that lie above a curve without a rise."""
    count = curves.shape[1]
    columns = np.ascontiguousarray(curves.T)
    level = whole.astype(np.int16) if whole.min() >= -(2**15) and whole.max() < 2**15 else whole
    number = np.zeros(len(whole), np.uint8)  # of points below the signal
    irregular = np.zeros(len(whole), bool)  # a point below the signal follows one that is not
    previous = None
    for column in columns:
        below = column < level
        number += below
        if previous is not None:
            irregular |= below > previous
        previous = below

    pair = np.clip(number, 1, count - 1).astype(np.intp)
    low = whole <= 0
    pair[low] = 1
    irregular &= ~low
    top = np.flatnonzero((number == count) & ~low)
    pair[top] = highest_rise(curves[top])
    dead = columns[-1] == 0
    irregular |= dead
    waiting = np.flatnonzero(irregular)
    if len(waiting):
        _settle(pair, waiting, whole, curves, pieces, dead)
    flat = np.flatnonzero(pair == TOP)
    pair[flat] = 1
    return pair, flat


def highest_rise(curves: np.ndarray) -> np.ndarray:
    """Number of the highest pair that rises, of each curve (m, n); `TOP` where none does."""
    pairs = curves.shape[1] - 1
    rises = curves[:, 1:] > curves[:, :-1]
    highest = pairs - np.argmax(rises[:, ::-1], axis=1)
    highest[~rises.any(axis=1)] = TOP
    return highest


def _settle(pair, waiting, whole, curves, pieces, dead):
    """Fill ``pair`` for the pixels whose result depends on the pixel before (``waiting``, ascending), in place.

    Neighbours that wait form runs; the first of every run is settled at once, then the second, and so on.
    """
    count = curves.shape[1]
    own = curves[waiting]
    weights = (1 << np.arange(count)).astype(np.int32)
    sets = ((own < whole[waiting][:, None]) * weights).sum(axis=1)
    walk = search_table(count)
    highest = highest_rise(own)
    passes = dead[waiting]
    lowest = whole[waiting] <= 0

    begins = pieces.begin(waiting)
    heads = begins.copy()
    heads[0] = True
    heads[1:] |= np.diff(waiting) > 1
    positions = np.arange(len(waiting))
    rank = positions - np.maximum.accumulate(np.where(heads, positions, 0))
    order = np.argsort(rank, kind="stable")
    bounds = np.cumsum(np.bincount(rank))
    for members in np.split(order, bounds[:-1]):
        pixel = waiting[members]
        before = pair[np.maximum(pixel - 1, 0)]
        before[before == TOP] = 1  # the walk down a curve without a rise ends at the first pair
        before[begins[members]] = 1
        found = walk[sets[members], before].astype(np.intp)
        found = np.where(found == TOP, highest[members], found)
        found[lowest[members]] = 1
        pair[pixel] = np.where(passes[members], before, found)


def _limit(result, dn, idle, transfer, statistics):
    """Count, and keep values within the output range."""
    maxdn = np.float32(transfer.maxdn)
    negative = result < 0
    saturated = np.flatnonzero(dn == SATURATED)
    if len(saturated):
        saturated = saturated[~(idle[saturated] | negative[saturated])]
        statistics.saturated += len(saturated)
        if len(saturated):
            statistics.least_saturated = np.fmin(statistics.least_saturated, np.fmin.reduce(result[saturated]))
        unsaturated = result[dn != SATURATED]
    else:
        unsaturated = result
    if len(unsaturated):
        statistics.most_unsaturated = np.fmax(statistics.most_unsaturated, np.fmax.reduce(unsaturated))

    limited = np.minimum(result, maxdn)
    if maxdn < 0:
        limited[idle] = 0
    if negative.any():
        statistics.negative += int(np.count_nonzero(negative))
        limited[negative] = 0 if transfer.noneg else np.maximum(result[negative], -maxdn)
    return limited
