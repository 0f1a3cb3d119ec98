"""POLARECT: from rectangular to polar coordinates and back. Source: ``vos/p2/prog/polarect`` (Fortran, 27-Oct-2010).

A line of the polar image is a direction, a sample a distance from the centre (XCEN, YCEN). Values are interpolated between
four pixels, weighted by the inverse of their squared distance (``vos/p2/sub/ifp``).

Kept: the first angle of RANGE is read as the whole number whose bits are those of the real given, the second as 0, so it is
of no use; of an input that starts behind the first sample lines are held as far apart as if it did not, but read without that
distance; the background fills
the first half of the lines of a BYTE image only, the rest is 0, and pixels that are not background stay as they are; images of
other formats are taken for bytes (all but HALF); lines of images of many bands cannot be read and are zeros.
known: nothing. accepted: places that are not numbers are background; the original reads memory far from the image.
"""

from __future__ import annotations

import numpy as np

from vicar.errors import VicarError
from vicar.numerics import libm
from vicar.numerics.fortran import edit
from vicar.numerics.rounding import nint, truncate

FORTRAN = True

f32 = np.float32
TURN = f32(6.2831852)
WORK = 1000000 - 2048  # bytes of the input that are held at once
ITEMS = ("PHIMIN", "PHIMAX", "RMIN", "RMAX", "XCEN", "YCEN", "RESO", "RSCALE")


def main(task):
    task.if_message("POLARECT version 27-Oct-2010")
    task.message(f"WORK CORE AVAILABLE={WORK:7d} BYTES")
    source = task.open("INP")
    window = task.size_field()
    nl, ns = window.nli - window.sl + 1, window.nsi - window.ss + 1
    half = source.format in ("HALF", "WORD")
    places = Places(task, nl, ns, window.nl, window.ns)
    result = task.create("OUT", nl=window.nl, ns=window.ns, format=source.format, u_format="HALF")
    picture = background(task.integer("BACK"), window.nl, window.ns, source.format)
    labelled = not task.keyword("NOLABEL")
    if task.keyword("INVERSE"):
        task.message("INVERSE MODE SPECIFIED")
        places.read_label(source) if labelled else places.set_inverse()
        lines = places.polar_lines()
    else:
        places.set_forward(task.keyword("AUTO"))
        if labelled:
            places.write_label(result)
        lines = places.rectangular_lines()
    transform(task, source, (window, nl, ns), half, picture, lines)
    result.write_window(picture)
    source.close()
    result.close()


def background(value: int, nl: int, ns: int, kind: str) -> np.ndarray:
    """The output before anything is drawn, int16 nl x ns, as it is read back from the file."""
    if kind in ("HALF", "WORD"):
        line = np.full(ns, min(max(value, -32768), 32767), np.int16)
    else:
        # as many bytes as there are samples, written as halfwords
        pattern = np.zeros(2 * ns, np.uint8)
        pattern[:ns] = min(max(value, 0), 255)
        line = pattern.view("<i2").astype(np.int16)
    if kind == "BYTE":
        line = line & 255
    return np.tile(line, (nl, 1))


def transform(task, source, area, half: bool, picture: np.ndarray, lines) -> None:
    """Fill the pixels that hold background, from one section of the input after the other.

    ``lines`` gives for each output line the place in the input of every sample, or None. ``picture`` is changed.
    """
    window, nl, ns = area
    held = WORK // (window.nsi * (2 if half else 1))
    back = task.integer("BACK")
    for first in range(0, nl, held - 1):
        section = Section(min(held, nl - first), ns, task.keyword("NOINTERP"))
        section.read(source, window.sl + first, window.ss, half)
        for line in range(len(picture) if source.nb == 1 else 0):
            row = picture[line]
            chosen, x, y = lines(line, row.astype(np.int64) == back, first, section.nl, ns)
            if len(chosen):
                values = section.values(x, y)
                row[chosen] = values & 255 if source.format == "BYTE" else values.astype(np.int16)
        task.message(edit("(I4)", min(first + held - 1, nl)) + " INPUT LINES COMPLETE")
        task.progress(first, nl)


