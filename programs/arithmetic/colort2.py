"""COLORT2: three images of any format from blue, green and red to hue, saturation and intensity or alike, or back.

Source: ``vos/p2/prog/colort2`` (Fortran, 2017-08-03). Of the eight spaces HSI, HSR and SPHERIC are there, as in the
original.

Kept as they are: the third output of a transformation from colours has MAXVAL with a grave accent behind it in its
label; to colours MAXVAL is only taken from the label, and without it the program ends; from SPHERIC and HSR the hue
and the saturation are taken 1 DN higher than they are written.
known: nothing. accepted: hues so large that 120 degrees no longer change them end with a sentence; the original
hangs.
"""

from __future__ import annotations

import numpy as np

from programs.arithmetic._colour_tables import COLOURS, SPACES
from programs.arithmetic.colort import dimension, transformation
from vicar.image.sweep import together
from vicar.numerics import libm

FORTRAN = True
_F = np.float32
DEGREES = _F(57.2957795)
SQRT6, SQRT2, SQRT32 = np.sqrt(_F(6)), np.sqrt(_F(2)), np.sqrt(_F(1.5))
FORMATS = ("BYTE", "HALF", "FULL", "REAL")


class Endless(Exception):
    """A hue that never comes into its third."""


def main(task):
    task.if_message("COLORT2 version 2017-08-03")
    images = [task.open("INP", number, u_format="REAL") for number in (1, 2, 3)]
    kind = images[0].format
    if kind not in FORMATS:
        task.abend("unsuported data format")
    if any(image.format != kind for image in images):
        task.abend("all inputs must have same format")
    window = task.size_field(images[0])
    start, end = spaces(task)
    task.message(transformation(start, end))
    outputs = [task.create("OUT", number, format=kind, u_format="REAL") for number in (1, 2, 3)]
    if start == "RGB":
        images.reverse()
    if end == "RGB":
        outputs.reverse()
    names = SPACES[end][0] if end in SPACES else COLOURS
    for output, name in zip(outputs, names):
        output.label.add("LABEL", dimension(transformation(start, end), name), task="", format="STRING")
    if end in SPACES:
        most = chosen(task, kind)
        for output, key in zip(outputs, ("MAXVAL", "MAXVAL", "MAXVAL`")):
            output.label.add(key, most, task="", format="REAL")
    else:
        most = _F(images[0].label.get("MAXVAL", task="", format="REAL"))
    convert = {"HSI": (to_hsi, from_hsi), "HSR": (to_hsr, from_hsr), "SPHERIC": (to_spherical, from_spherical)}[
        end if end in SPACES else start
    ][end not in SPACES]
    for done, planes in together(images, window.sl, window.ss, window.nl, window.ns, None):
        try:
            with np.errstate(all="ignore"):
                results = convert(*planes, most + _F(1))
        except Endless:
            task.abend("A hue is too large.")
        for output, values in zip(outputs, results):
            output.write_window(values, done + 1)


def spaces(task) -> tuple[str, str]:
    """FROM and TO."""
    start, end = task.string("FROM"), task.string("TO")
    plain, colours = ("BGR", "DN"), ("BGR", "DN", "RGB")
    if start in plain and end in plain:
        task.abend('Either "FROM" or "TO" must be specified')
    if {start, end} & set(plain) and "RGB" in (start, end):
        task.abend("No transformation between BGR and RGB!")
    if start not in colours and end not in colours:
        task.abend("Either FROM or TO must be RGB/BGR")
    if (end if start in colours else start) not in ("HSI", "HSR", "SPHERIC"):
        task.abend("currently only HSI/HSR/SPH supported ...")
    return start, end


def chosen(task, kind: str):
    """MAXVAL of a transformation from colours."""
    if kind == "BYTE":
        return _F(255)
    if task.count("MAXVAL"):
        return task.real("MAXVAL")
    if kind != "HALF":
        task.abend("param. MAXVAL required for FULL or REAL data")
    task.message(" MAXVAL = 4095 assumed")
    return _F(4095)


def lower(first, second):
    """AMIN1."""
    return np.where(first < second, first, second)


def higher(first, second):
    """AMAX1."""
    return np.where(first > second, first, second)


def plane(blue, green, red):
    return (blue + red - _F(2) * green) / SQRT6, (blue - red) / SQRT2


