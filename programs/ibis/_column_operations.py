"""Operations on whole columns of MF3 and MF4: ``@shift(c1,2)``, ``@csum(c1,c2)``, ``@dist(c1,c2,c3,c4,c5)`` ...

Source: ``vos/p2/prog/mf3``, ``mf4`` (C). Values are float64 and sums run down the rows. Text columns count as zeros and stay as
they are.
"""

from __future__ import annotations

import numpy as np

from programs.ibis._cell_compiler import ExpressionError
from vicar.numerics import libm
from vicar.numerics.cformat import atoi

DEGREES = 57.295779512


def run(text: str, columns: list, program: int = 3) -> None:
    """Execute the operation ``text`` begins with (``@name(...)``); names may be cut to the prefixes below.

    ``program``: 3 for MF3, 4 for MF4.
    """
    name = text[1:].lower()
    for prefix, operation in OPERATIONS if program == 3 else OPERATIONS_OF_MF4:
        if name.startswith(prefix):
            operation(_Arguments(text, columns, program == 4), prefix)
            return
    raise ExpressionError("column operation not found")


class _Arguments:
    """The arguments between the brackets. ``free``: an angle need not be a column; what is none counts as zero."""

    def __init__(self, text: str, columns: list, free: bool):
        start = text.find("(")
        if start < 0:
            raise ExpressionError("column operation without arguments")
        self.texts = [part.split(")")[0] for part in text[start + 1 :].split("$")[0].split(",")]
        self.columns = columns
        self.free = free

    def _found(self, index: int) -> list:
        wanted = self.texts[index] if index < len(self.texts) else ""
        return [column for column in self.columns if column.field.name == wanted]

    def column(self, index: int):
        found = self._found(index)
        if not found:
            raise ExpressionError("field name not found")
        return found[-1]

    def values(self, index: int) -> np.ndarray:
        column = self.column(index)
        return np.zeros(len(column.values)) if column.is_text else column.values

    def radians(self, index: int) -> np.ndarray:
        if self.free and not self._found(index):
            return np.zeros(len(self.columns[0].values))
        return self.values(index) * (1.0 / DEGREES)

    def set(self, index: int, values) -> None:
        column = self.column(index)
        if not column.is_text:
            column.values = np.broadcast_to(np.asarray(values, np.float64), len(column.values)).copy()

    def integer(self, index: int) -> int:
        text = (self.texts[index] if index < len(self.texts) else "").lstrip(" ")
        return atoi(text) if text[:1] == "-" or text[:1].isdigit() else 0

    def after(self, column) -> float:
        """What lies behind a column in memory: the first number of the next one."""
        place = self.columns.index(column) + 1
        following = self.columns[place] if place < len(self.columns) else None
        return 0.0 if following is None or following.is_text else float(following.values[0])


def accumulate(values: np.ndarray) -> np.ndarray:
    return np.add.accumulate(np.concatenate(([0.0], values)))[1:]


def shift(arguments, _):
    """Move down (up if negative) by n rows; the end value is repeated."""
    column, n = arguments.column(0), arguments.integer(1)
    rows = len(column.values)
    source = np.clip(np.arange(rows) - n, 0, rows - 1)
    _reorder(column, source)


def rotate(arguments, _):
    column, n = arguments.column(0), arguments.integer(1)
    _reorder(column, (np.arange(len(column.values)) - n) % len(column.values))


def _reorder(column, source: np.ndarray) -> None:
    if column.is_text:
        column.values = [column.values[i] for i in source]
    else:
        column.values = column.values[source]


def group_starts(keys: np.ndarray, before: float | None) -> np.ndarray:
    """True where the key differs from the row above; ``before`` stands above the first row, None: it always starts."""
    changed = np.ones(len(keys), bool)
    changed[1:] = keys[1:] != keys[:-1]
    if before is not None:
        changed[0] = keys[0] != before
    return changed


def control_difference(arguments, _):
    """Difference from the row above within runs of equal keys."""
    values, keys = arguments.values(0), arguments.values(1)
    above = np.concatenate(([0.0], values[:-1]))
    arguments.set(0, values - np.where(group_starts(keys, 0.0), 0.0, above))


