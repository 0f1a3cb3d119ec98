"""SINPROJ: part of a sinusoidal map about another meridian. Source: ``vos/p2/prog/sinproj`` (C, 2019-09-17).

The input's history says where it is: PROJSAMP PROJ_LON LON_CL LON_CR LAT_UC LAT_LC. Longitudes and latitudes are
those of pixel edges outside and of pixel centres inside; single precision, with the double precision that C's
constants bring.

Kept as they are: an input that lies wholly within the output's line is put one sample too far to the right.
accepted: what lies beyond the ends of an output line is left out, where the original writes through memory.
known: nothing.
"""

from __future__ import annotations

import math

import numpy as np

from vicar.errors import VicarError
from vicar.numerics import libm

_F = np.float32
PI = 3.14159265358979
CONFLICTS = (("LAT_UC", "SL"), ("LAT_LC", "NL"), ("LON_CL", "SS"), ("LON_CR", "NS"))
OUTSIDE = "projsamp must be in image longitude range"


def main(task):
    task.if_message("SINPROJ version 2019-09-17")
    source = task.open("INP")
    old = Map(task, source)
    new = NewMap(task, old)
    output = task.create("OUT", nl=new.nl, ns=new.ns)
    project(task, source, output, old, new)
    new.label(output, old.step)


def whole(value) -> int:
    """Conversion to a C int."""
    return int(np.trunc(np.float64(value))) if abs(value) < 2**31 else -(2**31)


def label_value(task, source, key: str, form: str):
    """An item of the last task that has it."""
    for name, instance in reversed(source.label.tasks()):
        try:
            return source.label.get(key, task=name, instance=instance, format=form)
        except VicarError as error:
            if error.key != "FNDKEY":
                raise
            missing = error
    task.message(f"Error in getting label item {key}\n")
    raise missing


class Map:
    """Where the input is; latitudes and longitudes of pixel centres."""

    def __init__(self, task, source):
        self.projsamp = int(label_value(task, source, "PROJSAMP", "INT"))
        self.proj_lon, cl, cr, uc, lc = (
            _F(label_value(task, source, key, "REAL")) for key in ("PROJ_LON", "LON_CL", "LON_CR", "LAT_UC", "LAT_LC")
        )
        self.nl, self.ns = source.nl, source.ns
        width = cr - cl
        if width < 0:
            width = _F(float(width) + 360.0)
        self.step = width / _F(self.ns)
        self.wraps = abs(float(self.step + width - _F(360))) < self.step
        half = self.step / _F(2)
        self.lat_uc, self.lat_lc, self.lon_cl, self.lon_cr = uc - half, lc + half, cl + half, cr - half


