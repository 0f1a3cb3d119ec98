"""ZCIRCLE: sets what lies outside, or inside, an ellipse to one value. Source: ``vos/p2/prog/zcircle`` (Fortran, 1-JULY-94).

Each line is cut with the ellipse in single precision.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vicar.image.sweep import line_blocks
from vicar.numerics import libm
from vicar.numerics.fortran import edit
from vicar.numerics.rounding import nint

FORTRAN = True

f32 = np.float32
LIMITS = {"BYTE": (0.0, 255.0), "HALF": (-32768.0, 32767.0), "FULL": (-214748638.0, 214748637.0), "REAL": (-1.7e38, 1.7e38)}


@dataclass
class Ellipse:
    """Centre, squared radii, and the sine, cosine and tangent of its angle."""

    x: int
    y: int
    equator: np.float32
    pole: np.float32
    angle: np.float32

    def cuts(self, lines: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Whether lines (from 1) meet the ellipse, and the samples where they enter and leave it."""
        two, four = f32(2), f32(4)
        turn = self.angle * f32(0.01745329252)
        tangent, cosine, sine = libm.tan(turn), libm.cos(turn), libm.sin(turn)
        equator, pole = self.equator * self.equator, self.pole * self.pole
        x0 = f32(self.x) * cosine + f32(self.y) * sine
        y0 = f32(-self.x) * sine + f32(self.y) * cosine
        q = pole + equator * (tangent * tangent)
        with np.errstate(all="ignore"):
            a = lines.astype(np.float32) / cosine
            r = two * (equator * tangent * (y0 - a) - pole * x0)
            s = equator * (a * a - two * y0 * a + y0 * y0) + pole * (x0 * x0 - equator)
            b = r * r - four * q * s
            root = np.sqrt(np.maximum(b, f32(0)))
            x1, x2 = (-r - root) / (two * q), (-r + root) / (two * q)
            y1, y2 = a - tangent * x1, a - tangent * x2
            x1, x2 = x1 * cosine - y1 * sine, x2 * cosine - y2 * sine
        return b >= 0, nint(np.where(x1 <= x2, x1, x2)), nint(np.where(x1 <= x2, x2, x1))


def main(task):
    task.if_message("ZCIRCLE version 1-JULY-94")
    source = task.open("INP")
    if source.format not in LIMITS:
        task.abend("Data set must be in one of :", "(BYTE HALF FULL REAL*4)")
    window = task.size_field()
    check_window(task, window)
    centre = task.integer("XCEN", (window.ns + 1) // 2), task.integer("YCEN", (window.nl + 1) // 2)
    radius = given(task, "R", lambda v: v > 0, "Invalid radius value, reset to the computed default value")
    fill = fill_value(task, source)
    inside = task.keyword("IN")
    pole, equator, eccentricity, angle = (
        given(task, name, good, f"Invalid {name} value, reset to the default value")
        for name, good in (("RPOL", positive), ("REQ", positive), ("ECC", below(1)), ("ANG", below(90)))
    )
    result = task.create("OUT", nl=window.nl, ns=window.ns, format=source.format, u_format=source.format)
    angle = f32(0) if angle is None else angle
    radius = f32(window.nl + window.ns) / f32(4) if radius is None else radius
    equator, pole, eccentricity = radii(task, radius, equator, pole, eccentricity)
    task.messages(
        edit("('  CENTER (X,Y) =',I6,I6)", *centre), edit("('  RADII (EQU,POL) =',E12.4,E12.4)", equator, pole),
        edit("('  AZIMUTH (NORTH) ANGLE =',E10.4)", angle), edit("('  ECCENTRICITY =',E10.4)", eccentricity),
    )  # fmt: skip
    ellipse = Ellipse(*centre, equator, pole, angle)
    with source, result:
        for line, block in line_blocks(source, window.sl, window.ss, window.nl, window.ns, None):
            set_pixels = masked(ellipse, line, block.shape, inside)
            result.write_window(np.where(set_pixels, fill.astype(block.dtype), block), line + 1)


def positive(value) -> bool:
    return value > 0


def below(limit: int):
    return lambda value: abs(value) < limit


def check_window(task, w) -> None:
    for start, count, size, letter in ((w.sl, w.nl, w.nli, "L"), (w.ss, w.ns, w.nsi, "S")):
        if not 1 <= start <= size:
            task.abend(f"Invalid S{letter} value")
        if not 1 <= count <= size:
            task.abend(f"Invalid N{letter} value")
        if start + count - 1 > size:
            task.abend(f"S{letter}+N{letter}-1 must be at most N{letter} in image")


def given(task, name: str, good, complaint: str):
    """A REAL parameter the user gave, or None; a bad one is reported."""
    if task.defaulted(name):
        return None
    value = task.real(name)
    if good(value):
        return value
    task.message(complaint)
    return None


def fill_value(task, source) -> np.ndarray:
    """The value by DN or RDN, within the limits of the format; the default is the lowest one."""
    low, high = (f32(v) for v in LIMITS[source.format])
    whole, real = not task.defaulted("DN"), not task.defaulted("RDN")
    if whole and source.format == "REAL":
        task.abend("DN for BYTE, HALF and FULL data format only")
    if real and source.format != "REAL":
        task.abend("RDN for REAL data format only")
    if source.format == "REAL":
        return np.array(np.clip(task.real("RDN"), low, high) if real else low)
    value = task.integer("DN") if whole else int(low)
    return np.array(int(high) if f32(value) > high else int(low) if f32(value) < low else value)


def radii(task, radius, equator, pole, eccentricity):
    """Equatorial and polar radius and eccentricity from those that are given."""
    one, two = f32(1), f32(2)
    if equator is not None and pole is not None:
        if eccentricity is not None:
            task.message("ECC will be recalculated from REQ and RPOL")
        return equator, pole, np.sqrt(abs(pole * pole - equator * equator)) / max(pole, equator)
    e = f32(0) if eccentricity is None else eccentricity
    shape = np.sqrt(one - e * e)
    if equator is not None:
        return equator, equator if e == 0 else equator * shape if e > 0 else equator / shape, e
    if pole is not None:
        return pole if e == 0 else pole / shape if e > 0 else pole * shape, pole, e
    if e == 0:
        return radius, radius, e
    one_of_them = two * radius * (e * e - one + shape) / (e * e)
    other = two * radius - one_of_them
    return (other, one_of_them, e) if e > 0 else (one_of_them, other, e)


def masked(ellipse: Ellipse, line: int, shape: tuple[int, int], inside: bool) -> np.ndarray:
    """Which pixels of a block, whose first line is ``line`` (from 0), are set."""
    ns = shape[1]
    meets, enter, leave = (part[:, None] for part in ellipse.cuts(np.arange(line + 1, line + shape[0] + 1)))
    samples = np.arange(1, ns + 1)
    meets = meets & (enter <= ns) & (leave >= 1)
    if inside:
        return meets & (samples >= enter) & (samples <= leave)
    return ~meets | (samples <= enter) | (samples >= leave)
