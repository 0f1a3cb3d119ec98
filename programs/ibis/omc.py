"""OMC: camera pointing from planet coordinates to Earth Mean Equator, and back. Source: ``vos/p2/prog/omc`` (Fortran).

Column numbers of the angles and vectors count the REAL columns of the table only. Double precision inside; the columns are
single precision.

accepted: column numbers below 1 make the original use memory before its list; here a sentence ends the task.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._columns import format_of
from vicar.ibis.errors import IbisError
from vicar.ibis.formats import is_text
from vicar.numerics import libm

FORTRAN = True
TO_RADIANS = float(libm.acos(np.float64(-1.0))) / 180.0
TO_DEGREES = 180.0 / float(libm.acos(np.float64(-1.0)))
TOLERANCE = float(np.float32(0.0001))
TINY = float(np.float32(1e-10))
NAMES = ("MECOL", "OMCOL", "CCOL", "RSCOL", "VRCOL")


def main(task):
    task.if_message("OMC version 6-MAR-95")
    first = {name: task.integer(name) for name in NAMES}
    with task.open_table() as table:
        width = table.nc if task.defaulted("NCOL") else task.integer("NCOL")
        if width < 0:
            raise IbisError("MEMFAIL", "IBISFileOpen", table.name)
        if width > table.nc:  # more columns have no format
            raise IbisError("INVALFMT", "IBISFileUnitOpen", table.name)
        formats = table.formats[:width]
        with task.create_table(nr=table.nr, nc=width, formats=formats, org=table.org) as result:
            copy_others(table, result, set(first.values()))
            buffer = real_cells(table)
            if min(first.values()) < 1 or max(first.values()) > len(buffer) - 2:
                task.abend("A column number is out of range.")
            angles = Angles(task.keyword("OMCOR"))
            if task.keyword("TOPLANET"):
                to_planet(task, buffer, first, angles)
            else:
                from_planet(task, buffer, first, angles)
            for place, column in enumerate(result.find("FORMAT:REAL")):
                result.write(column, buffer[place].astype(np.float32))


def copy_others(table, result, special: set[int]) -> None:
    for column in range(1, table.nc + 1):
        if column not in special:
            format_of(result, column, "IBISColumnWrite")
            values = table.read(column)
            if is_text(table.formats[column - 1]):
                values = np.array([cell.rstrip(b" ") for cell in values.tolist()], dtype=object)
            result.write(column, values)


def real_cells(table) -> np.ndarray:
    """The REAL columns as double precision, (1000, rows); behind them zeros."""
    reals = table.find("FORMAT:REAL")
    if not reals:
        raise IbisError("EMPTYGRP", "IBISColumnFind", table.name)
    buffer = np.zeros((max(1000, len(reals)), table.nr))
    for place, column in enumerate(reals):
        buffer[place] = table.read(column)
    return buffer


def triple(buffer: np.ndarray, column: int) -> np.ndarray:
    return buffer[column - 1 : column + 2]


def to_planet(task, buffer, first, angles) -> None:
    """OM and RS from C, VR and ME."""
    me, c = (angles.matrix(*triple(buffer, first[name])) for name in ("MECOL", "CCOL"))
    vector = triple(buffer, first["VRCOL"]).copy()
    om = product(c, me)
    rs = [in_order([me[j][i] * vector[j] for j in range(3)]) for i in range(3)]
    store(task, buffer, first["RSCOL"], rs, first["OMCOL"], angles.angles(om))


def from_planet(task, buffer, first, angles) -> None:
    """C and VR from OM, RS and ME."""
    me, om = (angles.matrix(*triple(buffer, first[name])) for name in ("MECOL", "OMCOL"))
    vector = triple(buffer, first["RSCOL"]).copy()
    c = product(om, [[me[j][i] for j in range(3)] for i in range(3)])
    vr = [in_order([me[i][j] * vector[j] for j in range(3)]) for i in range(3)]
    store(task, buffer, first["VRCOL"], vr, first["CCOL"], angles.angles(c))


def store(task, buffer, vector_column: int, vector, angle_column: int, angles) -> None:
    if angles is None:
        task.abend("ILLEGAL ROTATION MATRIX")
    triple(buffer, vector_column)[:] = vector
    triple(buffer, angle_column)[:] = angles


def in_order(terms):
    """Sum from zero, term after term."""
    total = 0.0
    for term in terms:
        total = total + term
    return total


def product(a, b):
    return [[in_order([a[i][k] * b[k][j] for k in range(3)]) for j in range(3)] for i in range(3)]


class Angles:
    """Rotation matrices of three angles in degrees: OMCOR's (right ascension, declination, twist) or Euler's."""

    def __init__(self, omcor: bool):
        self.omcor = omcor

    def matrix(self, alpha, delta, kappa):
        sa, sd, sk = (libm.sin(angle * TO_RADIANS) for angle in (alpha, delta, kappa))
        ca, cd, ck = (libm.cos(angle * TO_RADIANS) for angle in (alpha, delta, kappa))
        if self.omcor:
            return [[-sa * ck - ca * sd * sk, ca * ck - sa * sd * sk, cd * sk],
                    [sa * sk - ca * sd * ck, -ca * sk - sa * sd * ck, cd * ck],
                    [ca * cd, sa * cd, sd]]  # fmt: skip
        return [[ca * ck - sa * cd * sk, sa * ck + ca * cd * sk, sd * sk],
                [-ca * sk - sa * cd * ck, -sa * sk + ca * cd * ck, sd * ck],
                [sa * sd, -ca * sd, cd]]  # fmt: skip

    def angles(self, c):
        """The angles of matrices, None if some matrix is no rotation."""
        for i in range(3):
            row, column = (in_order([value * value for value in values]) for values in (c[i], [c[j][i] for j in range(3)]))
            if (np.abs(row - 1.0) > TOLERANCE).any() or (np.abs(column - 1.0) > TOLERANCE).any():
                return None
        return self._omcor(c) if self.omcor else self._euler(c)

    def _omcor(self, c):
        delta = libm.asin(c[2][2]) * TO_DEGREES
        alpha = np.where(np.abs(c[2][1]) < TINY, 0.0, np.copysign(90.0, c[2][1]))
        alpha = np.where(np.abs(c[2][0]) > TINY, libm.atan2(c[2][1], c[2][0]) * TO_DEGREES, alpha)
        other = libm.atan2(-c[0][0], -c[1][0]) * TO_DEGREES
        kappa = np.where(np.abs(c[0][2]) < TINY, other, np.copysign(90.0, c[0][2]))
        kappa = np.where(np.abs(c[1][2]) > TINY, libm.atan2(c[0][2], c[1][2]) * TO_DEGREES, kappa)
        alpha, kappa = positive(alpha), positive(kappa)
        wrong = np.abs(libm.cos(delta * TO_RADIANS)) * libm.cos(kappa * TO_RADIANS) - c[1][2] > TOLERANCE
        return alpha, delta, np.where(wrong, 180.0 - kappa, kappa)

    def _euler(self, c):
        delta = libm.acos(c[2][2]) * TO_DEGREES
        upright = (np.abs(c[2][1]) < TINY) & (np.abs(c[2][0]) < TINY)
        alpha = positive(np.where(upright, 0.0, libm.atan2(c[2][0], -c[2][1]) * TO_DEGREES))
        upright = (np.abs(c[0][2]) < TINY) & (np.abs(c[1][2]) < TINY)
        twist = (libm.atan2(c[0][1], c[0][0]) * TO_DEGREES - alpha) * c[2][2]
        return alpha, delta, positive(np.where(upright, twist, libm.atan2(c[0][2], c[1][2]) * TO_DEGREES))


def positive(angle):
    return np.where(angle < 0, angle + 360.0, angle)