class NewMap:
    """Where the output is, from the parameters; ``ss`` to ``es`` and ``sl`` to ``el`` count in the input."""

    def __init__(self, task, old: Map):
        self.task, self.old = task, old
        self.given = {name: task.count(name) > 0 for name in
                      ("LAT_UC", "LAT_LC", "LON_CL", "LON_CR", "PROJ_LON", "SL", "NL", "SS", "NS", "PROJSAMP")}  # fmt: skip
        clash = [pair for pair in CONFLICTS if self.given[pair[0]] and self.given[pair[1]]]
        half = old.step / _F(2)
        self.lat_uc, self.lat_lc = task.real("LAT_UC", _F(0)) - half, task.real("LAT_LC", _F(0)) + half
        self.lon_cl, self.lon_cr = task.real("LON_CL", _F(0)) + half, task.real("LON_CR", _F(0)) - half
        self.proj_lon, self.projsamp = task.real("PROJ_LON", _F(0)), task.integer("PROJSAMP", 0)
        self.sl, self.nl, self.ss, self.ns = (task.integer(name, 0) for name in ("SL", "NL", "SS", "NS"))
        self.el = self.es = 0
        if clash:
            task.abend(*(f"both {one.lower()} and {two.lower()} can't be specified" for one, two in clash))
        self._lines()
        self._samples()
        self._meridian()
        self.projsamp -= self.ss + 1

    def _latitude(self, line: int):
        return self.old.lat_uc + self.old.step * _F(1 - line)

    def _longitude(self, samp: int):
        old = self.old
        return _F(float(old.proj_lon) + (samp - old.projsamp - 0.5) * float(old.step))

    def _lines(self) -> None:
        old, given = self.old, self.given
        if given["LAT_UC"]:
            self.sl = whole(1.5 - float((self.lat_uc - old.lat_uc) / old.step))
            self.lat_uc = self._latitude(self.sl)
        elif given["SL"]:
            self.lat_uc = self._latitude(self.sl)
        else:
            self.lat_uc, self.sl = old.lat_uc, 1
        if given["LAT_LC"]:
            self.el = whole(1.5 - float((self.lat_lc - old.lat_uc) / old.step))
            self.nl = self.el - self.sl + 1
            self.lat_lc = self._latitude(self.el)
        elif given["NL"]:
            self.el = self.sl + self.nl - 1
            self.lat_lc = self._latitude(self.el)
        else:
            self.lat_lc, self.el = old.lat_lc, old.nl
            self.nl = self.el - self.sl + 1

    def _sample(self, longitude) -> int:
        return whole(self.old.projsamp + 1.0 + float((longitude - self.old.proj_lon) / self.old.step))

    def _samples(self) -> None:
        old, given = self.old, self.given
        free = not given["PROJ_LON"] and not given["PROJSAMP"]
        if given["LON_CL"]:
            self.ss = self._sample(self.lon_cl)
            self.lon_cl = self._longitude(self.ss)
        elif given["SS"]:
            if not 1 <= self.ss <= old.ns:
                self.task.abend("ss must be within sample range of input file")
            self.lon_cl = self._longitude(self.ss)
        elif free:
            self.lon_cl, self.ss = old.lon_cl, 1
        self.lon_cl = turned(self.lon_cl)
        if given["LON_CR"]:
            self.es = self._sample(self.lon_cr)
            self.ns = self.es - self.ss + 1
            self.lon_cr = self._longitude(self.es)
        elif given["NS"]:
            self.es = self.ss + self.ns - 1
            self.lon_cr = self._longitude(self.es)
        elif free:
            self.lon_cr, self.es = old.lon_cr, old.ns
            self.ns = self.es - self.ss + 1
        self.lon_cr = turned(self.lon_cr)

    def _meridian(self) -> None:
        """The central meridian of the output; of the whole map unless a part was asked for."""
        old, given = self.old, self.given
        whole_map = not any(given[name] for name in ("LON_CR", "LON_CL", "SS", "NS"))
        if given["PROJ_LON"]:
            while self.proj_lon < 0:
                self.proj_lon = self.proj_lon + _F(360)
            place = float(_F(old.projsamp) + (self.proj_lon - old.proj_lon) / old.step)
            self.projsamp = math.floor(place + 0.5) if place >= 0 else math.ceil(place - 0.5)
            if whole_map:
                self._whole_map()
            while self.proj_lon >= 360:
                self.proj_lon = self.proj_lon - _F(360)
        elif given["PROJSAMP"]:
            if self.projsamp < 1:
                self.task.abend("projsamp must be positive")
            self.proj_lon = old.proj_lon + _F(self.projsamp - old.projsamp) * old.step
            if whole_map:
                self._whole_map()
                if old.wraps:
                    while self.lon_cl < 0:
                        self.lon_cl = self.lon_cl + _F(360)
                    while self.lon_cr >= 360:
                        self.lon_cr = self.lon_cr - _F(360)
        else:
            self.projsamp = self.ss + int(self.ns / 2)
            self.proj_lon = turned(old.proj_lon + _F(self.projsamp - old.projsamp) * old.step)

    def _whole_map(self) -> None:
        old = self.old
        if not old.wraps:
            self.lon_cl, self.lon_cr, self.ss, self.es, self.ns = old.lon_cl, old.lon_cr, 1, old.ns, old.ns
            if self.proj_lon < self.lon_cl or self.proj_lon > self.lon_cr:
                self.task.abend(OUTSIDE)
            return
        self.ss = self.projsamp - old.ns // 2
        while self.ss < 1:
            self.ss += old.ns
            self.projsamp += old.ns
        self.ns = old.ns
        end = self.ss + self.ns - 1
        while end > old.ns:
            end -= old.ns
        self.lon_cl, self.lon_cr = (old.proj_lon + _F(at - old.projsamp) * old.step for at in (self.ss, end))
        self.es = self.ss + self.ns - 1

    def label(self, output, step) -> None:
        half = step / _F(2)
        for key, value in (
            ("PROJ_LON", self.proj_lon), ("LON_CL", self.lon_cl - half), ("LON_CR", self.lon_cr + half),
            ("LAT_UC", self.lat_uc + half), ("LAT_LC", self.lat_lc - half),
        ):  # fmt: skip
            output.label.add(key, value, task="", format="REAL")
        output.label.add("PROJSAMP", self.projsamp, task="", format="INT")


