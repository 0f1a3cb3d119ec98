"""Colour spaces by tables of DNs, as COLORT has them: single precision, results of 16 bits.

Source: ``vos/p2/prog/colort`` (Fortran, 2017-05-31). ``SPACES[name]`` are its number, the names of its dimensions,
and what makes the transformation to it and from it; a transformation takes three arrays of int32 and gives three."""

from __future__ import annotations

import numpy as np

from vicar.numerics import libm
from vicar.numerics.rounding import truncate

_F = np.float32
DEGREES = _F(57.2958)
DNS = np.arange(256, dtype=np.float32)
SQRT6, SQRT2, SQRT32 = np.sqrt(_F(6)), np.sqrt(_F(2)), np.sqrt(_F(1.5))
HALF, TOP = _F(0.5), _F(255)
# Wyszecki and Stiles, Color Science, page 269: parts of blue, green and red in the norm, in x and in y
NORM = _F(1.20063), _F(1.13240), _F(0.66697)
RED_PART = _F(0.20000), _F(0.31000), _F(0.49000)
GREEN_PART = _F(0.01063), _F(0.81240), _F(0.17697)
ROOTS = 12000


class OutOfTable(Exception):
    """A DN for which the original takes other memory."""


def pick(table: np.ndarray, place: np.ndarray) -> np.ndarray:
    if place.size and (place.min() < 0 or place.max() >= table.size):
        raise OutOfTable
    return table.ravel()[place]


def short(values) -> np.ndarray:
    """Assigned to INTEGER*2, kept in 32 bits."""
    return truncate(values, np.int16).astype(np.int32)


def limited(values) -> np.ndarray:
    return np.minimum(np.maximum(values, _F(0)), TOP)


def to_tristimulus():
    sums = np.arange(768, dtype=np.float32)
    with np.errstate(all="ignore"):
        shares = short((TOP / sums)[:, None] * DNS + HALF)
    shares[0], shares[1, 2:] = 0, 255
    thirds = short(sums / _F(3) + HALF)

    def convert(blue, green, red):
        total = blue + green + red
        return pick(shares, total * 256 + green), pick(shares, total * 256 + red), pick(thirds, total)

    return convert


def from_tristimulus():
    products = np.minimum(short(np.outer(DNS, DNS) / _F(85) + HALF), 255)

    def convert(g, r, intensity):
        green, red = pick(products, intensity * 256 + g), pick(products, intensity * 256 + r)
        return np.clip(3 * intensity - green - red, 0, 255), green, red

    return convert


def summed(tables, colours) -> np.ndarray:
    first, second, third = (pick(table, colour) for table, colour in zip(tables, colours))
    return first + second + third


def to_cie():
    norm, x, y = ([part * DNS for part in parts] for parts in (NORM, RED_PART, GREEN_PART))

    def convert(*colours):
        length = summed(norm, colours)
        black = length == 0
        with np.errstate(all="ignore"):
            scale = TOP / length
            result = [scale * summed(x, colours), scale * summed(y, colours), length / _F(3)]
            return [np.where(black, dark, short(part + HALF)) for part, dark in zip(result, (85, 85, 0))]

    return convert


def to_ucs():
    norm, x, y = ([part * DNS for part in parts] for parts in (NORM, RED_PART, GREEN_PART))
    dns = np.arange(256)
    divisor = (12 * dns[:, None] - 2 * dns).astype(np.float32) + _F(765.01)
    us = short(np.minimum(_F(1600) * DNS / divisor + HALF, TOP))
    vs = short(np.minimum((2400 * dns).astype(np.float32)[:, None] / divisor + HALF, TOP))

    def convert(*colours):
        length = summed(norm, colours)
        black = length == 0
        with np.errstate(all="ignore"):
            scale = TOP / length
            across = np.where(black, 0, truncate(scale * summed(x, colours) + _F(1.5)) - 1)
            down = np.where(black, 0, truncate(scale * summed(y, colours) + _F(1.5)) - 1)
            place = down * 256 + across
            result = pick(us, place), pick(vs, place), short(length / _F(3) + HALF)
        return [np.where(black, dark, part) for part, dark in zip(result, (84, 126, 0))]

    return convert


