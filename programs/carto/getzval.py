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
PIXELS_AT_ONCE = 1 << 19
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
    lines, samples = (np.trunc(v - offset) - 1.0 for v in (x, y))
    good = (lines >= 0) & (lines + window <= nl)
    if options.method != "NOIN":
        good &= (samples >= 0) & (samples + window <= ns)
    chosen = np.flatnonzero(good & np.isfinite(y))
    step = max(1, PIXELS_AT_ONCE // (window * window))
    for first in range(0, len(chosen), step):
        here = chosen[first : first + step]
        line, sample = (np.clip(v[here], -2, 1e9).astype(np.int64) for v in (lines, samples))
        parts = [v - np.trunc(v) for v in (x[here] - odd, y[here] - odd)]
        if options.method == "NOIN":
            values[here] = nearest(pixels, line, sample, *parts)
            if options.sigma and (values[here] != NOTHING).any():
                task.abend("Nearest neighbor case does not have a sigma")
            continue
        points = Points(x[here], y[here], line, sample, parts)
        squares = np.lib.stride_tricks.sliding_window_view(pixels, (window, window))[line, sample]
        weights, inside = weights_of(points, options)
        values[here] = means(squares, weights, inside, options)
        if options.sigma:
            found = values[here]
            sigmas[here] = np.where(found != NOTHING, deviations(squares, weights, inside, found, options), NOTHING)
        task.progress(first + len(here), len(chosen))
    return values, sigmas


@dataclass
class Points:
    """Points of a table: where they are, the first line and sample of their windows (from 0), and their fractions."""

    x: np.ndarray
    y: np.ndarray
    line: np.ndarray
    sample: np.ndarray
    parts: list[np.ndarray]


def nearest(pixels: np.ndarray, line, sample, line_part, sample_part) -> np.ndarray:
    ns = pixels.shape[1]
    lost = (sample_part < 0.5) & ~((sample >= 0) & (sample <= ns))
    lost |= (sample_part > 0.5) & ~((sample + 1 >= 0) & (sample + 1 <= ns))
    line, sample = line + ~(line_part < 0.5), sample + ~(sample_part < 0.5)
    inside = (sample >= 0) & (sample < ns)
    found = pixels[line, np.where(inside, sample, 0)].astype(np.float64)
    return np.where(lost, NOTHING, np.where(inside, found, 0.0))


def weights_of(points: Points, options: Options) -> tuple[np.ndarray, np.ndarray | None]:
    """Weights of the windows' pixels (points, window, window); of a spot its divisors, and which pixels are in it."""
    window = options.window
    if options.method == "BILIN":
        down, across = (edge_weights(window, part) for part in points.parts)
        return down[:, :, None] * across[:, None, :], None
    if options.method == "INTEGRAL":
        return np.ones((len(points.x), window, window)), None
    steps = np.arange(1, window + 1)
    dx = points.x[:, None] - (points.line[:, None] + steps).astype(np.float64)
    dy = points.y[:, None] - (points.sample[:, None] + steps).astype(np.float64)
    distance = np.sqrt((dx * dx)[:, :, None] + (dy * dy)[:, None, :])
    inside = ~(distance > window * 0.5)
    if options.method == "SPOT":
        return np.ones_like(distance), inside
    if options.method == "SPOT_R2":
        distance = distance * distance
    return distance + options.spot_factor, inside


def edge_weights(window: int, part: np.ndarray) -> np.ndarray:
    """Whole weight inside, what the window covers of the pixel at both ends (points, window)."""
    weights = np.ones((len(part), window))
    weights[:, 0], weights[:, -1] = 1.0 - part, part
    return weights


def means(squares: np.ndarray, weights: np.ndarray, inside, options: Options) -> np.ndarray:
    low = squares <= options.threshold
    if inside is not None:
        low = low & inside
    used = np.ones(squares.shape, bool) if inside is None else inside
    if options.skip_zero:
        used = used & ~low
    found = weighted(squares.astype(np.float64), weights, used, inside is not None)
    return np.where(low.sum(axis=(1, 2)) >= max(options.reject, 1), NOTHING, found)


def deviations(squares: np.ndarray, weights: np.ndarray, inside, values: np.ndarray, options: Options) -> np.ndarray:
    """Root of the mean square of the differences, which are cut to whole numbers."""
    used = np.ones(squares.shape, bool) if inside is None else inside
    if options.skip_zero:
        used = used & (squares != 0)
    difference = cast(squares.astype(np.float64) - values[:, None, None], np.int16).astype(np.int32)
    return np.sqrt(weighted((difference * difference).astype(np.float64), weights, used, inside is not None))


def weighted(values: np.ndarray, weights: np.ndarray, used: np.ndarray, divide: bool) -> np.ndarray:
    """Weighted mean of the pixels ``used``, summed in order; a spot's weights are divisors."""
    terms, units = (values / weights, 1.0 / weights) if divide else (values * weights, weights)
    flat = (np.where(used, part, 0.0).reshape(len(used), -1) for part in (terms, units))
    total, weight = (np.add.accumulate(part, axis=1)[:, -1] for part in flat)
    return np.where(weight > 0.0, total / weight, 0.0)
