"""SDSEMS: roughness of heights, as the spread of a 3x3 window about its plane. Source: ``vos/p2/prog/sdsems`` (C, 2020-12-21).

Slope and aspect of the plane are those of the ancillary geographic product of MISR; the plane goes through the upper left height.

Kept: the last line but one and the last sample but one are overwritten by what stands behind them, which nobody has
computed: zeros.
accepted: images of one line or sample are zeros; DEBLINE or DEBSAMP alone, or outside, end with a sentence. The original dies.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm
from vicar.numerics.cformat import sprintf

f32 = np.float32
PI = 3.14159265359


def main(task):
    task.if_message("SDSEMS version 2020-12-21")
    source = task.open("INP", u_format="REAL")
    result = task.create("OUT", format="REAL")
    nl, ns = source.nl, source.ns
    wx, wy = task.double("WX"), task.double("WY")
    line, samp = task.integer("DEBLINE"), task.integer("DEBSAMP")
    if bool(line) != bool(samp) or line and not (0 < line <= nl and 0 < samp <= ns):
        task.abend("DEBLINE and DEBSAMP must both be given, inside the image")
    if line:
        say(task, sprintf("using WX %f, WY %f, DEBLINE %d, DEBSAMP %d", wx, wy, line, samp), 100)
    if not nl:
        return
    heights = np.stack([source.read(n) for n in range(1, nl + 1)])
    if line:
        show_window(task, heights, line, samp)
    spread = np.zeros((nl, ns), np.float32)
    if nl > 2 and ns > 2:
        planes = Planes(heights, wx, wy)
        if line and 1 < line < nl and 1 < samp < ns:
            planes.show(task, line, samp)
        spread[1:-1, 1:-1] = planes.spread()
    if nl > 1 and ns > 1:
        borders(spread)
    with source, result:
        result.write_window(spread)


def say(task, text: str, most: int = 1000) -> None:
    task.if_message(text[: most - 1])


def show_window(task, heights: np.ndarray, line: int, samp: int) -> None:
    samps = range(samp - 1, samp + 2)
    say(task, "\n              " + " ".join(f"SAMP {n:6d}" for n in samps), 100)
    for y in range(line - 1, line + 2):
        inside = [heights[y - 1, x - 1] if 1 <= y <= len(heights) and 1 <= x <= heights.shape[1] else 0 for x in samps]
        task.if_message(f"LINE {y:6d}: " + "".join(f"{value:12f}" for value in inside))


class Planes:
    """The plane through each 3x3 window; arrays of the pixels that have one."""

    def __init__(self, heights: np.ndarray, wx: float, wy: float):
        self.heights, self.wx, self.wy = heights, wx, wy
        a, b, c, d, _, f, g, h, i = (self.around(y, x) for y in range(3) for x in range(3))
        two = f32(2)
        with np.errstate(all="ignore"):
            across = ((a + two * d + g) - (c + two * f + i)).astype(np.float64)
            down = ((a + two * b + c) - (g + two * h + i)).astype(np.float64)
            self.dx, self.dy = (across / (8 * wx)).astype(np.float32), (down / (8 * wy)).astype(np.float32)
            self.aspect = (PI - libm.atan2(self.dx, self.dy).astype(np.float64)).astype(np.float32)
            self.slope = np.sqrt(self.dx * self.dx + self.dy * self.dy)
        self.cosine, self.sine = libm.cos(self.aspect), libm.sin(self.aspect)
        self.corner = a

    def around(self, y: int, x: int) -> np.ndarray:
        """The heights of one place (0..2) of all windows."""
        nl, ns = self.heights.shape
        return self.heights[y : nl - 2 + y, x : ns - 2 + x]

    def terms(self):
        """For each place of the window: way along the slope, height of the plane, height, difference."""
        with np.errstate(all="ignore"):
            for y in range(3):
                for x in range(3):
                    way = self.wx * y * self.cosine.astype(np.float64) + self.wy * x * self.sine.astype(np.float64)
                    plane = (self.corner - self.slope.astype(np.float64) * way).astype(np.float32)
                    height = self.around(y, x)
                    yield y, x, way, plane, height, height - plane

    def total(self) -> np.ndarray:
        total = np.zeros_like(self.corner)
        with np.errstate(all="ignore"):
            for *_, difference in self.terms():
                total = total + difference * difference
        return total

    def spread(self) -> np.ndarray:
        with np.errstate(all="ignore"):
            return np.sqrt((self.total().astype(np.float64) / 8.0).astype(np.float32))

    def show(self, task, line: int, samp: int) -> None:
        """All that goes into one pixel."""
        at = line - 2, samp - 2
        pick = {name: float(getattr(self, name)[at]) for name in ("dx", "dy", "aspect", "slope", "cosine", "sine", "corner")}
        degrees = float(libm.atan(self.slope[at])) * 180.0 / PI
        say(task, sprintf(
            "\ndeltaX %f\ndeltaY %f\na_rad %f (%f in degrees)\ntanS %f (s in degrees %f)\ncosArad %f\nsinArad %f\nh0 %f\n",
            pick["dx"], pick["dy"], pick["aspect"], pick["aspect"] * 180.0 / PI, pick["slope"], degrees, pick["cosine"],
            pick["sine"], pick["corner"],
        ))  # fmt: skip
        for y, x, way, plane, height, difference in self.terms():
            square = float(difference[at] * difference[at])
            say(task, sprintf(
                "LINE %d SAMP %d hi %f hm %f dif %f dif^2 %f (wX * winX * cosArad + wY * winY * sinArad) %f",
                line - 1 + y, samp - 1 + x, float(plane[at]), float(height[at]), float(difference[at]), square, float(way[at]),
            ))  # fmt: skip
        say(task, sprintf("\nsum %f\nsqrt(sum/8.0) %f", float(self.total()[at]), float(self.spread()[at])))


def borders(spread: np.ndarray) -> None:
    """Copy lines and samples at the edges as the original does, in its order."""
    spread[0, 1:-1] = spread[1, 1:-1]
    spread[-2, 1:-1] = spread[-1, 1:-1]
    spread[1:-1, 0] = spread[1:-1, 1]
    spread[1:-1, -2] = spread[1:-1, -1]
    spread[0, 0] = spread[1, 1]
    spread[0, -1] = spread[1, -2]
    spread[-1, -1] = spread[-2, -2]
    spread[-1, 0] = spread[-2, 1]