class Chromatic:
    """The way back from x, y and intensity."""

    def __init__(self):
        (bd, gd, rd), (bx, gx, rx), (by, gy, ry) = NORM, RED_PART, GREEN_PART
        a, b, c, d = gd * bx - bd * gx, rd * bx - bd * rx, gd * by - bd * gy, rd * by - bd * ry
        q, three = b * c - a * d, _F(3)
        self.factors = three * c * bd / (TOP * q), three * a * bd / (TOP * q), three * bd / (TOP * a)
        self.red = DNS * three * (c * bx - a * by) / q
        self.green, self.green_of_red = DNS * three * bx / a, DNS * b / a
        self.blue, self.blue_of_green, self.blue_of_red = DNS * three / bd, DNS * gd / bd, DNS * rd / bd

    def convert(self, x, y, intensity, after: bool):
        """The colours; they are rounded within the limits (CIE) or ``after`` them (UCS)."""

        def rounded(values):
            return short(limited(values) + HALF) if after else short(limited(values + HALF))

        one, two, three = self.factors
        height, x, y = intensity.astype(np.float32), x.astype(np.float32), y.astype(np.float32)
        red = rounded(pick(self.red, intensity) - one * x * height + two * y * height)
        green = rounded(pick(self.green, intensity) - three * x * height - pick(self.green_of_red, red))
        blue = rounded(
            pick(self.blue, intensity) - pick(self.blue_of_green, green) - pick(self.blue_of_red, red)
        )
        return blue, green, red


def from_cie():
    way = Chromatic()
    return lambda x, y, intensity: way.convert(x, y, intensity, False)


def from_ucs():
    way, dns = Chromatic(), np.arange(256)
    divisor = _F(1600.01) + (2 * dns).astype(np.float32) - (8 * dns).astype(np.float32)[:, None]
    xs = short(limited(_F(765) * DNS / divisor) + HALF)
    ys = short(limited((510 * dns).astype(np.float32)[:, None] / divisor) + HALF)

    def convert(u, v, intensity):
        place = v * 256 + u
        return way.convert(pick(xs, place), pick(ys, place), intensity, True)

    return convert


def saturation_limits() -> np.ndarray:
    """The greatest angle from the line of greys at each hue, in degrees."""
    angle, limits = _F(90), []
    for _ in range(256):
        limits.append(angle)
        angle -= _F(360) / _F(256)
        if angle < 30:
            angle += _F(120)
    return libm.atan(_F(1) / (SQRT2 * libm.sin(np.array(limits) / DEGREES))) * DEGREES


def plane(blue, green, red):
    """x and y in the plane across the line of greys."""
    return (blue + red - 2 * green).astype(np.float32) / SQRT6, (blue - red).astype(np.float32) / SQRT2


def hue_of(x, y, degrees) -> np.ndarray:
    hue = short(_F(256) / _F(360) * libm.atan2(y, x) * degrees + HALF)
    hue = np.where(hue < 0, hue + 255, hue)
    return np.where(x == 0, np.where(y > 0, 64, 192), hue)


def sine_place(x, y, length: np.ndarray, grey) -> np.ndarray:
    """Where the sine's square stands in a table of 10001."""
    with np.errstate(all="ignore"):
        place = truncate(_F(1.5) + _F(10000) * (x * x + y * y) / length).astype(np.int64) - 1
    return np.where(grey, 0, place)


def squares(*colours) -> np.ndarray:
    blue, green, red = (colour.astype(np.int64) for colour in colours)
    total = blue * blue + green * green + red * red
    if total.size and total.max() >= 1 << 31:
        raise OutOfTable
    return total