def control_running_sum(arguments, _):
    values, keys = arguments.values(0), arguments.values(1)
    starts = np.flatnonzero(group_starts(keys, None))
    arguments.set(0, np.concatenate([accumulate(part) for part in np.split(values, starts[1:])]))


def control_group(arguments, prefix):
    """Sum, minimum or maximum of each run of equal keys, in all its rows."""
    values, keys = arguments.values(0), arguments.values(1)
    starts = np.flatnonzero(group_starts(keys, None))
    of_group = {"csum": lambda p: accumulate(p)[-1], "cvmin": np.min, "cvmax": np.max}[prefix]
    arguments.set(0, np.concatenate([np.full(len(p), of_group(p)) for p in np.split(values, starts[1:])]))


def group_statistic(arguments, prefix):
    """Mean, standard deviation or number of rows of each run of equal keys, in all its rows."""
    values, keys = arguments.values(0), arguments.values(1)
    starts = np.flatnonzero(group_starts(keys, None))
    of_group = {"cav": _mean, "csig": _deviation, "count": len}[prefix]
    arguments.set(0, np.concatenate([np.full(len(p), float(of_group(p))) for p in np.split(values, starts[1:])]))


def _mean(values: np.ndarray) -> float:
    return accumulate(values)[-1] / len(values)


def _deviation(values: np.ndarray) -> float:
    if len(values) < 2:
        return 0.0
    away = values - _mean(values)
    return np.sqrt(accumulate(away * away)[-1] / (len(values) - 1))


def fill(arguments, prefix):
    """Replace zeros after a value by that value, or by interpolation along the second column to the next value."""
    _fill(arguments, np.append(arguments.values(1), arguments.after(arguments.column(1))), prefix == "interp")


def fill_one(arguments, _):
    _fill(arguments, np.zeros(0), False)


def _fill(arguments, keys: np.ndarray, interpolate: bool) -> None:
    values = arguments.values(0).copy()
    rows = len(values)
    known, start, following = values[0], 0, 0.0
    while start < rows:
        others = np.flatnonzero(values[start + 1 :] != 0.0)
        stop = start + 1 + int(others[0]) if len(others) else rows
        if stop < rows:
            following = values[stop]
        elif start + 1 < rows:
            following = values[rows - 1]
        between = slice(start + 1, stop)
        if not interpolate:
            values[between] = known
        else:
            slope = 1.0 / _away_from_zero(keys[stop] - keys[start])
            values[between] = (keys[between] - keys[start]) * (following - known) * slope + known
        known, start = following, stop
        if start - 1 == rows - 2:
            break
    arguments.set(0, values)


def _away_from_zero(difference: float) -> float:
    if 0.0 <= difference < 1.0e-6:
        return 1.0e-6
    return -1.0e-6 if -1.0e-6 < difference <= 0.0 else difference


def whole_column(arguments, prefix):
    """Sum, mean, deviation, extremes (the same in all rows), running sum and differences."""
    values = arguments.values(0)
    sums = accumulate(values)
    rows = len(values)
    if prefix == "rsum":
        result = sums
    elif prefix == "diff":
        result = values - np.concatenate(([0.0], values[:-1]))
    elif prefix == "sum":
        result = sums[-1]
    elif prefix == "av":
        result = sums[-1] / rows
    elif prefix == "sig":
        away = values - sums[-1] / rows
        with np.errstate(all="ignore"):
            result = np.sqrt(accumulate(away * away)[-1] / np.float64(rows - 1))
    else:
        result = np.fmin.reduce(values, initial=1.0e30) if prefix == "vmin" else np.fmax.reduce(values, initial=-1.0e30)
    arguments.set(0, result)


def blended(distance, far, near) -> np.ndarray:
    """Near formula below 9.5, far one above 10.5, in between by weight; ``distance`` is ten times the degrees."""
    with np.errstate(all="ignore"):
        mixed = (distance - 9.5) * far + (10.5 - distance) * near
    return np.where(distance > 10.5, far, np.where(distance < 9.5, near, mixed))


def _within_one(cosine):
    cosine = np.where(cosine < 1.0, cosine, 1.0)
    return np.where(cosine > -1.0, cosine, -1.0)


