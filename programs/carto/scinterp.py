"""SCINTERP: place and attitude of a spacecraft between two times. Source: ``vos/p2/prog/scinterp`` (C, 2017-06-20),
``vos/p2/sub/carto_subs/atteph_convert.c``.

Places are interpolated along a line, attitudes (unit quaternions) along the shorter great circle. A time outside of those given
leaves the results from there on as they are; what the original prints goes to the terminal only.
accepted: results that are not computed are 0, where the original gives what its memory holds.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm
from vicar.numerics.cformat import sprintf

TINY = ALMOST = 1e-12
SAME = 1 - 0.5e-12  # cosine of an angle too small to divide by its sine
NAMES = ("W_T_SV1", "W_T_SV2", "W_T_SV3", "W_Q_SV0", "W_Q_SV1", "W_Q_SV2", "W_Q_SV3")


def main(task):
    task.if_message("scinterp version 2017-06-20")
    given = {name: task.doubles(name) for name in ("PEPH", "PATT", "SEPH", "SATT")}
    time = task.double("IMTIME")
    for name, values in given.items():
        task.printf(name.lower() + "".join(sprintf(" %f", v) for v in values) + "\n")
    task.printf(sprintf("imtime %f\n", time))
    for name in ("PATT", "SATT"):
        given[name][:4] = unit(task, name, given[name][:4])
    for name, value in zip(NAMES, between(task, given, time)[1:], strict=True):
        task.output(name, value)


def unit(task, name: str, q: np.ndarray) -> np.ndarray:
    total = 0.0
    for part in q.tolist():
        total += part * part
    length = libm.sqrt(total)
    task.printf(sprintf(f"{name.lower()}_norm = %.15f\n", float(length)))
    with np.errstate(all="ignore"):
        return q / length


def between(task, given, time: float) -> np.ndarray:
    """Time, three coordinates and four parts of the quaternion at ``time``."""
    result = np.zeros(8)
    for start, (before, after), path, what in (
        (0, ("PEPH", "SEPH"), line, "ephemeris"), (4, ("PATT", "SATT"), great_circle, "attitude")
    ):  # fmt: skip
        one, other = given[before], given[after]
        if time < one[4] or time > other[4]:
            task.printf(sprintf(f"ERROR (atteph_convert8): bad {what} timepoints %f %f %f\n", one[4], time, other[4]))
            break
        if abs(other[4] - one[4]) > TINY:
            result[start : start + 4] = path(one[:4], other[:4], (time - one[4]) / (other[4] - one[4]))
        else:
            result[start : start + 4] = one[:4]
    return result


def line(one: np.ndarray, other: np.ndarray, share: float) -> np.ndarray:
    return (1.0 - share) * one + share * other


def dot(a: np.ndarray, b: np.ndarray) -> float:
    total = 0.0
    for one, other in zip(a.tolist(), b.tolist(), strict=True):
        total += one * other
    return total


def great_circle(one: np.ndarray, other: np.ndarray, share: float) -> np.ndarray:
    """A unit quaternion between two; zeros if they are none, or opposite."""
    if dot(one, other) < 0:
        other = -other
    cosine = dot(one, other)
    if abs(cosine) > 1.0 + ALMOST:
        return np.zeros(4)
    if cosine >= SAME:
        first, second = 1.0 - share, share
    elif cosine <= -SAME:
        return np.zeros(4)
    else:
        angle = libm.acos(cosine)
        sine = libm.sin(angle)
        first, second = libm.sin((1.0 - share) * angle) / sine, libm.sin(share * angle) / sine
    result = one * first + other * second
    return result * (1.0 / libm.sqrt(dot(result, result)))
