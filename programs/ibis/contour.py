"""CONTOUR: contour lines of an image as a graphics file. Source: ``vos/p2/prog/contour`` (Fortran, 02-JAN-95).

Between four pixels the surface is a hyperbolic paraboloid, so that a contour crosses such a square as one or two branches of
a hyperbola, or as a straight line; each becomes a line string of NUMPTS points. Levels are ZSTART + 0.5 and up, by CONTINT.

known: nothing. accepted: CONTINT of 0 or less is refused where there is a square of pixels; the original never ends.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._graphics import write_graphics
from vicar.numerics import libm

FORTRAN = True
f32 = np.float32
NUDGE, NO_ANGLE = f32(0.0001), f32(1.0e-8)


def main(task):
    task.if_message("CONTOUR version 02-JAN-95")
    with task.open("INP", u_format="FULL") as source:
        window = task.size_field(source)
        levels = contour_levels(task, window.nl > 1 and window.ns > 1)
        omit, count = task.string("ZERO")[:4] == "OMIT", task.integer("NUMPTS")
        rows = [np.zeros((0, 3), f32)]
        above = source.read(line=window.sl, samp=window.ss, nsamps=window.ns)
        for line in range(window.sl + 1, window.sl + window.nl):
            below = source.read(line=line, samp=window.ss, nsamps=window.ns)
            corners = np.stack([above[:-1], above[1:], below[:-1], below[1:]])
            rows.append(strings(corners, levels, omit, count, f32(line - 1), window.ss))
            above = below
    write_graphics(task, np.concatenate(rows)[:, : task.integer("DIM")], told=False)


def contour_levels(task, squares: bool) -> np.ndarray:
    """All levels, added up in single precision."""
    step, last = task.integer("CONTINT"), f32(task.integer("ZEND"))
    level, found = f32(task.integer("ZSTART")) + f32(0.5), []
    if step <= 0 and level <= last:
        if not squares:
            return np.zeros(0, f32)
        task.abend("** CONTINT must be positive **")
    while level <= last and (not found or level > found[-1]):
        found.append(level)
        level = level + f32(step)
    return np.array(found, f32)


def strings(corners, levels, omit, count, line, ss) -> np.ndarray:
    """Line strings of a row of squares, square by square and level by level; lines, samples and levels, zeros behind each.

    ``corners`` (4, squares): upper left and right, lower left and right; int32.
    """
    edges, valid = crossings(corners, levels)
    pairs = valid.sum(axis=0) // 2
    if omit:
        pairs[(corners == 0).any(axis=0)] = 0
    square, which = np.nonzero(pairs)
    if not len(square):
        return np.zeros((0, 3), f32)
    place = np.argsort(~valid[:, square, which], axis=0, kind="stable")  # crossings that are there first
    x, y = (np.take_along_axis(e[:, square, which], place, 0) for e in edges)
    x, y, drawn = branches(corners[:, square], levels[which], x, y, pairs[square, which], count)
    points = np.zeros((len(square), 2, x.shape[2] + 1, 3), f32)
    points[:, :, :-1, 0] = x + line
    points[:, :, :-1, 1] = y + (square + ss).astype(f32)[:, np.newaxis, np.newaxis]
    points[:, :, :-1, 2] = levels[which][:, np.newaxis, np.newaxis]
    return points[np.concatenate([drawn, drawn[:, :, :1]], axis=2)]


def crossings(corners, levels):
    """Where each level crosses the left, lower, right and upper side of each square, as (lines, samples), and whether it does.

    Arrays (4, squares, levels).
    """
    f00, f01, f10, f11 = (c[:, np.newaxis] for c in corners)
    along = np.stack([(levels - a.astype(f32)) / ((b - a).astype(f32) + NUDGE)
                      for a, b in ((f00, f10), (f10, f11), (f01, f11), (f00, f01))])
    zero, one = np.zeros_like(along[0]), np.ones_like(along[0])
    x = np.stack([along[0], one, along[2], zero])
    y = np.stack([zero, along[1], one, along[3]])
    return (x, y), (along >= 0) & (along <= 1)


def branches(corners, level, x, y, pairs, count):
    """Points of one or two branches (places, 2, points), and which of them are drawn."""
    f00, f01, f10, f11 = corners
    a, b, c = ((v).astype(f32) for v in (f10 - f00, f11 - f10 - f01 + f00, f01 - f00))
    x0, y0 = -c / b, -a / b
    k = f32(2) * (a * c + b * (level - f00.astype(f32))) / (b * b)
    straight = b == 0
    other = (pairs == 2) & (k > 0) & ~straight
    for v in (x, y):
        v[1], v[3] = np.where(other, v[3], v[1]), np.where(other, v[1], v[3])
    first, last = (libm.atan2(y[i::2] - y0, x[i::2] - x0).T[:, :, np.newaxis] for i in (0, 1))
    angle = ((last - first) / f32(count - 1)) * np.arange(count, dtype=f32) + first
    angle[angle == 0] = NO_ANGLE
    k, x0, y0 = (v[:, np.newaxis, np.newaxis] for v in (k, x0, y0))
    r = libm.sqrt(np.abs(k / libm.sin(f32(2) * angle)))
    px, py = r * libm.cos(angle) + x0, r * libm.sin(angle) + y0
    px[straight, 0, :2], py[straight, 0, :2] = x[:2, straight].T, y[:2, straight].T
    drawn = np.repeat((np.arange(2) < pairs[:, np.newaxis])[:, :, np.newaxis], count, axis=2)
    drawn[straight, 1:], drawn[straight, 0, 2:] = False, False
    return px, py, drawn
