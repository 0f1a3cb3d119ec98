"""Assembly: framelets laid side by side by the spin of the spacecraft, without a seam.

The assembled picture is a cylinder about the spin axis: lines are steps of ``psi`` (in the sense of the spin), samples steps
of ``beta``. The step of a line is chosen so that the spin from frame to frame is a whole number of lines; then one
table of positions serves all framelets of a filter, whatever their number. Framelets overlap by about 12 rows, in which
they are blended with weights that fall to nothing towards their edges.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vicar.junocam.camera import LIGHT, NOMINAL_SPIN, PIXEL, ROWS, centre_angle, direction_of, pixel_of
from vicar.junocam.metadata import Metadata

TAPER = 8.0  # rows over which a framelet fades
EDGE = 1.0  # outermost rows not used
FRAME_ANGLE = 0.0777  # radians: the time between frames is set for about this turn
HALF_WIDTH = 760  # samples on either side of the plane of the spin


@dataclass(frozen=True)
class Grid:
    """Lines and samples of an assembled picture. ``psi`` is counted at the middle of frame 0."""

    spin: float  # rad/s
    period: float  # seconds from frame to frame
    first: float  # psi of line 0
    pitch: float  # radians a line
    lines_per_frame: int
    nl: int
    ns: int = 2 * HALF_WIDTH + 1
    tilt: float = 0.0  # radians, see camera.basis

    def psi(self, line):
        return self.first + np.asarray(line) * self.pitch

    def beta(self, sample):
        return (np.asarray(sample) - HALF_WIDTH) * PIXEL

    def line_of(self, psi):
        return (psi - self.first) / self.pitch

    def sample_of(self, beta):
        return beta / PIXEL + HALF_WIDTH

    def time_of(self, line, name: str) -> np.ndarray:
        """Seconds after the middle of frame 0 at which filter ``name`` saw a line: that of the nearest framelet's middle."""
        return np.rint((self.psi(line) - centre_angle(name)) / (self.spin * self.period)) * self.period


def usual_spin(meta: Metadata) -> float:
    """Rate of the spin to begin with, rad/s: that of the orbits, or, on the way there (Earth flyby), what the time between frames
    is made for."""
    expected = FRAME_ANGLE / meta.period
    return NOMINAL_SPIN if abs(expected / NOMINAL_SPIN - 1) < 0.04 else expected


def grid_for(meta: Metadata, spin: float | None = None, tilt: float = 0.0) -> Grid:
    """The grid that holds all framelets of a picture."""
    spin = spin or usual_spin(meta)
    step = spin * meta.period
    per_frame = round(step / PIXEL)
    pitch = step / per_frame
    starts, stops = zip(*(strip_range(name) for name in meta.filters))
    first = np.floor(min(starts) / pitch) * pitch
    nl = int(np.ceil((max(stops) + step * (meta.frames - 1) - first) / pitch)) + 1
    return Grid(spin, meta.period, float(first), pitch, per_frame, nl, tilt=tilt)


def strip_range(name: str) -> tuple[float, float]:
    """Smallest and largest ``psi`` a filter sees at one time."""
    x = np.arange(LIGHT.start, LIGHT.stop, 20)
    return float(direction_of(x, 0, name)[0].min()), float(direction_of(x, ROWS - 1, name)[0].max())


@dataclass(frozen=True)
class Table:
    """Where the pixels of one framelet go: ``start`` line of the window for frame 0, positions and weights in it."""

    start: int
    x: np.ndarray  # (window, ns) sample in the framelet
    y: np.ndarray
    weight: np.ndarray  # 0 where the framelet does not see
    alone: np.ndarray  # the same, growing all the way to the middle row

    def moved(self, down: np.ndarray, right: np.ndarray, scale: int) -> Table:
        """The table for a scene that has moved by lines and samples (window, ns): positions by their slopes."""
        (x_down, x_right), (y_down, y_right) = np.gradient(self.x), np.gradient(self.y)
        x, y = self.x + x_down * down + x_right * right, self.y + y_down * down + y_right * right
        return Table(self.start, x, y, *weights_of(x * scale + (scale - 1) / 2, y * scale + (scale - 1) / 2))


def table_for(grid: Grid, name: str, scale: int = 1, shift: tuple[float, float] = (0.0, 0.0)) -> Table:
    """Positions for filter ``name``; ``scale`` 2 for summed pictures; ``shift`` (lines, samples) moves the channel."""
    low, high = strip_range(name)
    start = int(np.floor(grid.line_of(low)) - abs(shift[0]))
    stop = int(np.ceil(grid.line_of(high)) + 1 + abs(shift[0]))
    lines = np.arange(start, stop) + shift[0]
    x, y = pixel_of(grid.psi(lines)[:, None], grid.beta(np.arange(grid.ns) + shift[1])[None, :], name, grid.tilt)
    weight, alone = weights_of(x, y)
    if scale > 1:
        x, y = (x - (scale - 1) / 2) / scale, (y - (scale - 1) / 2) / scale
    return Table(start, *(v.astype(np.float32) for v in (x, y, weight, alone)))


