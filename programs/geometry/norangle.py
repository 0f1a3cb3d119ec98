"""NORANGLE: angle of a line from the top of the picture, clockwise. Source: ``vos/p2/prog/norangle`` (Fortran, 2015-12-10).

known: nothing. accepted: end points that are not given count as zero; the original uses what its memory holds.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm

FORTRAN = True


def main(task):
    task.message("** norangle version 2015-12-10")
    line1, samp1, line2, samp2 = (task.integers("LINESAMP") + [0] * 4)[:4]
    height, width = half(line2 - line1 + 1), half(samp2 - samp1 + 1)
    x1, x2 = samp1 - width + 1, samp2 - width + 1
    y1, y2 = height + 1 - line1, height + 1 - line2
    radians = libm.atan2(np.float32(x1 - x2), np.float32(y1 - y2))
    degrees = radians * np.float32(180) / np.float32(3.14159265)
    task.output("DEGREES", degrees)
    task.output("RADIANS", radians)
    task.output("HEIGHT", y1 - y2)
    task.output("WIDTH", x1 - x2)


def half(value: int) -> int:
    """value / 2 toward zero."""
    return int(value / 2)
