"""PHOTFUNC: removes the photometric function from the image of a planet or moon. Source: ``vos/p2/prog/photfunc`` (10-Jan-2013).

Brightness is computed at the corners of boxes and interpolated between them; where a corner is dark or off the target, and
with NOINTERP, at each pixel.

accepted
  * TARGET ends the original silently; here it names the target.
  * Without kernels the original of JPL tried for ever to reach a server there; here a line on the terminal says what is missing.
  * The Hapke function with an albedo over 0.99998: the original computes the first point with the albedo as given.
  * Lines behind the last row of boxes (one, if the lines are 1 more than a multiple of LINC) are never written: zeros here,
    in the original what its buffer held.
known
  * Map projected images, and images with a MAP or PERSLAB label; labels of missions other than Voyager, Galileo and Cassini.
  * Nominal distortion of other cameras.
"""

from __future__ import annotations

import numpy as np

from programs.voyager import _photgeometry as photgeometry
from programs.voyager._photparms import Function, chosen
from programs.voyager._viewing import DEGREES, light, rectangular, unit
from vicar.numerics import libm
from vicar.numerics.fortran import edit
from vicar.numerics.prnt import prnt

FORTRAN = True

f32 = np.float32
LARGEST = f32(1024.0**3)
LIMITS = {"BYTE": 255, "HALF": 32676, "WORD": 32676, "FULL": 1024**3, "REAL": 0}
TIEPOINT_SAMPLES = 512
CLASS_MARK, GRID_MARK = "CLASSIFICATION MAP", "PHOTFIT"
FIRST_UNIT = 3  # number of the first secondary input, which the original prints
HEADING = "   LINE    SAMPLE  LATITUDE LONGITUDE  INC    EMI   PHASE   BRIGHT COLUMN"


def main(task) -> None:
    """Run PHOTFUNC."""
    task.message("PHOTFUNC version 10-Jan-2013")
    Photfunc(task).run()