def arc_sines():
    return libm.asin(np.sqrt(np.arange(10001, dtype=np.float32) / _F(10000)))


def whole_roots(factor: int) -> np.ndarray:
    return short(_F(factor) * np.sqrt(np.arange(65536, dtype=np.float32)) + HALF)


def to_hsi():
    arcs, limits = TOP * arc_sines() * _F(180) / _F(3.14159), saturation_limits()

    def convert(*colours):
        x, y = plane(*colours)
        grey = (x == 0) & (y == 0)
        hue = hue_of(x, y, _F(57.297))
        arc = pick(arcs, sine_place(x, y, squares(*colours).astype(np.float32), grey))
        saturation = short(np.minimum(arc / pick(limits, hue), TOP) + HALF)
        return hue, np.where(grey, 0, saturation), np.maximum.reduce(colours)

    return convert


def radiance(colours, roots) -> np.ndarray:
    return pick(roots, truncate((squares(*colours).astype(np.float32) + _F(4.5)) / _F(3)).astype(np.int64) - 1)


def to_spherical():
    limit = libm.atan(SQRT2) / _F(4.45048)
    arcs, roots = short(np.minimum(arc_sines() * DEGREES / limit + HALF, TOP)), whole_roots(1)

    def convert(*colours):
        length = radiance(colours, roots)
        x, y = plane(*colours)
        grey, real = (x == 0) & (y == 0), length.astype(np.float32)
        colatitude = pick(arcs, sine_place(x, y, _F(3) * real * real, grey))
        return hue_of(x, y, DEGREES), np.where(grey, 0, colatitude), length

    return convert


def to_hsr():
    arcs, limits, roots = TOP * arc_sines() * DEGREES, saturation_limits(), whole_roots(1)

    def convert(*colours):
        length = radiance(colours, roots)
        x, y = plane(*colours)
        grey, real, hue = (x == 0) & (y == 0), length.astype(np.float32), hue_of(x, y, DEGREES)
        arc = pick(arcs, sine_place(x, y, _F(3) * real * real, grey))
        saturation = short(np.minimum(arc / pick(limits, hue), TOP) + HALF)
        return hue, np.where(grey, 0, saturation), length

    return convert


class Cone:
    """The way back from hue, saturation or colatitude, and length."""

    def __init__(self, degrees):
        hues = np.arange(256, dtype=np.float32)
        tangent = libm.tan(_F(360) / _F(256) * hues / degrees)
        self.slopes = np.sqrt(_F(1) + tangent * tangent)
        self.slopes[[64, 192]] = 1.0e10
        self.roots = whole_roots(100)

    def sides(self, hue, length, distance):
        """x, y, and the distance along the line of greys."""
        square = distance * distance
        x = distance / pick(self.slopes, hue)
        y = self.root(square - x * x)
        y = np.where(hue <= 127, -y, y)
        x = np.where((hue <= 63) | (hue > 191), -x, x)
        return x, y, self.root((length * length).astype(np.float32) - square)

    def root(self, square):
        return pick(self.roots, truncate(square + _F(1.5)).astype(np.int64) - 1).astype(np.float32) / _F(100)

    def colours(self, hue, length, distance):
        """Blue, green and red, each from the rounded red."""
        x, y, along = self.sides(hue, length, distance)
        red = short(limited(along + SQRT32 * y - x / SQRT2) + HALF)
        real = red.astype(np.float32)
        green = short(limited(real + _F(3) * x / SQRT2 - SQRT32 * y) + HALF)
        return short(limited(real - SQRT6 * y) + HALF), green, red


def distances() -> np.ndarray:
    """Sines of the angle by saturation and hue, times 10000."""
    return short(_F(10000) * libm.sin(saturation_limits() * DNS[:, None] / _F(14610.4)) + HALF)