def weights_of(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights for blending, and for choosing one framelet, at full-resolution positions; float32."""
    inward = np.minimum(y, ROWS - 1 - y)
    seen = (inward > EDGE) & (x >= LIGHT.start + 2) & (x <= LIGHT.stop - 3)
    weight = np.where(seen, np.clip((inward - EDGE) / TAPER, 0, 1), 0)
    return weight.astype(np.float32), np.where(seen, inward, 0).astype(np.float32)


def assemble(framelets: np.ndarray, grid: Grid, name: str, present: np.ndarray | None = None,
             shift: tuple[float, float] = (0.0, 0.0), scale: int = 1, blend: bool = True,
             motion: Callable | None = None, progress: Callable[[int, int], None] = lambda done, total: None) -> np.ndarray:
    """One channel, float32 (nl, ns), NaN where nothing was seen.

    ``framelets`` (frames, rows, samples) float32; ``present`` says which frames exist. Without ``blend`` each place is taken from
    the one framelet that has it farthest from its border. ``motion``: from lines of the window and the number of the frame to
    how far the scene has moved there, lines and samples (window, ns) each.
    """
    table = table_for(grid, name, scale, shift)
    sampler = Cubic(table.x, table.y, framelets.shape[1:])
    total, weights = np.zeros((grid.nl, grid.ns), np.float32), np.zeros((grid.nl, grid.ns), np.float32)
    for frame, pixels in enumerate(framelets):
        if present is None or present[frame]:
            start = table.start + frame * grid.lines_per_frame
            if motion is not None:
                here_now = table.moved(*motion(np.arange(start, start + table.x.shape[0]), frame), scale)
                sampler = Cubic(here_now.x, here_now.y, framelets.shape[1:])
            else:
                here_now = table
            above, below = max(0, -start), max(0, start + table.x.shape[0] - grid.nl)
            here = slice(start + above, start + table.x.shape[0] - below)
            part = slice(above, table.x.shape[0] - below)
            weight = (here_now.weight if blend else here_now.alone)[part]
            values = sampler(pixels)[part] * weight
            if blend:
                total[here] += values
                weights[here] += weight
            else:
                nearer = weight > weights[here]
                np.copyto(total[here], values, where=nearer)
                np.copyto(weights[here], weight, where=nearer)
        progress(frame + 1, len(framelets))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(weights > 1e-3, total / weights, np.float32(np.nan))


class Cubic:
    """Cubic convolution at fixed positions, applied to many pictures of one size."""

    def __init__(self, x: np.ndarray, y: np.ndarray, shape: tuple[int, int]):
        rows, samples = shape
        x, y = np.nan_to_num(x, nan=-9.0), np.nan_to_num(y, nan=-9.0)
        x, y = np.clip(x, 0, samples - 1), np.clip(y, 0, rows - 1)
        left, top = np.minimum(x.astype(np.int32), samples - 2), np.minimum(y.astype(np.int32), rows - 2)
        self.across, self.down = kernel(x - left), kernel(y - top)
        self.columns = [np.clip(left + i, 0, samples - 1) for i in (-1, 0, 1, 2)]
        self.rows = [np.clip(top + i, 0, rows - 1) * samples for i in (-1, 0, 1, 2)]

    def __call__(self, pixels: np.ndarray) -> np.ndarray:
        flat = np.ascontiguousarray(pixels, np.float32).ravel()
        total = np.zeros(self.columns[0].shape, np.float32)
        for row, down in zip(self.rows, self.down):
            line = np.zeros_like(total)
            for column, across in zip(self.columns, self.across):
                line += across * flat.take(row + column)
            total += down * line
        return total


def kernel(part: np.ndarray) -> list[np.ndarray]:
    """Weights of the four neighbours for a place between the second and the third (Catmull-Rom)."""
    t = part.astype(np.float32)
    t2, t3 = t * t, t * t * t
    return [(-t + 2 * t2 - t3) / 2, (2 - 5 * t2 + 3 * t3) / 2, (t + 4 * t2 - 3 * t3) / 2, (t3 - t2) / 2]


def split(pixels: np.ndarray, meta: Metadata) -> dict[str, np.ndarray]:
    """Framelets by filter: name -> (frames, rows, samples), views of the raw picture."""
    rows = ROWS // meta.summing
    stack = pixels.reshape(meta.frames, len(meta.filters), rows, pixels.shape[1])
    return {name: stack[:, i] for i, name in enumerate(meta.filters)}


def present_frames(framelets: np.ndarray) -> np.ndarray:
    """Which framelets hold data: one that is exactly one value throughout was lost on the way."""
    flat = framelets.reshape(len(framelets), -1)
    return flat.max(1) != flat.min(1)