class Photfunc:
    """One run."""

    def __init__(self, task):
        self.task = task
        self.source = task.open("INP", 1, u_format="REAL")
        self.format = self.source.format.strip()
        task.message(f" System label says input is {self.format:<5}")
        if self.format not in LIMITS:
            task.abend("***Unrecognized format")
        self.max_dn = LIMITS[self.format] if task.defaulted("MAXDN") else task.integer("MAXDN")
        self._size()
        self.result = task.create("OUT", u_format="REAL") if task.count("OUT") else None
        self.table = self.classes = None
        self._secondary_inputs()

    def _size(self) -> None:
        window, task = self.task.size_field(), self.task
        self.sl, self.ss, self.nl, self.ns = window.sl, window.ss, window.nl, window.ns
        if self.nl > window.nli - self.sl + 1:
            self.nl = window.nli - self.sl + 1
            task.message("***Output lines truncated")
        if self.ns > window.nsi - self.ss + 1:
            self.ns = window.nsi - self.ss + 1
            task.message("***Output samples truncated")

    def _secondary_inputs(self) -> None:
        task = self.task
        for number in range(2, task.count("INP") + 1):
            image = task.open("INP", number, u_format="REAL")
            unit_number = FIRST_UNIT - 2 + number - (self.result is None)
            text = image.label.text[:7200]
            if image.ns == TIEPOINT_SAMPLES and image.nl == 0 and image.nlb > 0 and image.nbb == 0:
                task.messages(*prnt("FULL", unit_number, " GEOM=."))
                image.close()
                self.table = number
            elif CLASS_MARK in text:
                task.messages(*prnt("FULL", unit_number, " CMAP=."))
                if image.format.strip() != "BYTE":
                    task.abend(" CMAP MUST BE BYTE IMAGE")
                if (image.nl, image.ns) != (self.source.nl, self.source.ns):
                    task.abend(" CLASSIFICATION MAP MUST BE SAME SIZE AS IMAGE")
                image.close()
                self.classes = task.open("INP", number, u_format="HALF")
            elif GRID_MARK in text and image.ns == 120:
                task.abend(*prnt("FULL", unit_number, " GRID=."), "***input PHOTFIT grid files not supported")
            else:
                task.abend("Unrecognizable secondary input")

    def run(self) -> None:
        task = self.task
        self.geometry = geometry = photgeometry.image_geometry(task, self.source, self.table)
        task.message(edit("('Solar latitude=',f7.3,' Solar longitude=',f7.3)", *geometry.sun))
        if -999.0 in geometry.sun:
            task.abend("Position of sun is unknown", "See SOLAR parameter")
        if photgeometry.MISSING in (geometry.latitude, geometry.longitude, geometry.distance):
            task.abend("Position of spacecraft is unknown", "See parameters RSVECTOR or SPACE")
        if min(geometry.view.radii) < 1:
            task.abend("Target radii are unknown", "See RADII parameter")
        latitude, longitude = geometry.sun
        self.sun = unit(rectangular(1.0, -longitude / DEGREES, latitude / DEGREES)[:, None])[:, 0]
        self._parameters()
        self.function: Function = chosen(task)
        if self.result is not None:
            self.result.label.add("PHOT", self.function.item, task="", format="STRING")
            task.message(self.function.title)
        self._correct()

    def _parameters(self) -> None:
        task = self.task
        self.linc, self.sinc = task.integer("LINC"), task.integer("SINC")
        if not task.defaulted("INCR"):
            self.linc = self.sinc = task.integer("INCR")
        self.columns = int((self.ns - 2) / self.sinc) + 2  # counted before LINC and SINC of 1 are taken for 10
        self.exact = task.keyword("NOINTERP")
        if self.linc == self.sinc == 1:
            self.exact, self.linc, self.sinc = True, 10, 10
        self.limits = [
            f32(0) if task.defaulted(name) else libm.cos((f32(90) - task.real(name)) / photgeometry.RAD)
            for name in ("TERMINAT", "LIMB")
        ]
        self.factor = f32(1) / task.real("MULTIPLY")
        self.least = f32(1) / task.real("MAXCOR")

    # -- brightness -------------------------------------------------------------------------------------------------------

    def brightness(self, lines, samples, limits) -> tuple[np.ndarray, np.ndarray, tuple]:
        """Photometric function at pixels, 0 where it is dark; whether they are on the target; points and angles there."""
        points, on = self.geometry.surface(lines, samples)
        points = points[:, on]
        angles = light(points, self.geometry.view, self.sun)
        terminator, limb = limits
        lit = (angles.incidence > 0) & (angles.emission > 0)
        lit &= (angles.incidence > terminator) & (angles.emission > limb)
        values = np.zeros(len(lines), f32)
        chosen_angles = type(angles)(*(part[lit] for part in vars(angles).values()))
        if lit.any():
            values[np.flatnonzero(on)[lit]] = self.function.brightness(chosen_angles)
        return values, on, (points, angles)

    def _corner_columns(self) -> np.ndarray:
        """Samples of the corners; the right edge is one sample behind the image."""
        offset = (np.arange(self.columns) - 1) * self.sinc
        return self.ss + offset + np.minimum(self.ns - offset, self.sinc)

    def _corner_lines(self) -> list[int]:
        number = int((self.nl - 2) / self.linc) + 2
        starts = [row * self.linc for row in range(number - 1)]
        return [self.sl] + [self.sl + start + min(self.nl - start, self.linc) for start in starts]

    def corners(self, line: int) -> tuple[np.ndarray, int]:
        """Brightness at the corners of a line, and how many are off the target or dark."""
        columns = self._corner_columns()
        values, on, (points, angles) = self.brightness(np.full(len(columns), line), columns, self.limits)
        if self.printing:
            self._print(line, columns, values, on, points, angles)
        return values * self.factor, int(np.count_nonzero(values == 0))

    def _print(self, line, columns, values, on, points, angles) -> None:
        latitudes, longitudes = photgeometry.degrees_of(points)
        texts = [
            edit("(I7,I8,1X,F9.4,F10.4,2X,F6.2,1X,F6.2,F7.2,2X,F6.3,I4)", line, int(columns[column]), latitudes[n], longitudes[n],
                 libm.acos(angles.incidence[n]) * photgeometry.RAD, libm.acos(angles.emission[n]) * photgeometry.RAD,
                 libm.acos(angles.phase[n]) * photgeometry.RAD, values[column], int(column) + 1)
            for n, column in enumerate(np.flatnonzero(on))
            if self.printing == 1 or angles.incidence[n] >= 0
        ]
        self.task.messages(*texts)

    # -- correction -------------------------------------------------------------------------------------------------------

    def _correct(self) -> None:
        task = self.task
        self.printing = 2 if task.keyword("PRINT") else int(task.keyword("ALL"))
        if self.printing:
            task.message(HEADING)
        lines = self._corner_lines()
        if task.keyword("NOCORREC") or self.result is None:
            for row in range(len(lines)):
                self.corners(self.sl + row * self.linc)
            return
        self.interpolated = self.computed = 0
        below, flagged = self.corners(lines[0])
        for row, line in enumerate(lines[1:]):
            above = below
            below, dark = self.corners(line)
            flagged += dark
            self._boxes(row * self.linc, above, below)
        task.messages(
            *prnt("FULL", self.interpolated, " # of pixels interpolated =."),
            *prnt("FULL", self.computed, " # of pixels computed exactly =."),
            *prnt("FULL", flagged, " Number of grid points flagged=."),
        )

    def _boxes(self, first: int, above: np.ndarray, below: np.ndarray) -> None:
        """One row of boxes; ``first`` is its line in the output, from 0."""
        number = min(self.nl - first, self.linc)
        lit = sum((corner > 0).astype(int) for corner in (above[:-1], above[1:], below[:-1], below[1:]))
        box = np.arange(self.ns) // self.sinc
        boxed = box < len(lit)  # one sample too many is in no box: it stays as it is
        box = np.minimum(box, len(lit) - 1)
        exact = boxed & ((lit > 0) & ((lit < 4) | self.exact))[box]
        smooth = boxed & ((lit == 4) & (not self.exact))[box]
        places = np.flatnonzero(exact)
        lines = self.sl + first + np.arange(number)
        values = np.zeros((number, self.ns), f32)
        if len(places):
            found = self.brightness(np.repeat(lines, len(places)), np.tile(self.ss + places, number), (f32(0), f32(0)))
            values[:, places] = (found[0] * self.factor).reshape(number, -1)
            on = np.zeros((number, self.ns), bool)
            on[:, places] = found[1].reshape(number, -1)
        for step, line in enumerate(lines.tolist()):
            dn = self.source.read(line, self.ss, self.ns)
            wanted = self._class_members(line)
            if not wanted.any():
                self.result.write(np.zeros(self.ns, f32))
                continue
            row = values[step]
            row[smooth] = self._interpolated(step, number, above, below)[smooth]
            good = (smooth | exact) & wanted & ~(row < self.least)
            if len(places):
                good &= smooth | on[step]
            self.interpolated += int(np.count_nonzero(good & smooth))
            self.computed += int(np.count_nonzero(good & exact))
            out = np.where(boxed, f32(0), dn)
            out[good] = self.truncated(dn[good] / row[good])
            self.result.write(out)

    def _interpolated(self, step: int, number: int, above: np.ndarray, below: np.ndarray) -> np.ndarray:
        """Brightness along a line: between left and right end of each box by adding."""
        ends = f32(step) * (below - above) / f32(number) + above
        left, change = ends[:-1], (ends[1:] - ends[:-1]) / f32(self.sinc)
        steps = np.repeat(change[:, None], self.sinc, axis=1)
        steps[:, 0] = left
        values = np.cumsum(steps, axis=1, dtype=f32).ravel()[: self.ns]
        return np.pad(values, (0, self.ns - len(values)))

    def _class_members(self, line: int) -> np.ndarray:
        """Which pixels of a line belong to the class; all without a map."""
        if self.classes is None:
            return np.ones(self.ns, bool)
        values, wanted = self.classes.read(line, self.ss, self.ns), self.task.integer("CLASS")
        return values == wanted if wanted >= 0 else (values != -wanted) & (values != 0)

    def truncated(self, values: np.ndarray) -> np.ndarray:
        """Rounded half up and kept within the range of the format."""
        if self.format == "REAL":
            return values
        whole = (np.minimum(values, LARGEST) + f32(0.5)).astype(np.int32)
        return np.clip(whole, 0, None if self.max_dn < 0 else self.max_dn).astype(f32)
