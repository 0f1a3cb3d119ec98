"""AVERAGE: mean of several images, pixel by pixel.

Source: ``vos/p2/prog/average`` (Fortran). The sum is an integer: fractions are lost with every image added, and the quotient
is truncated. Inputs lie in one buffer, each as long as a line of the first.
"""

from __future__ import annotations

import numpy as np

from vicar.image.sweep import abreast
from vicar.numerics.rounding import truncate

FORMATS = {"BYTE": "BYTE", "HALF": "HALF", "WORD": "HALF", "FULL": "FULL", "REAL": "REAL"}


def main(task):
    task.if_message("AVERAGE  16-MAY-2011")
    number = task.count("INP")
    first = task.open("INP")
    window = task.size_field(first)
    if first.format not in FORMATS:
        task.message("??E - Unknown data format for input image")
        task.abend()
    fmt = FORMATS[first.format]
    first.close()
    images = [task.open("INP", i + 1, u_format="DOUB") for i in range(number)]
    with task.create("OUT", nl=window.nl, ns=window.ns, format=fmt, u_format="DOUB") as result:
        length = window.nsi
        room = length * number + max(image.n1 for image in images) + window.ss + window.ns
        for count, parts in abreast(images, window.sl, 1, window.nl, [image.n1 for image in images]):
            buffer = np.zeros((count, room))
            for at, part in enumerate(parts):
                buffer[:, at * length : at * length + part.shape[1]] = part
            total = np.zeros((count, window.ns), np.int32)
            for at in range(number):
                start = at * length + window.ss - 1
                total = truncate(total + buffer[:, start : start + window.ns])
            mean = np.where(total < 0, -(-total.astype(np.int64) // number), total // number)
            for row in mean.astype(np.float64):
                result.write(row)
            task.progress(result.record_number, window.nl)
    for image in images:
        image.close()
