"""DC: dark current by a straight line through the DNs of frames over their exposures. Source: ``vos/p2/prog/dc`` (Fortran).

Outputs: intercept; slope; DN at exposure X; greatest deviation from the line. All single precision, sums over the frames
in order. Without X the third and fourth outputs are not what one would think: deviation, and zero.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.rounding import truncate

FORTRAN = True
ONE = np.float32


def main(task):
    task.if_message("DC version 5-SEP-94")
    count, outputs = task.count("INP"), task.count("OUT")
    if count <= 1:
        task.abend("NUMBER OF INPUTS NOT GT 1")
    images = [task.open("INP", instance, u_format="HALF") for instance in range(1, count + 1)]
    window = task.size_field()
    size = {"BYTE": 1, "HALF": 2}.get(images[0].format.rstrip())
    if size is None:
        task.abend("ERROR:INP. IMAGE IS NOT BYTE OR HALF FORMAT")
    sign = -1 if task.keyword("NEGATIVE") else 1
    greatest = 32767 if size == 2 and task.defaulted("MAXDN") else task.integer("MAXDN")
    if not task.count("EXPOSURE"):
        task.abend("DC - Exposure values required.")
    exposures = np.concatenate((task.reals("EXPOSURE"), np.zeros(count, ONE)))[:count]
    fit = Fit(exposures, sign, greatest, task.real("SCALE"), task.real("CONS", ONE(0)))
    point = None if task.defaulted("X") else task.real("X")
    results = [task.create("OUT", n) for n in range(1, outputs + 1)]
    step = max(1, 2_000_000 // max(window.ns, 1))
    for first in range(0, window.nl, step):
        lines = min(step, window.nl - first)
        frames = [image.read_window(window.sl + first, window.ss, lines, window.ns, None) for image in images]
        for result, values in zip(results, fit.outputs(frames, outputs, point), strict=False):
            result.write_window(values, first + 1)


class Fit:
    """The line through (exposure, DN) pairs."""

    def __init__(self, exposures, sign: int, greatest: int, scale, constant):
        self.exposures, self.sign, self.greatest, self.constant = exposures, sign, greatest, constant
        self.count = ONE(len(exposures))
        self.x = self.x2 = ONE(0)
        for exposure in exposures:
            self.x = self.x + exposure
            self.x2 = self.x2 + exposure * exposure
        self.denominator = self.count * self.x2 - self.x * self.x
        with np.errstate(all="ignore"):
            self.slope_denominator = self.denominator / scale

    def outputs(self, frames, number: int, point):
        """The pictures of a block of lines, int16."""
        y = xy = ONE(0)
        for frame, exposure in zip(frames, self.exposures, strict=True):
            dn = frame.astype(ONE)
            y = y + dn
            xy = xy + dn * exposure
        with np.errstate(all="ignore"):
            intercept = ONE(self.sign) * ((y * self.x2 - self.x * xy) / self.denominator)
            slope = (self.count * xy - self.x * y) / self.slope_denominator
            whole = truncate(intercept + ONE(self.sign / 2.0) + self.constant)
            pictures = [self.limit(whole + (1 if self.sign == -1 else 0))]
            if number >= 2:
                pictures.append(self.limit(truncate(slope + ONE(0.5))))
            if number >= 3:
                pictures += self.further(frames, number, point, slope, intercept)
        return pictures

    def limit(self, values):
        values = np.where(values < 1, 0, values)
        return np.where(values > self.greatest, self.greatest, values).astype(np.int16)

    def further(self, frames, number: int, point, slope, intercept):
        nothing = np.zeros(slope.shape, np.int16)
        deviation = nothing
        if number >= 4:
            delta = np.zeros(slope.shape, ONE)
            for frame, exposure in zip(frames, self.exposures, strict=True):
                distance = np.abs(slope * exposure + intercept - frame.astype(ONE))
                delta = np.where(distance > delta, distance, delta)
            deviation = truncate(delta + self.constant, np.int16)
        if point is None:
            return [deviation, nothing]
        dn = slope * point + intercept
        dn = np.where(dn < ONE(1), ONE(0), dn)
        dn = np.where(dn > ONE(self.greatest), ONE(self.greatest), dn)
        return [truncate(dn + ONE(0.5), np.int16), deviation]
