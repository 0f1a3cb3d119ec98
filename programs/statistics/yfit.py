"""YFIT: scales luminances so that a bright percentile has a given value. Source: ``vos/p2/prog/yfit`` (Fortran).

Kept: the three reports of the original go to its error output; the log has an empty message for each. 32767 marks pixels
that become 100.
known: nothing. accepted: an image without a positive value is not scaled.
"""

from __future__ import annotations

import numpy as np

from vicar.numerics.rounding import nint, truncate

FORTRAN = True
LONGEST = 20000
f32 = np.float32
MARK = f32(32767)


def main(task):
    percent, target = task.real("PERCENT"), task.real("MAXY")
    source = task.open("INP", u_format="REAL")
    if source.ns > LONGEST:
        task.abend("Line length too long")
    result = task.create("OUT", format="REAL", u_format="REAL")
    with source, result:
        image = source.read_window(band=None, copy=False)
        usable = image[(image >= 0) & (image != MARK)]
        largest = max(usable.max(), f32(0)) if usable.size else f32(0)
        task.message(" ")
        with np.errstate(all="ignore"):
            scale = MARK / largest
            counts = np.bincount(nint(usable * scale), minlength=32768)[:32768] if largest > 0 else np.zeros(32768, int)
            wanted = int(truncate(percent * f32(usable.size) / f32(100)))
            reached = np.cumsum(counts[32766::-1]) >= wanted
            location = 32766 - int(reached.argmax()) if reached.any() else 0
            scale = target / (f32(location) / scale)
            task.message(" ")
            values = image * scale
        values = np.where(image == MARK, f32(100), np.where(values > 100, f32(100), values))
        result.write_window(values[:, : result.ns])
        task.message(" ")
