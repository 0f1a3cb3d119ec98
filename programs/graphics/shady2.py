"""SHADY2: shaded relief of a height model under a light of given direction. Source: ``vos/p2/prog/shady2`` (Fortran,
28-JUL-1993).

Slopes are differences over two pixels but divided by the distance of one; at the edges they are differences over one. In the
first sample of inner lines the slope along lines is that of the second sample, as in the original.
known: nothing. accepted: windows of less than three lines read on behind their end, as there, but write no line too many.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm

FORTRAN = True

f32 = np.float32
PI = f32(3.141592)


def main(task):
    task.message("SHADY2 version  28-JUL-1993")
    source = task.open("INP", u_format="HALF")
    if source.format not in ("BYTE", "HALF"):
        task.abend("SHADY2 ACCEPTS BYTE OR HALFWORD DATA ONLY")
    window = task.size_field()
    if window.sl + window.nl - 1 > window.nli:
        task.abend("NUMBER OF LINES REQUESTED EXCEEDS INPUT SIZE")
    if window.ss + window.ns - 1 > window.nsi:
        task.abend("NUMBER OF SAMPLES REQUESTED EXCEEDS INPUT SIZE")
    with source, task.create("OUT", nl=window.nl, ns=window.ns, u_format="HALF") as result:
        shader = Shader(task, source.format)
        count = max(window.nl, 3)
        rows = np.stack([source.read(line=window.sl + n, samp=window.ss, nsamps=window.ns) for n in range(count)])
        shaded = shader.shade(rows)
        result.write_window(shaded if window.nl >= 3 else shaded[[0, -1]][: window.nl])


class Shader:
    """Direction of the light and the scales."""

    def __init__(self, task, kind: str):
        azimuth = f32(180) - task.real("AZIMUTH")
        azimuth = azimuth + f32(360) if azimuth < 0 else azimuth
        high, turn = (angle / f32(360) * f32(2) * PI for angle in (task.real("ELEV"), azimuth))
        cosine = libm.cos(high)
        self.light = (cosine * libm.cos(turn), cosine * libm.sin(turn), libm.sin(high))
        self.line, self.sample, self.height = task.real("LSCALE"), task.real("SSCALE"), task.real("ZSCALE")
        self.scale = task.real("SCALE") or f32(254 if kind == "BYTE" else 16383)

    def shade(self, dn: np.ndarray) -> np.ndarray:
        """Brightness of each pixel of int16 heights, int16."""
        if dn.shape[1] == 1:  # the sample in front of the only one is 0
            return self.shade(np.pad(dn, ((0, 0), (1, 0))))[:, 1:]
        across, down = np.empty_like(dn), np.empty_like(dn)
        with np.errstate(over="ignore"):
            across[:, 1:-1] = dn[:, 2:] - dn[:, :-2]
            across[:, 0], across[:, -1] = dn[:, 1] - dn[:, 0], dn[:, -1] - dn[:, -2]
            down[1:-1] = dn[2:] - dn[:-2]
            down[0], down[-1] = dn[1] - dn[0], dn[-1] - dn[-2]
        down[1:-1, 0] = down[1:-1, 1]
        z1 = down.astype(np.float32) * self.height * self.sample
        z2 = self.line * (across.astype(np.float32) * self.height)
        z3 = self.line * self.sample
        x, y, z = self.light
        with np.errstate(all="ignore"):
            toward = self.line * self.sample * z - z1 * x - z2 * y
            length = np.sqrt(z1 * z1 + z2 * z2 + z3 * z3)
            for corner in ((0, 0), (0, -1), (-1, 0), (-1, -1)):  # there the terms are added the other way round
                toward[corner] = -z1[corner] * x + -z2[corner] * y + z3 * z
            values = np.maximum(toward / length * self.scale, f32(0))
            return values.astype(np.int32).astype(np.int16)