def hue_of(x, y, most):
    hue = most / _F(360) * libm.atan2(y, x) * DEGREES
    return np.where(hue < 0, hue + most - _F(1), hue)


def limit(angle):
    """The greatest angle from the line of greys at ``angle`` = 90 degrees - hue."""
    while (low := angle < 30).any():
        after = np.where(low, angle + _F(120), angle)
        if (low & (after == angle)).any():
            raise Endless
        angle = after
    return libm.atan(_F(1) / (SQRT2 * libm.sin(angle / DEGREES))) * DEGREES


def saturation(x, y, total, hue, most):
    """The angle from the line of greys as part of the greatest; ``total`` is the sum of squares."""
    sine = most * libm.asin(np.sqrt((x * x + y * y) / total)) * DEGREES
    part = (x != 0) | (y != 0)
    angle = np.where(part, _F(90) - hue / (most / _F(360)), _F(90))
    return np.where(part, lower(sine / limit(angle), most - _F(1)), _F(0))


def to_hsi(blue, green, red, most):
    (x, y), total = plane(blue, green, red), blue * blue + green * green + red * red
    hue = hue_of(x, y, most)
    return hue, saturation(x, y, total, hue, most), higher(higher(blue, green), red)


def to_hsr(blue, green, red, most):
    (x, y), total = plane(blue, green, red), blue * blue + green * green + red * red
    hue = hue_of(x, y, most)
    return hue, saturation(x, y, total, hue, most), np.sqrt(total / _F(3))


def to_spherical(blue, green, red, most):
    length = np.sqrt((blue * blue + green * green + red * red) / _F(3))
    x, y = plane(blue, green, red)
    sine = libm.asin(np.sqrt((x * x + y * y) / (_F(3) * length * length))) * DEGREES
    scale = libm.atan(SQRT2) * DEGREES / (most - _F(1))
    part = (x != 0) | (y != 0)
    return hue_of(x, y, most), np.where(part, lower(sine / scale, most - _F(1)), _F(0)), length


def sides(degrees, length, distance, straight):
    """x, y, and the distance along the line of greys; where ``straight``, x is nearly nothing."""
    square = distance * distance
    tangent = libm.tan(degrees / DEGREES)
    x = distance / np.where(straight, _F(1e10), np.sqrt(_F(1) + tangent * tangent))
    rest = square - x * x
    y = np.sqrt(np.where(rest < 0, _F(0), rest))
    y = np.where(degrees <= 180, -y, y)
    x = np.where((degrees <= 90) | (degrees > 270), -x, x)
    rest = length * length - square
    return x, y, np.sqrt(np.where(rest < 0, _F(0), rest))


def distance_of(hue, part, length, most):
    angle = limit(_F(90) - hue * (_F(360) / most))
    return length * libm.sin(angle * part / (DEGREES * (most - _F(1))))


def from_hsi(hue, part, intensity, most):
    degrees = hue * (_F(360) / most)
    straight = ~((np.abs(degrees - _F(90)) > _F(0.000001)) & (np.abs(degrees - _F(270)) > _F(0.000001)))
    x, y, along = sides(degrees, intensity, distance_of(hue, part, intensity, most), straight)
    red = SQRT32 * y - x / SQRT2 + along
    green, blue = red + _F(3) * x / SQRT2 - SQRT32 * y, red - SQRT6 * y
    factor = intensity / higher(higher(higher(blue, green), red), _F(0.000001))
    return bounded([lower(most, factor * colour) for colour in (blue, green, red)], most)


def round_colours(degrees, length, distance, most):
    x, y, along = sides(degrees, length, distance, (degrees == 90) | (degrees == 270))
    red = SQRT32 * y - x / SQRT2 + along
    return bounded([red - SQRT6 * y, red + _F(3) * x / SQRT2 - SQRT32 * y, red], most)


def from_hsr(hue, part, length, most):
    hue, part = hue + _F(1), part + _F(1)
    return round_colours(hue * (_F(360) / most), length, distance_of(hue, part, length, most), most)


def from_spherical(hue, part, length, most):
    scale = libm.atan(SQRT2) * DEGREES / (most - _F(1))
    distance = length * libm.sin((part + _F(1)) * scale / DEGREES)
    return round_colours((hue + _F(1)) * (_F(360) / most), length, distance, most)


def bounded(colours, most):
    """Of images of BYTE nothing is below 0."""
    return [np.where(colour < 0, _F(0), colour) for colour in colours] if most == 256 else colours
