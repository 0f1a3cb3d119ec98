"""From pixels of one view to those of another, exactly or over a grid. Source: ``vos/p2/prog/ptp`` (psub, check_gridsize, findt).

Squares of the output of 32 pixels are tried first: if their corners are on the target and the middle, interpolated between the
corners, is within half a pixel, the whole square is interpolated; else it is divided, down to 4 pixels, which are computed one by
one where that is still too coarse.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.missions.cameras import Camera
from vicar.missions.distortion import Distortion
from vicar.numerics.linpack import solve

f32 = np.float32
LARGEST, SMALLEST = 32, 4
TOLERANCE = 0.5  # pixels
BEND = 4.0  # pixels by which image space may differ from object space


@dataclass
class Eye:
    """A view of the target in double precision.

    om : float64 (3, 3), from target to camera axes; rs : float64 (3,), from the target's centre to the spacecraft, km.
    distortion : of the camera, if pixels are those of image space, else None.
    """

    camera: Camera
    om: np.ndarray
    rs: np.ndarray
    distortion: Distortion | None

    @property
    def focal(self) -> float:
        """Focal length in pixels."""
        return float(self.camera.focal) * float(self.camera.scale)

    def rays(self, lines: np.ndarray, samples: np.ndarray) -> list[np.ndarray]:
        """Directions of pixels (whole numbers), in axes of the target."""
        if self.distortion:
            lines, samples = self.distortion.to_object(lines.astype(f32), samples.astype(f32))
        x, y = samples.astype(float) - float(self.camera.sample), lines.astype(float) - float(self.camera.line)
        om = self.om
        return [om[0, n] * x + om[1, n] * y + om[2, n] * self.focal for n in range(3)]

    def pixels(self, directions: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Lines and samples of directions, float64."""
        x, y, z = (row[0] * directions[0] + row[1] * directions[1] + row[2] * directions[2] for row in self.om)
        with np.errstate(all="ignore"):
            scale = self.focal / z
            line, sample = scale * y + float(self.camera.line), scale * x + float(self.camera.sample)
            if self.distortion:
                line, sample = self.distortion.to_image(line.astype(f32), sample.astype(f32))
        return line.astype(float), sample.astype(float)


