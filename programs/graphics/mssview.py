"""MSSVIEW: scatter plot of two or three bands of an MSS image. Source: ``vos/p2/prog/mssview`` (Fortran, 5-SEP-94).

The first band goes across, the second up, the third, if there is one, is the brightness. Points are placed by a
running byte number, so what falls beside the plot goes on in the next line; a band of one value only has no scale,
and its points are at NaN.

accepted: more than three bands without BANDS end the program, points far outside the plot are left out, and labels
not given are blank, where the original writes or reads other memory.
known: nothing.
"""

from __future__ import annotations

import numpy as np

from vicar.dotmatrix import LINES, WIDTH, dots
from vicar.numerics.fortran import edit
from vicar.numerics.rounding import truncate

FORTRAN = True
LONGEST, MOST_POINTS, LARGEST_PLOT = 60000, 50000, 1000 * 1000
FULL = 255
_F = np.float32


def main(task):
    task.if_message("MSSVIEW version 5-SEP-94")
    mss, bands = task.integer("MSS"), task.integers("BANDS")
    if task.defaulted("BANDS"):
        bands = list(range(1, mss + 1))
    if len(bands) > 3:
        task.abend("Without BANDS, MSS may be 2 or 3.")
    points = read_points(task, mss, bands)
    task.message(f" NUMBER OF POINTS USED:{len(points):7d}")
    labels = [*task.strings("LABELS"), "", ""][: len(bands)]
    low = np.array([min(_F(1e20), column.min(initial=_F(1e20))) for column in points.T], np.float32)
    high = np.array([max(_F(-1e20), column.max(initial=_F(-1e20))) for column in points.T], np.float32)
    plot = Plot(task.integer("NLOUT"), task.integer("NSOUT"))
    plot.scatter(points, low, high)
    plot.box()
    for place, (label, least, most) in enumerate(zip(labels, low, high)):
        plot.write_label(place, label, least, most)
    with task.create("OUT", nl=plot.nl, ns=plot.ns, format="BYTE", u_format="BYTE") as result:
        result.write_window(plot.image())


def read_points(task, mss: int, bands: list[int]) -> np.ndarray:
    """Samples of the bands that are not below THRESH, float32 (points, bands)."""
    with task.open("INP", u_format="REAL") as source:
        if source.ns > LONGEST:
            task.abend("RECORD LENGTH TOO LARGE")
        width = int(source.ns / mss)
        window = task.size_field(source)
        ns = int(window.ns / mss) if window.ns == source.ns else window.ns
        down, across = (task.integer("INCR"),) * 2 if task.count("INCR") else (task.integer("LINC"), task.integer("SINC"))
        buffer = np.zeros(2 * LONGEST, np.float32)
        samples = np.arange(0, ns, across)
        found, count = [np.zeros((0, len(bands)), np.float32)], 0
        for line in range(0, window.nl, down):
            values = source.read(line=window.sl + line, samp=window.ss)
            buffer[: len(values)] = values
            if samples.size and samples[-1] + (max(bands) - 1) * width >= len(buffer):
                task.abend("BANDS reach beyond the line.")
            points = np.stack([buffer[samples + (band - 1) * width] for band in bands], axis=1)
            if not task.defaulted("THRESH"):
                points = points[~(points < task.real("THRESH")).any(axis=1)]
            found.append(points)
            count += len(points)
            if count > MOST_POINTS:
                task.abend("Maximum number of data points exceeded")
    return np.concatenate(found)


class Plot:
    """The plot as one row of bytes; places count from 1."""

    def __init__(self, nl: int, ns: int):
        self.nl, self.ns = nl, ns
        self.size = max(min(nl, ns) // 250, 1)
        self.margin = 3 * LINES * self.size
        self.height, self.width = nl - 2 * self.margin, ns - 2 * self.margin
        self.bytes = np.zeros(LARGEST_PLOT + 1, np.uint8)

    def put(self, places, values) -> None:
        places = np.asarray(places)
        inside = (places >= 0) & (places < len(self.bytes))
        self.bytes[places[inside]] = np.broadcast_to(values, places.shape)[inside]

    def scatter(self, points: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        values = FULL
        with np.errstate(all="ignore"):
            across = _F(self.width) / (high[0] - low[0])
            up = _F(-self.height) / (high[1] - low[1])
            samples = truncate(across * points[:, 0] + (-across * low[0] + _F(self.margin)))
            offset = -up * low[1] + _F(self.height) + _F(self.margin) - _F(1) - _F(1)
            lines = truncate(up * points[:, 1] + offset)
            if len(low) == 3:
                slope = _F(150) / (high[2] - low[2])
                bright = slope * points[:, 2] + (-slope * low[2] + _F(100))
                values = np.fmax(np.fmin(bright, _F(255)), _F(0)).astype(np.uint8)
            self.put(lines * np.int32(self.ns) + samples, values)  # of 32 bits, as the original counts

    def box(self) -> None:
        left, right = self.margin - 2, self.width + self.margin
        top, bottom = self.margin - 3, self.height + self.margin - 1
        for line in (top, bottom):
            self.put(self.ns * line + np.arange(left, right + 1), FULL)
        for sample in (left, right):
            self.put(self.ns * np.arange(top, bottom + 1) + sample, FULL)

    def write_label(self, place: int, label: str, least, most) -> None:
        """A label with the limits of its band: 0 below the plot, 1 to its left, 2 above."""
        count = min(self.width, self.height) // (WIDTH * self.size)
        label = label.rstrip(" ")
        start = max(int((count - len(label)) / 2), 10)
        text = (" " * start + label).ljust(80)[:80]
        text = edit("(F9.3)", least) + text[9:]
        text = text[: count - 9] + edit("(F9.3)", most) + text[count:]
        pattern = dots(text[:count], self.size) * np.uint8(FULL)
        tall = LINES * self.size
        lines, samples = np.arange(1, tall + 1)[:, None], np.arange(1, pattern.shape[1] + 1)[None, :]
        if place == 1:
            self.put(self.ns * (self.height + self.margin - samples) + tall + lines, pattern)
        else:
            first = self.nl - 2 * tall if place == 0 else tall
            self.put(self.ns * (first + lines) + self.margin + samples, pattern)

    def image(self) -> np.ndarray:
        return self.bytes[1 : 1 + self.nl * self.ns].reshape(self.nl, self.ns)
