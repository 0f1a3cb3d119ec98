"""Straight lines through the light transfer curves of pixels, with tests for saturation. Source: ``vos/p2/prog/galgen``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.numerics.rounding import truncate

F = np.float32
SATURATED = -32000
GOOD = 32767  # in the file of full wells
GALILEO_TOP, CASSINI_TOP = 255.0, 4095.0
DARK_SCALE = 128.0
GOING, ENDED, FAILED = 0, 1, 2

# Low-full-well pixels of the Galileo camera by gain state: line, sample, DN (K. Klaasen, 31 March 1989)
FULL_WELLS = {
    40: ((76, 466, 167),),
    100: ((76, 466, 82), (390, 96, 237), (421, 269, 168), (659, 578, 171), (668, 520, 207), (678, 351, 227),
          (696, 594, 189), (743, 673, 219), (754, 790, 214)),
    400: ((38, 233, 94), (195, 48, 250), (211, 135, 171), (330, 289, 186), (334, 260, 223), (339, 176, 250),
          (348, 297, 200), (372, 337, 234), (377, 395, 228)),
}  # fmt: skip


def known_full_wells(gain: int, ns: int) -> tuple:
    return () if ns == 400 and gain < 400 else FULL_WELLS.get(gain, ())


def flag_full_wells(wells, line: int, values: np.ndarray, scales) -> np.ndarray:
    """Full wells of a line; saturated values of these pixels become -32000. As in the original for all later lines, too."""
    full = np.full(values.shape[1], GOOD, np.int16)
    for first, sample, top in wells:
        if first > line:
            break
        full[sample - 1] = top
        over = values[:, sample - 1] * scales[: len(values)] > top
        if over.any():
            values[int(np.argmax(over)) :, sample - 1] = SATURATED
    return full


@dataclass
class Answer:
    """Fits of a line of pixels."""

    slope: np.ndarray
    offset: np.ndarray | None
    failed: np.ndarray
    full: np.ndarray
    largest: np.ndarray
    mean_square: np.ndarray
    low_wells: int
    bad: int

    def outputs(self, scale, fit_scale, count: int) -> list[np.ndarray]:
        with np.errstate(all="ignore"):
            slope = np.where(self.failed, F(0), (float(scale) / self.slope).astype(F))
            rows = [slope, self.full]
            for value in (self.largest, np.sqrt(self.mean_square)):
                rows.append(np.where(self.failed, np.int16(-1), truncate(float(fit_scale) * value + 0.5, np.int16)))
            if self.offset is not None:
                dark = np.where(self.failed, F(0), (DARK_SCALE * self.offset).astype(F))
                kept = truncate(dark, np.int16)
                rows.append(np.where(dark >= GOOD, np.int16(GOOD), np.where(dark <= -GOOD - 1, np.int16(-GOOD - 1), kept)))
        return rows[:count]


class Fit:
    """The points of a line of pixels, taken one exposure after the other."""

    def __init__(self, values, energy, deviation, skip, top, full):
        self.values, self.energy, self.deviation = values, energy, deviation
        self.skip, self.top, self.full = skip, top, full.copy()
        self.count, size = len(values), values.shape[1]
        self.state = np.zeros(size, int)
        self.points = np.full(size, self.count)
        self.dn = np.zeros((self.count + 1, size))
        self.x = np.concatenate((np.zeros((1, size)), energy.astype(float)))
        self.low_wells = 0

    @property
    def tests(self) -> bool:
        return self.skip < self.count

    def end(self, where, n: int, state: int = ENDED) -> None:
        self.state[where] = state
        self.points[where] = n - 1

    def mark_low(self, where, n: int, plus=0.0) -> None:
        self.full[where] = truncate(self.dn[n - 1] + plus, np.int16)[where]
        self.low_wells += int(where.sum())

    def next_values(self, n: int, scale) -> np.ndarray:
        """Values of exposure ``n``; pixels that are saturated end here."""
        raw = self.values[n - 1]
        flagged = (self.state == GOING) & (raw == SATURATED)
        if self.tests:
            self.mark_low(flagged, n)
        self.end(flagged, n)
        y = (raw * scale).astype(float)
        self.end((self.state == GOING) & (y > self.top - 1.0), n)
        return y

    def test(self, n: int, y, ideal, plus=0.0) -> None:
        """Pixels whose values stay behind the line through the earlier ones end here."""
        low = (self.state == GOING) & (y < ideal - self.deviation[n - 1])
        self.mark_low(low & (ideal <= self.top), n, plus)
        self.end(low, n)

    def answer(self, slope, offset, failed, first: int, fewer: int) -> Answer:
        largest, squares = np.zeros(len(slope)), np.zeros(len(slope))
        for n in range(first, self.count + 1):
            there = n <= self.points
            ideal = slope * self.x[n]
            difference = (ideal if offset is None else ideal + offset) - self.dn[n]
            largest = np.where(there, np.fmax(largest, np.abs(difference)), largest)
            squares = np.where(there, squares + difference * difference, squares)
        bad = 0
        if self.tests:
            self.full[failed] = -1
            bad = int(failed.sum())
        return Answer(slope, offset, failed, self.full, largest, squares / (self.points - fewer), self.low_wells, bad)


def fit_lines(values, scales, energy, deviation, extended, first_extended, skip, top, full) -> Answer:
    """Slope and dark current."""
    fit = Fit(values, energy, deviation, skip, top, full)
    size = values.shape[1]
    correction = F(0)
    if extended is not None:
        correction = values[0] * scales[0] - extended * scales[fit.count]
    sum_x, sum_x2 = np.zeros((fit.count + 1, size)), np.zeros((fit.count + 1, size))
    sum_y, sum_xy = np.zeros(size), np.zeros(size)
    with np.errstate(all="ignore"):
        for n in range(1, fit.count + 1):
            y = fit.next_values(n, scales[n - 1])
            if n >= first_extended:
                y = y + correction
            y = np.maximum(y, 0.0)
            going = fit.state == GOING
            fit.dn[n, going] = y[going]
            sum_x[n] = sum_x[n - 1] + fit.x[n]
            sum_x2[n] = sum_x2[n - 1] + (energy[n - 1] * energy[n - 1])
            if n > skip:
                slope, offset, none = _line(n - 1, sum_x[n - 1], sum_x2[n - 1], sum_y, sum_xy)
                fit.state[going & none] = FAILED
                fit.test(n, y, slope * fit.x[n] + offset)
                going = fit.state == GOING
            sum_y = np.where(going, sum_y + y, sum_y)
            sum_xy = np.where(going, sum_xy + fit.x[n] * y, sum_xy)
        at = (fit.points, np.arange(size))
        slope, offset, none = _line(fit.points, sum_x[at], sum_x2[at], sum_y, sum_xy)
        failed = (fit.state == FAILED) | (fit.points < 2) | none
        return fit.answer(slope, offset, failed, 1, 0)


def _line(count, sum_x, sum_x2, sum_y, sum_xy):
    """Slope, offset, and where there is no slope."""
    numerator = count * sum_xy - sum_x * sum_y
    slope = numerator / (count * sum_x2 - sum_x * sum_x)
    return slope, (sum_y - slope * sum_x) / count, numerator == 0


def fit_slopes(values, scales, energy, deviation, extended, first_extended, skip, top, full) -> Answer:
    """Slope alone, of the values less the first."""
    fit = Fit(values, energy, deviation, skip, top, full)
    size = values.shape[1]
    dark = values[0] * scales[0]
    dark_extended = dark if extended is None else extended * scales[fit.count]
    sum_x2 = np.zeros((fit.count + 1, size))
    sum_x2[1] = energy[0] * F(2)
    sum_xy = np.zeros(size)
    with np.errstate(all="ignore"):
        for n in range(2, fit.count + 1):
            y = fit.next_values(n, scales[n - 1])
            y = np.maximum(y - (dark_extended if n >= first_extended else dark), 0.0)
            going = fit.state == GOING
            fit.dn[n, going] = y[going]
            sum_x2[n] = sum_x2[n - 1] + (energy[n - 1] * energy[n - 1])
            if n > skip:
                fit.state[going & (sum_xy == 0)] = FAILED
                fit.test(n, y, sum_xy / sum_x2[n - 1] * fit.x[n], dark)
                going = fit.state == GOING
            sum_xy = np.where(going, sum_xy + fit.x[n] * y, sum_xy)
        slope = sum_xy / sum_x2[fit.points, np.arange(size)]
        failed = (fit.state == FAILED) | (fit.points < 1) | (sum_xy == 0)
        return fit.answer(slope, None, failed, 2, 1)
