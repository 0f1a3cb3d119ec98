"""ASTROREF: right ascensions and declinations that a spacecraft's camera sees, as columns of a table.

Source: ``vos/p2/prog/astroref`` (C, 2016-01-13), ``vos/p2/sub/carto_subs`` (``astroreference_camera.c``, ``eos_coords.c``). The
first file is not used, nor are the coefficients of lens distortion and the spacecraft's place. The cells are written as they lie
in memory, so the columns should be DOUB. What the original prints of its matrices is left out.

known: nothing. accepted: nothing.
"""

from __future__ import annotations

import math

import numpy as np

from programs.carto import _spacecraft as spacecraft
from programs.ibis._columns import put_bytes
from vicar.numerics import libm
from vicar.numerics.rounding import wrap_int32

# Precession angles in seconds of arc, polynomials in centuries of TT
ZETA = (0.0, 2306.2181, 0.30188, 0.017998, 0.0)
THETA = (0.0, 2004.3109, -0.42665, -0.041833, 0.0)
Z = (0.0, 2306.2181, 1.09468, 0.018203, 0.0)
ARC_SECOND = math.pi / (180.0 * 3600.0)


def main(task):
    task.if_message("ASTROREF version 2016-01-13")
    leaps = spacecraft.leap_seconds(task)
    craft, camera = spacecraft.rotation_of(task.doubles("TOD_Q_SV")), spacecraft.rotation_of(task.doubles("SV_Q_C"))
    turn = spacecraft.by_vector(spacecraft.quaternion_of(spacecraft.product(craft, camera)))
    frame = to_j2000(spacecraft.image_time(task, leaps) / spacecraft.CENTURY)
    (samples, lines), count = spacecraft.ranges(task, "URANGE", "VRANGE")
    columns = directions(task, samples, lines, spacecraft.product(frame, turn))
    task.if_message(f"gr,gc {count} 4\n")
    if wrap_int32(1 + 8 * count) < 0:
        task.abend("malloc failed")
    with task.open_table(instance=2, mode="UPDATE") as table:
        if count < table.nr:
            task.abend("missing output")
        for column, values in zip(task.integers("COLS"), columns, strict=False):
            put_bytes(table, column, values[: table.nr])


def directions(task, samples: np.ndarray, lines: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """Sample, line, right ascension and declination (degrees) of a grid, lines fastest."""
    u, v = (values.ravel() for values in np.meshgrid(samples, lines, indexing="ij"))
    x, y = (u - task.double("U0")) / task.double("FU"), (v - task.double("V0")) / task.double("FV")
    ray = spacecraft.product(rotation, np.stack([x - task.double("Q") * y, y, np.ones_like(x)]))
    length = np.sqrt(ray[0] * ray[0] + ray[1] * ray[1] + ray[2] * ray[2])
    ray = ray * (1.0 / length)
    return np.stack([u, v, libm.atan2(ray[1], ray[0]) * spacecraft.DEGREES, libm.asin(ray[2]) * spacecraft.DEGREES])


def about_x(angle: float) -> np.ndarray:
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def about_y(angle: float) -> np.ndarray:
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, 0.0, -s], [0.0, 1.0, 0.0], [s, 0.0, c]])


def about_z(angle: float) -> np.ndarray:
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def to_j2000(t: float) -> np.ndarray:
    """Rotation from true of date to J2000 at ``t`` centuries of TT: nutation and precession, inverted."""
    zeta, theta, z = (spacecraft.series(row, t) * ARC_SECOND for row in (ZETA, THETA, Z))
    precession = spacecraft.product(about_z(z), spacecraft.product(about_y(theta), about_z(zeta)))
    mean, true, longitude = spacecraft.nutation(t)
    psi = longitude * 1e-06 / 3600.0 * spacecraft.RADIANS
    swing = spacecraft.product(about_x(true), spacecraft.product(about_z(psi), about_x(mean).T))
    return inverse(spacecraft.product(swing, precession))


def inverse(m: np.ndarray) -> np.ndarray:
    """Inverse of a 3 x 3 matrix by its minors."""

    def minor(row: int, column: int) -> float:
        r, c = [n for n in range(3) if n != row], [n for n in range(3) if n != column]
        return m[r[0], c[0]] * m[r[1], c[1]] - m[r[0], c[1]] * m[r[1], c[0]]

    minors = np.array([[minor(row, column) for column in range(3)] for row in range(3)])
    one = 1.0 / (m[0, 0] * minors[0, 0] - m[0, 1] * minors[0, 1] + m[0, 2] * minors[0, 2])
    signs = np.array([[1.0, -1.0, 1.0], [-1.0, 1.0, -1.0], [1.0, -1.0, 1.0]])
    return (minors * signs).T * one
