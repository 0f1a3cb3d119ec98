"""Where a spacecraft's camera looks: time scales, rotation of the Earth, rays on the ellipsoid.

Source: ``vos/p2/sub/carto_subs`` (``time_conversion.c``, ``eos_coords.c``, ``georeference_camera.c``; C), which follow
Vallado, Fundamentals of Astrodynamics and Applications, with the IAU 1980 nutation series. Frames are true of date
("tod"), Earth-fixed ("ecef"), spacecraft and camera.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from vicar.numerics import libm
from vicar.numerics.rounding import truncate, wrap_int32

RADIANS, DEGREES = math.pi / 180.0, 180.0 / math.pi
EQUATORIAL, INVERSE_FLATTENING = 6378137.0, 298.257223563  # WGS 1984
CENTURY = 86400.0 * 36525.0
SECONDS_AT_EPOCH = 32  # leap seconds at 2000-01-01T12:00:00 UTC
TT_AT_EPOCH = 64.184  # TT seconds from noon TT to noon UTC of that day
LINES, FEWEST_WORDS, LONGEST_WORD, FIRST_YEAR = 1024, 7, 63, 1972
SMALL = 1e-12
MOST_POINTS = 50_000_000
LONGEST = 3e11  # seconds: more than all years of the calendar
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class BadTable(Exception):
    """A table of leap seconds that cannot be used; the message is the original's."""


# -- time -----------------------------------------------------------------------------------------------------------


@dataclass
class LeapSeconds:
    """Instants (year, month, day, hour, minute, second) from which TAI - UTC has a value."""

    instants: list[tuple[int, int, int, int, int, float]]
    counts: list[float]

    @classmethod
    def read(cls, name: str, directory: Path) -> LeapSeconds:
        """The table ``tai-utc.dat`` of the U.S. Naval Observatory."""
        try:
            lines = (directory / name).read_text(encoding="latin-1").splitlines()
        except OSError:
            raise BadTable(f"ERROR (count_lines): can't open {name}", where(f"can't open {name}")) from None
        if len(lines) > LINES:
            raise BadTable(where(f"number of lines in {name} exceeds MAX_N_LEAPS = {LINES}"))
        table = cls([], [])
        for line in lines:
            table.add(line)
        return table

    def add(self, line: str) -> None:
        words = line.split()
        if len(words) < FEWEST_WORDS:
            raise BadTable(where(f"expected at least 7 tokens on line |{line}|, found {len(words)}"))
        if max(map(len, words)) > LONGEST_WORD:
            raise BadTable(where(f"token too long on line |{line}|"))
        for place, wanted in ((3, "=JD"), (5, "TAI-UTC=")):
            if words[place].upper() != wanted:
                raise BadTable(where(f"invalid tok{place} = |{words[place]}| on line |{line}|"))
        year, day = int(leading(words[0])), int(leading(words[2]))
        if year < FIRST_YEAR:
            return
        if words[1][:3].lower() not in MONTHS:
            raise BadTable(where(f"bad month string |{words[1]}| on line |{line}|"))
        month = MONTHS.index(words[1][:3].lower()) + 1
        offset = (leading(words[4]) - julian_date(year, month, day)) * 86400
        self.instants.append(components(year, month, day, 0, offset))
        self.counts.append(leading(words[6]))

    def count_at(self, time: tuple[int, int, int, int, int, float]) -> float:
        """Leap seconds at a time, none before the first; as in the original the day of the month does not matter."""
        year, month, _, hour, minute, second = time
        for place, (y, t, _, h, m, s) in enumerate(self.instants):
            if (year, month, hour, minute, second) < (y, t, h, m, s):
                return self.counts[place - 1] if place else 0.0
        return self.counts[-1] if self.counts else math.nan


def where(text: str) -> str:
    return f"ERROR (initialize_leap_second_table): {text}"