@dataclass
class Reprojection:
    """``to_input`` and ``grid`` give where output pixels are in the input.

    seen, shown : views of input and output; radii : of the target, km.
    sky : offsets in line and sample, and the scale, by which pixels beside the target are taken over, or None.
    """

    seen: Eye
    shown: Eye
    radii: tuple[float, float, float]
    sky: tuple[float, float, float] | None

    def to_input(self, lines: np.ndarray, samples: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Input lines and samples of output pixels (float64), and whether there are any."""
        radii, rs = self.radii, self.shown.rs
        ray = self.shown.rays(lines, samples)
        base = [rs[n] / radii[n] for n in range(3)]
        x, y, z = (ray[n] / radii[n] for n in range(3))
        a = x * x + y * y + z * z
        b = x * base[0] + y * base[1] + z * base[2]
        c = base[0] * base[0] + base[1] * base[1] + base[2] * base[2] - 1.0
        d = b * b - a * c
        found = ~(d < 0)
        line, sample = np.full((2, *np.shape(found)), np.nan)
        if found.any():
            ray, a, b, d = [part[found] for part in ray], a[found], b[found], d[found]
            r = (-b - np.sqrt(d)) / a
            point = [r * ray[n] + rs[n] for n in range(3)]
            sight = [point[n] - self.seen.rs[n] for n in range(3)]
            line[found], sample[found] = self.seen.pixels(sight)
            if self.sky is None:
                away = sight[0] * (point[0] / radii[0]) + sight[1] * (point[1] / radii[1]) + sight[2] * (point[2] / radii[2])
                found[found] = ~(away > 0)
        return line, sample, found

    def off(self, top: np.ndarray, left: np.ndarray) -> np.ndarray:
        """Whether squares of 32 pixels are surely beside the target.

        What is under the root is a quadratic form of sample, line and focal length; its value in the middle of a square and its
        derivatives there say how large it can be anywhere in it.
        """
        eye, weights = self.shown, 1.0 / np.array(self.radii) ** 2
        v = eye.om @ (weights * eye.rs)
        form = np.outer(v, v) - (weights * eye.rs @ eye.rs - 1.0) * (eye.om * weights @ eye.om.T)
        middle = (LARGEST - 1) / 2
        half = middle + (BEND if eye.distortion else 0.0)
        x, y = left + middle - float(eye.camera.sample), top + middle - float(eye.camera.line)
        at = np.stack([x, y, np.full(len(top), eye.focal)])
        slope = form @ at
        value = (at * slope).sum(axis=0)
        most = 2 * half * np.abs(slope[:2]).sum(axis=0) + half**2 * np.abs(form[:2, :2]).sum()
        return value + most < -1e-9 * np.abs(form[2, 2]) * eye.focal**2

    def beside(self, lines: np.ndarray, samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Input lines and samples of output pixels beside the target; not a number where the sky is left out."""
        if self.sky is None:
            nothing = np.full(np.broadcast(lines, samples).shape, np.nan)
            return nothing, nothing
        down, across, scale = self.sky
        return scale * (lines + down), scale * (samples + across)

    def exact(self, lines: np.ndarray, samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Input lines and samples of output pixels, each computed."""
        line, sample, found = self.to_input(lines, samples)
        rest = ~found
        line[rest], sample[rest] = self.beside(lines[rest], samples[rest])
        return line, sample

    def grid(self, first: int, rows: int, nl: int, ns: int, everywhere: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """Input lines and samples of ``rows`` rows of squares of output lines from ``first``: float64 (32 rows, ns).

        ``everywhere`` computes each pixel.
        """
        across = -(-ns // LARGEST)
        self._line = np.full((rows * LARGEST, across * LARGEST), np.nan)
        self._sample = self._line.copy()
        self._first = first
        tops = first + LARGEST * np.arange(rows)
        lefts = 1 + LARGEST * np.arange(across)
        top, left = (places.ravel() for places in np.meshgrid(tops, lefts, indexing="ij"))
        off, size = self.off(top, left), LARGEST
        if self.sky is not None:
            self._compute(top[off], left[off], size, self.beside)
        top, left = top[~off], left[~off]
        if everywhere:
            self._compute(top, left, size, self.exact)
            top = top[:0]
        while len(top):
            top, left = self._squares(top, left, size)
            if len(top):
                size //= 2
                top, left = (np.concatenate([places, places + size * d1, places + size * d2, places + size * d3])
                             for places, (d1, d2, d3) in ((top, (0, 1, 1)), (left, (1, 0, 1))))
                inside = (top <= nl) & (left <= ns)
                top, left = top[inside], left[inside]
        return self._line[:, :ns], self._sample[:, :ns]

    def _squares(self, top: np.ndarray, left: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
        """Do all squares of a size that are fine enough; gives the others."""
        right, bottom = left + size - 1, top + size - 1
        samples, lines = np.stack([left, right, right, left], axis=1), np.stack([top, top, bottom, bottom], axis=1)
        v, u, found = self.to_input(lines.ravel(), samples.ravel())
        v, u, found = (values.reshape(-1, 4) for values in (v, u, found))
        whole = found.all(axis=1)
        fine = whole.copy()
        coefficients = np.zeros((2, len(top), 4), f32)
        if whole.any():
            coefficients[:, whole], fine[whole] = self._fitted(samples[whole], lines[whole], u[whole], v[whole])
        self._interpolate(top[fine], left[fine], size, coefficients[:, fine])
        if size > SMALLEST:
            return top[~fine], left[~fine]
        none = ~found.any(axis=1)
        if self.sky is not None:
            self._compute(top[none], left[none], size, self.beside)
        self._compute(top[~fine & ~none], left[~fine & ~none], size, self.exact)
        return top[:0], left[:0]

    def _fitted(self, samples, lines, u, v) -> tuple[np.ndarray, np.ndarray]:
        """Coefficients of bilinear forms through corners, samples and lines (2, n, 4), and whether their middles are right."""
        x, y = samples.astype(f32), lines.astype(f32)
        matrices = np.stack([np.ones_like(x), x, y, x * y], axis=2)
        sample_form, _ = solve(matrices, u.astype(f32))
        line_form, _ = solve(matrices, v.astype(f32))
        x, y = (0.5 * (samples[:, 0] + samples[:, 1])).astype(int), (0.5 * (lines[:, 0] + lines[:, 3])).astype(int)
        vo, uo, _ = self.to_input(y, x)
        x, y = x.astype(f32), y.astype(f32)
        up, vp = (((a[:, 0] + a[:, 1] * x) + a[:, 2] * y + (a[:, 3] * x) * y).astype(float) for a in (sample_form, line_form))
        error = np.sqrt((vo - vp) * (vo - vp) + (uo - up) * (uo - up))
        return np.stack([sample_form, line_form]), ~(error > TOLERANCE)

    def _pixels(self, top, left, size: int) -> tuple[np.ndarray, np.ndarray]:
        """Lines and samples of squares: (n, size, 1) and (n, 1, size)."""
        steps = np.arange(size)
        return top[:, None, None] + steps[None, :, None], left[:, None, None] + steps[None, None, :]

    def _interpolate(self, top, left, size: int, coefficients: np.ndarray) -> None:
        lines, samples = self._pixels(top, left, size)
        y, x = lines.astype(f32), samples.astype(f32)
        results = []
        for a in coefficients:
            a = a[:, :, None, None]
            results.append(((a[:, 0] + a[:, 1] * x) + a[:, 2] * y + (a[:, 3] * y) * x).astype(float))
        self._sample[lines - self._first, samples - 1], self._line[lines - self._first, samples - 1] = results

    def _compute(self, top, left, size: int, how) -> None:
        if len(top):
            lines, samples = np.broadcast_arrays(*self._pixels(top, left, size))
            line, sample = how(lines.ravel(), samples.ravel())
            self._line[lines - self._first, samples - 1] = line.reshape(lines.shape)
            self._sample[lines - self._first, samples - 1] = sample.reshape(lines.shape)
