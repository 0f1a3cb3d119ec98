"""PIXGRAD: steepness and direction of the slopes of a height model. Source: ``vos/p2/prog/pixgrad`` (Fortran, 05-SEP-94).

Kept from the original: lines are read from the second line of the file on, whatever SL says (with SL beyond 1 the first
line above is line SL-1 and the first line itself is zeros); the left border of the line below the last is left over from two
lines before, which ARCINFO and ERDAS see; the derivatives lack their last line; CENTER writes the last line in full length.

known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from vicar.errors import VicarError
from vicar.numerics import libm
from vicar.numerics.fortran import edit
from vicar.numerics.rounding import truncate

FORTRAN = True
f32 = np.float32
PI = f32(3.1415927)
FLAT = f32(0.0001)
FEET = f32(5280.0)
WEIGHTS = {"STANDARD": 2, "ARCINFO": 8, "ERDAS": 6}


def main(task):
    verbose = task.keyword("VERBOSE")
    task.if_message("PIXGRAD version 05-SEP-94")
    source = task.open("INP", u_format="HALF")
    centre, outputs = task.keyword("CENTER"), task.count("OUT")
    window = task.size_field(source)
    if not centre and window.sl + window.nl > 1 + window.nli:
        task.abend("$$$ REQUESTED SIZE FIELD EXCEEDS", "    INPUT PICTURE LENGTH. $$$")
    if source.pix_size not in (1, 2):
        task.abend("ERROR:INP. IMAGE IS NOT BYTE OR HALF FORMAT")
    if outputs == 3:  # the fourth is asked for before any is opened
        raise VicarError("BADINST", "XVUNIT")
    slopes = Slopes(task)
    nl, ns = (window.nl // 3, window.ns // 3) if centre else (window.nl, window.ns)
    results = [task.create("OUT", n, nl=nl, ns=ns, u_format=form, format=form if n > 2 else "BYTE")
               for n, form in enumerate(("HALF", "HALF", "REAL", "REAL")[: 4 if outputs > 2 else 2], 1)]
    if verbose:
        slopes.report(task, outputs > 2)
    if window.ss - 1 + window.ns > window.nsi:
        task.abend("$$$ REQUESTED SIZE FIELD EXCEEDS", "      INPUT PICTURE WIDTH $$$")
    if verbose:
        task.message(direction(slopes.adip, slopes.bdip * slopes.adip))
    above, here, below = starting_lines(source, window)
    for line in range(2, window.nl + 1):
        bordered(below, source.read(line=line, samp=window.ss, nsamps=window.ns))
        planes = slopes.of(above, here, below)
        if verbose:
            task.message(edit("(' WRITING TO DISK',I12)", line))
        if not centre:
            write(results, planes)
        elif line % 3 == 2:
            write(results, [plane[1::3][:ns] for plane in planes])
        above, here, below = here, below, above
    below[1:] = here[1:]
    write(results[:2], slopes.of(above, here, below))
    for image in (source, *results):
        image.close()


def starting_lines(source, window):
    """Lines with a border on either side: the one above the first, the first, and room for the one below."""
    above, here, below = (np.zeros(window.ns + 2, np.int16) for _ in range(3))
    bordered(above, source.read(line=1 if window.sl == 1 else window.sl - 1, samp=window.ss, nsamps=window.ns))
    if window.sl == 1:
        here[:] = above
    return above, here, below


def bordered(line, values):
    line[1:-1] = values
    line[0], line[-1] = line[1], line[-2]


def write(results, planes):
    for image, plane in zip(results, planes):
        image.write(plane, nsamps=len(plane))


def direction(scale, offset):
    return edit("('GRADIENT DIRECTION PICTURE... DN=',F7.3,'*AZIMUTH(DEG).',F7.3)", scale, offset)


class Slopes:
    """Slope and azimuth of lines, by one of three differences."""

    def __init__(self, task):
        names = ("NORTH", "ADIP", "BDIP", "AAZ", "BAZ", "LSCALE", "SSCALE", "AALT")
        north, self.adip, self.bdip, self.aaz, self.baz, self.lscale, self.sscale, self.aalt = map(task.real, names)
        self.method = next(m for m in ("ARCINFO", "ERDAS", "STANDARD") if task.keyword(m) or m == "STANDARD")
        weight = f32(WEIGHTS[self.method])
        self.across = self.aalt / (FEET * self.lscale) / weight
        self.down = self.aalt / (FEET * self.sscale) / weight
        degree = PI / f32(180)
        self.dip_scale, self.azimuth_scale = self.adip / degree, self.aaz / degree
        self.turn = f32(2) * PI
        self.north = self.turn - degree * north
        self.flat = tuple(truncate(v + f32(0.5), np.int16) for v in (self.bdip, self.baz))

    def of(self, above, here, below):
        """Slope and azimuth as stored, and both derivatives."""
        x, y = (d.astype(f32) * scale for d, scale in zip(self._differences(above, here, below), (self.across, self.down)))
        z = x * x + y * y
        dip = self.dip_scale * libm.atan(libm.sqrt(z)) + (self.bdip + f32(0.5))
        turned = libm.fmod(libm.atan2(-x, y) + self.north, self.turn)
        azimuth = self.azimuth_scale * turned + (self.baz + f32(0.5))
        level = z <= FLAT
        return [np.where(level, flat, truncate(v, np.int16)) for v, flat in zip((dip, azimuth), self.flat)] + [x, y]

    def _differences(self, above, here, below):
        if self.method == "STANDARD":
            return here[2:] - here[:-2], below[1:-1] - above[1:-1]  # halfwords, which wrap
        middle = f32(2 if self.method == "ARCINFO" else 1)
        (a, b, c), (d, _, f), (g, h, j) = ([line[k : k + len(line) - 2].astype(f32) for k in range(3)]
                                           for line in (above, here, below))
        return (c + middle * f + j) - (a + middle * d + g), (g + middle * h + j) - (a + middle * b + c)

    def report(self, task, derivatives):
        for _ in range(2 if derivatives else 1):
            task.message(direction(self.aaz, self.baz))
        for form, *values in (
            ("('             ALTITUDE PICTURE...      ALT=', F8.3,' * DN   +',F9.3,' FT')", self.aalt, f32(0)),
            ("('         SAMPLE SCALE IS ',F8.4,' MILES/PXL')", self.lscale),
            ("('           LINE SCALE IS ',F8.4,' MILES/PXL')", self.sscale),
            ("('   GRADIENT MAGNITUDE PICTURE...       DN=', F8.3,' * DIP  +',F9.3)", self.adip, self.bdip),
            ("('   GRADIENT DIRECTION PICTURE...       DN=', F8.3,'*AZIMUTH+',F9.3)", self.aaz, self.baz),
        ):
            task.message(edit(form, *values))