def distance(arguments, _):
    """Metres between longitude, latitude pairs into the fifth column."""
    lon1, lat1, lon2, lat2 = (arguments.radians(i) for i in range(4))
    apart = (np.abs(lon1 - lon2) + np.abs(lat1 - lat2)) * 10.0 * DEGREES
    cosine = libm.sin(lat1) * libm.sin(lat2) + libm.cos(lat1) * libm.cos(lat2) * libm.cos(lon1 - lon2)
    far = libm.acos(_within_one(cosine)) * DEGREES * 60.0 * 1851.984
    metres = 1.1132e5 * DEGREES
    north = (lat2 - lat1) * metres / 1.007146960651
    east = (lon2 - lon1) * metres * libm.cos((lat1 + lat2) * 0.5) / 1.000404734947
    arguments.set(4, blended(apart, far, np.sqrt(north * north + east * east)))


def heading(arguments, prefix):
    """Angle at the first point between the second point and north (HEAD) or a third point (BEAR), degrees clockwise."""
    lon1, lat1, lon2, lat2 = (arguments.radians(i) for i in range(4))
    if prefix == "bear":
        lon3, lat3, target = arguments.radians(4), arguments.radians(5), 6
    else:
        lon3, lat3, target = lon1, np.full(len(lon1), 90.0 * (1.0 / DEGREES)), 4
    apart = (np.abs(lon1 - lon2) + np.abs(lat1 - lat2)) * 10.0 * DEGREES
    same = (lat1 == lat2) & (lon1 == lon2)
    # a pair of equal points is judged by the distance of the row above
    row = np.maximum.accumulate(np.where(same, -1, np.arange(len(same))))
    apart = np.where(row >= 0, apart[row], 0.0)
    far = np.where(same, 0.0, _sphere_angle((lon1, lat1), (lon2, lat2), (lon3, lat3)))
    to_second = _plane_angle(lat1 - lat2, (lon1 - lon2) * libm.cos((lat1 + lat2) * 0.5))
    to_third = _plane_angle(lat1 - lat3, (lon1 - lon3) * libm.cos((lat1 + lat3) * 0.5))
    near = (to_third - to_second) * DEGREES
    near = np.where(near < 0.0, near + 360.0, near)
    arguments.set(target, blended(apart, far, near))


def _plane_angle(north, east):
    return np.where((north != 0.0) | (east != 0.0), libm.atan2(north, east), 0.0)


def _vector(lon, lat):
    return libm.cos(lat) * libm.cos(lon), libm.cos(lat) * libm.sin(lon), libm.sin(lat)


def _dot(a, b):
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _cross(a, b):
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _sphere_angle(first, second, third) -> np.ndarray:
    p, q, n = _vector(*first), _vector(*second), _vector(*third)
    with np.errstate(all="ignore"):
        nq, pn, pq = _dot(n, q), _dot(p, n), _dot(p, q)
        size = np.sqrt(np.maximum((1.0 - pn * pn) * (1.0 - pq * pq), 0.0))
        angle = libm.acos(_within_one((nq - pn * pq) / size))
        across = _cross(p, n)
        side = _dot(across, q)
        along = _dot(across, _cross(p, q))
    result = np.where(side < 0.0, angle * DEGREES, 360.0 - angle * DEGREES)
    result = np.where(side == 0.0, np.where(along > 0.0, 0.0, 180.0), result)
    opposite = (p[0] == -q[0]) & (p[1] == -q[1]) & (p[2] == -q[2])
    result = np.where(opposite, 90.0, result)
    polar = n[2] >= 0.99999
    result = np.where(polar & (p[2] >= 0.99999), 180.0, result)
    return np.where(polar & (p[2] <= -0.99999), 0.0, result)


OPERATIONS = (
    ("shift", shift), ("rot", rotate), ("cdiff", control_difference), ("crsum", control_running_sum),
    ("csum", control_group), ("cvmin", control_group), ("cvmax", control_group), ("interp", fill), ("fill", fill),
    ("sum", whole_column), ("av", whole_column), ("sig", whole_column), ("vmin", whole_column), ("vmax", whole_column),
    ("rsum", whole_column), ("diff", whole_column), ("dist", distance), ("head", heading), ("bear", heading),
)  # fmt: skip
OPERATIONS_OF_MF4 = tuple((name, fill_one if name == "fill" else operation) for name, operation in OPERATIONS) + (
    ("cav", group_statistic),
    ("csig", group_statistic),
    ("count", group_statistic),
)
