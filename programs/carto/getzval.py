"""GETZVAL: pixel values at the points of a table. Source: ``vos/p2/prog/getzval`` (C).

accepted: the nearest-neighbour case reads beside the image when a point lies within a pixel of its left or right edge; where
the original finds what happens to lie in memory, here the value is 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from programs.carto._columns import choose
from programs.carto._lines import read_lines
from vicar.numerics.conversion import cast

NOTHING = -9999.0
METHODS = ("BILIN", "NOIN", "INTEGRAL", "SPOT", "SPOT_R", "SPOT_R2")


@dataclass
class Options:
    method: str
    window: int
    reject: int
    threshold: int
    skip_zero: bool
    spot_factor: float
    sigma: bool


def main(task):
    task.if_message("GETZVAL version 2019-09-04")
    columns = task.integers("COLS")
    if len(columns) < 3:
        task.abend("Getzval requires three or four columns")
    columns = (columns + [0])[:4]
    options = read_options(task, columns[3] != 0)
    with task.open_table("INP", 2, "UPDATE") as table:
        choose(table, *columns[:2])
        x, y = (table.read(column, "DOUB") for column in columns[:2])
        with task.open("INP", u_format="HALF") as image:
            if image.format not in ("BYTE", "HALF"):
                task.abend("Invalid input data format.  Use BYTE or HALF.")
            pixels = read_lines(image, 1, 1, image.nl, image.ns)
            if task.keyword("DTED"):
                pixels = np.where(pixels < -5000, (-(32768 + pixels.astype(np.int32))).astype(np.int16), pixels)
            values, sigmas = measure(task, pixels, x, y, options)
        choose(table, columns[2])
        table.write(columns[2], values)
        if options.sigma:
            choose(table, columns[3])
            table.write(columns[3], sigmas)


def read_options(task, sigma: bool) -> Options:
    window = task.integer("WINDOW")
    if window > 1001:
        task.abend("Window parameter must be 1001 or less")
    if window < 2:
        task.abend("Window parameter must be 2 or more")
    method = next((m for m in reversed(METHODS) if task.keyword(m)), "")
    if method == "NOIN":
        window = 2
    if METHODS.index(method) > 1 and window % 2 == 0 if method else False:
        task.abend("INTEGRAL or SPOT algorithms require odd window size")
    return Options(method, window, task.integer("REJECT"), task.integer("THREJECT"), task.keyword("IGZERO"),
                   float(task.real("SPOTFAC")), sigma)  # fmt: skip


def measure(task, pixels: np.ndarray, x: np.ndarray, y: np.ndarray, options: Options) -> tuple[np.ndarray, np.ndarray]:
    """Values and standard deviations at all points; -9999 where the window leaves the image or too much is rejected."""
    values, sigmas = np.full(len(x), NOTHING), np.full(len(x), NOTHING)
    window, nl, ns = options.window, *pixels.shape
    offset, odd = 0.5 * window - 1.0, 0.5 * (window % 2)
    for n in np.argsort(x, kind="stable"):
        line, sample = int(x[n] - offset) - 1, int(y[n] - offset) - 1
        if line < 0 or line + window > nl:
            continue
        parts = x[n] - odd - float(int(x[n] - odd)), y[n] - odd - float(int(y[n] - odd))
        if options.method == "NOIN":
            values[n] = nearest(pixels, line, sample, *parts)
            if options.sigma and values[n] != NOTHING:
                task.abend("Nearest neighbor case does not have a sigma")
            continue
        if sample < 0 or sample + window > ns:
            continue
        square = pixels[line : line + window, sample : sample + window]
        if options.method == "BILIN":
            weights, inside = np.outer(edge_weights(window, parts[0]), edge_weights(window, parts[1])), None
        elif options.method == "INTEGRAL":
            weights, inside = np.ones((window, window)), None
        else:
            weights, inside = spot(x[n], y[n], line, sample, options)
        values[n] = mean(square, weights, inside, options)
        if options.sigma and values[n] != NOTHING:
            sigmas[n] = deviation(square, weights, inside, values[n], options)
    return values, sigmas


def nearest(pixels: np.ndarray, line: int, sample: int, line_part: float, sample_part: float) -> float:
    ns = pixels.shape[1]
    if (sample_part < 0.5 and not 0 <= sample <= ns) or (sample_part > 0.5 and not 0 <= sample + 1 <= ns):
        return NOTHING
    line, sample = line + (not line_part < 0.5), sample + (not sample_part < 0.5)
    return float(pixels[line, sample]) if 0 <= sample < ns else 0.0


def edge_weights(window: int, part: float) -> np.ndarray:
    """Whole weight inside, what the window covers of the pixel at both ends."""
    weights = np.ones(window)
    weights[0], weights[-1] = 1.0 - part, part
    return weights


def spot(x: float, y: float, line: int, sample: int, options: Options) -> tuple[np.ndarray, np.ndarray]:
    """Divisors of the pixels of a round spot, and which pixels are in it."""
    steps = np.arange(1, options.window + 1)
    dx, dy = x - (line + steps).astype(np.float64), y - (sample + steps).astype(np.float64)
    distance = np.sqrt((dx * dx)[:, None] + (dy * dy)[None, :])
    inside = ~(distance > options.window * 0.5)
    if options.method == "SPOT":
        return np.ones_like(distance), inside
    if options.method == "SPOT_R2":
        distance = distance * distance
    return distance + options.spot_factor, inside


def mean(square: np.ndarray, weights: np.ndarray, inside, options: Options) -> float:
    low = square <= options.threshold
    if inside is not None:
        low = low & inside
    if np.count_nonzero(low) >= max(options.reject, 1):
        return NOTHING
    used = np.ones(square.shape, bool) if inside is None else inside
    if options.skip_zero:
        used = used & ~low
    return weighted(square[used].astype(np.float64), weights[used], inside is not None)


def deviation(square: np.ndarray, weights: np.ndarray, inside, value: float, options: Options) -> float:
    """Root of the mean square of the differences, which are cut to whole numbers."""
    used = np.ones(square.shape, bool) if inside is None else inside
    if options.skip_zero:
        used = used & (square != 0)
    difference = cast(square[used].astype(np.float64) - value, np.int16).astype(np.int32)
    return float(np.sqrt(weighted((difference * difference).astype(np.float64), weights[used], inside is not None)))


def weighted(values: np.ndarray, weights: np.ndarray, divide: bool) -> float:
    """Weighted mean, summed in order; a spot's weights are divisors."""
    if not len(values):
        return 0.0
    terms, units = (values / weights, 1.0 / weights) if divide else (values * weights, weights)
    total, weight = np.add.accumulate(terms)[-1], np.add.accumulate(units)[-1]
    return float(total / weight) if weight > 0.0 else 0.0
