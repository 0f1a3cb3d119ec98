"""GEOMA: geometric transformation over a grid of quadrilaterals. Source: ``vos/p2/prog/geoma`` (Fortran, 13-Nov-95).

Each output sample is traced back into the input by the bilinear function of its quadrilateral and interpolated between
the four samples around it.

accepted
  * Samples behind the last one of an input line of odd width are taken as zero; the original has a byte there that it
    never sets.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from programs.geometry._geoma_kernel import sample_stretches
from programs.geometry._linebuffers import LineBuffers, Requests
from programs.geometry._quadrilaterals import AreaError, Grid, SingularError, Sources
from vicar.errors import VicarError
from vicar.ibis.tiepoints import TiepointError, Tiepoints, read_tiepoints
from vicar.numerics.compiled import as_input

FORTRAN = True
LONGEST = 32767
MOST_VALUES = 10000
NEVER = 101
LINES = 32  # made at once


def main(task) -> None:
    """Run GEOMA."""
    task.if_message("GEOMA version 13-Nov-95")
    source = task.open("INP", 1)
    window = task.size_field()
    if window.nli > LONGEST:
        task.abend("ERROR: NLI TOO BIG")
    result = task.create("OUT", nl=window.nl, ns=window.ns)
    if source.format == "BYTE":
        task.message("SYSTEM LABEL SAYS INPUT IS BYTE")
    elif source.format in ("HALF", "WORD"):
        task.message("SYSTEM LABEL SAYS INPUT IS HALFWORD")
    else:
        task.abend("*** DATA FORMAT ERROR. ABEND.")
    tiepoints = read_points(task)
    if tiepoints is None:
        task.abend("*** ERROR IN NAH, NAV, OR TIEPOINT.", "*** ABEND.")
    try:
        grid = Grid(tiepoints.points, tiepoints.nah, tiepoints.nav, window.nl, window.ns)
    except SingularError:
        task.abend("DGELG> Matrix is singular", "CALL TO DGELG RESULTS IN IER =   1")
    notify = task.integer("NOTIFY", 0)
    transform(task, source, result, grid, window, notify if notify > 0 else NEVER)


def read_points(task) -> Tiepoints | None:
    """The grid, from a table or the parameters; None if it is not one."""
    if task.count("INP") == 1:
        nah, nav, values = task.integer("NAH", 0), task.integer("NAV", 0), task.reals("TIEPOINT")
        if 4 * (nah + 1) * (nav + 1) != len(values):
            return None
        tiepoints = Tiepoints(values.reshape(-1, 4), nah, nav)
    else:
        try:
            with task.open_table("INP", 2) as table:
                tiepoints = read_tiepoints(table, MOST_VALUES)
        except TiepointError as error:
            task.abend(str(error))
        if tiepoints.nah == 0 or 4 * (tiepoints.nah + 1) * (tiepoints.nav + 1) > MOST_VALUES:
            return None
    return tiepoints if tiepoints.nah > 0 and tiepoints.nav > 0 else None


def transform(task, source, result, grid: Grid, window, notify: int) -> None:
    """Make the output, some lines at a time."""
    size = source.dtype.itemsize
    buffers = LineBuffers(window.nli, size, window.nsi, window.ns, (grid.nah, grid.nav))
    sampler = Sampler(read_image(source, window.nli), task.keyword("NOINTERP"), Requests(buffers), window.nl * window.ns)
    block = LINES if sampler.error is None else 1  # up to an error, all lines before it are written
    due = notify
    for first in range(1, window.nl + 1, block):
        lines, failed = [], False
        try:
            for stretches in grid.stretches(first, min(block, window.nl + 1 - first)):
                lines.append((first + len(lines), stretches))
        except AreaError:
            failed = True
        if lines:
            result.write_window(sampler.values(grid.sources(lines), (len(lines), window.ns)), first)
        for line, _ in lines:
            if 100 * line // window.nl >= due:
                task.message(f" GEOMA{due:3d} PERCENT COMPLETED")
                due += notify
        if failed:
            task.abend("*** AREA ERROR. ABEND.")
        task.progress(lines[-1][0], window.nl)


def read_image(source, lines: int) -> np.ndarray:
    """All lines of the input; a file that is cut off is an error as soon as a line of it would be needed."""
    if not source.short:
        return source.read_window(1, 1, lines, source.ns)
    rows = []
    for line in range(1, lines + 1):
        try:
            rows.append(source.read(line))
        except VicarError as error:
            return CutOff(np.stack(rows), error)
    return np.stack(rows)


class CutOff(np.ndarray):
    """Lines of an image that ends too soon, and the error of reading on."""

    def __new__(cls, rows, error):
        made = np.asarray(rows).view(cls)
        made.error = error
        return made


class Sampler:
    """Interpolation in the input image."""

    def __init__(self, image: np.ndarray, nearest: bool, requests: Requests, pixels: int):
        self.error = getattr(image, "error", None)
        self.nl, self.ns = image.shape
        self.dtype = image.dtype
        self.small, self.large = (0.5, 0.5) if nearest else (0.01, 0.99)
        self.requests = requests
        self.image = image
        self.shift = 8 if image.dtype.itemsize == 1 else 0  # in front of a line lies its number, of a byte image its upper half
        self.kernel = sample_stretches.pick(pixels) if self.error is None else None

    @cached_property
    def flat(self) -> np.ndarray:
        """The image with one sample more on either side."""
        padded = np.zeros((self.nl + 2, self.ns + 2), np.int32)
        padded[1:-1, 1:-1] = self.image
        padded[:, 0] = np.arange(self.nl + 2) >> self.shift
        return padded.ravel()

    def values(self, sources: Sources, shape: tuple[int, int]) -> np.ndarray:
        """Values of output lines; outside the input 0."""
        if self.kernel is None:
            return self._plain_values(*sources.positions()).reshape(shape)
        result, buffers = np.zeros(shape, self.dtype), self.requests.settle()
        given = (as_input(part) for part in (sources.stretches, sources.starts, sources.steps))
        state = (buffers.holds, buffers.place, buffers.next)
        seen = buffers.mask if buffers.seen else 0
        self.kernel(as_input(self.image), self.shift, *given, self.small, self.large, state, seen, result)
        return result

    def _plain_values(self, p: np.ndarray, r: np.ndarray) -> np.ndarray:
        """Values at samples ``p`` and lines ``r``."""
        inside = (r >= 0) & (p >= 0) & (p < self.ns + 1) & (r < self.nl + 1)
        ip, ir = np.where(inside, p, 0).astype(np.int64), np.where(inside, r, 0).astype(np.int64)
        pfrac, rfrac = p - ip, r - ir
        inside &= np.where(ip > 0, (ip < self.ns) | ((ip == self.ns) & (pfrac <= self.small)), pfrac > self.large)
        between = (rfrac >= self.small) & (rfrac < self.large)  # two lines are needed
        ir = np.where(~between & (rfrac >= self.small), ir + 1, ir)
        inside &= (ir > 0) & np.where(between, ir < self.nl, ir <= self.nl)
        result = np.zeros(len(p), self.dtype)
        if not inside.any():
            return result
        chosen = np.flatnonzero(inside)
        result[chosen] = self._inside(ip[chosen], ir[chosen], pfrac[chosen], rfrac[chosen], between[chosen])
        return result

    def _inside(self, ip, ir, pfrac, rfrac, between) -> np.ndarray:
        if self.error is not None and (ir + between > self.nl).any():
            raise self.error
        width = self.ns + 2
        place = ir * width + ip
        v1, v2 = self.flat[place], self.flat[place + 1]
        lower = np.where(between, place + width, place)
        v3, v4 = self.flat[lower], self.flat[lower + 1]
        edge = np.flatnonzero((ip == self.ns) & (between | (pfrac >= self.small)))
        self._follow(ir, between, edge, v2, v4)
        v12 = v1 + pfrac * (v2 - v1)
        v34 = v3 + pfrac * (v4 - v3)
        mixed = rounded(np.where(between, (v34 - v12) * rfrac + v12, v12))
        plain = np.where(pfrac < self.small, v1, np.where(pfrac >= self.large, v2, mixed))
        return np.where(between, mixed, plain).astype(self.dtype)

    def _follow(self, ir, between, edge, v2, v4) -> None:
        """Note which lines were needed, and look behind the last sample where that matters."""
        wanted = np.stack([ir, np.where(between, ir + 1, ir)], axis=1)
        start = 0
        for index in edge.tolist():
            self.requests.add(np.append(wanted[start:index].ravel(), wanted[index, 0]))
            v2[index] = self.requests.settle().behind(int(wanted[index, 0]))
            self.requests.add(wanted[index, 1:])
            v4[index] = self.requests.settle().behind(int(wanted[index, 1]))
            start = index + 1
        self.requests.add(wanted[start:].ravel())


def rounded(values: np.ndarray) -> np.ndarray:
    """NINT of double precision."""
    whole = np.trunc(values)
    return (whole + np.where(np.abs(values - whole) >= 0.5, np.copysign(1.0, values), 0)).astype(np.int64)
