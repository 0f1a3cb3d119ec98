"""GETZVAL: pixel values at the points of a table. Source: ``vos/p2/prog/getzval`` (C).

accepted: the nearest-neighbour case reads beside the image when a point lies within a pixel of its left or right edge; where
the original finds what happens to lie in memory, here the value is 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from programs.carto._columns import choose
from programs.carto._lines import read_lines
from programs.carto._windows import BILIN, INTEGRAL, SPOT, SPOT_R, SPOT_R2, weigh
from vicar.numerics.compiled import as_input
from vicar.numerics.conversion import cast

NOTHING = -9999.0
PIXELS_AT_ONCE = 1 << 16  # of windows
POINTS_AT_ONCE = 1 << 16
METHODS = ("BILIN", "NOIN", "INTEGRAL", "SPOT", "SPOT_R", "SPOT_R2")
KINDS = {"BILIN": BILIN, "INTEGRAL": INTEGRAL, "SPOT": SPOT, "SPOT_R": SPOT_R, "SPOT_R2": SPOT_R2}


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
    compiled = weigh.pick(len(chosen) * window * window)
    step = POINTS_AT_ONCE if compiled or options.method == "NOIN" else max(1, PIXELS_AT_ONCE // (window * window))
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
        if compiled:
            values[here], sigmas[here] = one_by_one(compiled, pixels, points, options)
        else:
            values[here], sigmas[here] = together(pixels, points, options)
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


def one_by_one(compiled, pixels: np.ndarray, points: Points, options: Options) -> tuple[np.ndarray, np.ndarray]:
    """Values and deviations at points, by the compiled loop."""
    values, sigmas = (np.full(len(points.x), NOTHING) for _ in range(2))
    skipped, reject = (options.threshold, options.skip_zero), max(options.reject, 1)
    numbers = options.window, KINDS[options.method], options.spot_factor
    places = (as_input(part) for part in (points.x, points.y, points.line, points.sample, *points.parts))
    given = (as_input(pixels), *numbers, *places, skipped, reject)
    compiled(*given, as_input(np.empty(0)), values)
    if options.sigma:
        compiled(*given, as_input(values), sigmas)
        sigmas = np.where(values != NOTHING, np.sqrt(sigmas), NOTHING)
    return values, sigmas


def together(pixels: np.ndarray, points: Points, options: Options) -> tuple[np.ndarray, np.ndarray]:
    """Values and deviations at points, pixel number n of all windows at once."""
    steps = np.arange(options.window)
    places = (pixels.shape[1] * steps[:, None] + steps).reshape(-1, 1)
    windows = pixels.ravel().take(places + (pixels.shape[1] * points.line + points.sample))
    weights, inside = weights_of(points, options)
    values = means(windows, weights, inside, options)
    if not options.sigma:
        return values, np.full(len(values), NOTHING)
    return values, np.where(values != NOTHING, deviations(windows, weights, inside, values, options), NOTHING)


def weights_of(points: Points, options: Options) -> tuple[np.ndarray, np.ndarray | None]:
    """Weights of the windows' pixels (window pixels x points); of a spot its divisors, and which pixels are in it."""
    window = options.window
    if options.method == "BILIN":
        down, across = (edge_weights(window, part) for part in points.parts)
        return each_pixel(np.multiply, down, across), None
    if options.method == "INTEGRAL":
        return np.ones((window * window, len(points.x))), None
    steps = np.arange(1, window + 1)[:, None]
    dx = points.x - (points.line + steps).astype(np.float64)
    dy = points.y - (points.sample + steps).astype(np.float64)
    distance = np.sqrt(each_pixel(np.add, dx * dx, dy * dy))
    inside = ~(distance > window * 0.5)
    if options.method == "SPOT":
        return np.ones_like(distance), inside
    if options.method == "SPOT_R2":
        distance = distance * distance
    return distance + options.spot_factor, inside


def each_pixel(function, down: np.ndarray, across: np.ndarray) -> np.ndarray:
    """``function`` of what the lines and what the samples of windows have (window x points), for all their pixels."""
    return function(down[:, None], across[None]).reshape(-1, down.shape[1])


def edge_weights(window: int, part: np.ndarray) -> np.ndarray:
    """Whole weight inside, what the window covers of the pixel at both ends (window x points)."""
    weights = np.ones((window, len(part)))
    weights[0], weights[-1] = 1.0 - part, part
    return weights


def means(windows: np.ndarray, weights: np.ndarray, inside, options: Options) -> np.ndarray:
    low = windows <= options.threshold
    if inside is not None:
        low &= inside
    used = inside
    if options.skip_zero:
        used = ~low if inside is None else inside & ~low
    found = weighted(windows.astype(np.float64), weights, used, inside is not None)
    if not low.any():
        return found
    return np.where(np.count_nonzero(low, axis=0) >= max(options.reject, 1), NOTHING, found)


def deviations(windows: np.ndarray, weights: np.ndarray, inside, values: np.ndarray, options: Options) -> np.ndarray:
    """Root of the mean square of the differences, which are cut to whole numbers."""
    used = inside
    if options.skip_zero:
        used = windows != 0 if inside is None else inside & (windows != 0)
    difference = cast(windows.astype(np.float64) - values, np.int16).astype(np.int32)
    return np.sqrt(weighted((difference * difference).astype(np.float64), weights, used, inside is not None))


def weighted(values: np.ndarray, weights: np.ndarray, used: np.ndarray | None, divide: bool) -> np.ndarray:
    """Weighted mean of the pixels ``used`` (None: all); a spot's weights are divisors."""
    terms, units = (values / weights, 1.0 / weights) if divide else (values * weights, weights)
    if used is not None:
        terms, units = (np.where(used, part, 0.0) for part in (terms, units))
    total, weight = in_order(terms), in_order(units)
    return np.where(weight > 0.0, total / weight, 0.0)


def in_order(terms: np.ndarray) -> np.ndarray:
    """Sums over the first axis, one term after the other, from 0."""
    if len(terms) > terms.shape[1]:
        return np.add.accumulate(terms, axis=0)[-1] + 0.0  # no sum is -0
    total = np.zeros(terms.shape[1])
    for term in terms:
        total += term
    return total
