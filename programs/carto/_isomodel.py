"""Shape models of small bodies: radii on a grid of 5 degrees, and their bicubic splines. Source: ``vos/p2/prog/efgiso`` (C).

The splines and their values are computed as the original does it, one rounding an operation, so that results agree.
"""

from __future__ import annotations

import re

import numpy as np

from vicar.numerics import libm

PI = 3.14159265359
STEP = 5.0
COLUMNS, ROWS = 75, 39  # a row and a column more than the model at each end
_NUMBER = r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
_POINT = re.compile(f"{_NUMBER},{_NUMBER},{_NUMBER}")


def grid() -> tuple[np.ndarray, np.ndarray]:
    """East longitudes and latitudes of the columns and rows, radians."""
    return (-5.0 + STEP * np.arange(COLUMNS)) * PI / 180, (-95.0 + STEP * np.arange(ROWS)) * PI / 180


def read_model(text: str) -> np.ndarray | None:
    """Radii (ROWS, COLUMNS) of a model file without the outer rows and columns; None if its grid is another one.

    Raises EOFError when the file ends too early.
    """
    longitudes, latitudes = grid()
    radius = np.zeros((ROWS, COLUMNS))
    body = re.sub(r"\A(?:\s*\S+){4}\s*", "", text)
    lines = iter(body.splitlines())
    for column in range(1, COLUMNS - 1):
        for row in range(1, ROWS - 1):
            line = next(lines, None)
            if line is None:
                raise EOFError
            found = _POINT.match(line[:79])
            if not found:
                return None
            x, y, z = (np.float32(value) for value in found.groups())
            x, y = (np.float32(float(value) * PI / 180.0) for value in (x, y))
            if abs(longitudes[column] - x) > 0.0001 or abs(latitudes[row] - y) > 0.0001:
                return None
            radius[row, COLUMNS - 1 - column] = z
    return radius


def read_radii(text: str) -> np.ndarray:
    """Radii of a model file in the order of the file, whatever its grid; a line that is no point repeats the last radius.

    Raises EOFError when the file ends too early.
    """
    radius = np.zeros((ROWS, COLUMNS))
    lines = re.sub(r"\A(?:\s*\S+){4}\s*", "", text).splitlines()
    if len(lines) < (COLUMNS - 2) * (ROWS - 2):
        raise EOFError
    last, place = np.float32(0), iter(lines)
    for column in range(1, COLUMNS - 1):
        for row in range(1, ROWS - 1):
            found = _POINT.match(next(place)[:79])
            last = np.float32(found[3]) if found else last
            radius[row, column] = last
    return radius


