"""C: an image in another pixel format, stretched linearly. Source: ``vos/p3/prog/c`` (Fortran, version 5).

Kept: without SO both ranges must be given, since one of the two flags that say so is kept in a REAL; complex input and
OFORM=REAL8 fit no case, so that the output has no pixels; at the end units that were never opened are closed.
"""

from __future__ import annotations

import numpy as np

from vicar.image.sweep import line_blocks
from vicar.numerics.fortran import edit
from vicar.numerics.rounding import nint

FORTRAN = True
OLD_NAMES = {"WORD": "HALF"}
READ_AS = {"BYTE": "HALF"}  # the program's format of a file's
LIMITS = {"BYTE": (0, 255), "HALF": (-32768, 32767)}
DTYPES = {"BYTE": np.int16, "HALF": np.int16, "FULL": np.int32, "REAL": np.float32, "DOUB": np.float64,
          "COMPLEX": np.complex64}  # fmt: skip


def main(task):
    task.message(" C VERSION 5")
    source = task.open("INP")
    form = OLD_NAMES.get(source.format, source.format)
    window = task.size_field()
    if form == "BYTE":
        source.close()
        source = task.open("INP", u_format="HALF")
    wanted = ("HALF" if form == "BYTE" else "BYTE") if task.defaulted("OFORM") else task.string("OFORM")
    u_format = READ_AS.get(wanted, wanted)
    result = task.create("OUT", nl=window.nl, ns=window.ns, format=wanted, u_format=u_format)
    gain, offset = line_of(task)
    text = edit("(' DNout =',F12.5,'*IN',SP,F12.5,S)", gain, offset, width=80)
    task.message(text)
    result.label.add("DNOUT", text[8:35].rstrip(" "), task="", format="STRING")
    task.message(f" Input Format = {form[:4]}")
    task.message(f" Output Format = {wanted[:4]}")
    if form in DTYPES and wanted in DTYPES:
        done = 0
        for _, block in line_blocks(source, window.sl, window.ss, window.nl, window.ns, None):
            values = block * gain + offset if form == "DOUB" else block.astype(np.float32) * gain + offset
            result.write_window(converted(values, wanted), done + 1)
            done += len(block)
            task.progress(done, window.nl)
    task.message(" CONVERSION COMPLETE")
    source.close()
    result.close()
    task.message("**! Undefined unit: call XVUNIT first", "VIC2-NOSCHUN")


def line_of(task) -> tuple[np.float32, np.float32]:
    """Slope and offset, float32, of SO or of the two ranges; ends the program if neither is complete."""
    if not task.defaulted("SO"):
        return tuple(task.reals("SO"))
    if task.defaulted("IRANGE") or task.defaulted("ORANGE"):
        task.abend(" ** SPECIFY BOTH IRANGE/ORANGE, OR NEITHER **")
    before, behind = task.reals("IRANGE"), task.reals("ORANGE")
    gain = (behind[0] - behind[1]) / (before[0] - before[1])
    return gain, behind[0] - gain * before[0]


def converted(values: np.ndarray, form: str) -> np.ndarray:
    """Values in an output format: rounded and limited for integers."""
    if form in LIMITS:
        return np.clip(nint(values), *LIMITS[form]).astype(np.int16)
    return nint(values) if form == "FULL" else values.astype(DTYPES[form])
