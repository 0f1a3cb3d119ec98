"""ELLIPSE: a flattened globe with its limb and parallels, and the map label of a camera.

Source: ``vos/p2/prog/ellipse`` (Fortran).

The globe fills the image; the label is that of a perspective view from a thousand polar radii.

accepted: B_AXIS_RADIUS is the equatorial radius, where the original writes memory it never set; MAP_PROJECTION_DESC
is one sentence of ours instead of the original's seventeen lines.
known: nothing.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm
from vicar.numerics.rounding import nint

FORTRAN = True
GROUND, DRAWN = 1, 255
DISTANCE = 1000.0  # of the camera, in polar radii
LAST_ANGLE = np.float32(89.999)
DESCRIPTION = "The globe as a camera sees it from a point in space."


def main(task):
    nl, ns = task.integer("NL", 502), task.integer("NS", 1002)
    with task.create("OUT", nl=nl, ns=ns, format="BYTE", u_format="HALF") as result:
        for key, value in map_items(nl, ns):
            form = "STRING" if isinstance(value, str) else "DOUB"
            result.label.add(key, value, task="", format=form)
            result.label.add(key, value, property="MAP", format=form)
        result.label.add("MAP_PROJECTION_DESC", DESCRIPTION, property="MAP", format="STRING")
        result.write_window(drawn(nl, ns))


def map_items(nl: int, ns: int):
    """Items of the map label; lengths in pixels, as if a pixel were a kilometre."""
    equator, pole, line, sample = (float(np.float32(v)) for v in ((ns - 2) / 2, (nl - 2) / 2, nl / 2, ns / 2))
    return [
        ("MAP_PROJECTION_TYPE", "POINT_PERSPECTIVE"), ("COORDINATE_SYSTEM_NAME", "PLANETOCENTRIC"),
        ("POSITIVE_LONGITUDE_DIRECTION", "WEST"), ("A_AXIS_RADIUS", equator), ("B_AXIS_RADIUS", equator), ("C_AXIS_RADIUS", pole),
        ("FOCAL_LENGTH", DISTANCE * pole), ("FOCAL_PLANE_SCALE", 1.0), ("NORTH_ANGLE", 0.0),
        ("OPT_AXIS_INTERCEPT_LINE", line), ("OPT_AXIS_INTERCEPT_SAMPLE", sample),
        ("PLANET_CENTER_LINE", line), ("PLANET_CENTER_SAMPLE", sample),
        ("SUB_SPACECRAFT_LATITUDE", 0.0), ("SUB_SPACECRAFT_LONGITUDE", 0.0), ("TARGET_CENTER_DISTANCE", DISTANCE * pole),
    ]  # fmt: skip


def drawn(nl: int, ns: int) -> np.ndarray:
    """The picture, int16 (lines, samples): the limb, and the parallels every ten degrees."""
    picture = np.full((nl, ns), GROUND, np.int16)
    a, b = (ns - 2) / 2, (nl - 2) / 2
    to_degrees = 45.0 / float(libm.atan(np.array([1.0]))[0])

    def quarter(step):
        """Points of the limb east and north of the centre."""
        step = np.float32(step)
        count = int((LAST_ANGLE + step) / step)
        angles = np.add.accumulate(np.concatenate(([0], np.full(count - 1, step))), dtype=np.float32)
        t = libm.tan(angles.astype(np.float64) * (1.0 / to_degrees))
        x = a * b * np.sqrt(1.0 / (b * b + a * a * t * t))
        return x, x * t

    x, y = quarter(1.0 / a * to_degrees)
    for east, north in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        samples, lines = nint(east * x + ns / 2), nint(north * y + nl / 2)
        inside = (samples >= 1) & (samples <= ns) & (lines >= 1) & (lines <= nl)
        picture[lines[inside] - 1, samples[inside] - 1] = DRAWN
    for x1, y1 in zip(*quarter(10.0)):
        first, last = max(int(nint(ns / 2 - x1)), 1), min(int(nint(ns / 2 + x1)), ns)
        for line in (int(nint(nl / 2 - y1)), int(nint(nl / 2 + y1))):
            if 1 <= line <= nl:
                picture[line - 1, first - 1 : last] = DRAWN
    return picture
