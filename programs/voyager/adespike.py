"""ADESPIKE: single-pixel errors replaced by the mean of their neighbours. Source: ``vos/p2/prog/adespike`` (Fortran, 21-JUL-95).

Images with a binary header keep it, and records that list the corrected pixels are added to it. That path is the original's
as it is: it reads two lines too few, and the last two lines of its output are empty.
"""

from __future__ import annotations

import numpy as np

from programs.voyager._spikes import Despiker, Limits
from vicar.numerics import fortran

FORTRAN = True
TOLERANCES = ("SUTOL", "SLTOL", "CUTOL", "CLTOL", "DSUTOL", "DSLTOL", "DCUTOL", "DCLTOL")


class Cancelled(Exception):
    """The program gives up; the texts are printed first."""


def main(task) -> None:
    """Run ADESPIKE."""
    task.if_message("ADESPIKE version 21-JUL-95")
    try:
        despike(task)
    except Cancelled as refusal:
        task.messages(*refusal.args)
        task.abend("***ADESPIKE task cancelled")


def despike(task) -> None:
    """The whole run."""
    source = task.open("INP", u_format="HALF")
    window = task.size_field()
    if source.format not in ("BYTE", "HALF"):
        raise Cancelled("***Illegal format, only byte/half allowed.")
    despiker = prepare(task, source.format)
    if source.nlb or source.nbb:
        if (window.sl, window.ss) != (1, 1):
            raise Cancelled("Windowing binary labelled image not allowed")
        from programs.voyager._adespike_binary import LARGEST, with_header

        if window.nl > LARGEST or window.ns > LARGEST:
            raise Cancelled("Image too large to process binary label")
        source.close()
        result = with_header(task, window, despiker)
    else:
        result = task.create("OUT", ns=window.ns, u_format="HALF")
        plain(source, result, window, despiker)
    across, along = despiker.across_count, despiker.along_count
    task.message(f"    TOTAL NUMBER OF PIXELS CORRECTED USING ADJACENT SCAN LINE TEST       {fortran.integer(across, 6)}")
    task.message(f"    TOTAL NUMBER OF PIXELS CORRECTED USING SAME SCAN LINE TEST          {fortran.integer(along, 6)}")
    result.label.add("ADJ_LINE", across, task="", format="INT")
    result.label.add("SAM_LINE", along, task="", format="INT")


def prepare(task, format_: str) -> Despiker:
    """Thresholds and replacement from the parameters."""
    if task.defaulted("TOL"):
        tolerance = {name: task.integer(name, 0) for name in TOLERANCES}
    else:
        tolerance = dict.fromkeys(TOLERANCES, task.integer("TOL", 0))
    if task.keyword("PRINT"):
        for kind in ("S", "C"):
            names = (f"{kind}LTOL", f"{kind}UTOL", f"D{kind}LTOL", f"D{kind}UTOL")
            task.message("".join(f"    {name}={fortran.integer(tolerance[name], 6)}" for name in names))
        task.message("")
    bits = replaced_bits(task, tolerance, format_)
    return Despiker(
        Limits(*(tolerance[name] for name in ("SUTOL", "SLTOL", "DSUTOL", "DSLTOL"))),
        Limits(*(tolerance[name] for name in ("CUTOL", "CLTOL", "DCUTOL", "DCLTOL"))),
        bits,
        task.integer("DN", -1),
    )


def replaced_bits(task, tolerance: dict[str, int], format_: str) -> int:
    """Most significant of 16 bits to replace; 0 all."""
    bits = task.integer("BITS", -1)
    if bits < 0:
        bits = 0
    elif bits == 0:
        mean = int(sum(tolerance.values()) / 8)
        if not 1 <= mean < 65536:
            raise Cancelled
        bits = (8 if format_ == "BYTE" else 16) - mean.bit_length()
    if format_ != "BYTE" or bits == 0 or bits == 8:
        return 0 if format_ == "BYTE" else bits
    if bits > 8:
        task.message("***Invalid BITS for BYTE data ignored")
        return 0
    return bits + 8


def plain(source, result, window, despiker: Despiker) -> None:
    """Line by line; the line above counts as corrected unless a replacement value was given."""

    def read(line: int) -> np.ndarray:
        return source.read(window.sl + line, window.ss, window.ns).astype(np.int32)

    above, here = None, read(0)
    for line in range(window.nl):
        below = read(line + 1) if line + 1 < window.nl else None
        inside = above is not None and below is not None
        corrected, wrong = despiker.line(above if inside else None, here, below if inside else None)
        written = np.where(wrong, despiker.dn, corrected) if despiker.dn > 0 else corrected
        if line < result.nl:
            result.write(written.astype(np.int16), line + 1, nsamps=window.ns)
        above = corrected if despiker.dn < 0 else here
        here = below