def turned(longitude):
    """Into 0 to 360 degrees."""
    while longitude < 0:
        longitude = longitude + _F(360)
    while longitude >= 360:
        longitude = longitude - _F(360)
    return longitude


def halved(angle):
    """Into -180 to 180 degrees."""
    while angle > 180:
        angle = _F(float(angle) - 360.0)
    while angle < -180:
        angle = _F(float(angle) + 360.0)
    return angle


def positive(angle):
    while angle < 0:
        angle = _F(float(angle) + 360.0)
    return angle


def project(task, source, output, old: Map, new: NewMap) -> None:
    offset = new.proj_lon - old.proj_lon
    if offset > 180:
        offset = _F(float(offset) - 360.0)
    if offset < -180:
        offset = _F(float(offset) + 360.0)
    starts = halved(new.lon_cl - new.proj_lon), halved(old.lon_cl - old.proj_lon)
    widths = positive(new.lon_cr - new.lon_cl), positive(old.lon_cr - old.lon_cl)
    for line in range(new.sl, new.el + 1):
        latitude = old.lat_uc + old.step * _F(1 - line)
        cosine = _F(float(libm.cos(np.float64(PI * float(latitude) / 180))))
        turn = whole(_F(360) * cosine / old.step) or 1  # samples of a whole turn in this line
        pixels = float(offset * cosine / old.step)
        shift = math.floor(pixels + 0.5) if pixels >= 0 else math.ceil(pixels - 0.5)

        def ends(projsamp: int, start, width, cosine=cosine, turn=turn):
            first = whole(float(_F(projsamp) + start * cosine / old.step) + 1.0)
            return first, first if turn == 1 else whole(float(_F(first) + width * cosine / old.step) + 0.5)

        values = np.zeros(new.ns, source.dtype)
        for place, samp, count in pieces(ends(new.projsamp, starts[0], widths[0]), ends(old.projsamp, starts[1], widths[1]),
                                         old.projsamp + shift - new.projsamp, turn, new.ns):  # fmt: skip
            data = source.read(line=line, samp=samp, nsamps=count)
            inside = slice(max(place, 0), max(min(place + count, new.ns), 0))
            values[inside] = data[inside.start - place : inside.stop - place]
        output.write(values)


def pieces(wanted, there, shift: int, turn: int, ns: int):
    """What a line takes from the input: place in the output (from 0), sample of the input, samples.

    ``wanted`` are the first and the last sample of the map in the output, ``there`` in the input; ``shift`` leads from
    the output's samples to the input's, and what lies beyond one end of the input is looked for a turn away.
    """
    first, last = wanted
    if first < 1 and last < 1 or first > ns and last > ns:
        return []
    first, last = max(first, 1), min(last, ns)
    start, stop = shift + first, shift + last
    low, high = there
    if start >= low and stop <= high and start <= high and stop >= low:
        return [(first - 1, start, last - first + 1)]
    if start <= low and stop >= high:
        return [(first + low - start, low, high - low + 1)]
    found = []
    if stop > high:
        if start <= high:
            found.append((first - 1, start, high - start + 1))
            start = high + 1
        start, stop = start - turn, stop - turn
        if low <= stop < high:
            start = max(start, low)
            found.append((last - (stop - start + 1), start, stop - start + 1))
    elif start < low:
        if stop >= low:
            found.append((last - (stop - low + 1), low, stop - low + 1))
            stop = low - 1
        start, stop = start + turn, stop + turn
        if low < start <= high:
            found.append((first - 1, start, min(stop, high) - start + 1))
    return [piece for piece in found if piece[2] != 0]
