"""POLYREG: moves, turns, scales and skews a graphics file as two or three tiepoints say. Source: ``vos/p2/prog/polyreg``
(Fortran, 6-MAR-95).

With two tiepoints a third one is made, as the original makes it, from the units of the axes (IUSIZE, OUSIZE). Six linear
equations are solved for the transformation, all in double precision.
known: nothing. accepted: a negative SKIP, with which the original takes neighbours for samples, is refused.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._graphics import create_graphics, fill_graphics, read_graphics
from vicar.numerics import gauss, libm
from vicar.numerics.fortran import edit

FORTRAN = True
SHOWN = 5


def main(task):
    task.if_message("POLYREG version 6-MAR-95")
    given, wanted = (task.reals(name).astype(np.float64) for name in ("ITIE", "OTIE"))
    if len(given) != len(wanted):
        task.abend("NUMBER OF ITIE MUST EQUAL NUMBER OF OTIE")
    made = len(given) != 6
    if made:
        given, wanted = with_third(task, given[:4], wanted[:4])
    (a, b, c, d, e, f), flag = gauss.solve(equations(given, made).T.ravel().tolist(), wanted.tolist(), 1.0e-14)
    if flag:
        task.abend("DGELG> Matrix is singular", "SOLUTION FAILURE")
    if task.integer("SKIP") < 0:
        task.abend("SKIP must not be negative")
    cells = read_graphics(task, columns=2 + task.integer("SKIP"))
    x, y = cells[:, 0].astype(np.float64), cells[:, 1].astype(np.float64)
    ignored = task.reals("IGNORE").astype(np.float64)
    chosen = np.abs(x - ignored[0]) + np.abs(y - ignored[1]) > 1.0e-6
    result = cells.copy()
    result[chosen, 0] = (x * a + y * b + e)[chosen]
    result[chosen, 1] = (x * c + y * d + f)[chosen]
    created = create_graphics(task, cells.shape[1])
    if not task.keyword("NOPRINT"):
        task.message("       INPUT COORDINATES           OUTPUT COORDINATES")
        for old, new in zip(cells[:SHOWN], result[:SHOWN], strict=True):
            task.message(edit("(F12.3,1X,F12.3,4X,F12.3,1X,F12.3)", *old[:2], *new[:2]))
    fill_graphics(created, result)


def units(task, name: str) -> tuple[float, float]:
    """Height and width of a unit; 1 if nothing is given."""
    return (1.0, 1.0) if task.defaulted(name) else tuple(float(v) for v in task.reals(name))


def with_third(task, given: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two tiepoints and a third one, a difference, that completes them to a turn and a scale; line and sample in turn."""
    (ih, iw), (oh, ow) = units(task, "IUSIZE"), units(task, "OUSIZE")
    (x1, y1, x2, y2), flip = given.tolist(), task.keyword("FLIP")
    down, across = (x2 - x1) * ih, (y2 - y1) * iw
    if flip:
        down, across = across, down
    length, direction = libm.sqrt(down * down + across * across), libm.atan2(down, across)
    down, across = (wanted[2] - wanted[0]) * oh, (wanted[3] - wanted[1]) * ow
    turn = libm.atan2(down, across) - direction
    with np.errstate(all="ignore"):
        ratio = np.float64(libm.sqrt(down * down + across * across)) / length
    third = [x1 - y2 + y1, y1 + x2 - x1]
    angle = libm.atan2(*third) + turn
    radius = libm.sqrt(third[0] * third[0] + third[1] * third[1]) * ratio
    made = [radius * libm.sin(angle) / oh, radius * libm.cos(angle) / ow]
    if flip:
        third.reverse()
    return np.append(given, [third[0] / ih, third[1] / iw]), np.append(wanted, made)


def equations(given: np.ndarray, made: bool) -> np.ndarray:
    """Rows of the equations for the six coefficients; unknowns: line by line and sample, sample by both, two offsets.

    A third point that was ``made`` is a difference of points, which no offset moves.
    """
    rows = np.zeros((6, 6))
    for number, (line, sample) in enumerate(given.reshape(3, 2)):
        moved = 0.0 if made and number == 2 else 1.0
        rows[2 * number, [0, 1, 4]] = line, sample, moved
        rows[2 * number + 1, [2, 3, 5]] = line, sample, moved
    return rows
