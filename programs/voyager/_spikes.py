"""Single-pixel errors along a line and between lines. Source: ``vos/p2/prog/adespike``, routines AUTSAR and HUTSAR.

A pixel is compared with its left and right neighbours, and if it passes with those above and below. The left neighbour
counts with its corrected value, so that a line must be taken from left to right. Here all pixels of a line are tested
at once with the neighbour as it is known, then again those whose neighbour has changed, until nothing changes: as each
pixel depends on those to its left only, that ends where the walk from left to right ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Limits:
    """How far a pixel may lie above or below the mean of two neighbours, and above or below each of them."""

    mean_above: int
    mean_below: int
    each_above: int
    each_below: int

    def exceeded(self, pixel, one, other, mean):
        """Whether pixels are in error."""
        low = pixel < mean - self.mean_below
        high = pixel > mean + self.mean_above
        low &= (pixel < one - self.each_below) & (pixel < other - self.each_below)
        high &= (pixel > one + self.each_above) & (pixel > other + self.each_above)
        return low | high


@dataclass
class Despiker:
    """Thresholds, replacement and counts.

    bits : most significant of 16 bits that are replaced, 0 all
    dn : value that replaces a bad pixel in the output if greater than 0; -1 or less writes back into the input
    """

    along: Limits
    across: Limits
    bits: int = 0
    dn: int = -1
    along_count: int = 0
    across_count: int = 0

    def line(self, above, here, below, first: int = 0, last: int | None = None):
        """Correct samples ``first`` to ``last`` (from 0, ``last`` not included) of a line, int32 arrays of one length.

        Without ``above`` and ``below`` only the neighbours in the line count, and not for the first and last sample. Gives
        the corrected line (with averages, whatever ``dn``) and which pixels were in error.
        """
        last = len(here) if last is None else last
        result = here.copy()
        wrong = np.zeros(len(here), bool)
        count = last - first
        if count < 1:
            return result, wrong
        pixel = here[first:last]
        crosswise, replaced = np.zeros(count, bool), pixel
        if above is not None:
            one, other = above[first:last], below[first:last]
            mean = halved(one + other)
            crosswise = self.across.exceeded(pixel, one, other, mean)
            if crosswise.any():
                replaced = np.where(crosswise, self._replace(pixel, mean), pixel)
        value, lengthwise = self._along(pixel, replaced)
        result[first:last] = value
        wrong[first:last] = lengthwise | crosswise
        across = int(np.count_nonzero(crosswise & ~lengthwise))
        self.along_count += int(np.count_nonzero(lengthwise))
        self.across_count += across
        return result, wrong

    def _along(self, pixel, otherwise):
        """Values after the test along the line (``otherwise`` where it is passed), and where it is not."""
        count = len(pixel)
        value, failed = otherwise.copy(), np.zeros(count, bool)
        if count < 3:
            return value, failed
        right = pixel[2:]
        inner = pixel[1:-1]
        left = value[:-2]
        mean = halved(left + right)
        failed[1:-1] = self.along.exceeded(inner, left, right, mean)
        value[1:-1] = np.where(failed[1:-1], self._replace(inner, mean), otherwise[1:-1])
        tested = np.append(otherwise[:1], otherwise[1:-1])  # the left neighbours the last test used
        changed = np.flatnonzero(value[1:-1] != tested[1:]) + 2
        while len(changed := changed[changed < count - 1]):
            here, one, other = pixel[changed], value[changed - 1], pixel[changed + 1]
            mean = halved(one + other)
            bad = self.along.exceeded(here, one, other, mean)
            new = np.where(bad, self._replace(here, mean), otherwise[changed])
            failed[changed] = bad
            differs = new != value[changed]
            value[changed] = new
            changed = changed[differs] + 1
        return value, failed

    def _replace(self, pixel, mean):
        if self.bits <= 0:
            return mean
        low = 2 ** (16 - self.bits) - 1
        return (pixel & low) | (mean & ~low)


def halved(total):
    """Integer division by two, toward zero."""
    return (total + (total < 0)) >> 1
