"""TRISTIM: tristimulus values and chromaticity of spectra. Source: ``vos/p2/prog/tristim`` (Fortran, 11-JAN-2013).

Spectra have forty radiances, from 380 nm in steps of 10 nm; several are multiplied. Single precision throughout.
known: nothing. accepted: nothing.
"""

from __future__ import annotations

import numpy as np

from programs.statistics._illuminants import TABLES
from vicar.numerics.fortran import edit, fixed
from vicar.numerics.rounding import accumulate

FORTRAN = True
STEPS = 40
HEADING = "WAVELENGTH RADIANCE   XBAR      YBAR      ZBAR      R*X       R*Y       R*Z"
NAMES = {"A": "ILLUMINANT A", "B": "ILLUMINANT B", "C": "ILLUMINANT C", "CMF": "COLOR MATCHING FUNCTION"}


def main(task):
    task.if_message("TRISTIM VERSION 11-JAN-2013")
    name = task.string("ILLUMIN")
    task.message(NAMES.get(name, f"{name} ILLUMINANT"))
    functions = np.array([row + (0.0,) * (STEPS - len(row)) for row in TABLES[name]], np.float32)
    radiance = radiances(task)
    products = functions * radiance
    task.messages(" ", HEADING)
    for step in range(STEPS):
        values = (380 + 10 * step, radiance[step], *functions[:, step], *products[:, step])
        task.message(edit("('   ',I6,F10.5,F10.4,F10.4,F10.4,F10.5,F10.5,F10.5)", *values))
    factor, offset = task.real("MULT"), task.real("ADD")
    task.messages(" ", "OUTPUT RADIANCE=INPUT*" + fixed(factor, 10, 5) + "  +     " + fixed(offset, 5, 2))
    x, y, z = (accumulate(row) for row in products)
    total = x + y + z
    task.messages(" ", f"X TRISTIM = {fixed(x, 10, 6)} Y TRISTIM ={fixed(y, 10, 6)}  Z TRISTIM {fixed(z, 10, 6)}")
    with np.errstate(all="ignore"):
        x, y, z = x / total, y / total, z / total
    task.messages(" ", f"X CHROM  =  {fixed(x, 10, 8)} Y CHROM   ={fixed(y, 10, 8)}  Z CHROM   {fixed(z, 10, 8)}")
    task.messages(" ", "TRISTIM END")


def radiances(task) -> np.ndarray:
    """Product of the spectra, scaled, and divided by the continuum if there is one."""
    values = task.reals("RADIANCE")
    if len(values) % STEPS:
        task.abend("** MUST SPECIFY 40 RADIANCES PER SPECTRUM **")
    result = np.ones(STEPS, np.float32)
    for spectrum in values.reshape(-1, STEPS):
        result = spectrum * result
    result = result * task.real("MULT") + task.real("ADD")
    continuum, background = task.reals("CONTIN"), task.reals("BACK")
    if len(continuum):
        if len(background) <= 1:
            background = np.repeat(background, STEPS)
        with np.errstate(all="ignore"):
            result = (result - sized(background)) / sized(continuum)
    return result


def sized(values: np.ndarray) -> np.ndarray:
    return np.pad(values, (0, STEPS))[:STEPS]