def smooth(radius: np.ndarray, lines: int, samples: int) -> np.ndarray:
    """Running means over lines x samples points, over the date line but not over the poles."""
    columns, rows = np.arange(2, COLUMNS), np.arange(2, ROWS)
    total = np.zeros((ROWS - 2, COLUMNS - 2))
    for k in range(-(samples // 2), samples // 2 + 1):
        m = columns + k
        m = np.where(m < 2, COLUMNS - 3 + m, m)
        m = np.where(m >= COLUMNS, m - COLUMNS + 3, m)
        for j in range(-(lines // 2), lines // 2 + 1):
            n = np.clip(rows + j, 2, ROWS - 1)
            total = total + radius[np.ix_(n - 1, m - 1)]
    result = radius.copy()
    result[1:-1, 1:-1] = total / (lines * samples)
    return result


def close_edges(radius: np.ndarray) -> np.ndarray:
    """The outer columns repeat those across the date line, the outer rows their neighbours."""
    result = radius.copy()
    result[1:-1, 0], result[1:-1, -1] = result[1:-1, -2], result[1:-1, 1]
    result[0], result[-1] = result[1], result[-2]
    return result


def second_derivatives(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Natural cubic splines through ``y`` (n, ...) over ``x`` (n): their second derivatives, same shape."""
    n = len(x)
    second, u = np.zeros_like(y), np.zeros_like(y)
    for i in range(1, n - 1):
        part = (x[i] - x[i - 1]) / (x[i + 1] - x[i - 1])
        p = part * second[i - 1] + 2.0
        second[i] = (part - 1.0) / p
        slope = (y[i + 1] - y[i]) / (x[i + 1] - x[i]) - (y[i] - y[i - 1]) / (x[i] - x[i - 1])
        u[i] = (6.0 * slope / (x[i + 1] - x[i - 1]) - part * u[i - 1]) / p
    second[n - 1] = 0.0
    for k in range(n - 2, -1, -1):
        second[k] = second[k] * second[k + 1] + u[k]
    return second


def interval(x: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Number of the interval of ``x`` that holds each place; the outer ones reach to infinity."""
    return np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(x) - 2)


def evaluate(x, y, second, at, low) -> tuple[np.ndarray, np.ndarray]:
    """Value and slope of splines. ``y`` and ``second`` give pairs at the ends of the interval ``low``."""
    (y0, y1), (s0, s1) = y, second
    h = x[low + 1] - x[low]
    a, b = (x[low + 1] - at) / h, (at - x[low]) / h
    value = a * y0 + b * y1 + ((a * a * a - a) * s0 + (b * b * b - b) * s1) * (h * h) / 6.0
    slope = (y1 - y0) / h - (3.0 * a * a - 1.0) / 6.0 * h * s0 + (3.0 * b * b - 1.0) / 6.0 * h * s1
    return value, slope


def ellipsoid(axes) -> np.ndarray:
    longitudes, latitudes = grid()
    across = libm.cos(longitudes) * libm.cos(longitudes)
    up = libm.cos(latitudes)[:, None] * libm.cos(latitudes)[:, None]
    polar = libm.sin(latitudes)[:, None] * libm.sin(latitudes)[:, None]
    return 1.0 / (up * across / axes[0] + up * (1.0 - across) / axes[1] + polar / axes[2])


def fundamental_forms(radius: np.ndarray, x: np.ndarray, y: np.ndarray):
    """E, F, G and radius at each (latitude, longitude)."""
    longitudes, latitudes = grid()
    along = second_derivatives(longitudes, radius.T).T
    upward = second_derivatives(latitudes, radius)
    low_x, low_y = interval(longitudes, x), interval(latitudes, y)
    # a spline along each meridian of the map, through values of the rows; and along each parallel
    meridians, _ = evaluate(
        longitudes, (radius[:, low_x], radius[:, low_x + 1]), (along[:, low_x], along[:, low_x + 1]), x, low_x
    )
    parallels, slopes = evaluate(
        latitudes, (radius[low_y].T, radius[low_y + 1].T), (upward[low_y].T, upward[low_y + 1].T), y, low_y
    )
    seconds = second_derivatives(latitudes, meridians)
    _, ry2 = evaluate(
        latitudes, (meridians[low_y], meridians[low_y + 1]), (seconds[low_y], seconds[low_y + 1]), y[:, None], low_y[:, None]
    )
    seconds = second_derivatives(longitudes, parallels).T
    parallels = parallels.T
    rx1, rx2 = evaluate(
        longitudes, (parallels[:, low_x], parallels[:, low_x + 1]), (seconds[:, low_x], seconds[:, low_x + 1]), x, low_x
    )
    sx, cx, sy, cy = libm.sin(x), libm.cos(x), libm.sin(y)[:, None], libm.cos(y)[:, None]
    dx1, dx2 = ry2 * cy * cx - rx1 * sy * cx, rx2 * cy * cx - rx1 * cy * sx
    dy1, dy2 = ry2 * cy * sx - rx1 * sy * sx, rx2 * cy * sx + rx1 * cy * cx
    dz1, dz2 = ry2 * sy + rx1 * cy, rx2 * sy
    e = dx1 * dx1 + dy1 * dy1 + dz1 * dz1
    f = dx1 * dx2 + dy1 * dy2 + dz1 * dz2
    g = dx2 * dx2 + dy2 * dy2 + dz2 * dz2
    return e, f, g, rx1