class Section:
    """Some lines of the input in memory, and interpolation (IFP) in them."""

    def __init__(self, nl: int, ns: int, nearest: bool):
        self.nl, self.ns, self.nearest = nl, ns, nearest

    def read(self, source, line: int, samp: int, half: bool) -> None:
        """Fill the memory: byte by byte or halfword by halfword, lines one full line of the file apart."""
        rows = np.zeros((self.nl, source.ns), "<i2" if half else np.uint8)
        for number in range(self.nl):
            try:
                read = source.read(line + number, samp, self.ns)
            except VicarError:
                continue
            # a line of larger pixels runs on over the next ones, which are written later
            raw = np.ascontiguousarray(read).view(rows.dtype)
            flat = rows.reshape(-1)[number * source.ns :]
            flat[: len(raw)] = raw[: len(flat)]
        self.flat = np.pad(rows.ravel().astype(np.int64), (self.ns + 1, self.ns + 2))

    def pixel(self, line: np.ndarray, samp: np.ndarray) -> np.ndarray:
        """Pixels by line and sample from 1; what lies in front of the first and behind the last is 0."""
        return self.flat[self.ns + 1 + (line - 1) * self.ns + samp - 1]

    def values(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Values at samples ``x`` and lines ``y`` (float32), int32."""
        near = self.pixel(*(truncate(v + f32(0.5), np.int64) for v in (y, x))).astype(np.int32)
        if self.nearest:
            return near
        ix, iy = truncate(x, np.int64), truncate(y, np.int64)
        right, down = (x - ix.astype(f32)).astype(np.float64), (y - iy.astype(f32)).astype(np.float64)
        exact = (right == 0) & (down == 0)
        for place, rest, last in ((ix, right, self.ns), (iy, down, self.nl)):
            edge = (rest == 0) & (place == last)
            place[edge] -= 1
            rest[edge] = np.float64(f32(0.999))
        left, up = (1 - right) ** 2, (1 - down) ** 2
        right, down = right * right, down * down
        with np.errstate(divide="ignore", invalid="ignore"):
            a, b, c, d = 1 / (right + down), 1 / (down + left), 1 / (right + up), 1 / (left + up)
            iy, ix = np.where(exact, 1, iy), np.where(exact, 1, ix)
            below = np.minimum(iy + 1, self.nl)
            beside = np.minimum(ix + 1, self.ns) if self.ns > 1 else ix + 1
            total = self.pixel(iy, ix) * a + self.pixel(iy, beside) * b + self.pixel(below, ix) * c
            total += self.pixel(below, beside) * d
            mixed = truncate(total / (a + b + c + d) + 0.5)
        return np.where(exact, near, mixed)


class Places:
    """The parameters of the transformation and where each output pixel lies in the input."""

    def __init__(self, task, nl: int, ns: int, nlo: int, nso: int):
        self.task, self.nl, self.ns, self.nlo, self.nso = task, nl, ns, nlo, nso
        self.xcen, self.ycen = task.real("XCEN"), task.real("YCEN")
        self.rmin, self.rmax = task.real("RMIN"), task.real("RMAX")
        self.reso = task.real("RESO") * TURN / f32(360)
        self.scale = task.real("RSCALE")
        self.phimin = f32(task.real("RANGE").view(np.int32)) * TURN / f32(360)
        self.phimax = f32(0)

    def _usual(self, parameter: str, name: str, value) -> None:
        """Set what the user did not give."""
        if self.task.defaulted(parameter):
            setattr(self, name, f32(value))

    # -- to polar coordinates ---------------------------------------------------------------------------------------

    def set_forward(self, auto: bool) -> None:
        """Parameters of the way to polar coordinates, with the messages about them."""
        self._usual("XCEN", "xcen", f32(self.ns) / f32(2))
        self._usual("YCEN", "ycen", f32(self.nl) / f32(2))
        low, high = angles(self.xcen, self.ycen, self.nl, self.ns)
        near, far = radii(self.xcen, self.ycen, self.nl, self.ns)
        with np.errstate(divide="ignore"):
            best = libm.atan(f32(1) / far)
        tell = self.task.message
        tell(f" INPUT IMAGE STATISTICS FOR XCEN={edit('(F8.3)', self.xcen)}, YCEN={edit('(F8.3)', self.ycen)}")
        self._tell_size(self.nl, self.ns)
        self._tell_limits(low, high, near, far)
        lines = edit("(I4)", int(nint((high - low) / best + f32(1))))
        tell(f"  OPTIMAL ANGULAR RESOLUTION={degrees(best, 'F8.5')} YIELDS {lines} LINES")
        tell(f"  OPTIMAL RADIAL SCALE=   1.000 YIELDS {edit('(I4)', int(nint(far - near + f32(1))))}  SAMPLE")
        for parameter, name, value in (
            ("RANGE", "phimin", low), ("RANGE", "phimax", high), ("RMIN", "rmin", near), ("RMAX", "rmax", far),
            ("RESO", "reso", best), ("RSCALE", "scale", 1),
        ):  # fmt: skip
            self._usual(parameter, name, value)
        self._fit(auto and self.nlo != 1 and self.nso != 1)
        tell("OUTPUT IMAGE STATISTICS")
        self._tell_size(self.nlo, self.nso)
        self._tell_limits(self.phimin, self.phimax, self.rmin, self.rmax)
        tell(f"          ANGULAR RESOLUTION={degrees(self.reso, 'F8.5')}")
        tell(f"          RADIAL SCALE={edit('(F8.5)', self.scale)}")

    def _fit(self, auto: bool) -> None:
        """Make the steps fit to the size of the output, or cut the ranges to it."""
        lines, samples = f32(self.nlo - 1), f32(self.nso - 1)
        if auto:
            self.reso = (self.phimax - self.phimin) / lines
            self.scale = (self.rmax - self.rmin) / samples
        with np.errstate(divide="ignore", invalid="ignore"):
            if (self.phimax - self.phimin) / self.reso > lines:
                self.phimax = self.phimin + self.reso * lines
            if (self.rmax - self.rmin) / self.scale > samples:
                self.rmax = self.rmin + self.scale * samples

    def _tell_size(self, nl: int, ns: int) -> None:
        self.task.message(f"  SIZE: NL={edit('(I4)', nl)} NS={edit('(I4)', ns)}")

    def _tell_limits(self, low, high, near, far) -> None:
        self.task.message(f"  ANGULAR RANGE: PHIMIN={degrees(low, 'F8.4')}, PHIMAX={degrees(high, 'F8.4')}")
        self.task.message(f"  RADIAL RANGE: RMIN={edit('(F8.3)', near)}, RMAX={edit('(F8.3)', far)}")

    def rectangular_lines(self):
        """Function that gives the places of a line of the polar image in the rectangular one."""
        radius = np.add.accumulate(np.concatenate([[self.rmin], np.full(self.nso - 1, self.scale)]), dtype=f32)

        def places(line: int, wanted: np.ndarray, first: int, nl: int, ns: int):
            angle = self.phimin + f32(line) * self.reso
            if angle > self.phimax:
                return (np.zeros(0, int),) * 3
            x = radius * libm.cos(angle) + self.xcen
            y = radius * libm.sin(angle) + self.ycen + f32(1) - f32(first + 1)
            inside = ~((x < 1) | (x > f32(ns)) | (y < 1) | (y > f32(nl)))
            candidates = np.flatnonzero(wanted)
            candidates = candidates[: first_true(radius[candidates] > self.rmax)]
            run = inside[candidates]
            start = first_true(run)
            chosen = candidates[start : start + first_true(~run[start:])]
            return chosen, x[chosen], y[chosen]

        return places

    # -- back to rectangular coordinates ----------------------------------------------------------------------------

    def set_inverse(self) -> None:
        """Parameters of the way back when the label does not tell."""
        self._usual("RANGE", "phimin", 0)
        self._usual("RANGE", "phimax", TURN)
        with np.errstate(divide="ignore", invalid="ignore"):
            self._usual("RESO", "reso", (self.phimax - self.phimin) / f32(self.nl - 1))
            self._usual("RMIN", "rmin", 0)
            self._usual("RMAX", "rmax", self.rmin + f32(self.ns) - f32(1))
            self._usual("RSCALE", "scale", (self.rmax - self.rmin) / (f32(self.ns) - f32(1)))
        self._usual("XCEN", "xcen", f32(self.nso) / f32(2))
        self._usual("YCEN", "ycen", f32(self.nlo) / f32(2))

    def polar_lines(self):
        """Function that gives the places of a line of the rectangular image in the polar one."""
        turn = f32(8) * f32(0.78539816339)
        across = np.add.accumulate(np.concatenate([[f32(1) - self.xcen], np.ones(self.nso - 1)]), dtype=f32)

        def places(line: int, wanted: np.ndarray, first: int, nl: int, ns: int):
            chosen = np.flatnonzero(wanted)
            x, y = across[chosen], f32(line + 1) - self.ycen
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                outside = np.sqrt(x * x + y * y) - self.rmin
                radius = outside / self.scale + f32(1)
                angle = np.asarray(libm.atan2(np.full_like(x, y), x))
                angle[x == 0] = turn * f32(0.75) if y < 0 else turn * f32(0.25) if y > 0 else self.phimin
                angle = np.where(angle < self.phimin, angle + turn, angle)
                angle = np.where(angle > self.phimax, angle - turn, angle)
                number = (angle - self.phimin) / self.reso - f32(first + 1) + f32(2)
                used = (outside >= 0) & (radius <= f32(ns)) & (angle - self.phimin >= 0) & (number >= 1) & (number <= f32(nl))
            return chosen[used], radius[used], number[used]

        return places

    # -- the label --------------------------------------------------------------------------------------------------

    def _values(self) -> tuple:
        return self.phimin, self.phimax, self.rmin, self.rmax, self.xcen, self.ycen, self.reso, self.scale

    def write_label(self, result) -> None:
        """Note the parameters in the history label of the output."""
        for key, value in zip(ITEMS, self._values(), strict=True):
            result.label.add(key, value, task="", format="REAL")
        self.task.message("VICAR HISTORY LABEL WRITTEN:")
        with np.errstate(divide="ignore", invalid="ignore"):
            lines = edit("(I4)", int(nint((self.phimax - self.phimin) / self.reso + f32(1))))
            samples = edit("(I4)", int(nint((self.rmax - self.rmin) / self.scale + f32(1))))
        low, high = (degrees(v, "F10.5") for v in (self.phimin, self.phimax))
        near, far = (edit("(F10.5)", v) for v in (self.rmin, self.rmax))
        xcen, ycen = (edit("(F9.3)", v) for v in (self.xcen, self.ycen))
        self.task.messages(
            f"         PHIMIN={low} AT LINE 1, PHIMAX={high} AT LINE{lines}",
            f"         RMIN={near} AT SAMP 1, RMAX={far} AT SAMP{samples}",
            f"         CENTER OF TRANSFORMATION XCEN={xcen}, YCEN={ycen}",
        )

    def read_label(self, source) -> None:
        """Take what the user did not give from the first POLARECT of the label; what is not there stays as it is."""
        self.task.message(" VICAR HISTORY LABEL READ:")
        given = ("RANGE", "RANGE", *ITEMS[2:])
        names = ("phimin", "phimax", "rmin", "rmax", "xcen", "ycen", "reso", "scale")
        for key, parameter, name in zip(ITEMS, given, names, strict=True):
            if self.task.defaulted(parameter):
                # the first item is looked for wherever it stands last, the others by the name of the task
                value = source.label.get(key, task="" if key == "PHIMIN" else "POLARECT", format="REAL", default=None)
                if value is not None:
                    setattr(self, name, f32(value))
                title = "SCALE" if key == "RSCALE" else key
                self.task.message(f" {title} = {edit('(F10.5)', getattr(self, name))}")


def first_true(condition: np.ndarray) -> int:
    """Place of the first true element; the length if there is none."""
    return int(condition.argmax()) if condition.any() else len(condition)


def degrees(angle, form: str) -> str:
    """An angle in degrees in a Fortran format."""
    return edit(f"({form})", angle * f32(360) / TURN)


def angles(x, y, nl: int, ns: int) -> tuple[np.float32, np.float32]:
    """Least and largest angle under which the image is seen from (x, y); source: LIMITS."""
    a, b, one, turn = f32(ns), f32(nl), f32(1), TURN
    corners = (((one, one), (0, 1)), ((one, b), (3, 4)), ((a, one), (1, 2)), ((a, b), (2, 3)))

    def toward(line, samp):
        return libm.atan2(f32(line - y), f32(samp - x))

    if x < 1:
        if y < 1:
            return toward(one, a), toward(b, one)
        if y > b:
            return toward(one, one) + turn, toward(b, a) + turn
        return toward(one, one), toward(b, one)
    if x > a:
        if y < 1:
            return toward(b, a), toward(one, one)
        if y > b:
            return toward(b, one) + turn, toward(one, a) + turn
        return toward(b, a), toward(one, a) + turn
    if y < 1:
        return toward(one, a), toward(one, one)
    if y > b:
        return toward(b, one) + turn, toward(b, a) + turn
    quarters = next((value for corner, value in corners if corner == (x, y)), (0, 4))
    return tuple(turn * f32(quarter) / f32(4) for quarter in quarters)


def radii(x, y, nl: int, ns: int) -> tuple[np.float32, np.float32]:
    """Distance of the nearest and of the farthest pixel of the image from (x, y); source: MAXRAD."""
    a, b, one = f32(ns), f32(nl), f32(1)
    across, down = (a if x <= a / f32(2) else one) - x, (b if y <= b / f32(2) else one) - y
    far = np.sqrt(across * across + down * down)
    across = one - x if x < 1 else x - a if x > a else f32(0)
    down = one - y if y < 1 else y - b if y > b else f32(0)
    if across and down:
        return np.sqrt(across * across + down * down), far
    return across + down, far