def leading(word: str) -> float:
    """The number a word begins with, as atof reads it."""
    found = re.match(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", word)
    return float(found[0]) if found else 0.0


def julian_date(year: int, month: int, day: int) -> float:
    """Julian date of a midnight."""
    early = (14 - month) // 12
    y, m = year + 4800 - early, month + 12 * early - 3
    days = day + (153 * m + 2) // 5 + y // 4 - y // 100 + y // 400 - 32045
    return days + 365.0 * y + -12.0 / 24.0


def components(year: int, month: int, day: int, hour: int, second: float) -> tuple[int, int, int, int, int, float]:
    """Year, month, day, hour, minute and second, ``second`` seconds from an hour. Raises OverflowError beyond the calendar."""
    if not abs(second) < LONGEST:
        raise OverflowError
    minute = 0
    if abs(second) > 180.0:  # whole minutes, none of which costs a bit, all but the last
        minute = int(abs(second) / 60.0) - 1
        minute = minute if second > 0 else -minute
        second -= 60.0 * minute
    backwards = second < 0
    while second < 0 if backwards else second >= 60:
        second += 60.0 if backwards else -60.0
        minute += -1 if backwards else 1
    carried, minute = divmod(minute, 60)
    days, hour = divmod(hour + carried, 24)
    there = date(year, month, day) + timedelta(days)
    return there.year, there.month, there.day, hour, minute, second


def terrestrial_time(utc: float, leaps: LeapSeconds) -> float:
    """TT seconds since noon TT of 2000-01-01 for UTC seconds (leap seconds not counted) since noon UTC of that day."""
    year, month, day, hour, minute, second = components(2000, 1, 1, 12, utc)
    count = leaps.count_at((year, month, day, hour, minute, float(f"{second:.12f}")))
    return utc + TT_AT_EPOCH + (count - SECONDS_AT_EPOCH)


# -- rotations --------------------------------------------------------------------------------------------------------


def product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a b for a 3 x 3 matrix and a matrix or vectors, summed in order."""
    b = np.asarray(b, float)
    return np.stack([a[row, 0] * b[0] + a[row, 1] * b[1] + a[row, 2] * b[2] for row in range(3)])


def rotation_of(q) -> np.ndarray:
    """Rotation of a quaternion."""
    a, b, c, d = (float(x) for x in q)
    return np.array([
        [a * a + b * b - c * c - d * d, 2.0 * (-(a * d) + b * c), 2.0 * (a * c + b * d)],
        [2.0 * (a * d + b * c), a * a - b * b + c * c - d * d, 2.0 * (-(a * b) + c * d)],
        [2.0 * (-(a * c) + b * d), 2.0 * (a * b + c * d), a * a - b * b - c * c + d * d],
    ])  # fmt: skip


def quaternion_of(r: np.ndarray) -> np.ndarray:
    """Quaternion of a rotation, from its largest element."""
    x, y, z = (float(r[n, n]) for n in range(3))
    sizes = [root(1 + x + y + z), root(1 + x - y - z), root(1 - x + y - z), root(1 - x - y + z)]
    sizes = [size / 2.0 for size in sizes]
    largest = max(range(4), key=sizes.__getitem__)
    f = 1.0 / (4.0 * sizes[largest])
    differences = [r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1]]
    sums = {(1, 2): r[0, 1] + r[1, 0], (1, 3): r[0, 2] + r[2, 0], (2, 3): r[1, 2] + r[2, 1]}
    q = np.zeros(4)
    for place in range(4):
        low, high = sorted((place, largest))
        if low == high:
            q[place] = sizes[largest]
        else:
            q[place] = (differences[high - 1] if low == 0 else sums[low, high]) * f
    return q


def root(value: float) -> float:
    return math.sqrt(value) if value > 0 else 0.0


def by_vector(q: np.ndarray) -> np.ndarray:
    """Rotation of a quaternion, by way of its axis and angle."""
    angle, f = 2.0 * float(libm.acos(q[0])), root(1.0 - q[0] * q[0])
    if abs(angle) < SMALL:
        return np.diag([1.0, 1.0, 1.0])
    with np.errstate(all="ignore"):
        vector = angle * q[1:] / f
    angle = float(np.sqrt(vector[0] * vector[0] + vector[1] * vector[1] + vector[2] * vector[2]))
    if angle < SMALL:
        return np.diag([1.0, 1.0, 1.0])
    c, s = float(libm.cos(angle)), float(libm.sin(angle))
    g = 1 - c
    x, y, z = (float(v) for v in vector / angle)
    return np.array([
        [c + g * x * x, -s * z + g * x * y, s * y + g * x * z],
        [s * z + g * y * x, c + g * y * y, -s * x + g * y * z],
        [-s * y + g * z * x, s * x + g * z * y, c + g * z * z],
    ])  # fmt: skip


def series(coefficients, t: float) -> float:
    """A polynomial by its powers in turn."""
    total, power = 0.0, 1.0
    for coefficient in coefficients:
        total += coefficient * power
        power = t * power
    return total


def nutation(t: float) -> tuple[float, float, float]:
    """Mean and true obliquity (radians) and nutation in longitude (microseconds of arc) at ``t`` centuries of TT."""
    arguments = [series(row, t) for row in ARGUMENTS]
    obliquity = series(OBLIQUITY, t)
    longitude = tilt = 0.0
    for row in NUTATION:
        angle = 0.0
        for multiple, argument in zip(row[:5], arguments, strict=True):
            angle += multiple * argument
        angle *= RADIANS
        longitude += (row[5] + row[6] * t) * math.sin(angle) * 100
        tilt += (row[7] + row[8] * t) * math.cos(angle) * 100
    return obliquity * RADIANS, (obliquity + tilt * 1e-06 / 3600.0) * RADIANS, longitude


def earth_rotation(tt: float, ut1: float) -> np.ndarray:
    """Rotation from true of date to Earth-fixed at seconds of TT and UT1 since their noons of 2000-01-01."""
    _, obliquity, longitude = nutation(tt / CENTURY)
    equinoxes = longitude * 1e-06 * math.cos(obliquity) / 15.0
    sidereal = (series(SIDEREAL, ut1 / CENTURY) + equinoxes) * 15.0 / 3600.0 * RADIANS
    c, s = math.cos(sidereal), math.sin(sidereal)
    return np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])


# -- camera -----------------------------------------------------------------------------------------------------------


def ground_points(samples, lines, heights, rotation, place, focal, skew, principal) -> tuple[np.ndarray, ...]:
    """Sample, line, latitude, longitude and height where rays meet the ellipsoid raised by heights.

    Heights vary fastest, samples slowest; rays that miss are left out. Angles are in degrees.
    """
    u, v, h = (values.ravel() for values in np.meshgrid(samples, lines, heights, indexing="ij"))
    x, y = (u - principal[0]) / focal[0], (v - principal[1]) / focal[1]
    direction = product(rotation, np.stack((x - skew * y, y, np.ones_like(x))))
    flattening = 1.0 / INVERSE_FLATTENING
    polar = (1.0 - flattening) * EQUATORIAL
    axes = np.stack((EQUATORIAL + h, EQUATORIAL + h, polar + h))
    found, point = meet(place[:, None], direction, axes * axes)
    u, v, point = u[found], v[found], point[:, found]
    ratio = (1.0 - flattening) * (1.0 - flattening)
    e2, ep2 = 1.0 - ratio, 1.0 / ratio - 1.0
    p = np.sqrt(point[0] * point[0] + point[1] * point[1])
    theta = libm.atan2(point[2] * EQUATORIAL, p * polar)
    north = point[2] + ep2 * polar * libm.pow(libm.sin(theta), 3.0)
    out = p - e2 * EQUATORIAL * libm.pow(libm.cos(theta), 3.0)
    latitude = libm.atan2(north, out)
    sine = libm.sin(latitude)
    normal = EQUATORIAL / np.sqrt(1.0 - e2 * sine * sine)
    longitude = libm.atan2(point[1], point[0]) * DEGREES
    return u, v, latitude * DEGREES, longitude, p / libm.cos(latitude) - normal


def meet(start, direction, squares) -> tuple[np.ndarray, np.ndarray]:
    """Whether rays meet ellipsoids about the origin, and the nearest points."""

    def total(values):
        return 0.0 + values[0] + values[1] + values[2]

    a = total(direction * direction / squares)
    b = 2.0 * total(direction * start / squares)
    c = total(start * start / squares) - 1.0
    with np.errstate(all="ignore"):
        inside = b * b - 4.0 * a * c
        half = np.sqrt(inside)
        near, far = (-b - half) / (2.0 * a), (-b + half) / (2.0 * a)
        found = (inside >= 0) & ((near >= 0) | (far >= 0))
        step = np.where((near >= 0) & (near <= far), near, far)
        return found, step * direction + start


def ranges(task, *names: str) -> tuple[list[np.ndarray], int]:
    """The values of each parameter (first, step, last), and how many points they make, in the original's 32 bits."""
    values, count = [], 1
    for name in names:
        first, step, last = task.doubles(name)
        with np.errstate(all="ignore"):
            # a tenth more, so that rounding takes none away
            number = wrap_int32(1 + int(truncate(np.floor(np.divide(last - first + 0.1, step)))))
        count *= number
        if max(number, count) > MOST_POINTS:
            task.abend(f"{count} points are too many.")
        values.append(first + np.arange(max(number, 0)) * step)
    return values, wrap_int32(count)


# Polynomials in centuries: mean anomalies of Moon and Sun, argument of latitude, elongation and node of the Moon, degrees
ARGUMENTS = (
    (134.9629814, 477198.8674, 0.008697, 1.7778e-05, 0.0),
    (357.5277233, 35999.05034, -0.000160, -3.3e-06, 0.0),
    (93.27191028, 483202.0175, -0.0036825, 3.0556e-06, 0.0),
    (297.8503631, 445267.1115, -0.001914, 5.2778e-06, 0.0),
    (125.0445222, -1934.136261, 0.002071, 2.22e-06, 0.0),
)
OBLIQUITY = (23.43929111, -0.0130042, -1.6389e-07, 5.0361e-07, 0.0)  # degrees
SIDEREAL = (67310.54841, 876600.0 * 3600.0 + 8640184.812866, 0.093104, -6.2e-06, 0.0)  # Greenwich mean, seconds

# Multiples of the arguments; nutation in longitude and its change, in obliquity and its change, 0.1 mas
_TERMS = """
     0  0  0  0  1 -171996 -174.2 92025  8.9
     0  0  0  0  2    2062    0.2  -895  0.5
    -2  0  2  0  1      46    0.0   -24  0.0
     2  0 -2  0  0      11    0.0     0  0.0
    -2  0  2  0  2      -3    0.0     1  0.0
     1 -1  0 -1  0      -3    0.0     0  0.0
     0 -2  2 -2  1      -2    0.0     1  0.0
     2  0 -2  0  1       1    0.0     0  0.0
     0  0  2 -2  2  -13187   -1.6  5736 -3.1
     0  1  0  0  0    1426   -3.4    54 -0.1
     0  1  2 -2  2    -517    1.2   224 -0.6
     0 -1  2 -2  2     217   -0.5   -95  0.3
     0  0  2 -2  1     129    0.1   -70  0.0
     2  0  0 -2  0      48    0.0     1  0.0
     0  0  2 -2  0     -22    0.0     0  0.0
     0  2  0  0  0      17   -0.1     0  0.0
     0  1  0  0  1     -15    0.0     9  0.0
     0  2  2 -2  2     -16    0.1     7  0.0
     0 -1  0  0  1     -12    0.0     6  0.0
    -2  0  0  2  1      -6    0.0     3  0.0
     0 -1  2 -2  1      -5    0.0     3  0.0
     2  0  0 -2  1       4    0.0    -2  0.0
     0  1  2 -2  1       4    0.0    -2  0.0
     1  0  0 -1  0      -4    0.0     0  0.0
     2  1  0 -2  0       1    0.0     0  0.0
     0  0 -2  2  1       1    0.0     0  0.0
     0  1 -2  2  0      -1    0.0     0  0.0
     0  1  0  0  2       1    0.0     0  0.0
    -1  0  0  1  1       1    0.0     0  0.0
     0  1  2 -2  0      -1    0.0     0  0.0
     0  0  2  0  2   -2274   -0.2   977 -0.5
     1  0  0  0  0     712    0.1    -7  0.0
     0  0  2  0  1    -386   -0.4   200  0.0
     1  0  2  0  2    -301    0.0   129 -0.1
     1  0  0 -2  0    -158    0.0    -1  0.0
    -1  0  2  0  2     123    0.0   -53  0.0
     0  0  0  2  0      63    0.0    -2  0.0
     1  0  0  0  1      63    0.1   -33  0.0
    -1  0  0  0  1     -58   -0.1    32  0.0
    -1  0  2  2  2     -59    0.0    26  0.0
     1  0  2  0  1     -51    0.0    27  0.0
     0  0  2  2  2     -38    0.0    16  0.0
     2  0  0  0  0      29    0.0    -1  0.0
     1  0  2 -2  2      29    0.0   -12  0.0
     2  0  2  0  2     -31    0.0    13  0.0
     0  0  2  0  0      26    0.0    -1  0.0
    -1  0  2  0  1      21    0.0   -10  0.0
    -1  0  0  2  1      16    0.0    -8  0.0
     1  0  0 -2  1     -13    0.0     7  0.0
    -1  0  2  2  1     -10    0.0     5  0.0
     1  1  0 -2  0      -7    0.0     0  0.0
     0  1  2  0  2       7    0.0    -3  0.0
     0 -1  2  0  2      -7    0.0     3  0.0
     1  0  2  2  2      -8    0.0     3  0.0
     1  0  0  2  0       6    0.0     0  0.0
     2  0  2 -2  2       6    0.0    -3  0.0
     0  0  0  2  1      -6    0.0     3  0.0
     0  0  2  2  1      -7    0.0     3  0.0
     1  0  2 -2  1       6    0.0    -3  0.0
     0  0  0 -2  1      -5    0.0     3  0.0
     1 -1  0  0  0       5    0.0     0  0.0
     2  0  2  0  1      -5    0.0     3  0.0
     0  1  0 -2  0      -4    0.0     0  0.0
     1  0 -2  0  0       4    0.0     0  0.0
     0  0  0  1  0      -4    0.0     0  0.0
     1  1  0  0  0      -3    0.0     0  0.0
     1  0  2  0  0       3    0.0     0  0.0
     1 -1  2  0  2      -3    0.0     1  0.0
    -1 -1  2  2  2      -3    0.0     1  0.0
    -2  0  0  0  1      -2    0.0     1  0.0
     3  0  2  0  2      -3    0.0     1  0.0
     0 -1  2  2  2      -3    0.0     1  0.0
     1  1  2  0  2       2    0.0    -1  0.0
    -1  0  2 -2  1      -2    0.0     1  0.0
     2  0  0  0  1       2    0.0    -1  0.0
     1  0  0  0  2      -2    0.0     1  0.0
     3  0  0  0  0       2    0.0     0  0.0
     0  0  2  1  2       2    0.0    -1  0.0
    -1  0  0  0  2       1    0.0    -1  0.0
     1  0  0 -4  0      -1    0.0     0  0.0
    -2  0  2  2  2       1    0.0    -1  0.0
    -1  0  2  4  2      -2    0.0     1  0.0
     2  0  0 -4  0      -1    0.0     0  0.0
     1  1  2 -2  2       1    0.0    -1  0.0
     1  0  2  2  1      -1    0.0     1  0.0
    -2  0  2  4  2      -1    0.0     1  0.0
    -1  0  4  0  2       1    0.0     0  0.0
     1 -1  0 -2  0       1    0.0     0  0.0
     2  0  2 -2  1       1    0.0    -1  0.0
     2  0  2  2  2      -1    0.0     0  0.0
     1  0  0  2  1      -1    0.0     0  0.0
     0  0  4 -2  2       1    0.0     0  0.0
     3  0  2 -2  2       1    0.0     0  0.0
     1  0  2 -2  0      -1    0.0     0  0.0
     0  1  2  0  1       1    0.0     0  0.0
    -1 -1  0  2  1       1    0.0     0  0.0
     0  0 -2  0  1      -1    0.0     0  0.0
     0  0  2 -1  2      -1    0.0     0  0.0
     0  1  0  2  0      -1    0.0     0  0.0
     1  0 -2 -2  0      -1    0.0     0  0.0
     0 -1  2  0  1      -1    0.0     0  0.0
     1  1  0 -2  1      -1    0.0     0  0.0
     1  0 -2  2  0      -1    0.0     0  0.0
     2  0  0  2  0       1    0.0     0  0.0
     0  0  2  4  2      -1    0.0     0  0.0
     0  1  0  1  0       1    0.0     0  0.0
"""
NUTATION = [[float(word) for word in line.split()] for line in _TERMS.split("\n") if line]


def leap_seconds(task) -> LeapSeconds:
    """The table LEAPFILE names; ends the program if it is none."""
    try:
        return LeapSeconds.read(task.string("LEAPFILE", ""), task.directory)
    except BadTable as error:
        for text in error.args:
            task.printf(text)
        task.abend("initialize_leap_second_table failed")
    except OverflowError:
        task.abend("A Julian date of the table of leap seconds is outside of the calendar.")


def image_time(task, leaps: LeapSeconds) -> float:
    """`terrestrial_time` of ACS_TIME."""
    try:
        return terrestrial_time(task.double("ACS_TIME"), leaps)
    except OverflowError:
        task.abend("ACS_TIME is outside of the calendar.")
