"""PERSPEC: perspective view of the lines of a graphics file. Source: ``vos/p2/prog/perspec`` (Fortran, 2-10-2013).

Single precision throughout.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._graphics import lines_of, read_graphics, write_graphics
from vicar.numerics import libm

FORTRAN = True

f32 = np.float32


def main(task):
    task.if_message("PERSPEC version 2-10-2013 (64-bit) - rjb")
    order = task.string("DATAFORM")
    scale, distance, origin = task.real("ZSCALE"), task.real("DISTANCE"), task.reals("ORIGIN")
    phi, theta = f32(90) - task.real("ELEV"), f32(90) - task.real("AZIMUTH")
    cells = read_graphics(task)
    if task.defaulted("OUT"):
        return
    view = View(theta, phi, origin, scale, distance, order)
    rows = []
    for line in lines_of(cells):
        x, y = view.project(line)
        rows += [np.stack([x, y, np.zeros_like(x)], axis=1), np.zeros((1, 3), np.float32)]
    write_graphics(task, np.concatenate(rows) if rows else np.zeros((0, 3), np.float32))


class View:
    """A point of view and the way to it."""

    def __init__(self, theta, phi, origin: np.ndarray, scale, distance, order: str):
        radians = libm.acos(f32(-1)) / f32(180)
        self.sin_theta, self.cos_theta = libm.sin(theta * radians), libm.cos(theta * radians)
        self.sin_phi, self.cos_phi = libm.sin(phi * radians), libm.cos(phi * radians)
        self.origin, self.scale, self.distance, self.order = origin, scale, distance, order

    def project(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Coordinates in the view of points (n, 3)."""
        x, y = points[:, 0] - self.origin[0], points[:, 1] - self.origin[1]
        with np.errstate(all="ignore"):
            z = (points[:, 2] - self.origin[2]) / self.scale
            if self.order == "YXZ":
                x, y = y, x
            elif self.order == "LSZ":
                x, y = y, -x
            right = -x * self.sin_theta + y * self.cos_theta
            up = -x * (self.cos_theta * self.cos_phi) - y * (self.sin_theta * self.cos_phi) + z * self.sin_phi
            depth = x * (self.cos_theta * self.sin_phi) + y * self.sin_theta * self.sin_phi + z * self.cos_phi
            shrink = f32(1) - depth / self.distance
            return right / shrink, up / shrink