def from_hsi():
    cone, sines = Cone(_F(57.296)), distances()

    def convert(hue, saturation, intensity):
        distance = (intensity * pick(sines, saturation * 256 + hue)).astype(np.float32) / _F(10000)
        x, y, along = cone.sides(hue, intensity, distance)
        red = SQRT32 * y - x / SQRT2 + along
        green, blue = red + _F(3) * x / SQRT2 - SQRT32 * y, red - SQRT6 * y
        factor = intensity.astype(np.float32) / np.maximum(np.maximum(np.maximum(blue, green), red), _F(1))
        return [short(factor * colour + HALF) for colour in (blue, green, red)]

    return convert


def from_spherical():
    cone = Cone(DEGREES)
    sines = libm.sin(DNS * (libm.atan(SQRT2) / _F(4.45058)) / DEGREES)
    return lambda hue, colatitude, length: cone.colours(
        hue, length, length.astype(np.float32) * pick(sines, colatitude)
    )


def from_hsr():
    cone, sines = Cone(DEGREES), distances()
    return lambda hue, saturation, length: cone.colours(
        hue, length, (length * pick(sines, saturation * 256 + hue)).astype(np.float32) / _F(10000)
    )


def to_cube_roots():
    roots = libm.pow(np.arange(ROOTS, dtype=np.float32) / _F(10000), _F(1) / _F(3))

    def root(value):
        return pick(roots, truncate(value + _F(1.5)).astype(np.int64) - 1)

    def convert(*colours):
        b, g, r = (colour.astype(np.float32) for colour in colours)
        red = root(_F(29.387) * r + _F(10.950) * g + _F(6.663) * b)
        green = root(_F(10.405) * r + _F(28.134) * g + _F(0.347) * b)
        blue = root(_F(0.293) * g + _F(27.388) * b)
        a = np.where(
            green > red,
            _F(420) * (red - green) + _F(100.5),
            np.minimum(_F(500) * (red - green) + _F(100.5), TOP),
        )
        factor = np.where(green > blue, _F(122), _F(214.4))
        return short(a), short(factor * (green - blue) + _F(150.5)), short(_F(101.16) * green + HALF)

    return convert


def from_cube_roots():
    c11, c12, c13 = _F(0.0029387), _F(0.0010950), _F(0.0006663)
    c21, c22, c23 = _F(0.0010405), _F(0.0028134), _F(0.0000347)
    c32, c33 = _F(0.0000293) * _F(0.8), _F(0.0027388)
    divisor = c12 * c21 - c11 * c22

    def convert(a, b, length):
        green = length.astype(np.float32) / _F(101.16)
        red = (a - 100).astype(np.float32) / np.where(a < 100, _F(420), _F(500)) + green
        blue = green - (b - 150).astype(np.float32) / np.where(b > 150, _F(122), _F(214.4))
        blue, green, red = blue * blue * blue, green * green * green, red * red * red
        with np.errstate(all="ignore"):
            dark = short(limited(blue / (c33 + c32 * green / blue)) + HALF)
        blues = np.where(blue <= 0, 0, dark)
        real = blues.astype(np.float32)
        greens = short(limited((c21 * (red - c13 * real) - c11 * (green - c23 * real)) / divisor) + HALF)
        reds = short(limited((red - c12 * greens.astype(np.float32) - c13 * real) / c11) + HALF)
        return blues, greens, reds

    return convert


COLOURS = ("blue", "grn", "red")
SPACES = {
    "TRISTIM": (("g", "r", "int"), to_tristimulus, from_tristimulus),
    "CIE": (("x", "y", "int"), to_cie, from_cie),
    "UCS": (("u", "v", "int"), to_ucs, from_ucs),
    "HSI": (("hue", "sat", "int"), to_hsi, from_hsi),
    "SPHERIC": (("long", "clat", "rad"), to_spherical, from_spherical),
    "HSR": (("hue", "sat", "rad"), to_hsr, from_hsr),
    "CUBEROOT": (("a*", "b*", "l*"), to_cube_roots, from_cube_roots),
}
